import type { Reader } from '../../duckdb/load-site.ts'
import type { PostgresConnection } from '../postgres-connection.ts'

/** A reader that is interrupted as the connection is. The engine is loaded only when there is something to read. */
export async function openReaderFor(connection: PostgresConnection, folder: string): Promise<Reader> {
  const { openReader } = await import('../../duckdb/open-reader.ts')
  const reader = await openReader(folder)
  const forget = connection.stopsWith(reader.connection)
  const close = () => {
    forget()
    reader.close()
  }
  return { ...reader, close }
}
