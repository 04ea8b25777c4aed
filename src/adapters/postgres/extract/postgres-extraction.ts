import { Readable } from 'node:stream'
import { quoteIdentifier } from '../../../sql/quote.ts'
import type { Cell, ResultColumn } from '../../adapter.ts'
import type { Extracted, ExtractFile, Extraction, RowOptions } from '../../extraction.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { logicalType } from '../postgres-logical-type.ts'
import { cursorRows } from './cursor-rows.ts'
import { extractToFile } from './extract-to-file.ts'

const BUFFER_BYTES = 1 << 20

/** Rows out of a server, which sends them by COPY; files are made of them here. */
export class PostgresExtraction implements Extraction {
  readonly #own: () => PostgresConnection

  constructor(own: () => PostgresConnection) {
    this.#own = own
  }

  async columns(sql: string): Promise<readonly ResultColumn[]> {
    return (await this.#own().query(`select * from (\n${sql}\n) as extracted limit 0`)).columns
  }

  async toFile(sql: string, file: ExtractFile): Promise<Extracted> {
    return extractToFile(this.#own(), { sql, columns: await this.columns(sql) }, file)
  }

  async *rows(sql: string, options: RowOptions = {}): AsyncIterable<readonly (readonly Cell[])[]> {
    yield* cursorRows(this.#own(), options.json === 'text' ? await this.#withJsonText(sql) : sql)
  }

  async #withJsonText(sql: string): Promise<string> {
    const columns = (await this.columns(sql)).map(({ name, type }) => ({ name, kind: logicalType(type).kind }))
    if (!columns.some(({ kind }) => kind === 'json' || kind === 'nested')) return sql
    const values = columns.map(({ name, kind }) => {
      const column = quoteIdentifier(name)
      if (kind === 'json') return `${column}::text as ${column}`
      return kind === 'nested' ? `to_json(${column})::text as ${column}` : column
    })
    return `select ${values.join(', ')} from (\n${sql}\n) as extracted`
  }

  async csv(sql: string): Promise<Readable> {
    const copy = this.#own().copyTo(`copy (\n${sql}\n) to stdout (format csv, header, null '\\N', encoding 'UTF8')`)
    return Readable.from(copy, { objectMode: false, highWaterMark: BUFFER_BYTES })
  }
}
