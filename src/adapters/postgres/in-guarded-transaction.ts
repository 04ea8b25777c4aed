import type { RelationName } from '../../sql/relation.ts'
import { inTransaction } from './in-transaction.ts'
import type { PostgresConnection } from './postgres-connection.ts'
import { namingHolders } from './replacement/exclusive-locks.ts'

/**
 * Does work on a table in the open transaction, or in one of its own that waits for no lock longer than publishing does,
 * and says who had it.
 */
export function inGuardedTransaction(
  connection: PostgresConnection,
  { schema, identifier: name }: RelationName,
  work: () => Promise<void>,
): Promise<void> {
  if (connection.inTransaction) return work()
  return inTransaction(connection, async () => {
    await connection.execute(`set local lock_timeout = ${connection.lockTimeoutMs}`)
    await namingHolders(connection, { schema, name }, work)
  })
}
