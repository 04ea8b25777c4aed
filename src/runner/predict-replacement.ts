import type { ResultColumn } from '../adapters/adapter.ts'
import { DatabaseError } from '../base/errors.ts'
import { rebindText } from '../materializations/rebind-text.ts'
import type { NodePlan, Step } from '../materializations/step.ts'
import { hasQuery } from '../project/relation-of.ts'
import type { MemberRun } from './member-run.ts'
import { guardedOf } from './member-storage.ts'
import type { RunContext } from './run-context.ts'
import { renamingsOf, type UnitRun } from './unit-run.ts'
import type { Worker } from './worker-pool.ts'

const WORDS = { create: 'rename', swap: 'swap', in_place: 'in place' } as const

/** The member's plan, in which the steps that replace a relation say how they would do it, and why. */
export async function withPrediction(
  context: RunContext,
  worker: Worker,
  run: UnitRun,
  member: MemberRun,
): Promise<NodePlan> {
  const plan = member.plan!
  const predicted = async (steps: readonly Step[]): Promise<readonly Step[]> => {
    const out: Step[] = []
    for (const step of steps) {
      const known = step.kind === 'publish-replacement' && step.request.existing !== null && !plan.inPlace
      if (!known) out.push(step)
      else {
        const columns = await newColumns(context, worker, run, member)
        const { how, why } = await guardedOf(worker).predictReplacement(step.request, columns)
        out.push({ ...step, label: `${step.label} (${how === null ? 'in place or swap' : WORDS[how]}: ${why})` })
      }
    }
    return out
  }
  return { ...plan, publish: await predicted(plan.publish), finish: await predicted(plan.finish) }
}

/** Null when they are not known: what the query reads may not be there yet. */
async function newColumns(
  context: RunContext,
  { session }: Worker,
  run: UnitRun,
  { node, compiled }: MemberRun,
): Promise<readonly ResultColumn[] | null> {
  if (compiled === null || !hasQuery(node)) return null
  const { text } = rebindText(compiled.sql, renamingsOf(context, run.unit.members))
  try {
    return (await session.query(`select * from (\n${text}\n) as new_rows limit 0`, 0)).columns
  } catch (error) {
    if (error instanceof DatabaseError) return null
    throw error
  }
}
