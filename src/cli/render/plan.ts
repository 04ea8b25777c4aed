import type { RunReport } from '../../commands/outcome.ts'

/** The plan that `--dry-run` prints: units in order, their members with each step, and the tests between build and publish. */
export function renderPlan(plan: RunReport['plan']): string {
  const lines: string[] = []
  plan.forEach((unit, i) => {
    const mode = unit.mode === 'transaction' ? ', in one transaction' : ''
    lines.push(`unit ${i + 1} of ${plan.length}${mode}`)
    for (const member of unit.members)
      lines.push(`  build    ${member.uniqueId} (${member.materialized})`, ...steps(member.build))
    for (const test of unit.tests) lines.push(`  audit    ${test}`)
    for (const member of unit.members) {
      if (member.publish.length > 0) lines.push(`  publish  ${member.uniqueId}`, ...steps(member.publish))
    }
    for (const member of unit.members) {
      if (member.cleanup.length > 0) lines.push(`  clean up ${member.uniqueId}`, ...steps(member.cleanup))
    }
  })
  return lines.map((line) => `${line}\n`).join('')
}

function steps(list: RunReport['plan'][number]['members'][number]['build']): string[] {
  return list.map((step) => `             ${step.label}`)
}
