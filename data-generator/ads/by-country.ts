import { isoDay } from '../calendar.ts'
import type { DataFile, Line } from '../files/data-file.ts'
import { delimited } from '../files/delimited.ts'
import { Random } from '../random.ts'
import type { Scope } from '../scope.ts'
import { type Campaign, campaigns } from '../shop/campaigns.ts'
import { isoCodes, pickCountry } from '../web/countries.ts'
import { googleFinal } from './google.ts'
import { META_ACCOUNT, metaFinal } from './meta.ts'
import { monthlyExports } from './restatement.ts'

/** What one campaign delivered on one day in one country. `cost` in the smallest unit of the platform's report. */
export interface CountryDay {
  readonly platform: 'google_ads' | 'meta'
  readonly accountId: string
  readonly campaignId: string
  readonly day: number
  /** ISO 3166 code of two letters; null where the platform does not know. */
  readonly country: string | null
  readonly impressions: number
  readonly clicks: number
  readonly cost: number
}

type CampaignDay = Omit<CountryDay, 'country'>

/** What campaigns aim at; a part of every delivery is seen elsewhere. */
const AIMED_AT: ReadonlySet<string> = new Set(['DE', 'FR', 'GB', 'NL', 'US'])

/** Each platform's final delivery by campaign and day: that of a country is a part of it. */
function campaignDays(scope: Scope): readonly CampaignDay[] {
  const sums = new Map<string, CampaignDay>()
  const add = (line: CampaignDay) => {
    const key = `${line.campaignId}|${line.day}`
    const sum = sums.get(key)
    sums.set(key, {
      ...line,
      impressions: line.impressions + (sum?.impressions ?? 0),
      clicks: line.clicks + (sum?.clicks ?? 0),
      cost: line.cost + (sum?.cost ?? 0),
    })
  }
  for (const { accountId, campaignId, day, impressions, clicks, costMicros } of googleFinal(scope))
    add({ platform: 'google_ads', accountId, campaignId, day, impressions, clicks, cost: costMicros })
  for (const { campaignId, day, impressions, clicks, spend } of metaFinal(scope))
    add({ platform: 'meta', accountId: META_ACCOUNT.id, campaignId, day, impressions, clicks, cost: spend })
  return [...sums.values()].sort((a, b) => a.day - b.day || (a.campaignId < b.campaignId ? -1 : 1))
}

function otherCountry(random: Random): string {
  for (;;) {
    const country = pickCountry(random)
    if (!AIMED_AT.has(country)) return country
  }
}

/** The campaign's own countries take most of a day, two others the rest; Meta does not know the country of one day in sixty. */
function* split(line: CampaignDay, campaign: Campaign, scope: Scope): Iterable<CountryDay> {
  const random = new Random(scope.seed, 'ads by country', campaign.code, line.day)
  const shares = new Map<string | null, number>()
  const add = (country: string | null, share: number) => shares.set(country, (shares.get(country) ?? 0) + share)
  const others = [otherCountry(random), otherCountry(random)].map((country) => ({
    country,
    share: random.int(60, 260),
  }))
  for (const { country, share } of others) add(country, share)
  if (line.platform === 'meta' && random.chance(1 / 60)) add(null, random.int(5, 40))
  const own = 1_000 - [...shares.values()].reduce((sum, share) => sum + share, 0)
  for (const country of campaign.countries) add(country, Math.floor(own / campaign.countries.length))
  let rest = { impressions: line.impressions, clicks: line.clicks, cost: line.cost }
  const [first, ...parts] = [...shares].sort((a, b) => b[1] - a[1])
  const made = parts.map(([country, share]) => {
    const part = (value: number) => Math.floor((value * share) / 1_000)
    const amounts = { impressions: part(line.impressions), clicks: part(line.clicks), cost: part(line.cost) }
    rest = {
      impressions: rest.impressions - amounts.impressions,
      clicks: rest.clicks - amounts.clicks,
      cost: rest.cost - amounts.cost,
    }
    return { ...line, country, ...amounts }
  })
  for (const part of [{ ...line, country: (first as [string | null, number])[0], ...rest }, ...made])
    if (part.impressions + part.clicks + part.cost > 0) yield part
}

export function countryDays(scope: Scope): readonly CountryDay[] {
  const byNumber = new Map(campaigns(scope).map((campaign) => [campaign.externalId, campaign]))
  return campaignDays(scope).flatMap((line) => [...split(line, byNumber.get(line.campaignId) as Campaign, scope)])
}

const GOOGLE_COLUMNS = 'customer_id,date,campaign_id,country_criterion_id,location_type,impressions,clicks,cost_micros'

/** Google numbers its places itself: a country is 2000 and its number in ISO 3166. */
function googleRow(line: CountryDay): string {
  const criterion = 2_000 + Number(isoCodes(line.country as string).numeric)
  return delimited([
    line.accountId,
    isoDay(line.day),
    line.campaignId,
    criterion,
    'LOCATION_OF_PRESENCE',
    line.impressions,
    line.clicks,
    line.cost,
  ])
}

/** Meta's answer to the breakdown `country`, numbers as text. */
function metaRow(line: CountryDay): string {
  const date = isoDay(line.day)
  return JSON.stringify({
    account_id: line.accountId,
    account_currency: META_ACCOUNT.currency,
    campaign_id: line.campaignId,
    country: line.country ?? 'unknown',
    date_start: date,
    date_stop: date,
    impressions: String(line.impressions),
    clicks: String(line.clicks),
    spend: (line.cost / 100).toFixed(2),
  })
}

/** A report a month from each platform, made when nothing of it changes any more. */
export function byCountryFiles(scope: Scope): readonly DataFile[] {
  let made: readonly CountryDay[] | undefined
  const within = (platform: CountryDay['platform'], from: number, to: number) => {
    made ??= countryDays(scope)
    return made.filter((line) => line.platform === platform && from <= line.day && line.day <= to)
  }
  return monthlyExports(0).flatMap(({ name, firstDay, lastDay }): readonly DataFile[] => {
    const shared = { encoding: 'utf-8', lineEnd: '\n', endsWithLineEnd: true } as const
    const google = {
      ...shared,
      path: `google_ads/geographic_${name}.csv.gz`,
      *lines(): Iterable<Line> {
        yield { text: GOOGLE_COLUMNS, fate: 'frame' }
        for (const line of within('google_ads', firstDay, lastDay)) yield { text: googleRow(line), fate: 'accepted' }
      },
    }
    const meta = {
      ...shared,
      path: `meta/country_${name}.ndjson.gz`,
      *lines(): Iterable<Line> {
        for (const line of within('meta', firstDay, lastDay)) yield { text: metaRow(line), fate: 'accepted' }
      },
    }
    return [google, meta]
  })
}
