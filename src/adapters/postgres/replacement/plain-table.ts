import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { ReplaceRequest } from '../../replacement.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { IN_PLACE_BYTES, size } from './decide.ts'
import { MARK } from './declared-index.ts'
import { qualified } from './sql-words.ts'

/** A small table to which nothing was added that would matter when its rows are replaced where they are. */
export interface PlainTable {
  /** Its columns, which are those of the new one. */
  readonly columns: readonly string[]
  /** "same columns, 16 kB" */
  readonly why: string
}

/**
 * What most tables are, found out by a query that costs a tenth of reading all facts. Null when the facts have to be read:
 * something may forbid to change rows in place, or speak for another way, or an index may have to come or go.
 */
export async function findPlainTable(
  connection: PostgresConnection,
  { target, staged, existing, kind, method, storage, constraints }: ReplaceRequest,
): Promise<PlainTable | null> {
  const { indexes, unlogged, fillfactor, tablespace, partitionBy } = storage
  if (method !== 'auto' || existing !== 'table' || kind !== 'table' || indexes.length > 0) return null
  if (constraints !== undefined) return null
  if (unlogged || fillfactor !== null || tablespace !== null || partitionBy !== null) return null
  const { rows } = await connection.query(`select c.relname, pg_table_size(c.oid), (
    select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod)) order by a.attname)::text
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${quoteString(target.schema)}
  and c.relname in (${quoteString(target.identifier)}, ${quoteString(staged.identifier)})
  and c.relkind = 'r' and c.relpersistence = 'p' and not c.relispartition and c.reloftype = 0
  and not (c.relhastriggers or c.relhasrules or c.relrowsecurity or c.relhasindex or c.relhassubclass)
  and not exists (select from pg_inherits i where i.inhrelid = c.oid)
  and not exists (select from pg_attribute a where a.attrelid = c.oid and (a.attgenerated <> '' or a.attidentity <> ''))
  and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c'
    and obj_description(k.oid, 'pg_constraint') like ${quoteString(`${MARK}%`)})
  and not exists (select from pg_publication)`)
  const old = rows.find(([name]) => name === target.identifier)
  const now = rows.find(([name]) => name === staged.identifier)
  if (old === undefined || now === undefined || now[2] === null || old[2] !== now[2]) return null
  const bytes = Math.max(Number(old[1]), Number(now[1]))
  if (bytes > IN_PLACE_BYTES) return null
  const columns = (JSON.parse(String(now[2])) as readonly (readonly [string, string])[]).map(([name]) => name)
  return { columns, why: `same columns, ${size(bytes)}` }
}

/** New rows for old ones, in a table that stays; its writers are locked out already. */
export function replacePlainRows({ target, staged }: ReplaceRequest, { columns }: PlainTable): readonly string[] {
  const table = qualified({ schema: target.schema, name: target.identifier })
  const from = qualified({ schema: staged.schema, name: staged.identifier })
  const list = columns.map((name) => quoteIdentifier(name)).join(', ')
  return [
    `delete from only ${table}`,
    `insert into ${table} (${list}) select ${list} from ${from}`,
    `drop table ${from}`,
  ]
}
