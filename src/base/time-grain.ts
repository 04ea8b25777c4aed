import { printTime, type TimeWindow } from './event-time.ts'

export type Grain = 'hour' | 'day' | 'month' | 'year'

export const grains: readonly Grain[] = ['hour', 'day', 'month', 'year']

/** A part of an incremental model's time that is built by itself. */
export interface Batch extends TimeWindow {
  /** dbt's: `20260103`, `20260103T07`, `202601` or `2026`. */
  readonly id: string
  /** For people: `2026-01-03`, `2026-01-03T07`, `2026-01` or `2026`. */
  readonly name: string
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The last boundary of the grain that is not later. */
export function floorTo(time: number, grain: Grain): number {
  if (grain === 'hour') return Math.floor(time / HOUR) * HOUR
  if (grain === 'day') return Math.floor(time / DAY) * DAY
  const date = new Date(time)
  return utc(date.getUTCFullYear(), grain === 'month' ? date.getUTCMonth() : 0)
}

/** The first boundary of the grain that is not earlier. */
export function ceilTo(time: number, grain: Grain): number {
  const floor = floorTo(time, grain)
  return floor === time ? time : stepBy(floor, grain, 1)
}

/** `count` grains after the boundary `time`. */
export function stepBy(time: number, grain: Grain, count: number): number {
  if (grain === 'hour') return time + count * HOUR
  if (grain === 'day') return time + count * DAY
  const date = new Date(time)
  return grain === 'month'
    ? utc(date.getUTCFullYear(), date.getUTCMonth() + count)
    : utc(date.getUTCFullYear() + count, 0)
}

/** `count` grains before any time; a day that its month does not have becomes the month's last. */
export function countBack(time: number, grain: Grain, count: number): number {
  if (grain === 'hour' || grain === 'day') return stepBy(time, grain, -count)
  const month = floorTo(time, 'month')
  const there = stepBy(month, 'month', grain === 'month' ? -count : -12 * count)
  const last = stepBy(there, 'month', 1) - DAY
  const days = Math.floor((time - month) / DAY)
  return Math.min(there + days * DAY, last) + ((time - month) % DAY)
}

function utc(year: number, month: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month, 1)
  return date.getTime()
}

/** The batches from one boundary to another. */
export function batchesOf({ start, end }: TimeWindow, grain: Grain): readonly Batch[] {
  const batches: Batch[] = []
  for (let at = start; at < end; at = batches.at(-1)!.end)
    batches.push(namedBatch({ start: at, end: stepBy(at, grain, 1) }, grain))
  return batches
}

/** The window with the name of the grain in which it begins. */
export function namedBatch(window: TimeWindow, grain: Grain): Batch {
  const printed = printTime(window.start)
  const name =
    grain === 'hour' ? printed.slice(0, 13).replace(' ', 'T') : printed.slice(0, { day: 10, month: 7, year: 4 }[grain])
  return { start: window.start, end: window.end, name, id: name.replaceAll('-', '') }
}
