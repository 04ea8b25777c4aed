import { quoteString } from '../../sql/quote.ts'
import type { MadeName, RelationName } from '../../sql/relation.ts'
import { relationKey } from '../../sql/relation.ts'
import type { Cell, Dependant } from '../adapter.ts'
import { namesInSql } from '../names-in-sql.ts'
import type { PostgresConnection } from './postgres-connection.ts'

/** Views and materialized views that read some of the names, and functions in SQL, of whose bodies the catalog knows the text only. */
export async function dependantsOf(
  connection: PostgresConnection,
  database: string,
  names: readonly MadeName[],
): Promise<readonly Dependant[]> {
  if (names.length === 0) return []
  const views = await connection.query(`${readersOf('pg_class', names)}\nunion\n${readersOf('pg_proc', names)}
order by 1, 2, 3, 4`)
  const nameOf = (schema: Cell | undefined, identifier: Cell | undefined): RelationName => {
    return { database, schema: String(schema), identifier: String(identifier) }
  }
  const bodies = await connection.query(
    `select n.nspname, p.proname, p.prosrc
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_language l on l.oid = p.prolang and l.lanname = 'sql'
where n.nspname not in ('pg_catalog', 'information_schema')
order by 1, 2`,
  )
  return [
    ...views.rows.map(([schema, identifier, ofSchema, ofIdentifier, ofKind]): Dependant => {
      const kind = ofKind === 'function' ? 'function' : 'relation'
      return {
        reader: { name: nameOf(schema, identifier), kind: 'relation' },
        of: { name: nameOf(ofSchema, ofIdentifier), kind },
      }
    }),
    ...bodies.rows.flatMap(([schema, identifier, sql]) => {
      const reader: MadeName = { name: nameOf(schema, identifier), kind: 'function' }
      return [...namesInSql(String(sql), names)]
        .filter((of) => of.kind !== reader.kind || relationKey(of.name) !== relationKey(reader.name))
        .map((of): Dependant => ({ reader, of }))
    }),
  ]
}

function readersOf(catalog: 'pg_class' | 'pg_proc', names: readonly MadeName[]): string {
  const isFunction = catalog === 'pg_proc'
  const these = names.filter(({ kind }) => (kind === 'function') === isFunction)
  const list = (part: 'schema' | 'identifier') =>
    `array[${these.map(({ name }) => quoteString(name[part])).join(', ')}]::text[]`
  const [schema, name] = isFunction ? ['pronamespace', 'proname'] : ['relnamespace', 'relname']
  return `select distinct vn.nspname::text, v.relname::text, n.nspname::text, c.${name}::text, '${isFunction ? 'function' : 'relation'}'
from unnest(${list('schema')}, ${list('identifier')}) as w (schema, name)
join pg_catalog.pg_namespace n on n.nspname = w.schema
join pg_catalog.${catalog} c on c.${schema} = n.oid and c.${name} = w.name
join pg_catalog.pg_depend d on d.refclassid = '${catalog}'::regclass and d.refobjid = c.oid and d.classid = 'pg_rewrite'::regclass
join pg_catalog.pg_rewrite r on r.oid = d.objid
join pg_catalog.pg_class v on v.oid = r.ev_class${isFunction ? '' : ' and v.oid <> c.oid'}
join pg_catalog.pg_namespace vn on vn.oid = v.relnamespace`
}
