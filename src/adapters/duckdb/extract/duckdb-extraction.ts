import { quoteIdentifier } from '../../../sql/quote.ts'
import type { Cell, ResultColumn } from '../../adapter.ts'
import type { Extracted, ExtractFile, Extraction, RowOptions } from '../../extraction.ts'
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

  async toFile(sql: string, file: ExtractFile): Promise<Extracted> {
    const columns = (await this.columns(sql)).map(({ name, type }) => ({ name, type: logicalType(type) }))
    return copyToFile(this.#own(), { sql, columns }, file)
  }

  async *rows(sql: string, options: RowOptions = {}): AsyncIterable<readonly (readonly Cell[])[]> {
    yield* this.#own().stream(options.json === 'text' ? await this.#withJsonText(sql) : sql)
  }

  async #withJsonText(sql: string): Promise<string> {
    const columns = await this.columns(sql)
    const nested = columns.filter(({ type }) => logicalType(type).kind === 'nested')
    if (nested.length === 0) return sql
    const texts = nested.map(({ name }) => quoteIdentifier(name)).map((name) => `to_json(${name})::varchar as ${name}`)
    return `select * replace (${texts.join(', ')}) from (\n${sql}\n) as extracted`
  }
}
