import { quoteString } from '../../sql/quote.ts'
import type { RelationKind, RelationName } from '../../sql/relation.ts'
import type { ExistingRelation, ResultColumn } from '../adapter.ts'
import type { PostgresConnection } from './postgres-connection.ts'

/** Partitions are parts of their table; what else can be read like a table counts as one. */
const KINDS: { readonly [relkind: string]: RelationKind } = {
  r: 'table',
  p: 'table',
  f: 'table',
  v: 'view',
  m: 'materialized_view',
}

/** All relations of the given schemas of the connection's database, in one query. */
export async function relationsOf(
  connection: PostgresConnection,
  database: string,
  schemas: readonly string[],
): Promise<readonly ExistingRelation[]> {
  if (schemas.length === 0) return []
  const kinds = Object.keys(KINDS).map((kind) => `'${kind}'`)
  const { rows } = await connection.query(
    `select n.nspname, c.relname, c.relkind
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname in (${schemas.map(quoteString).join(', ')}) and c.relkind in (${kinds.join(', ')}) and not c.relispartition
order by n.nspname, c.relname`,
  )
  return rows.map(([schema, identifier, kind]) => ({
    name: { database, schema: String(schema), identifier: String(identifier) },
    kind: KINDS[String(kind)]!,
  }))
}

/** Functions that users made in the given schemas, each name once. */
export async function functionsOf(
  connection: PostgresConnection,
  database: string,
  schemas: readonly string[],
): Promise<readonly RelationName[]> {
  if (schemas.length === 0) return []
  const { rows } = await connection.query(
    `select distinct n.nspname, p.proname
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where n.nspname in (${schemas.map(quoteString).join(', ')})`,
  )
  return rows.map(([schema, identifier]) => ({ database, schema: String(schema), identifier: String(identifier) }))
}

/** The name of each session's own schema; in the catalog it has another one. */
export const temporarySchema = 'pg_temp'

/** Asked of the catalog: a query that fails would spoil the open transaction. */
export async function columnsOf(
  connection: PostgresConnection,
  relation: RelationName,
): Promise<readonly ResultColumn[]> {
  const inSchema =
    relation.schema === temporarySchema
      ? 'n.oid = pg_catalog.pg_my_temp_schema()'
      : `n.nspname = ${quoteString(relation.schema)}`
  const { rows } = await connection.query(
    `select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where ${inSchema} and c.relname = ${quoteString(relation.identifier)}
  and pg_catalog.current_database() = ${quoteString(relation.database)}
  and a.attnum > 0 and not a.attisdropped
order by a.attnum`,
  )
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }))
}

/** The schemas of the given names that exist. */
export async function existingSchemas(
  connection: PostgresConnection,
  schemas: readonly string[],
): Promise<ReadonlySet<string>> {
  if (schemas.length === 0) return new Set()
  const { rows } = await connection.query(
    `select nspname from pg_catalog.pg_namespace where nspname in (${schemas.map(quoteString).join(', ')})`,
  )
  return new Set(rows.map(([name]) => String(name)))
}
