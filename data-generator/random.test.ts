import { describe, expect, it } from 'vitest'
import { Random } from './random.ts'

describe('Random', () => {
  it('gives the numbers that the committed data was made of', () => {
    const random = new Random(42, 'order', 17)
    expect([random.next(), random.next(), random.next()]).toMatchInlineSnapshot(`
      [
        0.5556215322576463,
        0.19510249933227897,
        0.11358576617203653,
      ]
    `)
  })

  it('gives each name a stream of its own', () => {
    const first = (...parts: readonly (string | number)[]) => new Random(...parts).next()
    const seen = new Set<number>()
    for (let i = 0; i < 2_000; i++) seen.add(first(42, 'order', i))
    expect(seen.size).toBe(2_000)
    expect(first('a', 'bc')).not.toBe(first('ab', 'c'))
    expect(first(1, 23)).not.toBe(first(12, 3))
  })

  it('spreads evenly', () => {
    const random = new Random('evenly')
    const counts = new Array<number>(10).fill(0)
    for (let i = 0; i < 100_000; i++) counts[random.int(0, 9)]! += 1
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  })

  it('keeps to its bounds', () => {
    const random = new Random('bounds')
    const drawn = new Set<number>()
    for (let i = 0; i < 1_000; i++) drawn.add(random.int(-1, 2))
    expect([...drawn].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2])
  })
})
