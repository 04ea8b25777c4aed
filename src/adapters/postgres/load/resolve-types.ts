import { DatabaseError } from '../../../base/errors.ts'
import type { DuckDbConnection } from '../../duckdb/duckdb-connection.ts'
import type { AskedType, ResolvedType } from '../../duckdb/load-site.ts'
import { canonicalTypes, refuseUnknown } from '../../duckdb/table-columns.ts'
import { typeFamily } from '../../load/value-sql.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { readAs, storedType } from './type-map.ts'

/**
 * What written types mean: what Postgres calls so, else what the reader does (`double`, `hugeint`). Raises `UserError` for
 * a type that neither knows.
 */
export async function resolveTypes(
  connection: PostgresConnection,
  reader: DuckDbConnection,
  asked: readonly AskedType[],
): Promise<readonly ResolvedType[]> {
  const types = asked.map(({ type }) => type)
  const own = await ownTypes(connection, types)
  const others = types.filter((_, i) => own[i] instanceof DatabaseError)
  const read = await canonicalTypes(reader, others)
  const found = types.map((type, i): ResolvedType | DatabaseError => {
    const stored = own[i]!
    if (!(stored instanceof DatabaseError)) return { ...readAs(stored.base), stored: stored.name }
    const known = read[others.indexOf(type)]!
    // Postgres's words are the ones that its users look up.
    if (known instanceof DatabaseError) return stored
    return { type: known, family: typeFamily(known), stored: storedType(known) }
  })
  return refuseUnknown(asked, found)
}

interface OwnType {
  readonly name: string
  /** What a domain is made of; else the same. */
  readonly base: string
}

/** Types as the server prints them, or why it knows none. */
async function ownTypes(
  connection: PostgresConnection,
  types: readonly string[],
): Promise<readonly (OwnType | DatabaseError)[]> {
  if (types.length === 0) return []
  const ask = async (list: readonly string[]): Promise<readonly OwnType[]> => {
    const domain = (type: string) =>
      `(select pg_catalog.format_type(oid, null) from pg_catalog.pg_type where oid = pg_typeof(null::${type}) and typtype = 'd')`
    const sql = `select ${list.map((type) => `null::${type}, ${domain(type)}`).join(', ')}`
    const run = () => connection.query(sql)
    const { columns, rows } = await (connection.inTransaction ? connection.savepoint(run) : run())
    return list.map((_, i) => {
      const base = columns[2 * i]!.type
      return { name: String(rows[0]![2 * i + 1] ?? base), base }
    })
  }
  try {
    return await ask(types)
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.fault.kind === 'connection') throw error
  }
  const found: (OwnType | DatabaseError)[] = []
  for (const type of types) {
    try {
      found.push(...(await ask([type])))
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.fault.kind === 'connection') throw error
      found.push(error)
    }
  }
  return found
}
