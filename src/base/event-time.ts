/** Milliseconds since 1970, UTC; the start belongs to the window, the end does not. */
export interface TimeWindow {
  readonly start: number
  readonly end: number
}

const written =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

/**
 * A date, or a date and a time of day, as ISO 8601 writes them; without an offset they are UTC. Digits below a
 * millisecond are dropped. Undefined when the text is none, or names a day that does not exist.
 */
export function readTime(text: string): number | undefined {
  const found = written.exec(text.trim())
  if (found === null) return undefined
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month - 1, day)
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined
  const ms = Number((found[7] ?? '').padEnd(3, '0').slice(0, 3))
  return midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + ms - offsetOf(found[8])
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || /^z$/i.test(zone)) return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || 0)]
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

/** `2026-01-03 00:00:00`, in UTC; milliseconds only where there are some. */
export function printTime(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '')
}

/** `2026-01-03T00:00:00+00:00`, as dbt's artifacts have it. */
export function isoTime(ms: number): string {
  return `${printTime(ms).replace(' ', 'T')}+00:00`
}

/** What two windows have in common; one of no length when that is nothing. */
export function commonWindow(a: TimeWindow, b: TimeWindow): TimeWindow {
  const start = Math.max(a.start, b.start)
  return { start, end: Math.max(start, Math.min(a.end, b.end)) }
}
