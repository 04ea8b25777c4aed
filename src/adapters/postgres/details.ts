import { quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { Cell } from '../adapter.ts'
import { groupDetails, type RelationDetails } from '../relation-details.ts'
import type { PostgresConnection } from './postgres-connection.ts'

/**
 * What the catalog says of those of the relations that exist in the connection's database, in one query. Rows are the
 * planner's estimate, which the server makes some time after a table was filled.
 */
export async function detailsOf(
  connection: PostgresConnection,
  database: string,
  relations: readonly RelationName[],
): Promise<readonly RelationDetails[]> {
  if (relations.length === 0) return []
  const list = (part: 'schema' | 'identifier') => `array[${relations.map((r) => quoteString(r[part])).join(', ')}]`
  const { rows } = await connection.query(
    `select n.nspname, c.relname,
  case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' when 'f' then 'FOREIGN TABLE' else 'BASE TABLE' end,
  pg_catalog.pg_get_userbyid(c.relowner), r.description, case when c.reltuples < 0 or c.relkind = 'v' then null else c.reltuples::bigint end,
  case when c.relkind in ('r', 'm') then pg_catalog.pg_table_size(c.oid) end,
  a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), d.description
from (select distinct * from unnest(${list('schema')}, ${list('identifier')})) as w (schema, name)
join pg_catalog.pg_namespace n on n.nspname = w.schema
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.name and c.relkind in ('r', 'p', 'f', 'v', 'm')
left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = a.attnum and d.classoid = 'pg_class'::regclass
left join pg_catalog.pg_description r on r.objoid = c.oid and r.objsubid = 0 and r.classoid = 'pg_class'::regclass
order by n.nspname, c.relname, a.attnum`,
  )
  return groupDetails(rows.map((row) => detailRow(database, row)))
}

function detailRow(database: string, row: readonly Cell[]) {
  const [schema, identifier, type, owner, comment, count, bytes, column, columnType, columnComment] = row
  return {
    name: { database, schema: String(schema), identifier: String(identifier) },
    type: String(type),
    owner: String(owner),
    comment: textOrNull(comment),
    rows: count === null ? null : Number(count),
    bytes: bytes === null ? null : Number(bytes),
    column:
      column === null ? null : { name: String(column), type: String(columnType), comment: textOrNull(columnComment) },
  }
}

function textOrNull(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell)
}
