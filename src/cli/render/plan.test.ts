import { expect, it } from 'vitest'
import type { RunReport } from '../../commands/outcome.ts'
import { renderPlan } from './plan.ts'

const step = (label: string) => ({ kind: 'statement', label, sql: { text: 'x', segments: [] } }) as const
const member = {
  uniqueId: 'model.shop.a',
  materialized: 'table',
  inPlace: false,
  staged: null,
  clear: [],
  finish: [],
  after: [step('post-hook')],
}

it('prints units in the order of execution', () => {
  const plan: RunReport['plan'] = [
    {
      mode: 'staged',
      tests: ['test.shop.unique_a_id.1'],
      testsAfter: ['test.shop.not_null_a_id.2'],
      members: [{ ...member, build: [step('create table')], publish: [step('drop'), step('rename')], cleanup: [] }],
    },
    {
      mode: 'transaction',
      tests: ['test.shop.unique_a_id.3'],
      testsAfter: [],
      members: [{ ...member, build: [], publish: [step('merge')], cleanup: [step('drop')] }],
    },
  ]
  expect(renderPlan(plan)).toBe(`unit 1 of 2
  build     model.shop.a (table)
              create table
  audit     test.shop.unique_a_id.1
  publish   model.shop.a (table)
              drop
              rename
  after     model.shop.a (table)
              post-hook
  test      test.shop.not_null_a_id.2
unit 2 of 2, in one transaction
  change    model.shop.a (table)
              merge
  audit     test.shop.unique_a_id.3
  commit
  after     model.shop.a (table)
              post-hook
  undo      model.shop.a (table)
              drop
`)
})
