import { isMeasure } from '../../src/config/exports/workbook/read-field.ts'
import type { ValueFormat } from '../../src/config/exports/workbook/value-format.ts'
import type { Color, Field, Sheet, Sort, WorkbookSpec } from '../../src/config/exports/workbook/workbook-spec.ts'
import { dimensionValue } from './dimension-value.ts'
import type { Cell, MartTable, Row } from './mart-table.ts'
import { measureValue } from './measure-value.ts'
import { categoryColors, measureColor } from './value-color.ts'
import { valueText } from './value-text.ts'
import { groupRows } from './visible-rows.ts'

/** A sheet with the rows that it shows and the room that it has, in pixels. */
export interface SheetView {
  readonly sheet: Sheet
  readonly spec: WorkbookSpec
  readonly table: MartTable
  readonly rows: readonly Row[]
  readonly width: number
  readonly height: number
}

/** Points as pixels. */
export const pixels = (points: number): number => (points * 4) / 3

export function measured(view: Pick<SheetView, 'table'>, field: Field, rows: readonly Row[]): number | null {
  return measureValue(field, rows, view.table.measures)
}

function columnOf(field: Field): string | null {
  const { value } = field
  if (value.kind === 'column' || value.kind === 'date') return value.column
  if (value.kind === 'measure' && value.expression.kind === 'aggregate') return value.expression.column
  return null
}

export function fieldTitle({ table }: Pick<SheetView, 'table'>, field: Field): string {
  const { value } = field
  if (field.title !== null) return field.title
  if (value.kind === 'calculation') return table.measures.get(value.name)?.title ?? value.name
  return table.columns.get(columnOf(field) ?? '')?.caption ?? field.text
}

function formatOf({ table }: Pick<SheetView, 'table'>, field: Field): ValueFormat | null {
  const { value } = field
  if (field.format !== null) return field.format
  if (value.kind === 'calculation') return table.measures.get(value.name)?.format ?? null
  return table.columns.get(columnOf(field) ?? '')?.format ?? null
}

/** A value of a field as a reader sees it. */
export function fieldText(view: Pick<SheetView, 'table'>, field: Field, value: Cell): string {
  if (field.value.kind === 'column') {
    const alias = view.table.columns.get(field.value.column)?.aliases.get(String(value))
    if (alias !== undefined) return alias
  }
  return valueText(value, formatOf(view, field))
}

/** Texts of the labels of a mark, one below the other. */
export function labelTexts(view: SheetView, rows: readonly Row[]): readonly string[] {
  return view.sheet.labels.map((field) =>
    fieldText(view, field, isMeasure(field) ? measured(view, field, rows) : dimensionValue(field, rows[0]!)),
  )
}

/** A value of a dimension with its rows. */
export interface Header {
  readonly value: Cell
  readonly text: string
  readonly rows: readonly Row[]
}

/** The values of a dimension among `rows`, in the order that the sheet asks for. */
export function headers(view: SheetView, field: Field, rows: readonly Row[]): readonly Header[] {
  const groups = [...groupRows(rows, (row) => dimensionValue(field, row))]
  const list = groups.map(([value, of]) => ({ value, text: fieldText(view, field, value), rows: of }))
  const rule = view.sheet.sorts.find((sort) => sort.field.text === field.text)?.rule ?? {
    kind: 'self',
    descending: false,
  }
  return list.sort((a, b) => compare(view, rule, a, b) || compareCells(a.value, b.value))
}

function compare(view: SheetView, rule: Sort['rule'], a: Header, b: Header): number {
  switch (rule.kind) {
    case 'self':
      return compareCells(a.value, b.value) * (rule.descending ? -1 : 1)
    case 'manual': {
      const place = ({ value }: Header): number => {
        const at = rule.order.indexOf(String(value))
        return at < 0 ? rule.order.length : at
      }
      return place(a) - place(b)
    }
    case 'by': {
      const value = (header: Header): number => measured(view, rule.by, header.rows) ?? -Infinity
      return (value(a) - value(b)) * (rule.descending ? -1 : 1)
    }
  }
}

function compareCells(a: Cell, b: Cell): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  return a < b ? -1 : 1
}

/** The colour of a mark by its rows; `accent` where the sheet names none. */
export function markColors(
  view: SheetView,
  marks: readonly (readonly Row[])[],
  accent: Color,
): (rows: readonly Row[]) => Color {
  const { color } = view.sheet
  if (color.kind === 'accent') return () => accent
  if (color.kind === 'fixed') return () => color.color
  const { field } = color
  if (isMeasure(field)) {
    const scale = measureColor(
      color,
      marks.map((rows) => measured(view, field, rows)),
      view.spec,
    )
    return (rows) => scale.of(measured(view, field, rows))
  }
  const colors = categoryColors(
    color,
    colorHeaders(view).map(({ value }) => value),
    view.spec,
  )
  return (rows) => colors.get(dimensionValue(field, rows[0]!)) ?? accent
}

/** The categories that colour a sheet; none when a measure or nothing does. */
export function colorHeaders(view: SheetView): readonly Header[] {
  const { color } = view.sheet
  return color.kind === 'field' && !isMeasure(color.field) ? headers(view, color.field, view.rows) : []
}
