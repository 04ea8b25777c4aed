import { Readable } from 'node:stream'
import type { Cell, ResultColumn } from '../../adapter.ts'
import type { ExtractFile, Extraction } from '../../extraction.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
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

  async toFile(sql: string, file: ExtractFile): Promise<number> {
    return extractToFile(this.#own(), { sql, columns: await this.columns(sql) }, file)
  }

  rows(sql: string): AsyncIterable<readonly (readonly Cell[])[]> {
    return cursorRows(this.#own(), sql)
  }

  async csv(sql: string): Promise<Readable> {
    const copy = this.#own().copyTo(`copy (\n${sql}\n) to stdout (format csv, header, null '\\N', encoding 'UTF8')`)
    return Readable.from(copy, { objectMode: false, highWaterMark: BUFFER_BYTES })
  }
}
