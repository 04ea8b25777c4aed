import { quoteString } from '../../../sql/quote.ts'
import type { RelationName } from '../../../sql/relation.ts'
import type { PostgresConnection } from '../postgres-connection.ts'

/** The columns of a table and their types as the server prints them; undefined when there is no such table. */
export async function tableTypes(
  connection: PostgresConnection,
  table: RelationName,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { rows } = await connection.query(`select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${quoteString(table.schema)} and c.relname = ${quoteString(table.identifier)}
  and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped order by a.attnum`)
  return rows.length === 0 ? undefined : new Map(rows.map(([name, type]) => [String(name), String(type)]))
}
