import { DatabaseError } from '../../base/errors.ts'
import { quoteString } from '../../sql/quote.ts'
import type { PostgresConnection } from './postgres-connection.ts'
import { releaseRunLock, tryRunLock } from './target-lock.ts'

/**
 * Drops the older functions that dead runs moved aside (`create-function.ts`). What is still used stays for a later run.
 */
export async function dropStrayFunctions(
  connection: PostgresConnection,
  schemas: readonly { readonly schema: string }[],
): Promise<void> {
  if (schemas.length === 0) return
  const { rows } = await connection.query(`select right(p.proname, 8), p.oid::regprocedure::text
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname in (${schemas.map((s) => quoteString(s.schema)).join(', ')})
  and p.proname ~ '__tsdbt_[0-9a-f]{8}$' and p.prokind = 'f'`)
  for (const [runId, signature] of rows.map((row) => row.map(String))) {
    if ((await connection.query(tryRunLock(runId!))).rows[0]?.[0] !== true) continue
    try {
      await connection.execute(`drop function ${signature}`)
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.fault.kind === 'connection') throw error
    } finally {
      await connection.query(releaseRunLock(runId!))
    }
  }
}
