import { base } from '@faker-js/faker'
import type { Random } from '../random.ts'

/** How many of a hundred thousand visitors come from a country: the shop's own markets, its neighbours, and a few from far away. */
const WEIGHTS: Readonly<Record<string, number>> = {
  ...{ DE: 19_000, GB: 15_000, FR: 12_000, US: 9_000, IT: 8_000, ES: 7_500, NL: 6_500 },
  ...{ CH: 2_600, PL: 2_100, AT: 2_000, SE: 1_900, BE: 1_800, TR: 1_400, AE: 1_300, DK: 1_200, NO: 1_100, ZA: 1_000 },
  ...{ SA: 1_000, IE: 900, PT: 900, FI: 800, CZ: 800, GR: 700, RO: 600, IL: 600, HU: 500, EG: 500, NG: 500, MA: 400 },
  ...{ KE: 300, QA: 300, IR: 100, CA: 700, BR: 400, IN: 400, JP: 300 },
}

const CODES = Object.keys(WEIGHTS)
const TOTAL = Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0)

/** ISO 3166 code of two letters. */
export function pickCountry(random: Random): string {
  let left = random.int(0, TOTAL - 1)
  for (const code of CODES) {
    left -= WEIGHTS[code] as number
    if (left < 0) return code
  }
  return CODES[0] as string
}

const BY_ALPHA2 = new Map((base.location?.country_code ?? []).map((entry) => [entry.alpha2, entry]))

/** `DEU`, `276` for `DE`. */
export function isoCodes(alpha2: string): { readonly alpha3: string; readonly numeric: string } {
  const found = BY_ALPHA2.get(alpha2)
  if (found === undefined) throw new Error(`no country \`${alpha2}\``)
  return found
}
