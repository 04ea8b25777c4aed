import type { Readable } from 'node:stream'
import type { Cell, ResultColumn } from './row-set.ts'

/** A file that an engine writes rows to. */
export type ExtractFile = {
  /** Absolute; made anew. */
  readonly path: string
} & (
  | {
      readonly format: 'parquet'
      readonly compression: 'zstd' | 'snappy' | 'gzip' | 'uncompressed'
      readonly rowGroupSize?: number
      /** The order of the rows does not matter, which saves much memory: threads need not wait for each other. */
      readonly anyOrder?: true
      /** What becomes of values that Parquet has no place for, as an infinite date; without it `error`. */
      readonly outOfRange?: 'error' | 'null'
      /** Numbers of more than 64 bits, or of any number of digits, as readers want them; without it `decimal`. */
      readonly wideNumbers?: 'decimal' | 'double'
    }
  | {
      readonly format: 'csv'
      readonly delimiter: string
      readonly quote: string
      readonly escape: string
      readonly header: boolean
      readonly nullText: string
      readonly quoteAll: boolean
      /** Between the whole and the fraction of a number. */
      readonly decimal: '.' | ','
      readonly lineEnd: '\n' | '\r\n'
      /** strftime patterns; null: ISO 8601 with a space, a zoned time in UTC with `+00`. */
      readonly dateFormat: string | null
      readonly timestampFormat: string | null
      readonly compression: 'none' | 'gzip' | 'zstd'
    }
  | { readonly format: 'ndjson'; readonly compression: 'none' | 'gzip' | 'zstd' }
)

/** Values of a column that the file does not hold as they are. */
export interface ChangedValues {
  readonly column: string
  /** `nulled`: the file has no place for them; `rounded`: they have more digits than a double. */
  readonly how: 'nulled' | 'rounded'
  readonly count: number
}

/** What was written. */
export interface Extracted {
  readonly rows: number
  readonly changed: readonly ChangedValues[]
}

/** A value has no place in the file. */
export class UnfitValueError extends Error {
  readonly column: string
  /** As text. */
  readonly value: string

  constructor(column: string, value: string) {
    super(`\`${column}\` holds ${value}, which has no place in the file`)
    this.name = 'UnfitValueError'
    this.column = column
    this.value = value
  }
}

export interface RowOptions {
  /** JSON, lists, structs and maps as the text of JSON: the same on every engine, with all digits of its numbers. */
  readonly json?: 'text'
}

/**
 * The way of rows out of the warehouse, on the session's connection and within its transaction if one is open. Memory is
 * bounded whatever the number of rows. Failures are `DatabaseError` (a full disk and the like included) or `CancelledError`.
 */
export interface Extraction {
  /** Columns of a query, in order; reads no rows. */
  columns(sql: string): Promise<readonly ResultColumn[]>
  /** Writes the rows of a query to a file that is the same on every engine. Raises `UnfitValueError`, too. */
  toFile(sql: string, file: ExtractFile): Promise<Extracted>
  /** The rows in batches. When the loop over them ends, however it does, the session is free again. */
  rows(sql: string, options?: RowOptions): AsyncIterable<readonly (readonly Cell[])[]>
  /**
   * The rows as CSV with a header: `,`, `"`, null as `\N`, ISO dates, zoned times in UTC with `+00`, blobs as `\x` and hex
   * digits, text in UTF-8. Present where the engine sends them faster than it writes files. Failures are errors of the
   * stream; when it closes, the session is free again.
   */
  csv?(sql: string): Promise<Readable>
}
