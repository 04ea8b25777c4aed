import type { DataPlace } from '../../base/diagnostic.ts'
import { RowWriter } from './row-writer.ts'

/** A row that was not taken. */
export interface RefusedRow {
  /** What `_line` says: the physical line, or the element of a JSON array, or the row of a Parquet file. */
  readonly line: number
  /** The physical line, where it is another and known. */
  readonly physicalLine?: number | undefined
  /** The column whose value is bad; undefined when the row as a whole is. */
  readonly column?: string | undefined
  readonly reason: string
  /** The record as it stands in the file. */
  readonly raw: string
  /** 1-based place of the bad cell on its line. */
  readonly at?: number | undefined
}

/** Refused rows on their way to the quarantine: a file of `path, line, column, reason, raw`, and the first for messages. */
export class RefusedRows {
  readonly path: string
  readonly #writer: RowWriter
  #first: (RefusedRow & { readonly path: string }) | undefined

  constructor(path: string) {
    this.path = path
    this.#writer = new RowWriter(path)
  }

  get count(): number {
    return this.#writer.rows
  }

  get longest(): number {
    return this.#writer.longest
  }

  /** The first by file and line. Files come in order, the lines of a file need not. */
  get first(): (RefusedRow & { readonly path: string }) | undefined {
    return this.#first
  }

  get firstPlace(): DataPlace | undefined {
    const first = this.#first
    if (first === undefined) return undefined
    const excerpt = first.raw.split(/\r\n|\r|\n/, 1)[0]
    return { path: first.path, line: first.physicalLine ?? first.line, column: first.at, excerpt }
  }

  add(file: string, row: RefusedRow): void {
    const first = this.#first
    if (first === undefined || (first.path === file && row.line < first.line)) this.#first = { ...row, path: file }
    const writer = this.#writer
    writer.text(file)
    writer.text(String(row.line))
    if (row.column === undefined) writer.null()
    else writer.text(row.column)
    writer.text(printable(row.reason))
    writer.text(printable(row.raw))
    writer.end()
  }

  close(): void {
    this.#writer.close()
  }
}

/** NUL cannot be stored on every engine, so its picture stands for it. */
function printable(text: string): string {
  return text.includes('\u0000') ? text.replaceAll('\u0000', '\u2400') : text
}
