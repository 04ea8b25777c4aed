import type { PostgresConnection } from './postgres-connection.ts'

/** Does work in the open transaction, or in one of its own that is committed when the work is done. */
export async function inTransaction<T>(connection: PostgresConnection, work: () => Promise<T>): Promise<T> {
  if (connection.inTransaction) return work()
  await connection.begin()
  try {
    const result = await work()
    await connection.commit()
    return result
  } catch (error) {
    await connection.rollback()
    throw error
  }
}
