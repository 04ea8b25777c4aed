import { expect, it } from 'vitest'
import { type WarningOptions, WarningPolicy } from './warning-policy.ts'

const level = (options: Partial<WarningOptions>, code: string) =>
  new WarningPolicy({ error: [], warn: [], silence: [], ...options }).levelOf(code)

it('takes a name before a group, a group before all, and silence before warn before error', () => {
  expect(level({}, 'project/deprecated-model')).toBe('warn')
  expect(level({ error: 'all' }, 'project/deprecated-model')).toBe('error')
  expect(level({ error: 'all', warn: ['DeprecatedModel'] }, 'project/deprecated-model')).toBe('warn')
  expect(level({ error: ['project/deprecated-model'], silence: 'all' }, 'project/deprecated-model')).toBe('error')
  expect(level({ error: 'all', silence: ['Deprecations'] }, 'config/unsupported-config')).toBe('silence')
  expect(
    level({ error: ['CustomKeyInConfigDeprecation'], silence: ['Deprecations'] }, 'config/unsupported-config'),
  ).toBe('error')
  expect(level({ error: ['a/b'], warn: ['a/b'], silence: ['a/b'] }, 'a/b')).toBe('silence')
  expect(level({ error: ['a/b'], warn: ['a/b'] }, 'a/b')).toBe('warn')
  expect(level({ error: 'all', warn: 'all' }, 'a/b')).toBe('warn')
})
