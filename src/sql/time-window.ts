import { printTime, type TimeWindow } from '../base/event-time.ts'
import { quoteString } from './quote.ts'

/** What a column of time holds; `instant` is a timestamp with time zone. */
export type TimeType = 'date' | 'timestamp' | 'instant'

/** Of the engine's own name of a type; undefined when it is none of time. */
export function timeTypeOf(type: string): TimeType | undefined {
  const name = type.toLowerCase()
  if (name === 'date') return 'date'
  if (!name.startsWith('timestamp')) return undefined
  return name.includes('with time zone') || name.startsWith('timestamptz') ? 'instant' : 'timestamp'
}

/** A time as a literal that compares with a column of the type; without a type, one that compares with any. */
export function timeLiteral(time: number, type: TimeType | undefined): string {
  const printed = printTime(time)
  if (type === undefined) return quoteString(`${printed}+00:00`)
  if (type === 'date') return `date ${quoteString(printed.slice(0, 10))}`
  return type === 'timestamp' ? `timestamp ${quoteString(printed)}` : `timestamptz ${quoteString(`${printed}+00:00`)}`
}

/** The condition that a column's time lies in the window. Nothing depends on the time zone of the connection. */
export function inWindow(column: string, type: TimeType | undefined, { start, end }: TimeWindow): string {
  const whole = [start, end].every((time) => time % 86_400_000 === 0)
  // A date is its midnight: within hours it must be compared as one.
  if (type === 'date' && !whole) return inWindow(`cast(${column} as timestamp)`, 'timestamp', { start, end })
  return `${column} >= ${timeLiteral(start, type)} and ${column} < ${timeLiteral(end, type)}`
}
