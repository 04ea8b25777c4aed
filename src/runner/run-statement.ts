import type { RowSet } from '../adapters/adapter.ts'
import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import type { MappedText } from '../base/source-map.ts'
import type { Node, Operation } from '../project/resource.ts'
import { annotate } from './annotate.ts'
import { brokenView } from './broken-view.ts'
import { columnsHere } from './columns-here.ts'
import { databaseDiagnostic } from './database-diagnostic.ts'
import { compiledPath, type RunContext } from './run-context.ts'
import type { Worker } from './worker-pool.ts'

/** Runs one statement of a node. Raises `UserError` with the engine's fault at its place in the source. */
export function executeFor(
  context: RunContext,
  worker: Worker,
  node: Node | Operation,
  sql: MappedText,
  hook = false,
): Promise<number | null> {
  return observed(context, worker, node, sql, () => worker.session.execute(sql.text), hook)
}

/** As `executeFor`, for a statement that gives rows. */
export function queryFor(
  context: RunContext,
  worker: Worker,
  node: Node | Operation,
  sql: MappedText,
  limit?: number,
): Promise<RowSet> {
  return observed(context, worker, node, sql, () => worker.session.query(sql.text, limit))
}

/** Runs work of a node that is one statement in the analyst's eyes: told to the log, its faults at their place in the source. */
export async function observed<T>(
  context: RunContext,
  worker: Worker,
  node: Node | Operation,
  sql: MappedText,
  run: () => Promise<T>,
  hook = false,
): Promise<T> {
  annotate(context, worker, node)
  const at = new Date().toISOString()
  const began = performance.now()
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    // An engine that was interrupted says so in its own words, whoever asked for it.
    if (context.stop.reason !== null && error.fault.kind === 'interrupted') throw new CancelledError()
    const view = await brokenView(context, worker, node, error)
    const columns = view === undefined ? await columnsHere(context, worker, node, error) : undefined
    const see = hook ? undefined : compiledPath(context, node)
    const place = { node, statement: sql, see, view, columns }
    throw new UserError(databaseDiagnostic(error, place), error.fault)
  } finally {
    const seconds = (performance.now() - began) / 1000
    context.request.emit({ type: 'statement.finished', node: node.uniqueId, sql: sql.text, seconds, at })
  }
}

/** Text of our own, without an origin. */
export function plain(text: string): MappedText {
  return { text, segments: [] }
}
