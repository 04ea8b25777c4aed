import { describe, expect, it } from 'vitest'
import { parseCommandVars } from './read-vars.ts'

describe('parseCommandVars', () => {
  it.each([
    ['{as_of: 2018-02-01, n: 3, on: on}', { as_of: '2018-02-01', n: 3, on: 'on' }],
    ['{"a": {"b": [1, null]}}', { a: { b: [1, null] } }],
    ['a: 1\nb: x\n', { a: 1, b: 'x' }],
    ['', {}],
    ["a: '{{var 1}}'", { a: '{{var 1}}' }],
  ])('%s', (text, vars) => {
    expect(parseCommandVars(text)).toEqual({ vars, diagnostics: [] })
  })

  it.each([
    ['a', 'config/bad-vars'],
    ['[1]', 'config/bad-vars'],
    ['{a: 1', 'config/yaml-syntax'],
    ['{a: 1, a: 2}', 'config/duplicate-key'],
  ])('refuses %s', (text, code) => {
    expect(parseCommandVars(text).diagnostics).toMatchObject([{ code, span: { path: '<--vars>' } }])
  })
})
