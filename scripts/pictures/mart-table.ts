import type { Expression } from '../../src/config/exports/workbook/measure-expression.ts'
import type { ValueFormat } from '../../src/config/exports/workbook/value-format.ts'

/** Dates are ISO texts; decimals are numbers, for what is drawn has no more than a few digits. */
export type Cell = string | number | boolean | null

export type Row = Readonly<Record<string, Cell>>

/** How a column is shown where a sheet says nothing. */
export interface ColumnLook {
  readonly caption: string
  /** What stands for a value. */
  readonly aliases: ReadonlyMap<string, string>
  readonly format: ValueFormat | null
}

/** A calculated field. */
export interface NamedMeasure {
  readonly title: string
  /** Null: a formula that is more than arithmetic of aggregates. */
  readonly expression: Expression | null
  readonly format: ValueFormat | null
}

/** A table of an export with its rows. */
export interface MartTable {
  readonly name: string
  readonly columns: ReadonlyMap<string, ColumnLook>
  /** The model's and the workbook's, by name. */
  readonly measures: ReadonlyMap<string, NamedMeasure>
  readonly rows: readonly Row[]
}
