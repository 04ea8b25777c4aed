import type { ValueFormat } from '../../src/config/exports/workbook/value-format.ts'
import type { Cell } from './mart-table.ts'

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** A value as a reader sees it. Without a format: whole numbers with commas, others with two decimals, dates as ISO. */
export function valueText(value: Cell, format: ValueFormat | null): string {
  if (value === null) return ''
  if (format?.kind === 'date') return dateText(String(value), format.pattern)
  if (typeof value !== 'number') return String(value)
  const { decimals, grouping, percent, divisor, prefix, suffix } = format ?? {
    ...{ decimals: Number.isInteger(value) ? 0 : 2, grouping: true, percent: false },
    ...{ divisor: 1, prefix: '', suffix: '' },
  }
  const shown = Math.abs((percent ? value * 100 : value) / divisor)
  const digits = shown.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: grouping,
  })
  const sign = value < 0 && /[1-9]/.test(digits) ? '−' : ''
  return `${sign}${prefix}${digits}${percent ? '%' : ''}${suffix}`
}

function dateText(value: string, pattern: string): string {
  const date = new Date(`${value.slice(0, 10)}T00:00:00Z`)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const pieces: Readonly<Record<string, string>> = {
    yyyy: String(year),
    yy: String(year).slice(2),
    MMMM: MONTHS[month]!,
    MMM: MONTHS[month]!.slice(0, 3),
    MM: String(month + 1).padStart(2, '0'),
    M: String(month + 1),
    dd: String(day).padStart(2, '0'),
    d: String(day),
    EEEE: DAYS[date.getUTCDay()]!,
    EEE: DAYS[date.getUTCDay()]!.slice(0, 3),
  }
  return pattern.replace(/y{4}|yy|M{1,4}|dd?|E{3,4}|'[^']*'/g, (piece) => pieces[piece] ?? piece.replaceAll("'", ''))
}
