import type { Cell } from '../../../adapters/adapter.ts'
import type { LogicalType } from '../../../adapters/logical-type.ts'
import type { XlsxOptions } from '../../../config/exports/xlsx-options.ts'
import type { ExportColumn } from '../../export-job.ts'
import type { CellStyles } from './cell-styles.ts'
import { keepsDigits } from './excel-number.ts'
import { serialDate, serialTime } from './serial-date.ts'

/** A value as a cell of Excel has it. Text is never read as a formula. */
export type SheetValue =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'text'; readonly text: string }

/** How the values of a column become cells. */
export interface SheetColumn {
  readonly name: string
  /** `A`, `B` … `XFD`. */
  readonly letters: string
  readonly style: number
  convert(cell: Exclude<Cell, null>): SheetValue
}

/** Columns of a table. `options` say how dates look; their values are real dates. */
export function sheetColumns(
  columns: readonly ExportColumn[],
  options: XlsxOptions,
  styles: CellStyles,
): readonly SheetColumn[] {
  return columns.map(({ name, type }, i) => ({
    name,
    letters: columnLetters(i),
    style: styles.of(numberFormat(type, options)),
    convert: converter(type),
  }))
}

/** `A` for 0, `Z` for 25, `AA` for 26. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter
}

/** Without one of its own, Excel would show a large number as `1.2E+11`. */
function numberFormat(type: LogicalType, options: XlsxOptions): string {
  switch (type.kind) {
    case 'integer':
      return '0'
    case 'decimal':
      return type.scale === null ? 'General' : type.scale === 0 ? '0' : `0.${'0'.repeat(Math.min(type.scale, 15))}`
    case 'float':
    case 'boolean':
      return 'General'
    case 'date':
      return options.dateFormat
    case 'timestamp':
      return options.timestampFormat
    case 'time':
      return type.zone ? '@' : options.timeFormat
    default:
      return '@'
  }
}

function converter(type: LogicalType): SheetColumn['convert'] {
  switch (type.kind) {
    case 'integer':
    case 'decimal':
      return (cell) => exact(String(cell))
    case 'date':
    case 'timestamp':
      return (cell) => serial(String(cell), serialDate)
    case 'time':
      return type.zone ? plain : (cell) => serial(String(cell), serialTime)
    default:
      return plain
  }
}

/** A number that Excel would round stays as it is written, as text. */
function exact(text: string): SheetValue {
  return keepsDigits(text) ? { kind: 'number', text } : { kind: 'text', text }
}

function serial(text: string, read: (text: string) => number | null): SheetValue {
  const value = read(text)
  return value === null ? { kind: 'text', text } : { kind: 'number', text: String(value) }
}

function plain(cell: Exclude<Cell, null>): SheetValue {
  if (typeof cell === 'boolean') return { kind: 'boolean', value: cell }
  if (typeof cell === 'number' && Number.isFinite(cell)) return { kind: 'number', text: String(cell) }
  return { kind: 'text', text: String(cell) }
}
