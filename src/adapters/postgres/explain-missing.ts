import type { DatabaseFault } from '../../base/errors.ts'
import { didYouMean, nearestNames } from '../../base/nearest.ts'
import { isStagedName } from '../../sql/staged-name.ts'
import type { PostgresConnection } from './postgres-connection.ts'

/** More names than that are not looked through for one hint. */
const MOST_RELATIONS = 20_000

interface Relation {
  readonly schema: string
  readonly identifier: string
  /** Found by its name alone. */
  readonly visible: boolean
}

/** Whether the catalog can tell more about a fault than the server did. */
export function isMissingRelation({ kind, name, sql, offset, length }: DatabaseFault): boolean {
  if (name === undefined || (kind !== 'table-missing' && kind !== 'schema-missing')) return false
  // `x.id` where no table is called `x` in this statement: no relation would help.
  const token = sql === undefined || offset === undefined ? '' : sql.slice(offset, offset + (length ?? 0))
  return kind === 'schema-missing' || !token.replaceAll('"', '').toLowerCase().startsWith(`${name.toLowerCase()}.`)
}

/**
 * Adds to a missing relation what was probably meant, which the server does not say, and tells a schema that is not there
 * from a table that is not there. To be asked over another connection: after an error a transaction answers nothing.
 */
export async function explainMissing(connection: PostgresConnection, fault: DatabaseFault): Promise<DatabaseFault> {
  const parts = fault.name!.split('.')
  const identifier = parts.at(-1)!
  const schema = fault.kind === 'schema-missing' ? identifier : parts.at(-2)
  if (schema !== undefined) {
    const schemas = await schemasOf(connection)
    if (!schemas.includes(schema)) {
      const hint = didYouMean(schema, schemas) ?? fault.hint
      return { ...fault, kind: 'schema-missing', name: schema, hint }
    }
  }
  if (fault.kind === 'schema-missing') return fault
  const known = await relationsIn(connection)
  const near = nearestNames(identifier, new Set(known.map((r) => r.identifier)), 3)
  const meant = near.flatMap((name) => known.filter((r) => r.identifier === name))
  const best = meant.find((r) => r.schema === schema) ?? meant.find((r) => r.visible) ?? meant[0]
  if (best === undefined) return fault
  const written = best.visible && schema === undefined ? best.identifier : `${best.schema}.${best.identifier}`
  return { ...fault, hint: `did you mean \`${written}\`?` }
}

async function schemasOf(connection: PostgresConnection): Promise<readonly string[]> {
  const { rows } = await connection.query('select nspname from pg_catalog.pg_namespace')
  return rows.map(([name]) => String(name))
}

async function relationsIn(connection: PostgresConnection): Promise<readonly Relation[]> {
  const { rows } = await connection.query(
    `select n.nspname, c.relname, n.nspname = any (pg_catalog.current_schemas(false))
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and pg_catalog.has_schema_privilege(n.oid, 'usage')
limit ${MOST_RELATIONS}`,
  )
  const relations = rows.map(([schema, identifier, visible]) => ({
    schema: String(schema),
    identifier: String(identifier),
    visible: visible === true,
  }))
  return relations.filter((r) => !isStagedName(r.identifier) && !r.schema.startsWith('tsdbt_'))
}
