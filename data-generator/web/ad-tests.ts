import { dayNumber } from '../calendar.ts'
import { Random } from '../random.ts'
import type { Scope } from '../scope.ts'

export type Arm = 'control' | 'variant'

/** A test of what an ad leads to. The plan is one half for each arm. */
export interface AdTest {
  readonly name: string
  readonly firstDay: number
  readonly lastDay: number
  /** Share of the variant among visitors who are customers, and among the others: where they differ, the variant sells. */
  readonly shares: readonly [customers: number, others: number]
}

/** The first has a winner, the second has none. */
export const AD_TESTS: readonly AdTest[] = [
  {
    name: 'landing_page_video',
    firstDay: dayNumber('2024-02-01'),
    lastDay: dayNumber('2024-04-30'),
    shares: [0.57, 0.48],
  },
  {
    name: 'price_in_headline',
    firstDay: dayNumber('2024-08-01'),
    lastDay: dayNumber('2024-10-31'),
    shares: [0.5, 0.5],
  },
]

export function armOf(test: AdTest, visitor: string, scope: Scope): Arm {
  const share = visitor.startsWith('v') ? test.shares[1] : test.shares[0]
  return new Random(scope.seed, 'ad test', test.name, visitor).chance(share) ? 'variant' : 'control'
}
