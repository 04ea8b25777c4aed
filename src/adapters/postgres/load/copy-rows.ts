import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { quoteIdentifier } from '../../../sql/quote.ts'
import type { DuckDbConnection } from '../../duckdb/duckdb-connection.ts'
import type { PostgresConnection } from '../postgres-connection.ts'

/** As many rows as the reader keeps in one block. */
const ROWS = 122_880
const BYTES = 1 << 20

export interface CopySource {
  readonly reader: DuckDbConnection
  /** SQL name of a table of the reader. */
  readonly table: string
  readonly columns: readonly CopiedColumn[]
  /** For a few blocks of rows at a time. */
  readonly folder: string
}

export interface CopiedColumn {
  readonly name: string
  /** SQL of the reader; text must have gone through `copyText`. */
  readonly sql: string
}

/**
 * Copies a table of the reader into one of Postgres that was made in this transaction; returns the number of rows. The
 * reader formats a block into a file while the server takes the one before it, so that neither waits for the other and no
 * row passes through JavaScript.
 */
export async function copyRows(connection: PostgresConnection, source: CopySource, target: string): Promise<number> {
  const names = source.columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  const blocks = new Blocks(source)
  try {
    const sql = `copy ${target} (${names}) from stdin (freeze, encoding 'UTF8')`
    return await connection.copyFrom(sql, Readable.from(blocks.bytes(), { objectMode: false, highWaterMark: BYTES }))
  } finally {
    await blocks.settled()
  }
}

class Blocks {
  readonly #source: CopySource
  /** What the reader is doing, or did last. */
  #working: Promise<unknown> = Promise.resolve()
  #isOver = false

  constructor(source: CopySource) {
    this.#source = source
  }

  async *bytes(): AsyncGenerator<Buffer> {
    const { reader, table } = this.#source
    const asked = reader.query(`select min(rowid), max(rowid) from ${table}`)
    this.#working = asked
    const [first, last] = (await asked).rows[0]! as [number | null, number]
    if (first === null || this.#isOver) return
    let next: Promise<string> | undefined = this.#write(first)
    for (let from = first; next !== undefined; from += ROWS) {
      const path: string = await next
      // A copy that was given up lets its source run on to the next block: nothing may be begun there any more.
      if (this.#isOver) return
      next = from + ROWS <= last ? this.#write(from + ROWS) : undefined
      yield* chunksOf(path)
      await rm(path)
    }
  }

  /** Waits until the reader is free, also when the copy was given up; from then on it is left alone. */
  async settled(): Promise<void> {
    this.#isOver = true
    await this.#working.catch(() => undefined)
  }

  #write(from: number): Promise<string> {
    const { reader, table, columns, folder } = this.#source
    const path = join(folder, `rows-${from}.txt`)
    const selected = columns.map(({ sql }) => sql).join(', ')
    const rows = `select ${selected} from ${table} where rowid between ${from} and ${from + ROWS - 1}`
    const written = reader
      .execute(
        `copy (${rows}) to '${path.replaceAll("'", "''")}' (format csv, header false, delimiter '\t', quote '', escape '', nullstr '\\N', compression 'none')`,
      )
      .then(() => path)
    // Looked at where it is awaited; given up unseen, it must not end the process.
    written.catch(() => undefined)
    this.#working = written
    return written
  }
}

async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path)
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(BYTES), 0, BYTES)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
