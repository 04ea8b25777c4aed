import { DatabaseError, UserError } from '../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import { LOAD_COLUMNS } from '../load/header.ts'
import { keptRowsUnfit } from '../load/load-errors.ts'
import { type DuplicateRule, removeDuplicates, removeLosers } from './deduplicate.ts'
import { duckDbDialect } from './duckdb-dialect.ts'
import type { Vanished } from './load-site.ts'
import type { Staging } from './load-staging.ts'

/** Rows of files that vanished, in the shape of the staged table. */
const KEPT = { database: 'temp', schema: 'main', identifier: 'tsdbt_kept' }

/**
 * Takes the rows of files that vanished over into a table that is loaded anew. Returns how many new rows are duplicates of
 * them and went. Raises `UserError` when their values do not fit the types of today.
 */
export async function keepVanished(
  { connection, request, table, columns }: Staging,
  { files, target }: Vanished,
  rule: DuplicateRule | undefined,
): Promise<number> {
  const there = new Set([...target.keys()].map((name) => name.toLowerCase()))
  const wanted = [...columns.map((column) => column.name), ...LOAD_COLUMNS]
  const shared = wanted
    .filter((name) => there.has(name.toLowerCase()))
    .map(quoteIdentifier)
    .join(', ')
  const staged = duckDbDialect.relation(table)
  const kept = duckDbDialect.relation(KEPT)
  await connection.execute(`create or replace temporary table ${KEPT.identifier} as from ${staged} limit 0`)
  try {
    await connection.execute(
      `insert into ${kept} (${shared}) select ${shared} from ${duckDbDialect.relation(request.target)} where ${inFiles(files)}`,
    )
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.fault.kind !== 'conversion') throw error
    const { locationSpan: span } = request.files
    throw new UserError(keptRowsUnfit({ files, reason: error.fault.message }, { span }))
  }
  const lost =
    rule === undefined
      ? 0
      : await removeLosers(connection, { from: table, winners: KEPT, fromIsNew: true, except: [] }, rule)
  await connection.execute(`insert into ${staged} from ${kept}`)
  await connection.execute(`drop table ${kept}`)
  // New rows among themselves are single by now: what goes are kept ones that lose against them.
  if (rule !== undefined) await removeDuplicates(connection, table, rule)
  return lost
}

function inFiles(files: readonly string[]): string {
  return `_file in (${files.map(quoteString).join(', ')})`
}
