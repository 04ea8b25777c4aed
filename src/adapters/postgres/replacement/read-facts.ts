import { InternalError } from '../../../base/errors.ts'
import { quoteString } from '../../../sql/quote.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { factsQuery } from './facts-query.ts'
import type { CatalogFacts } from './relation-facts.ts'

const PREPARED = 'tsdbt_relation_facts'

/** Everything about the relations of one schema that have the given names, and about all views above them. In a transaction. */
export async function readFacts(
  connection: PostgresConnection,
  schema: string,
  names: readonly string[],
): Promise<CatalogFacts> {
  // Without a search path the server writes all names in full. Planning the query takes ten times as long as running it, so
  // each connection of the server does it once; tsdbt's own may be a new one without notice.
  const { rows } = await connection.query(
    `select current_setting('search_path'), current_setting('plan_cache_mode'),
exists (select from pg_prepared_statements where name = '${PREPARED}'),
set_config('search_path', '', true), set_config('plan_cache_mode', 'force_generic_plan', true)`,
  )
  const [searchPath, planMode, isPrepared] = rows[0]!
  if (isPrepared !== true)
    await connection.execute(`prepare ${PREPARED} (name, name[]) as ${factsQuery(connection.serverVersion)}`)
  const list = names.map(quoteString).join(', ')
  const found = await connection.query(`execute ${PREPARED}(${quoteString(schema)}, array[${list}])`)
  await connection.query(
    `select ${restored('search_path', String(searchPath))}, ${restored('plan_cache_mode', String(planMode))}`,
  )
  const text = found.rows[0]?.[0]
  if (typeof text !== 'string') throw new InternalError('the catalog gives no text')
  return JSON.parse(text) as CatalogFacts
}

function restored(setting: string, value: string): string {
  return `set_config('${setting}', ${quoteString(value)}, true)`
}
