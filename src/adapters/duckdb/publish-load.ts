import { InternalError } from '../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { LoadState } from '../load/load-state.ts'
import type { StagedLoad } from '../load.ts'
import { removeLosers } from './deduplicate.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'
import { duplicateRule } from './load-declaration.ts'
import { recordFiles } from './load-state.ts'
import { QUARANTINE_COLUMNS } from './stage-load.ts'

/** Moves staged rows into the target and its quarantine and records the files, in the transaction that is open. */
export async function publishLoad(connection: DuckDbConnection, load: StagedLoad): Promise<void> {
  if (load.failed) throw new InternalError(`${load.request.uniqueId}: a failed load cannot be published`)
  if (!connection.inTransaction) throw new InternalError('a load is published inside a transaction')
  if (load.state === undefined) return
  const state = load.state as LoadState
  const { request } = load
  if (state.replace) await swap(connection, state.staged, request.target)
  else await merge(connection, load, state)
  await publishQuarantine(connection, load, state)
  await connection.execute(duckDbDialect.drop(state.stagedQuarantine, 'table'))
  const change = { all: state.replace, forgotten: state.forgotten, files: state.records }
  await recordFiles(connection, request, change)
}

/** Drops staged tables. With `keepQuarantine` the refused rows are kept first, each file's in place of its earlier ones. */
export async function discardLoad(
  connection: DuckDbConnection,
  load: StagedLoad,
  options: { keepQuarantine: boolean },
): Promise<void> {
  if (load.state === undefined) return
  const state = load.state as LoadState
  if (options.keepQuarantine) {
    await connection.begin()
    try {
      await publishQuarantine(connection, load, state)
      await connection.commit()
    } catch (error) {
      await connection.rollback()
      throw error
    }
  }
  for (const name of load.relations) await connection.execute(duckDbDialect.drop(name, 'table'))
}

async function swap(connection: DuckDbConnection, staged: RelationName, target: RelationName): Promise<void> {
  const { rows } = await connection.query(`select 'view' from duckdb_views()
where database_name = ${quoteString(target.database)} and schema_name = ${quoteString(target.schema)} and view_name = ${quoteString(target.identifier)}`)
  await connection.execute(duckDbDialect.drop(target, rows.length > 0 ? 'view' : 'table'))
  await connection.execute(duckDbDialect.rename(staged, target.identifier, 'table'))
}

async function merge(connection: DuckDbConnection, load: StagedLoad, state: LoadState): Promise<void> {
  const { target } = load.request
  const targetName = duckDbDialect.relation(target)
  if (state.replaced.length > 0) await connection.execute(`delete from ${targetName} where ${inFiles(state.replaced)}`)
  const columns = await columnsOf(connection, state.staged)
  const present = new Set((await columnsOf(connection, target)).map((column) => column.name.toLowerCase()))
  for (const { name, type } of columns) {
    if (!present.has(name.toLowerCase())) await connection.execute(duckDbDialect.addColumn(target, name, type))
  }
  const rule = duplicateRule(
    load.request,
    [...columns, ...(await columnsOf(connection, target))].map((column) => column.name),
  )
  if (rule !== undefined) {
    const tables = { from: target, winners: state.staged, fromIsNew: false, except: [] }
    await removeLosers(connection, tables, rule)
  }
  const names = columns.map((column) => quoteIdentifier(column.name)).join(', ')
  await connection.execute(
    `insert into ${targetName} (${names}) select ${names} from ${duckDbDialect.relation(state.staged)}`,
  )
  await connection.execute(duckDbDialect.drop(state.staged, 'table'))
}

async function columnsOf(connection: DuckDbConnection, table: RelationName) {
  return (await connection.query(`from ${duckDbDialect.relation(table)} limit 0`)).columns
}

async function publishQuarantine(connection: DuckDbConnection, load: StagedLoad, state: LoadState): Promise<void> {
  const table = duckDbDialect.relation(load.request.quarantine)
  await connection.execute(`create table if not exists ${table} (${QUARANTINE_COLUMNS})`)
  if (state.replaced.length > 0) await connection.execute(`delete from ${table} where ${inFiles(state.replaced)}`)
  await connection.execute(`insert into ${table} select * from ${duckDbDialect.relation(state.stagedQuarantine)}`)
}

function inFiles(paths: readonly string[]): string {
  return `_file in (${paths.map(quoteString).join(', ')})`
}
