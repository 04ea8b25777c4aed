import { DatabaseError } from '../../base/errors.ts'
import { quoteString } from '../../sql/quote.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'

/** Node unpacks zstd from 22.15 on; before, the engine does. Lines come out with `\n`. */
export async function unpackZstd(connection: DuckDbConnection, from: string, to: string): Promise<void> {
  const lines = `read_csv(${quoteString(from)}, columns={line: 'varchar'}, auto_detect=false, header=false, delim='\u0001', quote='', escape='', compression='zstd', parallel=false)`
  const rows = `select coalesce(line, '') from ${lines}`
  try {
    await connection.execute(
      `copy (${rows}) to ${quoteString(to)} (format csv, header false, quote '', escape '', delimiter '\u0001', compression 'none')`,
    )
  } catch (error) {
    // What the engine says at length is about reading lines; the file is whole and may only be no UTF-8.
    if (error instanceof DatabaseError && error.fault.kind !== 'interrupted') {
      throw new Error(
        'this version of Node has no zstd, and the engine reads short lines of UTF-8 only; use Node 22.15 or later, or gzip',
      )
    }
    throw error
  }
}
