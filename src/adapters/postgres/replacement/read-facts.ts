import { InternalError } from '../../../base/errors.ts'
import { quoteString } from '../../../sql/quote.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { factsQuery } from './facts-query.ts'
import type { CatalogFacts } from './relation-facts.ts'

/** Everything about the relations of one schema that have the given names, and about all views above them. In a transaction. */
export async function readFacts(
  connection: PostgresConnection,
  schema: string,
  names: readonly string[],
): Promise<CatalogFacts> {
  // Without a search path the server writes all names in full.
  const before = await textOf(connection, `select current_setting('search_path'), set_config('search_path', '', true)`)
  await prepare(connection)
  const list = names.map(quoteString).join(', ')
  const found = await textOf(connection, `execute ${PREPARED}(${quoteString(schema)}, array[${list}])`)
  await connection.query(`select set_config('search_path', ${quoteString(before)}, true)`)
  return JSON.parse(found) as CatalogFacts
}

const PREPARED = 'tsdbt_relation_facts'
const prepared = new WeakSet<PostgresConnection>()

/** Planning the query takes ten times as long as running it, so each connection does it once. */
async function prepare(connection: PostgresConnection): Promise<void> {
  await connection.query(`select set_config('plan_cache_mode', 'force_generic_plan', true)`)
  if (prepared.has(connection)) return
  await connection.query(`prepare ${PREPARED} (name, name[]) as ${factsQuery(connection.serverVersion)}`)
  prepared.add(connection)
}

async function textOf(connection: PostgresConnection, sql: string): Promise<string> {
  const value = (await connection.query(sql)).rows[0]?.[0]
  if (typeof value !== 'string') throw new InternalError('the catalog gives no text')
  return value
}
