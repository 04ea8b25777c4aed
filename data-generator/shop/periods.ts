import { DAY, isoTime, weekday } from '../calendar.ts'
import type { Random } from '../random.ts'
import { FIRST_DAY, LAST_DAY } from '../scope.ts'

export { FIRST_DAY, LAST_DAY }

/** A time of `day` at which a back office writes a record. */
export function isoOfUpdate(day: number, random: Random): string {
  return isoTime(day * DAY + random.int(6 * 3_600, 20 * 3_600))
}

/** Relative traffic of a day: growth, a weekly rhythm and a fourth quarter. Rational arithmetic only. */
function dayWeight(day: number): number {
  const growth = 1 + (day - FIRST_DAY) / 700
  const rhythm = [1.25, 0.95, 0.9, 0.92, 1, 1.05, 1.2][weekday(day)] as number
  const month = new Date(day * DAY * 1000).getUTCMonth()
  const season = month === 10 ? 1.5 : month === 11 ? 1.7 : month === 6 ? 0.85 : 1
  return growth * rhythm * season
}

/** Cumulative share of the traffic at the start of each day; the last entry is 1. */
const SHARES: readonly number[] = (() => {
  const cumulative = [0]
  for (let day = FIRST_DAY; day <= LAST_DAY; day++) cumulative.push((cumulative.at(-1) as number) + dayWeight(day))
  const total = cumulative.at(-1) as number
  return cumulative.map((value) => value / total)
})()

/** The second at which a share (0 to 1) of all traffic has come in. Rises with `share`. */
export function timeAtShare(share: number): number {
  let low = 0
  let high = SHARES.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((SHARES[middle] as number) <= share) low = middle
    else high = middle - 1
  }
  const from = SHARES[low] as number
  const to = SHARES[low + 1] as number
  return (FIRST_DAY + low) * DAY + Math.min(DAY - 1, Math.floor(((share - from) / (to - from)) * DAY))
}
