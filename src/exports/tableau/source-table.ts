import type { ExportColumn, ExportTable } from '../export-job.ts'
import type { ColumnKind } from './field-defaults.ts'
import type { TableMetadata } from './table-metadata.ts'

/** A table with what is said of it, and where the connection has its rows. */
export interface SourceTable {
  readonly table: ExportTable
  readonly metadata?: TableMetadata | undefined
  readonly schema: string
  readonly relation: string
  /** How the connection stores a column where that differs from what the warehouse's type suggests; null: not at all. */
  readonly kindOf?: ((column: ExportColumn) => ColumnKind | null) | undefined
}
