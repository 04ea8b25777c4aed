import type { RowSet } from '../adapters/adapter.ts'
import type { Test } from '../project/resource.ts'
import { type AuditedTest, auditTests, blocks } from './audit-tests.ts'
import { closePublished, closeWithheld, type UnitOutcome } from './close-unit.ts'
import { discardUnit } from './discard-unit.ts'
import type { MemberRun } from './member-run.ts'
import type { RunContext } from './run-context.ts'
import { refuse } from './run-staged.ts'
import { runSteps } from './run-steps.ts'
import { captureRows, storeRows, storesAs } from './store-failures.ts'
import { bindingOf, prepareMember, type UnitRun } from './unit-run.ts'
import type { Worker } from './worker-pool.ts'

/** Builds, audits and publishes a unit in one transaction on one connection. */
export function runInTransaction(context: RunContext, run: UnitRun, priority: number): Promise<UnitOutcome> {
  return context.pool.run(priority, async (worker) => {
    const audited: AuditedTest[] = []
    const captured = new Map<string, RowSet>()
    const published =
      (await prepareOutside(context, worker, run)) && (await transact(context, worker, run, audited, captured))
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

/** Compiles, reads files and stages rows as far as that needs nothing which the transaction makes. */
async function prepareOutside(context: RunContext, worker: Worker, run: UnitRun): Promise<boolean> {
  for (const member of run.members) {
    if (context.stop.reason !== null) return false
    const parents = run.parents.get(member.node.uniqueId)!
    if (parents.direct.length > 0 || parents.throughView) continue
    if (!(await member.attempt(context, () => prepare(context, worker, run, member)))) return false
  }
  return true
}

async function prepare(context: RunContext, worker: Worker, run: UnitRun, member: MemberRun): Promise<void> {
  await prepareMember(context, worker, run, member)
  const { build } = member.plan!
  if (build.length > 0) await member.open!.during('execute', () => runSteps(context, worker, member, build))
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
      await session.commit()
      return true
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
  return (
    members.length === 1 &&
    unit.tests.length === 0 &&
    plan?.publish.length === 1 &&
    plan.publish[0]!.kind === 'statement'
  )
}

async function publishMember(context: RunContext, worker: Worker, run: UnitRun, member: MemberRun): Promise<boolean> {
  member.built = await member.attempt(context, async () => {
    if (member.plan === null) await prepare(context, worker, run, member)
    await member.open!.during('execute', () => runSteps(context, worker, member, member.plan!.publish))
  })
  return member.built
}

function auditInside(context: RunContext, worker: Worker, run: UnitRun): Promise<readonly AuditedTest[]> {
  const tests = run.unit.tests.map((id) => context.request.graph.nodes.get(id) as Test)
  return auditTests(context, tests, {
    lane: { pinned: true, run: (job) => job(worker) },
    binding: () => bindingOf(null, worker.session),
    published: (_test, sql) => sql,
  })
}

/** Hooks outside the transaction: the data is published, so a failure only marks the node. */
async function runAfter(context: RunContext, worker: Worker, member: MemberRun): Promise<void> {
  const { after } = member.plan!
  if (after.length === 0) return
  await member.attempt(context, () => member.open!.during('execute', () => runSteps(context, worker, member, after)))
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
    if (captured === null) await storeRows(context, worker, test, { sql: compiled.sql, rows: null, lasting: true })
    else {
      const rows = captured.get(test.uniqueId)
      if (rows !== undefined) await storeRows(context, worker, test, { sql: null, rows, lasting: false })
    }
  }
}
