import { printTime } from '../../base/event-time.ts'
import type { RunReport } from '../../commands/outcome.ts'

type Plan = RunReport['plan']
type Member = Plan[number]['members'][number]

/**
 * The plan that `--dry-run` prints, in the order of execution. A staged unit is built aside, audited and published; one
 * in a transaction is changed where it stands, audited there and committed. `undo` is what happens when an audit fails.
 */
export function renderPlan(plan: Plan): string {
  const lines = plan.flatMap((unit, i) => {
    const inside = unit.mode === 'transaction'
    const of = (name: string, steps: (member: Member) => Member['build']) =>
      unit.members.flatMap((member) => phase(name, member, steps(member)))
    const audits = unit.tests.map((test) => `  audit     ${test}`)
    return [
      `unit ${i + 1} of ${plan.length}${inside ? ', in one transaction' : ''}`,
      ...of('build', (member) => member.build),
      ...(inside ? of('change', (member) => member.publish) : audits),
      ...(inside ? audits : []),
      ...[...unit.members].reverse().flatMap((member) => phase('clear', member, member.clear)),
      ...(inside ? [...of('publish', (member) => member.finish), '  commit'] : []),
      ...(inside ? [] : of('publish', (member) => [...member.publish, ...member.finish])),
      ...of('after', (member) => member.after),
      ...unit.testsAfter.map((test) => `  test      ${test}`),
      ...of('undo', (member) => member.cleanup),
    ]
  })
  return lines.map((line) => `${line}\n`).join('')
}

function phase(name: string, { uniqueId, materialized }: Member, steps: Member['build']): string[] {
  if (steps.length === 0) return []
  return [
    `  ${name.padEnd(8)}  ${uniqueId} (${materialized})`,
    ...steps.flatMap((step) => [`              ${step.label}`, ...windowsOf(step)]),
  ]
}

/** The batches that a step builds, each with its window. */
function windowsOf(step: Member['build'][number]): string[] {
  if (step.kind !== 'stage-batches' && step.kind !== 'chain-batches') return []
  return step.request.batches.map(
    ({ name, start, end }) => `                ${name}  ${printTime(start)} to ${printTime(end)}`,
  )
}
