import type { HyperConnection, HyperVersion } from './hyper-service.ts'

/** A table as it stands in a `.hyper` file. */
export interface StoredTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** What a `.hyper` file holds. */
export interface HyperCatalog {
  readonly version: HyperVersion
  /** By schema and name. */
  readonly tables: readonly StoredTable[]
}

const COLUMNS = `select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid
where c.relkind = 'r' and a.attnum > 0 and n.nspname not in ('pg_catalog', 'information_schema')
order by 1, 2, a.attnum`

export async function readHyperCatalog(connection: HyperConnection): Promise<HyperCatalog> {
  const version = await connection.query('select database_version from pg_catalog.hyper_database')
  const tables: { schema: string; name: string; columns: { name: string; type: string }[] }[] = []
  for (const [schema, name, column, type] of await connection.query(COLUMNS)) {
    const last = tables.at(-1)
    const table = last?.schema === schema && last?.name === name ? last : undefined
    const entry = { name: column!, type: type! }
    if (table === undefined) tables.push({ schema: schema!, name: name!, columns: [entry] })
    else table.columns.push(entry)
  }
  return { version: Number(version[0]?.[0] ?? 2) as HyperVersion, tables }
}
