import { months } from '../calendar.ts'

/** Platforms correct the past: each monthly export reads the month and the trailing days before it again. */
export interface Export {
  readonly name: string
  readonly firstDay: number
  readonly lastDay: number
  /** Numbers are as known on this day. */
  readonly takenOn: number
}

export function monthlyExports(trailingDays: number): readonly Export[] {
  return months('2024-01', '2024-12').map(({ name, first, last }, index) => ({
    name,
    firstDay: index === 0 ? first : first - trailingDays,
    lastDay: last,
    takenOn: last + 1,
  }))
}

/** Share of a click day's conversions (in percent) that is known when `days` have passed: they land for a month. */
export function knownPercent(days: number): number {
  if (days < 4) return 55
  if (days < 8) return 75
  if (days < 15) return 90
  return days < 28 ? 97 : 100
}
