import type { RunReport } from '../../commands/outcome.ts'

type Plan = RunReport['plan']
type Member = Plan[number]['members'][number]

/** The plan that `--dry-run` prints: units in order, with each step, and the tests between build and publish. */
export function renderPlan(plan: Plan): string {
  const lines = plan.flatMap((unit, i) => {
    const mode = unit.mode === 'transaction' ? ', in one transaction' : ''
    return [
      `unit ${i + 1} of ${plan.length}${mode}`,
      ...unit.members.flatMap((member) => phase('build   ', member, member.build)),
      ...unit.tests.map((test) => `  audit     ${test}`),
      ...unit.members.flatMap((member) => phase('publish ', member, member.publish)),
      ...unit.members.flatMap((member) => phase('after   ', member, member.after)),
      ...unit.testsAfter.map((test) => `  test      ${test}`),
      ...unit.members.flatMap((member) => phase('clean up', member, member.cleanup)),
    ]
  })
  return lines.map((line) => `${line}\n`).join('')
}

function phase(name: string, { uniqueId, materialized }: Member, steps: Member['build']): string[] {
  if (steps.length === 0) return []
  return [`  ${name}  ${uniqueId} (${materialized})`, ...steps.map((step) => `              ${step.label}`)]
}
