import { describe, expect, it } from 'vitest'
import { commonWindow, isoTime, printTime, readTime } from './event-time.ts'
import { batchesOf, ceilTo, countBack, floorTo, type Grain, namedBatch, stepBy } from './time-grain.ts'

const at = (text: string): number => readTime(text)!
const shown = (time: number): string => printTime(time)

describe('reading a time', () => {
  it.each([
    ['2026-01-31', '2026-01-31 00:00:00'],
    ['2026-01-31 06:07', '2026-01-31 06:07:00'],
    ['2026-01-31T06:07:08Z', '2026-01-31 06:07:08'],
    ['2026-01-31T06:07:08.123456+01:30', '2026-01-31 04:37:08.123'],
    ['2026-01-01 00:30:00-05', '2026-01-01 05:30:00'],
    ['2024-02-29', '2024-02-29 00:00:00'],
    ['0099-03-01', '0099-03-01 00:00:00'],
  ])('%s', (text, expected) => expect(shown(at(text))).toBe(expected))

  it.each(['', 'now', '2026-02-29', '2026-13-01', '2026-1-1', '01.02.2026', '2026-01-01 24:00:00', '2026-01-01 10'])(
    'not %j',
    (text) => expect(readTime(text)).toBeUndefined(),
  )

  it('is written back in the form of the artifacts', () => {
    expect(isoTime(at('2026-01-31 06:00:00'))).toBe('2026-01-31T06:00:00+00:00')
  })
})

describe('grains', () => {
  it.each([
    ['hour', '2024-09-17 16:06:00', '2024-09-17 16:00:00', '2024-09-17 17:00:00'],
    ['day', '2024-02-29 16:06:00', '2024-02-29 00:00:00', '2024-03-01 00:00:00'],
    ['month', '2024-12-31 23:59:59', '2024-12-01 00:00:00', '2025-01-01 00:00:00'],
    ['year', '2024-02-29 00:00:00', '2024-01-01 00:00:00', '2025-01-01 00:00:00'],
    ['hour', '1969-12-31 23:30:00', '1969-12-31 23:00:00', '1970-01-01 00:00:00'],
  ] as const)('%s of %s', (grain, time, floor, ceil) => {
    expect(shown(floorTo(at(time), grain))).toBe(floor)
    expect(shown(ceilTo(at(time), grain))).toBe(ceil)
    expect(shown(ceilTo(at(floor), grain))).toBe(floor)
  })

  it('steps over months and years of any length', () => {
    expect(shown(stepBy(at('2024-01-01'), 'month', -11))).toBe('2023-02-01 00:00:00')
    expect(shown(stepBy(at('2024-01-01'), 'month', 14))).toBe('2025-03-01 00:00:00')
    expect(shown(stepBy(at('2024-01-01'), 'year', -24))).toBe('2000-01-01 00:00:00')
  })

  it.each([
    ['3', 'hour', '2026-01-01 01:30:00', '2025-12-31 22:30:00'],
    ['1', 'month', '2024-03-31 10:00:00', '2024-02-29 10:00:00'],
    ['1', 'year', '2024-02-29 10:00:00', '2023-02-28 10:00:00'],
    ['13', 'month', '2026-01-15 00:00:00', '2024-12-15 00:00:00'],
  ] as const)('%s %ss back from any time', (count, grain, from, to) => {
    expect(shown(countBack(at(from), grain, Number(count)))).toBe(to)
  })

  it.each([
    ['hour', ['20260228T23', '20260301T00'], '2026-02-28 23:00:00', '2026-03-01 01:00:00'],
    ['day', ['20240229', '20240301'], '2024-02-29', '2024-03-02'],
    ['month', ['202402', '202403'], '2024-02-01', '2024-04-01'],
    ['year', ['2024', '2025'], '2024-01-01', '2026-01-01'],
  ] as const)('batches of one %s touch each other and have dbt’s ids', (grain: Grain, ids, start, end) => {
    const batches = batchesOf({ start: at(start), end: at(end) }, grain)
    expect(batches.map((b) => b.id)).toEqual(ids)
    expect([batches[0]!.start, batches[0]!.end, batches[1]!.end]).toEqual([at(start), batches[1]!.start, at(end)])
  })

  it('names a window after the grain in which it begins', () => {
    expect(namedBatch({ start: at('2024-02-01'), end: at('2025-01-01') }, 'month')).toMatchObject({ name: '2024-02' })
  })
})

it('windows that do not meet have nothing in common', () => {
  expect(commonWindow({ start: 0, end: 5 }, { start: 3, end: 9 })).toEqual({ start: 3, end: 5 })
  expect(commonWindow({ start: 0, end: 5 }, { start: 7, end: 9 })).toEqual({ start: 7, end: 7 })
})
