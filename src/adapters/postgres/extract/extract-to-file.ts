import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CancelledError, DatabaseError, InternalError } from '../../../base/errors.ts'
import { quoteIdentifier } from '../../../sql/quote.ts'
import type { ResultColumn } from '../../adapter.ts'
import { copyToFile } from '../../duckdb/extract/copy-to-file.ts'
import type { Extracted, ExtractFile } from '../../extraction.ts'
import { fileFault } from '../../file-fault.ts'
import type { LogicalType } from '../../logical-type.ts'
import { openReaderFor } from '../load/open-reader-for.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { logicalType } from '../postgres-logical-type.ts'
import { copiedValue, readType, readValue } from './copied-value.ts'
import { RecordLengths } from './record-lengths.ts'

const BUFFER_BYTES = 1 << 20
/** What the reader takes without being told. */
const USUAL_RECORD_BYTES = 1 << 20

interface TypedColumn {
  readonly name: string
  readonly type: LogicalType
}

/**
 * Writes the rows of a query to a file, as the in-process DuckDB does with its own: the server's COPY goes to a file of text
 * in a private folder on the same disk, which the reader then reads.
 */
export async function extractToFile(
  connection: PostgresConnection,
  query: { readonly sql: string; readonly columns: readonly ResultColumn[] },
  file: ExtractFile,
): Promise<Extracted> {
  const columns = query.columns.map(({ name, type }) => ({ name, type: logicalType(type) }))
  const folder = await mkdtemp(join(dirname(file.path), '.tsdbt-rows-')).catch((error) => {
    throw fileFault(error, file.path)
  })
  try {
    const text = join(folder, 'rows.csv')
    const copied = await copyToText(connection, { sql: query.sql, columns }, text)
    const reader = await openReaderFor(connection, folder)
    try {
      const read = columns.map(({ name, type }) => ({ name, type: readType(type) }))
      const written = await copyToFile(
        reader.connection,
        { sql: readRows(text, read, copied.longest), columns: read },
        file,
      )
      if (written.rows !== copied.rows)
        throw new InternalError(`the server sent ${copied.rows} rows, ${written.rows} were written`)
      return written
    } catch (error) {
      throw ofReader(error)
    } finally {
      reader.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function copyToText(
  connection: PostgresConnection,
  { sql, columns }: { readonly sql: string; readonly columns: readonly TypedColumn[] },
  path: string,
): Promise<{ readonly rows: number; readonly longest: number }> {
  const values = columns.map(({ name, type }) => copiedValue(name, type)).join(', ')
  const copy = connection.copyTo(
    `copy (select ${values} from (\n${sql}\n) as extracted) to stdout (format csv, null '\\N', encoding 'UTF8')`,
  )
  const lengths = new RecordLengths()
  let rows = 0
  const chunks = async function* () {
    try {
      for (;;) {
        const { done, value } = await copy.next()
        if (done === true) {
          rows = value
          return
        }
        lengths.add(value)
        yield value
      }
    } finally {
      await copy.return(0)
    }
  }
  const source = Readable.from(chunks(), { objectMode: false, highWaterMark: BUFFER_BYTES })
  try {
    await pipeline(source, createWriteStream(path, { mode: 0o600, highWaterMark: BUFFER_BYTES }))
  } catch (error) {
    // Nobody else waits until the server has heard that nothing more is wanted, and the connection is free.
    await copy.return(0).catch(() => undefined)
    throw error instanceof DatabaseError || error instanceof CancelledError ? error : fileFault(error, path)
  }
  return { rows, longest: lengths.longest }
}

function readRows(path: string, columns: readonly TypedColumn[], longest: number): string {
  const values = columns.map(({ name, type }, i) => `${readValue(`c${i}`, type)} as ${quoteIdentifier(name)}`)
  const declared = columns.map((_, i) => `c${i}: 'varchar'`)
  const size = longest + USUAL_RECORD_BYTES
  const room = longest > USUAL_RECORD_BYTES ? `, max_line_size=${size}, buffer_size=${size * 2}` : ''
  return `select ${values.join(', ')} from read_csv('${path.replaceAll("'", "''")}', columns={${declared.join(', ')}}, auto_detect=false, header=false, delim=',', quote='"', escape='"', nullstr='\\N', allow_quoted_nulls=false, compression='none', new_line='\\n'${room})`
}

/** The statement is none that anybody has written. */
function ofReader(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error
  const { kind, message } = error.fault
  return new DatabaseError({ kind, message: message.split('\n')[0]! })
}
