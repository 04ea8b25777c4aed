import { DatabaseError, UserError } from '../../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { RelationName } from '../../../sql/relation.ts'
import type { FileRecord, LoadedFile } from '../../load/load-state.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { noRightForState } from './errors.ts'

const SCHEMA = 'tsdbt_state'
const TABLE = `${quoteIdentifier(SCHEMA)}.${quoteIdentifier('loaded_files')}`

interface LoadKey {
  readonly uniqueId: string
  readonly target: RelationName
}

/** Two targets in one database have a table each, and must not see each other's files. */
function isOf({ uniqueId, target }: LoadKey): string {
  const values = [uniqueId, target.schema, target.identifier].map(quoteString)
  return `unique_id = ${values[0]} and table_schema = ${values[1]} and table_name = ${values[2]}`
}

/** Makes the schema and its table where they are missing. Raises `UserError` when the user may not. */
export async function createLoadState(connection: PostgresConnection, database: string): Promise<void> {
  try {
    const { rows } = await connection.query(`select exists (select from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = '${SCHEMA}' and c.relname = 'loaded_files'),
exists (select from pg_catalog.pg_namespace where nspname = '${SCHEMA}')`)
    const [table, schema] = rows[0]!
    if (table === true) return
    if (schema !== true) await unlessThere(connection, `create schema if not exists ${quoteIdentifier(SCHEMA)}`)
    await unlessThere(
      connection,
      `create table if not exists ${TABLE} (
  table_schema text not null, table_name text not null, unique_id text not null, path text not null,
  hash text not null, bytes bigint not null, "rows" bigint not null, loaded_at timestamp with time zone not null,
  declaration text not null, primary key (table_schema, table_name, unique_id, path))`,
    )
  } catch (error) {
    throw await explained(connection, database, error)
  }
}

/** Two runs that make the same thing at once: `if not exists` lets the second fail. */
async function unlessThere(connection: PostgresConnection, sql: string): Promise<void> {
  try {
    await connection.execute(sql)
  } catch (error) {
    const kinds = ['exists', 'constraint']
    if (!(error instanceof DatabaseError) || !kinds.includes(error.fault.kind)) throw error
    await connection.execute(sql)
  }
}

async function explained(connection: PostgresConnection, database: string, error: unknown): Promise<unknown> {
  if (!(error instanceof DatabaseError) || error.fault.kind !== 'permission') return error
  if (connection.inTransaction) return error
  const { rows } = await connection.query('select current_user')
  const role = quoteIdentifier(String(rows[0]![0]))
  return new UserError(noRightForState({ database, role, reason: error.fault.message }), error.fault)
}

export async function readLoadedFiles(connection: PostgresConnection, load: LoadKey): Promise<readonly LoadedFile[]> {
  try {
    const { rows } = await connection.query(
      `select path, hash, declaration from ${TABLE} where ${isOf(load)} order by path collate "C"`,
    )
    return rows.map(([path, hash, declaration]) => ({
      path: String(path),
      hash: String(hash),
      declaration: String(declaration),
    }))
  } catch (error) {
    throw await explained(connection, load.target.database, error)
  }
}

/** Forgets `forgotten` and records `files`, `all` when the table is made anew; inside the transaction that publishes their rows. */
export async function recordFiles(
  connection: PostgresConnection,
  load: LoadKey & { readonly loadedAt: string; readonly declaration: string },
  change: { all: boolean; forgotten: readonly string[]; files: readonly FileRecord[] },
): Promise<void> {
  const declaration = quoteString(load.declaration)
  // The rows of vanished files have been taken over into a table of this declaration.
  if (change.all) await connection.execute(`update ${TABLE} set declaration = ${declaration} where ${isOf(load)}`)
  const paths = [...new Set([...change.forgotten, ...change.files.map((f) => f.path)])]
  if (paths.length > 0) {
    const list = paths.map(quoteString).join(', ')
    await connection.execute(`delete from ${TABLE} where ${isOf(load)} and path in (${list})`)
  }
  if (change.files.length === 0) return
  const key = [load.target.schema, load.target.identifier, load.uniqueId].map(quoteString).join(', ')
  const at = `${quoteString(load.loadedAt)}::timestamptz`
  const values = change.files.map(
    (f) => `(${key}, ${quoteString(f.path)}, ${quoteString(f.hash)}, ${f.bytes}, ${f.rows}, ${at}, ${declaration})`,
  )
  await connection.execute(`insert into ${TABLE} values ${values.join(',\n')}`)
}
