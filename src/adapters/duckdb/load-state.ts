import { quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { FileRecord, LoadedFile } from '../load/load-state.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'

const STATE_SCHEMA = 'tsdbt_state'

function loads(database: string): string {
  return duckDbDialect.relation({ database, schema: STATE_SCHEMA, identifier: 'loaded_files' })
}

/** What of the state belongs to a source: two targets in one database have a table each, and must not see each other's files. */
function isOf({ uniqueId, target }: { uniqueId: string; target: RelationName }): string {
  const values = [uniqueId, target.schema, target.identifier].map(quoteString)
  return `unique_id = ${values[0]} and table_schema = ${values[1]} and table_name = ${values[2]}`
}

/** Makes the schema and its table. To be run on one connection at a time. */
export async function createLoadState(connection: DuckDbConnection, database: string): Promise<void> {
  await connection.execute(duckDbDialect.createSchema(database, STATE_SCHEMA))
  await connection.execute(`create table if not exists ${loads(database)} (
  table_schema varchar not null, table_name varchar not null, unique_id varchar not null, path varchar not null, hash varchar not null, bytes bigint not null,
  "rows" bigint not null, loaded_at timestamp with time zone not null, declaration varchar not null)`)
}

export async function readLoadedFiles(
  connection: DuckDbConnection,
  load: { uniqueId: string; target: RelationName },
): Promise<readonly LoadedFile[]> {
  const { rows } = await connection.query(
    `select path, hash, declaration from ${loads(load.target.database)} where ${isOf(load)} order by path`,
  )
  return rows.map(([path, hash, declaration]) => ({
    path: String(path),
    hash: String(hash),
    declaration: String(declaration),
  }))
}

/** Forgets `forgotten` and records `files`, `all` when the table is made anew; inside the transaction that publishes their rows. */
export async function recordFiles(
  connection: DuckDbConnection,
  load: { uniqueId: string; target: RelationName; loadedAt: string; declaration: string },
  change: { all: boolean; forgotten: readonly string[]; files: readonly FileRecord[] },
): Promise<void> {
  const table = loads(load.target.database)
  const declaration = quoteString(load.declaration)
  // The rows of vanished files have been taken over into a table of this declaration.
  if (change.all) await connection.execute(`update ${table} set declaration = ${declaration} where ${isOf(load)}`)
  const paths = [...new Set([...change.forgotten, ...change.files.map((f) => f.path)])]
  if (paths.length > 0) {
    const list = paths.map(quoteString).join(', ')
    await connection.execute(`delete from ${table} where ${isOf(load)} and path in (${list})`)
  }
  if (change.files.length === 0) return
  const at = `${quoteString(load.loadedAt)}::timestamptz`
  const key = [load.target.schema, load.target.identifier, load.uniqueId].map(quoteString).join(', ')
  const values = change.files.map(
    (f) => `(${key}, ${quoteString(f.path)}, ${quoteString(f.hash)}, ${f.bytes}, ${f.rows}, ${at}, ${declaration})`,
  )
  await connection.execute(`insert into ${table} values ${values.join(',\n')}`)
}
