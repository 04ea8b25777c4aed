import type { MadeName } from '../../sql/relation.ts'
import type { Dependant } from '../adapter.ts'
import { namesInSql } from '../names-in-sql.ts'
import { functionOf } from './create-function.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'

/** Views and macros that read some of the names. The engine keeps no such links, so the texts of all are looked through. */
export async function dependantsOf(
  connection: DuckDbConnection,
  names: readonly MadeName[],
): Promise<readonly Dependant[]> {
  if (names.length === 0) return []
  const { rows } = await connection.query(
    `select database_name, schema_name, view_name, 'relation', sql from duckdb_views() where not internal
union all
select database_name, schema_name, function_name, 'function', macro_definition from duckdb_functions()
where not internal and macro_definition is not null
order by 1, 2, 3`,
  )
  return rows.flatMap(([database, schema, identifier, kind, sql]) => {
    const name = { database: String(database), schema: String(schema), identifier: String(identifier) }
    const reader: MadeName = kind === 'function' ? { name: functionOf(name), kind } : { name, kind: 'relation' }
    return [...namesInSql(String(sql), names)]
      .filter((of) => !same(reader, of))
      .map((of): Dependant => ({ reader, of }))
  })
}

function same(a: MadeName, b: MadeName): boolean {
  return (
    a.kind === b.kind &&
    (['database', 'schema', 'identifier'] as const).every(
      (part) => a.name[part].toLowerCase() === b.name[part].toLowerCase(),
    )
  )
}
