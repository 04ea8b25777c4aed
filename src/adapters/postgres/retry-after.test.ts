import { expect, it } from 'vitest'
import { retryAfter } from './retry-after.ts'

function pauses(kind: string, random = 0): number[] {
  const found: number[] = []
  for (let attempt = 1; ; attempt++) {
    const pause = retryAfter({ kind, message: '' }, attempt, { connectionRetries: 3, random: () => random })
    if (pause === null) return found
    found.push(pause)
  }
}

it('waits for a lock about a minute in all, ever longer', () => {
  const waits = pauses('lock-timeout')
  expect(waits).toHaveLength(20)
  expect(waits.reduce((a, b) => a + b)).toBeGreaterThan(55_000)
  expect(waits.reduce((a, b) => a + b)).toBeLessThan(65_000)
  expect(waits).toEqual([...waits].sort((a, b) => a - b))
})

it('tries others fewer times, a lost connection as often as the target says', () => {
  expect(pauses('deadlock').length).toBeLessThan(10)
  expect(pauses('serialization').length).toBeLessThan(10)
  expect(pauses('connection')).toEqual([250, 500, 1000])
})

it('leaves a part to chance', () => {
  expect(pauses('connection', 1)).toEqual([125, 250, 500])
})

it('sees no use in trying a mistake again', () => {
  expect(pauses('syntax')).toEqual([])
})
