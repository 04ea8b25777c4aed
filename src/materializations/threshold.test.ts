import { describe, expect, it } from 'vitest'
import { meetsThreshold, parseThreshold } from './threshold.ts'

const meets = (text: string, failures: number, rows = 200) => meetsThreshold(parseThreshold(text)!, failures, rows)

describe('thresholds', () => {
  const cases: readonly (readonly [string, number, boolean])[] = [
    ['!= 0', 0, false],
    ['<> 0', 1, true],
    ['>10', 10, false],
    ['>= 10', 10, true],
    ['= 3', 3, true],
    ['== 3', 4, false],
    ['< 3', 2, true],
    ['<= 2.5', 3, false],
    ['between 2 and 4', 4, true],
    ['BETWEEN 2 AND 4', 5, false],
    ['not between 2 and 4', 5, true],
    ['in (1, 2)', 2, true],
    ['not in (1,2)', 2, false],
    ['>= 0.5%', 1, true],
    ['> 0.5 %', 1, false],
    ['between 1% and 2%', 3, true],
  ]
  for (const [text, failures, expected] of cases)
    it(`${failures} of 200 ${expected ? 'meets' : 'does not meet'} ${text}`, () => {
      expect(meets(text, failures)).toBe(expected)
    })

  it('takes no rows for 0 percent', () => {
    expect(meets('>= 0.5%', 0, 0)).toBe(false)
  })

  it('refuses what it cannot read', () => {
    for (const text of ['', 'many', '> ', '> 1 and < 3', 'between 1 and 2%', 'in ()', 'in (a)', '> 1; drop table x'])
      expect(parseThreshold(text), text).toBeUndefined()
  })
})
