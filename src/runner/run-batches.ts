import type { ResultColumn } from '../adapters/adapter.ts'
import type { RowStorage } from '../adapters/dialect.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { CancelledError, DatabaseError, type DatabaseFault, InternalError, UserError } from '../base/errors.ts'
import type { MappedText } from '../base/source-map.ts'
import type { Batch } from '../base/time-grain.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import { BatchSql, batchTimeOf, withoutBounds } from '../materializations/batch-sql.ts'
import { batchTimeNull, refreshIncomplete, rowsOutsideBatch } from '../materializations/errors.ts'
import { joinedWindows } from '../materializations/plan-batches.ts'
import type { BatchChain, BatchCollection, BatchStaging, Increment, Step } from '../materializations/step.ts'
import { storageOf } from '../materializations/table-storage.ts'
import type { BuiltNode, NodeRelation } from '../project/resource.ts'
import { applyIncrement } from './apply-increment.ts'
import { logBatch } from './batch-log.ts'
import type { BatchProgress } from './batch-progress.ts'
import { diagnosticsOf } from './database-diagnostic.ts'
import type { MemberRun } from './member-run.ts'
import { ofMember, placed } from './member-storage.ts'
import { declaredWait } from './own-retries.ts'
import type { RunContext } from './run-context.ts'
import { executeFor, plain, queryFor } from './run-statement.ts'
import { takeTurns } from './take-turns.ts'
import { withTimeLimit } from './with-time-limit.ts'
import type { Worker } from './worker-pool.ts'

type BatchStep = Extract<Step, { kind: 'stage-batches' | 'collect-batches' | 'apply-batches' | 'chain-batches' }>

/** The steps of a microbatch model. */
export function runBatchStep(context: RunContext, worker: Worker, member: MemberRun, step: BatchStep): Promise<void> {
  const at: Place = { context, worker, member, progress: progressOf(member) }
  switch (step.kind) {
    case 'stage-batches':
      return stageBatches(at, step.request)
    case 'collect-batches':
      return collectBatches(at, step.request)
    case 'apply-batches':
      return applyBatches(at, step.increment)
    case 'chain-batches':
      return chainBatches(at, step.request)
  }
}

interface Place {
  readonly context: RunContext
  readonly worker: Worker
  readonly member: MemberRun
  readonly progress: BatchProgress
}

function progressOf({ batches, node }: MemberRun): BatchProgress {
  if (batches === null) throw new InternalError(`${node.uniqueId} has no batches`)
  return batches
}

/** Puts the rows of all batches into one table beside the target. What failed is in the progress. */
async function stageBatches(at: Place, request: BatchStaging): Promise<void> {
  const { context, worker, member, progress } = at
  const { rows, batches, parallel, onFailure, cut } = request
  progress.begin()
  const sql = await makeRows(at, rows, request.shape)
  const isOver = (): boolean =>
    context.stop.reason !== null || (progress.failed.length > 0 && (onFailure === 'stop' || context.request.failFast))
  const tried = new Set<Batch>()
  const began = performance.now()
  // The node's time is watched on the worker at hand; on others it must be watched as well.
  const onTime = <T>(on: Worker, work: () => Promise<T>): Promise<T> => {
    if (on === worker) return work()
    const used = member.used + (performance.now() - began) / 1000
    return withTimeLimit(context, on, { node: member.node, used }, work)
  }
  await takeTurns(context, worker, batches, {
    parallel,
    isOver,
    work: (on, batch) =>
      logBatch(context, member, batch, async () => {
        tried.add(batch)
        try {
          const how = { cut, again: onFailure !== 'stop' }
          return await onTime(on, () => stageBatch({ ...at, worker: on }, sql, batch, how))
        } catch (error) {
          progress.fail(batch, mistakesOf(at, batch, error))
          return null
        }
      }),
  })
  if (context.stop.reason !== null) throw new CancelledError()
  // Those that were not run any more are for a later run, as if they had failed.
  for (const batch of batches) if (!tried.has(batch)) progress.fail(batch, [])
  if (onFailure !== 'stop' || progress.failed.length === 0) await checkStrays(at, sql, cut)
  endStaging(at, request)
}

/** Raises `UserError` when what failed leaves nothing to publish. */
function endStaging({ progress, member, context }: Place, { batches, onFailure }: BatchStaging): void {
  const { failed } = progress
  if (failed.length === 0) return
  const isFinal = onFailure !== 'go-on' || failed.length === batches.length
  if (!isFinal) return
  const total = batches.length
  const more =
    onFailure === 'fail' ? [ofMember(context, member, refreshIncomplete({ failed: failed.length, total }))] : []
  throw new UserError([...progress.mistakes(), ...more])
}

/** An empty table with the columns of the query and the bounds of batches. */
async function makeRows({ context, worker, member }: Place, rows: NodeRelation, shape: MappedText): Promise<BatchSql> {
  const { node } = member
  if (node.resourceType === 'function') throw new InternalError(`${node.uniqueId} has no rows`)
  const { dialect } = context
  const { tableStorage } = context.request.adapter.capabilities
  const storage: RowStorage = { unlogged: true, fillfactor: null, tablespace: storageOf(node).tablespace }
  await executeFor(context, worker, node, plain(dialect.drop(rows, 'table')))
  const options = { empty: true, ...(tableStorage === true ? { storage } : {}) }
  await executeFor(context, worker, node, dialect.createTableAs(rows, shape, options))
  const sql = await sqlOf(context, worker, member, rows)
  for (const statement of sql.addBounds()) await executeFor(context, worker, node, plain(statement))
  return sql
}

async function sqlOf(context: RunContext, worker: Worker, member: MemberRun, rows: NodeRelation): Promise<BatchSql> {
  const columns = await worker.session.columnsOf(rows)
  return placed(context, member, async () => {
    const given = withoutBounds(columns)
    return new BatchSql(context.dialect, rows, given, batchTimeOf(given, member.node.config.event_time!))
  })
}

async function runHeader(
  context: RunContext,
  worker: Worker,
  { node }: MemberRun,
  { sqlHeader }: CompiledNode,
): Promise<void> {
  if (sqlHeader !== null) await executeFor(context, worker, node, sqlHeader)
}

/** @param how `again`: nothing is open, so that a batch that failed for a passing reason may be repeated */
async function stageBatch(
  { context, worker, member, progress }: Place,
  sql: BatchSql,
  batch: Batch,
  how: { readonly cut: boolean; readonly again: boolean },
): Promise<number | null> {
  const { node } = member
  const compiled = await progress.compile(batch, { introspection: worker.session })
  for (let tried = 1; ; tried++) {
    try {
      await runHeader(context, worker, member, compiled)
      return (await executeFor(context, worker, node, sql.insert(compiled.sql, batch, how.cut))) ?? 0
    } catch (error) {
      const fault = error instanceof UserError || error instanceof DatabaseError ? error.fault : undefined
      const wait = how.again ? waitFor(context, node, fault, tried) : null
      if (wait === null) throw error
      const reason = fault?.message ?? 'failed'
      const name = `${node.name} (batch ${batch.name})`
      context.request.emit({
        type: 'node.retried',
        node: node.uniqueId,
        name,
        attempt: tried,
        reason,
        wait: wait / 1000,
      })
      await context.stop.pause(wait)
      if (context.stop.reason !== null) throw error
      // The connection may have been lost behind the rows.
      await executeFor(context, worker, node, plain(sql.forget(batch)))
    }
  }
}

/** Milliseconds until a batch is tried again, because the engine or the node's `retries` see a use in that. */
function waitFor(
  { request }: RunContext,
  node: BuiltNode,
  fault: DatabaseFault | undefined,
  tried: number,
): number | null {
  const engine = fault === undefined ? null : (request.adapter.retryAfter?.(fault, tried) ?? null)
  return engine ?? declaredWait(node, fault, tried - 1)
}

/** The diagnostics of a batch that failed. Our own bugs and the end of the run are thrown on. */
function mistakesOf({ context, member }: Place, batch: Batch, error: unknown): readonly Diagnostic[] {
  const see = context.request.compiledPath(member.node, batch)
  const found = diagnosticsOf(error, { node: member.node, statement: null, see })
  return found.map((d) => (d.see === undefined || see === undefined ? d : { ...d, see }))
}

/** Rows without time make their batch fail; rows of another time are left out with a warning. */
async function checkStrays(at: Place, sql: BatchSql, cut: boolean): Promise<void> {
  const { context, worker, member, progress } = at
  const column = member.node.config.event_time!
  const found = await queryFor(context, worker, member.node, plain(sql.strays()))
  const outside: { rows: number; batches: string[] } = { rows: 0, batches: [] }
  for (const [epoch, nulls, strays] of found.rows) {
    const start = Math.round(Number(epoch) * 1000)
    const batch = progress.planned.find((b) => b.start === start)
    if (batch === undefined) throw new InternalError(`no batch begins at ${start}`)
    if (Number(nulls) > 0) {
      progress.fail(batch, [ofMember(context, member, batchTimeNull({ column, rows: Number(nulls) }))])
      await executeFor(context, worker, member.node, plain(sql.forget(batch)))
    }
    outside.rows += Number(strays)
    if (Number(strays) > 0) outside.batches.push(batch.name)
  }
  if (outside.rows > 0 && !cut) member.warn(ofMember(context, member, rowsOutsideBatch({ column, ...outside })))
}

/** The new table: staged rows, each in the window of its batch. */
async function collectBatches({ context, worker, member }: Place, request: BatchCollection): Promise<void> {
  const { rows, target } = request
  const sql = await sqlOf(context, worker, member, rows)
  member.rows = await executeFor(context, worker, member.node, sql.collect(target, request))
  member.did = 'create table'
}

async function applyBatches({ context, worker, member, progress }: Place, increment: Increment): Promise<void> {
  const sql = await sqlOf(context, worker, member, increment.staged)
  const windows = context.request.batching.empty ? [] : joinedWindows(progress.successful)
  member.did = 'insert rows'
  const { rows } = await applyIncrement(context, worker, member.node, increment, {
    windows,
    kept: sql.inside,
    columns: withoutBounds,
  })
  member.rows = rows
}

/** One batch after the other, each with the rows of those before it in `this`. The first that fails ends the chain. */
async function chainBatches(at: Place, request: BatchChain): Promise<void> {
  const { context, member, progress } = at
  progress.begin()
  member.rows = 0
  for (const [index, batch] of request.batches.entries()) {
    if (context.stop.reason !== null) throw new CancelledError()
    let failure: UserError | undefined
    await logBatch(context, member, batch, async () => {
      try {
        return await chainBatch(at, request, batch, index)
      } catch (error) {
        progress.fail(batch, mistakesOf(at, batch, error))
        const fault = error instanceof UserError || error instanceof DatabaseError ? error.fault : undefined
        failure = new UserError(progress.mistakes(), fault)
        return null
      }
    })
    if (failure !== undefined) throw failure
  }
  if (request.create !== null) member.did = 'create table'
  await executeFor(context, at.worker, member.node, plain(context.dialect.drop(request.rows, 'table')))
}

async function chainBatch(at: Place, request: BatchChain, batch: Batch, index: number): Promise<number> {
  const { context, worker, member, progress } = at
  const { node } = member
  const { rows, increment, create, cut } = request
  const { dialect } = context
  const self = increment.target
  const compiled = await progress.compile(batch, {
    introspection: worker.session,
    self,
    incremental: create === null || index > 0,
  })
  await executeFor(context, worker, node, plain(dialect.drop(rows, 'table')))
  await runHeader(context, worker, member, compiled)
  await executeFor(context, worker, node, dialect.createTableAs(rows, compiled.sql))
  const sql = await sqlOf(context, worker, member, rows)
  if (create !== null && index === 0) {
    const { storage, replace } = create
    const options = { empty: true, replace, ...(storage === undefined ? {} : { storage }) }
    await executeFor(context, worker, node, dialect.createTableAs(self, request.shape, options))
  }
  await checkChained(at, sql, batch, cut)
  const windows = context.request.batching.empty ? [] : [batch]
  const columns = (all: readonly ResultColumn[]) => all
  const { rows: written } = await applyIncrement(context, worker, node, increment, {
    windows,
    kept: sql.within(batch),
    columns,
  })
  member.did = 'insert rows'
  member.rows = (member.rows ?? 0) + written
  return written
}

async function checkChained({ context, worker, member }: Place, sql: BatchSql, batch: Batch, cut: boolean) {
  const column = member.node.config.event_time!
  const found = await queryFor(context, worker, member.node, plain(sql.straysOf(batch)))
  const [nulls, outside] = (found.rows[0] ?? []).map(Number)
  if (nulls! > 0) throw new UserError(ofMember(context, member, batchTimeNull({ column, rows: nulls! })))
  if (outside! > 0 && !cut)
    member.warn(ofMember(context, member, rowsOutsideBatch({ column, rows: outside!, batches: [batch.name] })))
}
