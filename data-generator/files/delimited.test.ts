import { describe, expect, it } from 'vitest'
import { delimited } from './delimited.ts'

describe('delimited', () => {
  it('quotes only what must be quoted', () => {
    expect(delimited(['a', 1, 9_007_199_254_740_993n, null, ''])).toBe('a,1,9007199254740993,,')
    expect(delimited(['a;b', 'a,b'], ';')).toBe('"a;b";a,b')
    expect(delimited(['say "so"', 'two\nlines', 'old\rMac'])).toBe('"say ""so""","two\nlines","old\rMac"')
  })
})
