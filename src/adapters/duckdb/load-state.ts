import { quoteString } from '../../sql/quote.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'

const STATE_SCHEMA = 'tsdbt_state'

/** What the warehouse knows of a file that was loaded. */
export interface LoadedFile {
  readonly path: string
  readonly hash: string
  readonly declaration: string
}

/** A file that a load records. */
export interface FileRecord {
  readonly path: string
  readonly hash: string
  readonly bytes: number
  /** Rows of the file, refused and duplicate ones included. */
  readonly rows: number
}

function loads(database: string): string {
  return duckDbDialect.relation({ database, schema: STATE_SCHEMA, identifier: 'loads' })
}

/** Makes the schema and its table. To be run on one connection at a time. */
export async function createLoadState(connection: DuckDbConnection, database: string): Promise<void> {
  await connection.execute(duckDbDialect.createSchema(database, STATE_SCHEMA))
  await connection.execute(`create table if not exists ${loads(database)} (
  unique_id varchar not null, path varchar not null, hash varchar not null, bytes bigint not null,
  "rows" bigint not null, loaded_at timestamp with time zone not null, declaration varchar not null)`)
}

export async function readLoadedFiles(
  connection: DuckDbConnection,
  database: string,
  uniqueId: string,
): Promise<readonly LoadedFile[]> {
  const { rows } = await connection.query(
    `select path, hash, declaration from ${loads(database)} where unique_id = ${quoteString(uniqueId)} order by path`,
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
  database: string,
  load: { uniqueId: string; loadedAt: string; declaration: string },
  change: { all: boolean; forgotten: readonly string[]; files: readonly FileRecord[] },
): Promise<void> {
  const id = quoteString(load.uniqueId)
  const declaration = quoteString(load.declaration)
  // The rows of vanished files have been taken over into a table of this declaration.
  if (change.all)
    await connection.execute(`update ${loads(database)} set declaration = ${declaration} where unique_id = ${id}`)
  const paths = [...new Set([...change.forgotten, ...change.files.map((f) => f.path)])]
  if (paths.length > 0) {
    const list = paths.map(quoteString).join(', ')
    await connection.execute(`delete from ${loads(database)} where unique_id = ${id} and path in (${list})`)
  }
  if (change.files.length === 0) return
  const at = `${quoteString(load.loadedAt)}::timestamptz`
  const values = change.files.map(
    (f) => `(${id}, ${quoteString(f.path)}, ${quoteString(f.hash)}, ${f.bytes}, ${f.rows}, ${at}, ${declaration})`,
  )
  await connection.execute(`insert into ${loads(database)} values ${values.join(',\n')}`)
}
