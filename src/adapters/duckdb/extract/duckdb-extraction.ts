import type { Cell, ResultColumn } from '../../adapter.ts'
import type { ExtractFile, Extraction } from '../../extraction.ts'
import type { DuckDbConnection } from '../duckdb-connection.ts'
import { logicalType } from '../duckdb-logical-type.ts'
import { copyToFile } from './copy-to-file.ts'

/** Rows out of a DuckDB, which writes files itself. */
export class DuckDbExtraction implements Extraction {
  readonly #own: () => DuckDbConnection

  constructor(own: () => DuckDbConnection) {
    this.#own = own
  }

  async columns(sql: string): Promise<readonly ResultColumn[]> {
    return (await this.#own().query(`from (\n${sql}\n) as extracted limit 0`)).columns
  }

  async toFile(sql: string, file: ExtractFile): Promise<number> {
    const columns = (await this.columns(sql)).map(({ name, type }) => ({ name, type: logicalType(type) }))
    return copyToFile(this.#own(), { sql, columns }, file)
  }

  rows(sql: string): AsyncIterable<readonly (readonly Cell[])[]> {
    return this.#own().stream(sql)
  }
}
