import { germanDay } from '../calendar.ts'
import { type DataFile, header } from '../files/data-file.ts'
import { delimited } from '../files/delimited.ts'
import { Random } from '../random.ts'
import type { Scope } from '../scope.ts'
import { FIRST_DAY, LAST_DAY } from './periods.ts'

export interface Campaign {
  readonly code: string
  readonly name: string
  readonly platform: 'google_ads' | 'meta' | 'email' | 'affiliate'
  readonly type: string
  /** The platform's own number; null where there is no platform. */
  readonly externalId: string | null
  readonly startDay: number
  readonly endDay: number
  /** Whole dollars. */
  readonly budget: number
  readonly countries: readonly string[]
}

type Row = readonly [Campaign['platform'], type: string, name: string]

const ROWS: readonly Row[] = [
  ['google_ads', 'SEARCH', 'Brand search'],
  ['google_ads', 'SEARCH', 'Generic search: electronics'],
  ['google_ads', 'SEARCH', 'Generic search: fashion'],
  ['google_ads', 'SHOPPING', 'Shopping: all products'],
  ['google_ads', 'SHOPPING', 'Shopping: best sellers'],
  ['google_ads', 'DISPLAY', 'Display remarketing'],
  ['google_ads', 'DISPLAY', 'Display prospecting'],
  ['google_ads', 'VIDEO', 'Video: autumn stories'],
  ['google_ads', 'VIDEO', 'Video: paused before it ran'],
  ['meta', 'PROSPECTING', 'Prospecting: broad'],
  ['meta', 'PROSPECTING', 'Prospecting: lookalike'],
  ['meta', 'RETARGETING', 'Retargeting: carts'],
  ['meta', 'RETARGETING', 'Retargeting: visitors'],
  ['meta', 'CATALOG', 'Catalogue sales'],
  ['meta', 'CATALOG', 'Catalogue: winter'],
  ['meta', 'AWARENESS', 'Awareness: gifted credit'],
  ['email', 'NEWSLETTER', 'Weekly newsletter'],
  ['email', 'NEWSLETTER', 'Newsletter: sports'],
  ['email', 'LIFECYCLE', 'Welcome series'],
  ['email', 'LIFECYCLE', 'Win-back series'],
  ['email', 'LIFECYCLE', 'Abandoned cart'],
  ['affiliate', 'PARTNER', 'Partner: price comparison'],
  ['affiliate', 'PARTNER', 'Partner: coupon site'],
  ['affiliate', 'INFLUENCER', 'Influencer: home'],
  ['affiliate', 'INFLUENCER', 'Influencer: beauty'],
]

/** Exists on the platform and in the campaign list and never delivered a day. */
export const CAMPAIGN_WITHOUT_DELIVERY = 8

/** Paid with a credit: delivers and earns at no spend. */
export const CAMPAIGN_WITHOUT_SPEND = 15

/** The 25 campaigns, whatever the scale. */
export function campaigns(scope: Scope): readonly Campaign[] {
  return ROWS.map(([platform, type, name], index) => {
    const random = new Random(scope.seed, 'campaign', index)
    const alwaysOn = index % 3 === 0
    const startDay = alwaysOn ? FIRST_DAY : FIRST_DAY + random.int(0, 450)
    return {
      code: `${platform.slice(0, 2).toUpperCase()}-${String(index + 1).padStart(3, '0')}`,
      name,
      platform,
      type,
      externalId: externalId(platform, index),
      startDay,
      endDay: alwaysOn ? LAST_DAY : Math.min(LAST_DAY, startDay + random.int(150, 400)),
      budget: random.int(8, 160) * 1_250,
      countries: index % 4 === 1 ? ['DE', 'FR', 'NL'] : index % 4 === 2 ? ['US'] : ['GB', 'US'],
    }
  })
}

function externalId(platform: Campaign['platform'], index: number): string | null {
  if (platform === 'google_ads') return String(20_931_847_001 + index * 7)
  // Above 2^53, consecutive.
  if (platform === 'meta') return String(120_210_000_000_000_001n + BigInt(index))
  return null
}

const COLUMNS = 'campaign_code\tname\tplatform\tcampaign_type\texternal_id\tstarts_on\tends_on\tbudget\tcountries'

/** An old Macintosh export: tabs, carriage returns only, no line end after the last record, `12,500.00`. */
export function campaignsFile(scope: Scope): DataFile {
  return {
    path: 'shop/campaigns.tsv',
    encoding: 'utf-8',
    lineEnd: '\r',
    endsWithLineEnd: false,
    *lines() {
      yield* header(COLUMNS)
      for (const campaign of campaigns(scope)) {
        const cells = [
          campaign.code,
          campaign.name,
          campaign.platform,
          campaign.type,
          campaign.externalId,
          germanDay(campaign.startDay),
          germanDay(campaign.endDay),
          `${String(campaign.budget).replace(/\B(?=(\d{3})+$)/g, ',')}.00`,
          JSON.stringify(campaign.countries),
        ]
        yield { text: delimited(cells, '\t'), fate: 'accepted' }
      }
    },
  }
}
