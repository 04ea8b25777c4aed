import { DatabaseError } from '../../base/errors.ts'
import { quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { IndexSpec } from '../replacement.ts'
import type { ViewComparison } from '../table-features.ts'
import { indexChanges } from './ensure-indexes.ts'
import type { PostgresConnection } from './postgres-connection.ts'
import { postgresDialect } from './postgres-dialect.ts'

/** The definitions as the server writes them, and the columns with their types: those may change below the same text. */
export async function compareMaterializedViews(
  connection: PostgresConnection,
  published: RelationName,
  staged: RelationName,
  indexes: readonly IndexSpec[],
): Promise<ViewComparison> {
  const [before, now] = [await definitionOf(connection, published), await definitionOf(connection, staged)]
  const { missing, surplus } = await indexChanges(connection, published, indexes)
  return {
    sameColumns: before.columns === now.columns,
    sameIndexes: missing.length + surplus.length === 0,
    concurrently: before.concurrently,
    publishedQuery: before.query,
    stagedQuery: now.query,
  }
}

interface Definition {
  readonly query: string
  readonly columns: string
  readonly concurrently: boolean
}

async function definitionOf(connection: PostgresConnection, view: RelationName): Promise<Definition> {
  const { rows } = await connection.query(`select rtrim(pg_get_viewdef(c.oid), ';'),
  (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0),
  c.relispopulated and exists (select from pg_index x where x.indrelid = c.oid and x.indisunique and x.indisvalid
    and x.indimmediate and x.indpred is null and x.indexprs is null)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${quoteString(view.schema)} and c.relname = ${quoteString(view.identifier)} and c.relkind = 'm'`)
  const row = rows[0]
  if (row === undefined) {
    const message = `materialized view ${postgresDialect.relation(view)} is gone`
    throw new DatabaseError({ kind: 'table-missing', message })
  }
  return { query: String(row[0]), columns: String(row[1]), concurrently: row[2] === true }
}

export async function refreshMaterializedView(
  connection: PostgresConnection,
  name: RelationName,
  { concurrently }: { readonly concurrently: boolean },
): Promise<number | null> {
  return connection.execute(
    `refresh materialized view ${concurrently ? 'concurrently ' : ''}${postgresDialect.relation(name)}`,
  )
}
