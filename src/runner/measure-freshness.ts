import { statSync } from 'node:fs'
import { discoverFiles } from '../adapters/load/discover-files.ts'
import { UserError } from '../base/errors.ts'
import type { Source } from '../project/resource.ts'
import { loadedAtUnreadable } from './errors.ts'
import { type LoadedAt, loadedAtOf } from './loaded-at.ts'
import type { OpenNode } from './result-book.ts'
import type { RunContext } from './run-context.ts'
import { plain, queryFor } from './run-statement.ts'
import { bindingOf } from './unit-run.ts'
import type { Worker } from './worker-pool.ts'

/** When the newest rows of a source came in, and the moment to which that is compared. */
export interface Measured {
  readonly loadedAt: Exclude<LoadedAt, { kind: 'unreadable' }>
  readonly now: Date
}

/** True when the time of the files counts, so that no warehouse is asked. */
export function isMeasuredByFiles({ files, loadedAtField, loadedAtQuery }: Source): boolean {
  return files !== null && loadedAtField === null && loadedAtQuery === null
}

/** The time of the newest file of a source. Raises `UserError` when there is none. */
export function measureFiles({ files, uniqueId }: Source, projectRoot: string): Measured {
  const found = discoverFiles(files!, projectRoot)
  if (found.diagnostics.length > 0) throw new UserError(found.diagnostics.map((d) => ({ ...d, node: uniqueId })))
  const newest = Math.max(...found.files.map((file) => statSync(file.absolutePath).mtimeMs))
  return { loadedAt: { kind: 'at', at: new Date(newest) }, now: new Date() }
}

/** Asks the warehouse, whose clock counts. Raises `UserError` for a query that fails and a value that is no time. */
export async function measureRows(
  context: RunContext,
  worker: Worker,
  source: Source,
  open: OpenNode,
): Promise<Measured> {
  const sql = await open.during('compile', () =>
    context.request.compiler.compileLoadedAt(source, bindingOf(null, worker.session)),
  )
  return open.during('execute', async () => {
    const loadedAt = loadedAtOf(await queryFor(context, worker, source, sql, 1))
    if (loadedAt.kind === 'unreadable') throw unreadable(source, loadedAt)
    const clock = loadedAtOf(await queryFor(context, worker, source, plain('select current_timestamp'), 1))
    return { loadedAt, now: clock.kind === 'at' ? clock.at : new Date() }
  })
}

function unreadable(source: Source, { type, value }: Extract<LoadedAt, { kind: 'unreadable' }>): UserError {
  const { loadedAtField: field, loadedAtQuery: query, freshnessPlaces: places } = source
  const key = query === null ? 'loaded_at_field' : 'loaded_at_query'
  const span = (query === null ? places.loadedAtField : places.loadedAtQuery) ?? source.span
  return new UserError(loadedAtUnreadable({ key, field, type, value }, { span, node: source.uniqueId }))
}
