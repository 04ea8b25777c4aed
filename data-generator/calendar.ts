/** Days are counted from 1970-01-01 and times in seconds, all UTC, so that the machine's time zone plays no part. */
export const DAY = 86_400

export function dayNumber(iso: string): number {
  return Date.UTC(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)) - 1, Number(iso.slice(8, 10))) / (DAY * 1000)
}

export function isoDay(day: number): string {
  return new Date(day * DAY * 1000).toISOString().slice(0, 10)
}

/** `31.12.2024` */
export function germanDay(day: number): string {
  const iso = isoDay(day)
  return `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)}`
}

/** `2024-12-31T23:59:59Z` */
export function isoTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}

/** 0 is Sunday. */
export function weekday(day: number): number {
  return (day + 4) % 7
}

/** Months from `2023-01`, both ends included, each with its first and last day. */
export function months(from: string, to: string): readonly { name: string; first: number; last: number }[] {
  const result: { name: string; first: number; last: number }[] = []
  let year = Number(from.slice(0, 4))
  let month = Number(from.slice(5, 7))
  for (;;) {
    const name = `${year}-${String(month).padStart(2, '0')}`
    const first = dayNumber(`${name}-01`)
    month = month === 12 ? 1 : month + 1
    if (month === 1) year += 1
    result.push({ name, first, last: dayNumber(`${year}-${String(month).padStart(2, '0')}-01`) - 1 })
    if (name === to) return result
  }
}
