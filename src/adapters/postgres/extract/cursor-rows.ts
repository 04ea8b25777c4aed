import { quoteIdentifier } from '../../../sql/quote.ts'
import type { Cell } from '../../adapter.ts'
import type { PostgresConnection } from '../postgres-connection.ts'

const FIRST_ROWS = 256
const MOST_ROWS = 16_384
/** What a batch should be about, in characters of text. */
const BATCH_TEXT = 1 << 22

/** Reads a query by a cursor, in the open transaction or one of its own. Wide rows come fewer at a time. */
export async function* cursorRows(
  connection: PostgresConnection,
  sql: string,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  const own = !connection.inTransaction
  const cursor = quoteIdentifier('tsdbt_rows')
  if (own) await connection.begin()
  let failed = true
  try {
    await connection.execute(`declare ${cursor} no scroll cursor for\n${sql}`)
    for (let wanted = FIRST_ROWS; ; ) {
      const { rows } = await connection.query(`fetch forward ${wanted} from ${cursor}`)
      if (rows.length > 0) yield rows
      if (rows.length < wanted) break
      wanted = Math.max(1, Math.min(MOST_ROWS, wanted * 4, Math.floor((BATCH_TEXT * wanted) / sizeOf(rows))))
    }
    failed = false
  } finally {
    if (own) await connection.rollback()
    else if (!connection.hasFailed) await close(connection, cursor, failed)
  }
}

/** A caller that gave up, or a cancellation between two batches, gives up the cursor as well. */
async function close(connection: PostgresConnection, cursor: string, failed: boolean): Promise<void> {
  try {
    await connection.execute(`close ${cursor}`)
  } catch (error) {
    if (!failed) throw error
  }
}

function sizeOf(rows: readonly (readonly Cell[])[]): number {
  let size = 1
  for (const row of rows) for (const cell of row) size += typeof cell === 'string' ? cell.length : 8
  return size
}
