import { expect, it } from 'vitest'
import type { Step } from '../materializations/step.ts'
import type { MemberRun } from './member-run.ts'
import { publishingOrder } from './publishing-order.ts'

const step = (label: string): Step => ({ kind: 'statement', label, sql: { text: label, segments: [] } })

function member(name: string, how: 'swap' | 'in_place' | null, clear: readonly Step[] = []): MemberRun {
  const replacement = how === null ? null : { how }
  return { node: { name }, replacement, plan: { clear, finish: [step(`finish ${name}`)] } } as unknown as MemberRun
}

it('takes exclusive locks last, and drops audited views before what they stand on moves', () => {
  const members = [
    member('big', 'swap'),
    member('view', null, [step('drop view')]),
    member('above', null, [step('drop above')]),
    member('small', 'in_place'),
  ]
  const phases = publishingOrder(members, ({ plan }) => plan!.finish)
  expect(phases.flatMap(({ steps }) => steps.map((s) => s.label))).toEqual([
    'drop above',
    'drop view',
    'finish small',
    'finish big',
    'finish view',
    'finish above',
  ])
})
