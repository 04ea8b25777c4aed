import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import { cleanupFailed } from './errors.ts'
import type { MemberRun } from './member-run.ts'
import type { RunContext } from './run-context.ts'
import { executeFor } from './run-statement.ts'
import type { UnitRun } from './unit-run.ts'
import type { Worker } from './worker-pool.ts'

/**
 * Takes away what an unpublished unit left beside its targets. While the engine is being interrupted this waits in
 * `leftovers` until it takes statements again. What cannot be dropped is a warning: the next run drops it.
 */
export async function discardUnit(context: RunContext, worker: Worker, run: UnitRun): Promise<void> {
  if (context.stop.reason !== null) {
    context.leftovers.push((later) => discardMembers(context, later, run))
    return
  }
  await discardMembers(context, worker, run)
}

async function discardMembers(context: RunContext, worker: Worker, run: UnitRun): Promise<void> {
  // Backwards: views go before the tables that they read.
  for (const member of [...run.members].reverse()) {
    try {
      await discardMember(context, worker, member)
    } catch (error) {
      if (error instanceof CancelledError) {
        context.leftovers.push((later) => discardMembers(context, later, { ...run, members: [member] }))
        continue
      }
      if (!(error instanceof UserError) && !(error instanceof DatabaseError)) throw error
      const reason = error instanceof UserError ? error.diagnostics.map((d) => d.message).join('; ') : error.message
      context.request.emit({
        type: 'diagnostic',
        diagnostic: cleanupFailed({ reason }, { node: member.node.uniqueId }),
      })
    }
  }
}

async function discardMember(context: RunContext, worker: Worker, member: MemberRun): Promise<void> {
  const { load, plan, node } = member
  if (load !== null) {
    member.load = null
    await worker.session.discardLoad(load, { keepQuarantine: load.failed })
  }
  for (const step of plan?.cleanup ?? []) {
    if (step.kind === 'statement') await executeFor(context, worker, node, step.sql)
  }
}
