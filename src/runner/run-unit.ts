import { CancelledError } from '../base/errors.ts'
import type { PublicationUnit } from '../graph/unit.ts'
import type { Test } from '../project/resource.ts'
import { type AuditedTest, auditTests, blocks } from './audit-tests.ts'
import { checkIdempotence } from './check-idempotence.ts'
import type { UnitOutcome } from './close-unit.ts'
import type { RunContext } from './run-context.ts'
import { runInTransaction } from './run-in-transaction.ts'
import { runStaged } from './run-staged.ts'
import { runUnitTests } from './run-unit-tests.ts'
import { stopMessage } from './skip-message.ts'
import { storeRows, storesAs } from './store-failures.ts'
import { bindingOf, openUnit } from './unit-run.ts'

/** Why a unit is skipped. */
export interface Block {
  /** unique id of the node or test that failed. */
  readonly node: string
  readonly message: string
}

/** Brings one unit to its end and writes the results of all its nodes. */
export async function runUnit(
  context: RunContext,
  unit: PublicationUnit,
  block: Block | null,
  priority: number,
): Promise<UnitOutcome> {
  try {
    return await attemptUnit(context, unit, block, priority)
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error
    // Stopped before it had a connection: nothing was done that would have to be undone.
    return skipUnit(context, unit, null)
  }
}

async function attemptUnit(
  context: RunContext,
  unit: PublicationUnit,
  block: Block | null,
  priority: number,
): Promise<UnitOutcome> {
  if (context.stop.reason !== null || block !== null) return skipUnit(context, unit, block)
  if (context.request.idempotence === true) return checkIdempotence(context, unit.id, priority)
  if (unit.members.length === 0) return runTests(context, [...unit.tests, ...unit.testsAfter], priority)
  const run = openUnit(context, unit)
  const outcome =
    run.mode === 'staged' ? await runStaged(context, run, priority) : await runInTransaction(context, run, priority)
  const stopped = outcome.blockedBy !== null && context.request.failFast
  if (stopped) context.stop.stop('fail-fast')
  if (outcome.blockedBy !== null || unit.testsAfter.length === 0) return outcome
  return runTests(context, unit.testsAfter, priority)
}

/** Tests against published relations. */
async function runTests(context: RunContext, ids: readonly string[], priority: number): Promise<UnitOutcome> {
  const { graph, failFast } = context.request
  if (graph.nodes.get(ids[0]!)?.resourceType === 'unit_test') return runUnitTests(context, ids, priority)
  if (context.stop.reason !== null) {
    for (const id of ids) context.book.skip(graph.nodes.get(id)!, stopMessage(context.stop.reason), null)
    return { blockedBy: null }
  }
  const audited = await auditTests(
    context,
    ids.map((id) => graph.nodes.get(id) as Test),
    {
      lane: { pinned: false, run: (job) => context.pool.run(priority, job) },
      binding: (worker) => bindingOf(null, worker.session),
      published: (_test, sql) => sql,
    },
  )
  for (const result of audited) await storePublished(context, result, priority)
  const failed = audited.find(blocks)
  if (failed !== undefined && failFast) context.stop.stop('fail-fast')
  return { blockedBy: failed?.test.uniqueId ?? null }
}

async function storePublished(context: RunContext, result: AuditedTest, priority: number): Promise<void> {
  const { test, compiled, status } = result
  if (compiled === null || status === 'error' || status === 'skipped' || storesAs(context.request, test) === null)
    return
  if (context.stop.reason !== null) return
  const { sql } = compiled
  await context.pool.run(priority, (worker) => storeRows(context, worker, test, { sql, rows: null, lasting: true }))
}

function skipUnit(context: RunContext, unit: PublicationUnit, block: Block | null): UnitOutcome {
  const { nodes } = context.request.graph
  const message = block?.message ?? stopMessage(context.stop.reason)
  const blockedBy = block?.node ?? null
  for (const id of [...unit.members, ...unit.tests, ...unit.testsAfter])
    if (!context.book.has(id)) context.book.skip(nodes.get(id)!, message, blockedBy)
  return { blockedBy }
}
