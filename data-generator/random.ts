/**
 * Seeded random numbers that are the same on every machine: integer mixing and IEEE division only,
 * no `Math.pow`, `Math.log` or other function whose last bit a platform may choose.
 *
 * A stream is named by its parts (`seed, 'order', 17`), so the n-th record never depends on how many were made before it.
 * Mixing after MurmurHash3's finaliser; the generator is sfc32 (C. Doty-Humphrey, PractRand).
 */
export class Random {
  private a: number
  private b: number
  private c: number
  private d = 1

  constructor(...parts: readonly (string | number)[]) {
    let h1 = 0x9e3779b9
    let h2 = 0x243f6a88
    let h3 = 0xb7e15162
    for (const part of parts) {
      const text = `${part}|`
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i)
        h1 = mix(h1 ^ code)
        h2 = mix(h2 + Math.imul(code, 0x85ebca6b))
        h3 = mix(h3 ^ Math.imul(code, 0xc2b2ae35))
      }
    }
    this.a = h1
    this.b = h2
    this.c = h3
    for (let i = 0; i < 12; i++) this.next()
  }

  /** 0 <= x < 1 in steps of 2^-32. */
  next(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0
    this.d = (this.d + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + t) | 0
    return (t >>> 0) / 4294967296
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T
  }
}

function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) | 0
}
