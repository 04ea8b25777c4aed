import type { GuardedReplacement, ReplaceRequest, TableStorage } from '../adapters/replacement.ts'
import type { TableFeatures } from '../adapters/table-features.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { InternalError, UserError } from '../base/errors.ts'
import { withTrueColumns } from '../materializations/storage-columns.ts'
import type { RelationName } from '../sql/relation.ts'
import type { MemberRun } from './member-run.ts'
import { compiledPath, type RunContext } from './run-context.ts'
import type { Worker } from './worker-pool.ts'

export function guardedOf({ session }: Worker): GuardedReplacement {
  if (session.guarded === undefined) throw new InternalError('this engine replaces relations by itself')
  return session.guarded
}

export function featuresOf({ session }: Worker): TableFeatures {
  if (session.features === undefined) throw new InternalError('this engine has no features of storage')
  return session.features
}

/** The request with the true names of its relation's columns. Raises `UserError` for those that it does not have. */
export async function placedStorage(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  request: ReplaceRequest,
): Promise<ReplaceRequest> {
  return { ...request, storage: await trueStorage(context, worker, member, request.storage, request.staged) }
}

/** Storage with the true names of a relation's columns; see `withTrueColumns`. */
export async function trueStorage(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  storage: TableStorage,
  relation: RelationName,
): Promise<TableStorage> {
  if (storage.indexes.length === 0 && storage.partitionBy === null) return storage
  const columns = await worker.session.columnsOf(relation)
  const names = columns.map((column) => column.name)
  const resolved = withTrueColumns(storage, names)
  if (resolved.diagnostics.length > 0)
    throw new UserError(resolved.diagnostics.map((d) => ofMember(context, member, d)))
  return resolved.storage
}

/** A mistake of the configuration stands at the node. */
export function ofMember(context: RunContext, { node }: MemberRun, diagnostic: Diagnostic): Diagnostic {
  const see = compiledPath(context, node)
  return { ...diagnostic, span: node.span, node: node.uniqueId, ...(see === undefined ? {} : { see }) }
}

/** Work of an engine's adapter, which does not know where the configuration stands. */
export async function placed<T>(context: RunContext, member: MemberRun, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(
      error.diagnostics.map((d) => (d.span === undefined ? ofMember(context, member, d) : d)),
      error.fault,
    )
  }
}
