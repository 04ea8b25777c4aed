import type { Cell, RowSet } from '../adapters/adapter.ts'

/** A point in time, or why a value is none. `never`: there are no rows, or none that counts. */
export type LoadedAt =
  | { readonly kind: 'at'; readonly at: Date }
  | { readonly kind: 'never' }
  | { readonly kind: 'unreadable'; readonly type: string; readonly value: string }

const MOMENT = /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?)?(?:([+-])(\d\d)(?::?(\d\d))?)?$/

/** The first value of a result as a point in time. Without a zone it is UTC; a date is its midnight. */
export function loadedAtOf({ columns, rows }: RowSet): LoadedAt {
  const cell = rows[0]?.[0] ?? null
  if (cell === null) return { kind: 'never' }
  const type = columns[0]?.type ?? ''
  const at = /^(?:timestamp|date)/i.test(type) ? moment(cell) : undefined
  return at === undefined ? { kind: 'unreadable', type, value: String(cell) } : { kind: 'at', at }
}

function moment(cell: Cell): Date | undefined {
  const parts = MOMENT.exec(String(cell))
  if (parts === null) return undefined
  const [
    ,
    year,
    month,
    day,
    hour = '0',
    minute = '0',
    second = '0',
    fraction = '0',
    sign = '+',
    hours = '0',
    minutes = '0',
  ] = parts
  const at = new Date(0)
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  at.setUTCHours(Number(hour), Number(minute), Number(second), Math.floor(Number(`0.${fraction}`) * 1000))
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  return new Date(at.getTime() - offset * 60_000)
}
