import { quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { Cell } from '../adapter.ts'
import { groupDetails, type RelationDetails } from '../relation-details.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'

/** What the catalog says of those of the relations that exist, in one query. The engine keeps no owners and no sizes. */
export async function detailsOf(
  connection: DuckDbConnection,
  relations: readonly RelationName[],
): Promise<readonly RelationDetails[]> {
  if (relations.length === 0) return []
  const list = (part: keyof RelationName) => `[${relations.map((r) => quoteString(r[part].toLowerCase())).join(', ')}]`
  const { rows } = await connection.query(
    `with wanted as (
  select unnest(${list('database')}) as d, unnest(${list('schema')}) as s, unnest(${list('identifier')}) as i
), found as (
  select database_name as d, schema_name as s, table_name as i, 'BASE TABLE' as type, comment, estimated_size as n
  from duckdb_tables() where not temporary
  union all
  select database_name, schema_name, view_name, 'VIEW', comment, null
  from duckdb_views() where not internal and not temporary
)
select f.d, f.s, f.i, f.type, f.comment, f.n, c.column_name, c.data_type, c.comment
from found as f
semi join wanted as w on lower(f.d) = w.d and lower(f.s) = w.s and lower(f.i) = w.i
left join duckdb_columns() as c on c.database_name = f.d and c.schema_name = f.s and c.table_name = f.i
order by f.d, f.s, f.i, c.column_index`,
  )
  return groupDetails(rows.map(detailRow))
}

function detailRow([
  database,
  schema,
  identifier,
  type,
  comment,
  count,
  column,
  columnType,
  columnComment,
]: readonly Cell[]) {
  return {
    name: { database: String(database), schema: String(schema), identifier: String(identifier) },
    type: String(type),
    owner: null,
    comment: textOrNull(comment),
    rows: count === null ? null : Number(count),
    bytes: null,
    column:
      column === null ? null : { name: String(column), type: String(columnType), comment: textOrNull(columnComment) },
  }
}

function textOrNull(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell)
}
