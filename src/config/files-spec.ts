import type { Span } from '../base/span.ts'

/** `files:` of a source table, checked and with defaults. See language.md for the meaning of each. */
export interface FilesSpec {
  /** Globs or paths as written, relative to the project. */
  readonly location: readonly string[]
  readonly outsideProject: boolean
  readonly format: 'csv' | 'json' | 'ndjson' | 'parquet'
  /** One character, or `auto`. */
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
  readonly header: boolean
  /** Undefined: UTF-8, or what a byte order mark says. */
  readonly encoding?: 'utf-8' | 'utf-16' | 'latin-1' | undefined
  readonly skipHeaderLines: number
  readonly skipFooterLines: number
  readonly decimal: string
  readonly thousands?: string | undefined
  /** Tried in order; empty means ISO. */
  readonly dateFormats: readonly string[]
  readonly timestampFormats: readonly string[]
  readonly nullValues: readonly string[]
  readonly undeclared: 'keep' | 'ignore' | 'error'
  /** `none`, `exact`, or the key columns. */
  readonly deduplicate: 'none' | 'exact' | readonly string[]
  readonly onBadRows: 'quarantine' | 'fail'
  /** A share (0.005) or a number of rows. */
  readonly maxBadRows: { readonly share: number } | { readonly rows: number }
  readonly onRemovedFiles: 'keep' | 'delete'
  /** Where YAML names the location, for "no such file". */
  readonly locationSpan: Span
  readonly span: Span
}
