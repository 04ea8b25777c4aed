import { describe, expect, it } from 'vitest'
import { randomNumbers } from '../../spec/artifacts/random-numbers.ts'
import { strongComponents } from './strong-components.ts'
import { topologicalOrder } from './topological-order.ts'

/** Takes the smallest vertex without an open predecessor, again and again. */
function slowOrder(successors: readonly (readonly number[])[]): number[] {
  const left = new Set(successors.keys())
  const order: number[] = []
  for (;;) {
    const next = [...left].sort((a, b) => a - b).find((v) => [...left].every((w) => !successors[w]!.includes(v)))
    if (next === undefined) return order
    left.delete(next)
    order.push(next)
  }
}

function reach(from: number, successors: readonly (readonly number[])[]): ReadonlySet<number> {
  const seen = new Set([from])
  for (const v of seen) for (const to of successors[v]!) seen.add(to)
  return seen
}

describe('topologicalOrder and strongComponents', () => {
  it('agree with what is plainly right, on random graphs', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomNumbers(seed)
      const size = 2 + random(25)
      const successors = Array.from({ length: size }, () => Array.from({ length: random(3) }, () => random(size)))
      expect(topologicalOrder(successors)).toEqual(slowOrder(successors))
      const { component, count } = strongComponents(successors)
      expect(new Set(component).size).toBe(count)
      const reachable = successors.map((_, v) => reach(v, successors))
      for (let v = 0; v < size; v++) {
        for (let w = 0; w < size; w++) {
          const together = reachable[v]!.has(w) && reachable[w]!.has(v)
          expect(component[v] === component[w]).toBe(together)
          if (reachable[v]!.has(w)) expect(component[w]!).toBeLessThanOrEqual(component[v]!)
        }
      }
    }
  })
})
