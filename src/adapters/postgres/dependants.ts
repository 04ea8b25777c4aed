import { quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { Dependant } from '../adapter.ts'
import type { PostgresConnection } from './postgres-connection.ts'

/** Views and materialized views that read some of the relations, in one query. */
export async function dependantsOf(
  connection: PostgresConnection,
  database: string,
  relations: readonly RelationName[],
): Promise<readonly Dependant[]> {
  if (relations.length === 0) return []
  const list = (part: 'schema' | 'identifier') => `array[${relations.map((r) => quoteString(r[part])).join(', ')}]`
  const { rows } = await connection.query(
    `select distinct vn.nspname, v.relname, n.nspname, c.relname
from unnest(${list('schema')}, ${list('identifier')}) as w (schema, name)
join pg_catalog.pg_namespace n on n.nspname = w.schema
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.name
join pg_catalog.pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.classid = 'pg_rewrite'::regclass
join pg_catalog.pg_rewrite r on r.oid = d.objid
join pg_catalog.pg_class v on v.oid = r.ev_class and v.oid <> c.oid
join pg_catalog.pg_namespace vn on vn.oid = v.relnamespace
order by 1, 2, 3, 4`,
  )
  return rows.map(([schema, identifier, ofSchema, ofIdentifier]) => ({
    reader: { database, schema: String(schema), identifier: String(identifier) },
    of: { database, schema: String(ofSchema), identifier: String(ofIdentifier) },
  }))
}
