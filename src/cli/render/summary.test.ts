import { expect, it } from 'vitest'
import type { NodeStatus } from '../../base/events.ts'
import { completion, countStatuses } from './summary.ts'

const end = (exitCode: number, ...statuses: NodeStatus[]) => completion(countStatuses(statuses), exitCode)

it('a failed command never says that all went well', () => {
  expect(end(0, 'success', 'pass')).toBe('Completed successfully')
  expect(end(0)).toBe('Nothing to do')
  expect(end(0, 'warn', 'success')).toBe('Completed with 1 warning')
  expect(end(1, 'error', 'fail', 'warn')).toBe('Completed with 2 errors, 1 warning')
  expect(end(1, 'success')).toBe('Failed, though no node did: the error stands above')
  expect(end(1, 'warn')).toBe('Failed, though no node did: the error stands above')
  expect(end(130, 'success')).toMatch(/^Interrupted/)
})
