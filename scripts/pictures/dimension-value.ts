import type { DatePart, Field } from '../../src/config/exports/workbook/workbook-spec.ts'
import type { Cell, Row } from './mart-table.ts'

/** What a field that is no measure is in a row: a cell, the first day of a period, or a part of a date. */
export function dimensionValue(field: Field, row: Row): Cell {
  const { value } = field
  if (value.kind === 'column') return row[value.column] ?? null
  if (value.kind !== 'date') throw new Error(`\`${field.text}\` is no column or period`)
  const cell = row[value.column] ?? null
  if (cell === null) return null
  const date = new Date(`${String(cell).slice(0, 10)}T00:00:00Z`)
  return value.truncated ? startOf(value.level, date).toISOString().slice(0, 10) : partOf(value.level, date)
}

/** Days and longer periods; weeks begin on Monday. */
function startOf(level: DatePart, date: Date): Date {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  switch (level) {
    case 'year':
      return new Date(Date.UTC(year, 0, 1))
    case 'quarter':
      return new Date(Date.UTC(year, month - (month % 3), 1))
    case 'month':
      return new Date(Date.UTC(year, month, 1))
    case 'week':
      return new Date(Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7)))
    default:
      return date
  }
}

function partOf(level: DatePart, date: Date): number {
  switch (level) {
    case 'year':
      return date.getUTCFullYear()
    case 'quarter':
      return Math.floor(date.getUTCMonth() / 3) + 1
    case 'month':
      return date.getUTCMonth() + 1
    case 'day':
      return date.getUTCDate()
    case 'weekday':
      return date.getUTCDay()
    default:
      throw new Error(`a picture has no ${level} of a date`)
  }
}
