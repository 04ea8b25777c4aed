import { expect, it } from 'vitest'
import { unitPriorities } from './unit-priorities.ts'

const unit = (id: string, ...after: string[]) => ({
  id,
  members: [id],
  tests: [],
  testsAfter: [],
  after,
  requires: after,
})

it('puts the longest chain first', () => {
  const heights = unitPriorities([unit('a'), unit('b'), unit('c', 'b'), unit('d', 'c'), unit('e', 'a', 'd')])
  expect(Object.fromEntries(heights)).toEqual({ a: 1, b: 3, c: 2, d: 1, e: 0 })
})
