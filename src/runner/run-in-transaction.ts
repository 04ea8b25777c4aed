import type { RowSet } from '../adapters/adapter.ts'
import { rebindText } from '../materializations/rebind-text.ts'
import type { Test } from '../project/resource.ts'
import { type AuditedTest, auditTests, blocks } from './audit-tests.ts'
import { closePublished, closeWithheld, type UnitOutcome } from './close-unit.ts'
import { discardUnit } from './discard-unit.ts'
import type { MemberRun } from './member-run.ts'
import { type PublishingPhase, publishingOrder } from './publishing-order.ts'
import type { RunContext } from './run-context.ts'
import { readBy, refuse } from './run-staged.ts'
import { runSteps } from './run-steps.ts'
import { captureRows, storeRows, storesAs } from './store-failures.ts'
import { bindingOf, prepareMember, renamingsOf, type UnitRun } from './unit-run.ts'
import { withRetries } from './with-retries.ts'
import { withTimeLimit } from './with-time-limit.ts'
import type { Worker } from './worker-pool.ts'

/**
 * Builds, audits and publishes a unit in one transaction on one connection. What needs nothing that the transaction makes
 * (reading files, staging new rows) is done before, for several members on several connections.
 */
export async function runInTransaction(context: RunContext, run: UnitRun, priority: number): Promise<UnitOutcome> {
  const early = run.members.filter(({ node }) => {
    const { direct, throughView } = run.parents.get(node.uniqueId)!
    return direct.length === 0 && !throughView
  })
  if (early.length > 1) {
    const prepareOn = (member: MemberRun) => (worker: Worker) => prepareEarly(context, worker, run, [member])
    await Promise.all(early.map((member) => context.pool.run(priority, prepareOn(member))))
  }
  return context.pool.run(priority, async (worker) => {
    const audited: AuditedTest[] = []
    const captured = new Map<string, RowSet>()
    const published =
      (await prepareEarly(context, worker, run, early)) &&
      (await withRetries(context, run.members, async () => {
        const done = await transact(context, worker, run, audited, captured)
        // Tests have their results: what came after them cannot be repeated.
        if (!done && audited.length > 0) for (const member of run.members) member.repeatable = false
        return done
      }))
    if (published) {
      for (const member of run.members) await runAfter(context, worker, member)
      await storeAll(context, worker, audited, null)
      return closePublished(context, run)
    }
    await storeAll(context, worker, audited, captured)
    await discardUnit(context, worker, run)
    return closeWithheld(context, run, audited)
  })
}

/** Compiles and builds those of the members that are not ready yet; false when one failed or the run is stopped. */
async function prepareEarly(
  context: RunContext,
  worker: Worker,
  run: UnitRun,
  members: readonly MemberRun[],
): Promise<boolean> {
  for (const member of members) {
    if (member.stopped || context.stop.reason !== null) return false
    if (member.plan !== null) continue
    const attempt = () => member.attempt(context, () => prepare(context, worker, run, member))
    if (!(await withRetries(context, [member], attempt))) return false
  }
  return true
}

async function prepare(context: RunContext, worker: Worker, run: UnitRun, member: MemberRun): Promise<void> {
  await withTimeLimit(context, worker, member, async () => {
    await undoEarlier(context, worker, member)
    await prepareMember(context, worker, run, member)
    const { build } = member.plan!
    if (build.length > 0) await member.open!.during('execute', () => runSteps(context, worker, member, build))
  })
}

/** What an earlier attempt has made outside of the transaction. */
async function undoEarlier(context: RunContext, worker: Worker, member: MemberRun): Promise<void> {
  const { load, plan } = member
  member.load = null
  if (load !== null) await worker.session.discardLoad(load, { keepQuarantine: false })
  if (plan !== null) await runSteps(context, worker, member, plan.cleanup)
}

async function transact(
  context: RunContext,
  worker: Worker,
  run: UnitRun,
  audited: AuditedTest[],
  captured: Map<string, RowSet>,
): Promise<boolean> {
  const { session } = worker
  if (isOneStatement(run)) return publishMember(context, worker, run, run.members[0]!)
  try {
    await session.begin()
    for (const member of run.members) {
      if (await publishMember(context, worker, run, member)) continue
      await session.rollback()
      return false
    }
    audited.push(...(await auditInside(context, worker, run)))
    if (context.stop.reason === null && !audited.some(blocks)) {
      if (await finishMembers(context, worker, run)) {
        await session.commit()
        return true
      }
      await session.rollback()
      return false
    }
    for (const [id, rows] of await captureRows(context, worker, audited)) captured.set(id, rows)
    await session.rollback()
    return false
  } catch (error) {
    return refuse(context, worker, run, error)
  }
}

/** A single statement is atomic by itself. */
function isOneStatement({ unit, members }: UnitRun): boolean {
  const plan = members[0]?.plan
  if (members.length !== 1 || unit.tests.length > 0 || plan == null || plan.finish.length > 0) return false
  const [only, ...more] = plan.publish
  return more.length === 0 && (only?.kind === 'statement' || only?.kind === 'replace-view')
}

/**
 * The last steps of all members. Their locks may have to be waited for, and the audit cannot be repeated: so each attempt
 * goes back to a savepoint, which lets the locks go and keeps the work.
 */
async function finishMembers(context: RunContext, worker: Worker, run: UnitRun): Promise<boolean> {
  const members = run.members.filter((member) => member.plan!.finish.length > 0)
  if (members.length === 0) return true
  const phases = publishingOrder(members, ({ plan }) => plan!.finish)
  const take = async ({ member, steps }: PublishingPhase): Promise<void> => {
    const work = () => runSteps(context, worker, member, steps)
    await member.open!.during('execute', () => withTimeLimit(context, worker, member, work))
  }
  return withRetries(context, members, async () => {
    const { session } = worker
    const work = async (): Promise<void> => {
      for (const phase of phases) if (!(await phase.member.attempt(context, () => take(phase)))) throw new Withheld()
    }
    try {
      await (session.savepoint === undefined ? work() : session.savepoint(work))
      return true
    } catch (error) {
      if (error instanceof Withheld) return false
      throw error
    }
  })
}

/** Leaves a savepoint; what failed is in the member. */
class Withheld extends Error {}

async function publishMember(context: RunContext, worker: Worker, run: UnitRun, member: MemberRun): Promise<boolean> {
  member.built = await member.attempt(context, async () => {
    if (member.plan === null) await prepare(context, worker, run, member)
    const { staged, publish, finish } = member.plan!
    const steps = () => runSteps(context, worker, member, publish)
    await member.open!.during('execute', () => withTimeLimit(context, worker, member, steps))
    if (staged !== null && finish.length > 0 && !member.refreshed) run.bound.set(member.node.uniqueId, staged)
  })
  return member.built
}

function auditInside(context: RunContext, worker: Worker, run: UnitRun): Promise<readonly AuditedTest[]> {
  const tests = run.unit.tests.map((id) => context.request.graph.nodes.get(id) as Test)
  return auditTests(context, tests, {
    lane: { pinned: true, run: (job) => job(worker) },
    binding: () => bindingOf(run, worker.session),
    published: (test, sql) => rebindText(sql, renamingsOf(context, readBy(context, test))),
  })
}

/** Hooks outside the transaction: the data is published, so a failure only marks the node. */
async function runAfter(context: RunContext, worker: Worker, member: MemberRun): Promise<void> {
  const { after } = member.plan!
  if (after.length === 0) return
  const work = () => withTimeLimit(context, worker, member, () => runSteps(context, worker, member, after))
  await member.attempt(context, () => member.open!.during('execute', work))
}

/** @param captured rows that were read before the rollback; null when the unit is published */
async function storeAll(
  context: RunContext,
  worker: Worker,
  audited: readonly AuditedTest[],
  captured: ReadonlyMap<string, RowSet> | null,
): Promise<void> {
  if (context.stop.reason !== null) return
  for (const { test, compiled, status } of audited) {
    if (compiled === null || status === 'error' || storesAs(context.request, test) === null) continue
    if (captured === null) {
      const sql = rebindText(compiled.sql, renamingsOf(context, readBy(context, test)))
      await storeRows(context, worker, test, { sql, rows: null, lasting: true })
    } else {
      const rows = captured.get(test.uniqueId)
      if (rows !== undefined) await storeRows(context, worker, test, { sql: null, rows, lasting: false })
    }
  }
}
