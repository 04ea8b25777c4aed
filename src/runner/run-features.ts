import type { GrantRequest } from '../adapters/replacement.ts'
import { DatabaseError, InternalError, UserError } from '../base/errors.ts'
import { describedColumnMissing, grantsNotApplied, partitionsDiffer } from '../materializations/errors.ts'
import type { Comments, Step } from '../materializations/step.ts'
import { fittingIndexes, onlyIndexes } from '../materializations/storage-columns.ts'
import type { MemberRun } from './member-run.ts'
import { featuresOf, guardedOf, ofMember, placed, trueStorage } from './member-storage.ts'
import type { RunContext } from './run-context.ts'
import { executeFor, plain } from './run-statement.ts'
import { stageMaterializedView } from './stage-materialized-view.ts'
import type { Worker } from './worker-pool.ts'

type FeatureStep = Extract<
  Step,
  {
    kind:
      | 'stage-materialized-view'
      | 'fill-partitions'
      | 'name-partitions'
      | 'grow-partitions'
      | 'ensure-indexes'
      | 'apply-grants'
      | 'write-comments'
  }
>

/** Steps for what a configuration asks of a relation beyond its rows. */
export async function runFeature(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  step: FeatureStep,
): Promise<void> {
  switch (step.kind) {
    case 'stage-materialized-view':
      return stageMaterializedView(context, worker, member, step.request)
    case 'fill-partitions': {
      const { request } = step
      const storage = await trueStorage(context, worker, member, request.storage, request.rows)
      const fill = { ...request, storage, partitionBy: storage.partitionBy! }
      member.partitions = await placed(context, member, () => featuresOf(worker).fillPartitions(fill))
      return
    }
    case 'name-partitions':
      if (member.partitions === null) throw new InternalError(`${member.node.uniqueId} has no partitions to name`)
      return featuresOf(worker).namePartitions(member.partitions)
    case 'grow-partitions': {
      const { request, when } = step
      if (when === 'in-place' && member.replacement?.how !== 'in_place') return
      const storage = await trueStorage(context, worker, member, request.storage, request.rows)
      const growth = { ...request, storage, partitionBy: storage.partitionBy! }
      const grow = () => placed(context, member, () => featuresOf(worker).growPartitions(growth))
      const found = await (when === 'outside' ? retried(context, grow) : grow())
      if (found !== null) member.warn(ofMember(context, member, partitionsDiffer({ found })))
      return
    }
    case 'ensure-indexes': {
      const { table } = step
      const { indexes } = step.columnsCome
        ? {
            indexes: fittingIndexes(
              step.indexes,
              (await worker.session.columnsOf(table)).map((c) => c.name),
            ),
          }
        : await trueStorage(context, worker, member, onlyIndexes(step.indexes), table)
      const make = () => featuresOf(worker).ensureIndexes(table, indexes)
      return step.inTransaction ? make() : retried(context, make)
    }
    case 'apply-grants':
      return placed(context, member, () => applyGrants(worker, step.request))
    case 'write-comments':
      return writeComments(context, worker, member, step.comments)
  }
}

/** A server may take a `grant` of somebody who may not give the right, and do nothing: so it is asked whether all is done. */
async function applyGrants(worker: Worker, request: GrantRequest): Promise<void> {
  const guarded = guardedOf(worker)
  if ((await guarded.applyGrants(request)).length === 0) return
  const left = await guarded.applyGrants(request)
  if (left.length > 0) throw new UserError(grantsNotApplied({ statements: left }))
}

/** Work that is a transaction by itself: tried again as a whole where the engine says that this may help. */
async function retried<T>({ request, stop }: RunContext, work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (error) {
      const wait = error instanceof DatabaseError ? request.adapter.retryAfter?.(error.fault, tried) : undefined
      if (wait == null) throw error
      await stop.pause(wait)
      if (stop.reason !== null) throw error
    }
  }
}

async function writeComments(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  { relation, kind, comment, columns }: Comments,
): Promise<void> {
  const { dialect, capabilities } = context.request.adapter
  const write = (sql: string) => executeFor(context, worker, member.node, plain(sql))
  if (comment !== null) await write(dialect.commentOn!(relation, kind, comment))
  if (columns.length === 0 || dialect.commentOnColumn === undefined) return
  const there = (await worker.session.columnsOf(relation)).map((column) => column.name)
  const fold = (name: string): string => (capabilities.ignoresCase === true ? name.toLowerCase() : name)
  for (const { name, comment: text } of columns) {
    const found = there.find((column) => fold(column) === fold(name))
    if (found === undefined)
      member.warn(ofMember(context, member, describedColumnMissing({ column: name, columns: there })))
    else await write(dialect.commentOnColumn(relation, found, text))
  }
}
