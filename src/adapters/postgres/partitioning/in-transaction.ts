import type { PostgresConnection } from '../postgres-connection.ts'

/** Does work in the open transaction, or in one of its own that waits for no lock longer than publishing does. */
export async function inTransaction(connection: PostgresConnection, work: () => Promise<void>): Promise<void> {
  if (connection.inTransaction) return work()
  await connection.begin()
  try {
    await connection.execute(`set local lock_timeout = ${connection.lockTimeoutMs}`)
    await work()
    await connection.commit()
  } catch (error) {
    await connection.rollback()
    throw error
  }
}
