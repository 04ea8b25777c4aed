import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import { rebindText } from '../materializations/rebind-text.ts'
import type { Test } from '../project/resource.ts'
import { type AuditedTest, auditTests, blocks } from './audit-tests.ts'
import { closePublished, closeWithheld, type UnitOutcome } from './close-unit.ts'
import { databaseDiagnostic } from './database-diagnostic.ts'
import { discardUnit } from './discard-unit.ts'
import type { MemberRun } from './member-run.ts'
import { publishingOrder } from './publishing-order.ts'
import type { RunContext } from './run-context.ts'
import { runSteps } from './run-steps.ts'
import { storeRows, storesAs } from './store-failures.ts'
import { bindingOf, prepareMember, renamingsOf, type UnitRun } from './unit-run.ts'
import { withRetries } from './with-retries.ts'
import { withTimeLimit } from './with-time-limit.ts'
import type { Worker } from './worker-pool.ts'

/** Builds members beside their targets in parallel, audits them there, and publishes all in one transaction or none. */
export async function runStaged(context: RunContext, run: UnitRun, priority: number): Promise<UnitOutcome> {
  await buildMembers(context, run, priority)
  const complete = run.members.every((m) => m.built)
  const audited = complete ? await auditStaged(context, run, priority) : []
  const passed = complete && context.stop.reason === null && !audited.some(blocks)
  return context.pool.run(priority, async (worker) => {
    const published = passed && (await withRetries(context, run.members, () => publish(context, worker, run)))
    if (published) {
      await storeAll(context, worker, audited, true)
      return closePublished(context, run)
    }
    await storeAll(context, worker, audited, false)
    await discardUnit(context, worker, run)
    return closeWithheld(context, run, audited)
  })
}

async function buildMembers(context: RunContext, run: UnitRun, priority: number): Promise<void> {
  const building = new Map<string, Promise<void>>()
  const members = new Map(run.members.map((m) => [m.node.uniqueId, m]))
  for (const member of run.members) {
    const parents = run.parents.get(member.node.uniqueId)!.direct
    const build = async (): Promise<void> => {
      await Promise.all(parents.map((id) => building.get(id)))
      if (parents.some((id) => !members.get(id)!.built) || context.stop.reason !== null) return
      await context.pool.run(priority, (worker) => buildMember(context, worker, run, member))
    }
    building.set(member.node.uniqueId, build())
  }
  await Promise.all(building.values())
}

async function buildMember(context: RunContext, worker: Worker, run: UnitRun, member: MemberRun): Promise<void> {
  if (context.stop.reason !== null) return
  member.built = await withRetries(context, [member], () =>
    member.attempt(context, () =>
      withTimeLimit(context, worker, member, async () => {
        // What an earlier attempt made may stand although its connection was lost.
        if (member.plan !== null) await runSteps(context, worker, member, member.plan.cleanup)
        await prepareMember(context, worker, run, member)
        const { staged, build } = member.plan!
        await member.open!.during('execute', () => runSteps(context, worker, member, build))
        if (staged !== null) run.bound.set(member.node.uniqueId, staged)
      }),
    ),
  )
}

function auditStaged(context: RunContext, run: UnitRun, priority: number): Promise<readonly AuditedTest[]> {
  const tests = run.unit.tests.map((id) => context.request.graph.nodes.get(id) as Test)
  return auditTests(context, tests, {
    lane: { pinned: false, run: (job) => context.pool.run(priority, job) },
    binding: (worker) => bindingOf(run, worker.session),
    published: (test, sql) => rebindText(sql, renamingsOf(context, readBy(context, test))),
  })
}

/** What a test reads; one of an ephemeral model reads what that model reads. */
export function readBy(context: RunContext, test: Test): readonly string[] {
  const { graph } = context.request
  const seen = new Set<string>([test.uniqueId])
  for (const id of seen) {
    const transparent = id === test.uniqueId || graph.nodes.get(id)?.config.materialized === 'ephemeral'
    if (transparent) for (const parent of graph.parents.get(id) ?? []) seen.add(parent)
  }
  seen.delete(test.uniqueId)
  return [...seen]
}

async function publish(context: RunContext, worker: Worker, run: UnitRun): Promise<boolean> {
  const { session } = worker
  try {
    await session.begin()
    const all = ({ plan }: MemberRun) => [...plan!.publish, ...plan!.finish]
    for (const { member, steps } of publishingOrder(run.members, all)) {
      const execute = () => withTimeLimit(context, worker, member, () => runSteps(context, worker, member, steps))
      if (!(await member.attempt(context, () => member.open!.during('execute', execute)))) {
        await session.rollback()
        return false
      }
    }
    if (context.stop.reason !== null) {
      await session.rollback()
      return false
    }
    await session.commit()
    return true
  } catch (error) {
    return refuse(context, worker, run, error)
  }
}

/** A transaction that could not begin or be committed is the failure of the unit's first member. */
export async function refuse(context: RunContext, worker: Worker, run: UnitRun, error: unknown): Promise<false> {
  await worker.session.rollback()
  if (error instanceof CancelledError) return false
  const first = run.members[0]
  if (!(error instanceof DatabaseError || error instanceof UserError) || first === undefined) throw error
  if (error instanceof UserError) first.failure = error.diagnostics
  else {
    first.fault = error.fault
    const see = context.request.compiledPath(first.node)
    first.failure = [databaseDiagnostic(error, { node: first.node, statement: null, see })]
  }
  return false
}

async function storeAll(
  context: RunContext,
  worker: Worker,
  audited: readonly AuditedTest[],
  published: boolean,
): Promise<void> {
  if (context.stop.reason !== null) return
  for (const { test, compiled, status } of audited) {
    if (compiled === null || status === 'error' || storesAs(context.request, test) === null) continue
    const sql = published ? rebindText(compiled.sql, renamingsOf(context, readBy(context, test))) : compiled.sql
    await storeRows(context, worker, test, { sql, rows: null, lasting: published })
  }
}
