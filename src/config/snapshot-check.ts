import { names, type ValueCheck } from './config-value-check.ts'
import { META_COLUMNS } from './node-config.ts'
import { record } from './record-check.ts'
import { someText } from './storage-check.ts'

/** `check_cols`: `all`, or the names of columns. */
export const columnsToCheck: ValueCheck = (value) => {
  if (value === 'all') return { ok: true, value }
  const checked = names(value)
  const expected = '`all` or a list of column names'
  if (!checked.ok || checked.value === null) return { ok: false, expected }
  return { ok: true, value: typeof checked.value === 'string' ? [checked.value] : checked.value }
}

/** `snapshot_meta_column_names`: other names for the columns that a snapshot adds. */
export const metaColumnNames: ValueCheck = record(Object.fromEntries(META_COLUMNS.map((name) => [name, someText])))

/** A date, with or without a time of day, in ISO form. */
export const moment: ValueCheck = (value) => {
  const text = typeof value === 'string' ? value.trim() : ''
  const [day] = text.split(/[T ]/)
  const real = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?Z?$/.test(text) && isDay(day!)
  return real
    ? { ok: true, value: text.replace('T', ' ').replace(/Z$/, '') }
    : { ok: false, expected: 'a date or a timestamp such as `2024-06-30` or `2024-06-30 12:00:00`, in UTC' }
}

/** False for the 30th of February. */
function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}
