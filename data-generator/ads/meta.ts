import { isoDay } from '../calendar.ts'
import type { DataFile, Line } from '../files/data-file.ts'
import { Random } from '../random.ts'
import type { Scope } from '../scope.ts'
import { CAMPAIGN_WITHOUT_SPEND, type Campaign, campaigns } from '../shop/campaigns.ts'
import { type Export, knownPercent, monthlyExports } from './restatement.ts'

/** One ad and day. `spend` and `value` in euro cents. */
export interface MetaDay {
  readonly campaignId: string
  readonly campaignName: string
  readonly adSetId: string
  readonly adId: string
  readonly day: number
  readonly impressions: number
  readonly clicks: number
  readonly spend: number
  readonly purchases: number
  readonly value: number
  /** Names under which the one number of purchases is reported. */
  readonly purchaseTypes: readonly string[]
}

export const META_ACCOUNT = { id: '1029384756610293', currency: 'EUR' } as const

const META_WINDOW_DAYS = 28

const PURCHASE_TYPES = ['omni_purchase', 'purchase', 'offsite_conversion.fb_pixel_purchase'] as const

const FIRST_AD_SET = 120_210_100_000_000_001n
const FIRST_AD = 120_210_200_000_000_001n

/** An ad whose every day in April reports three purchases under three names. */
export const TRIPLE_REPORTED = { ad: String(FIRST_AD), day: '2024-04-10' }

/** A day delivered with four purchases and later, in the next export, with six. */
export const RESTATED = { ad: String(FIRST_AD), day: '2024-04-20', first: 4, last: 6 }

function* dayLines(campaign: Campaign, index: number, day: number, takenOn: number, scope: Scope): Iterable<MetaDay> {
  const ads = Math.max(1, Math.round(4 * scope.scale))
  for (let ad = 0; ad < ads; ad++) {
    const random = new Random(scope.seed, 'meta', campaign.code, ad, day)
    const number = BigInt((index - 9) * ads + ad)
    const impressions = random.int(150, 6_000)
    const clicks = Math.floor((impressions * random.int(3, 45)) / 1_000)
    const final = Math.floor((clicks * random.int(0, 120)) / 1_000)
    const purchases = Math.floor((final * knownPercent(takenOn - day) + 50) / 100)
    const line: MetaDay = {
      campaignId: campaign.externalId as string,
      campaignName: campaign.name,
      adSetId: String(FIRST_AD_SET + number / 2n),
      adId: String(FIRST_AD + number),
      day,
      impressions,
      clicks,
      spend: index === CAMPAIGN_WITHOUT_SPEND ? 0 : Math.floor((impressions * random.int(300, 1_400)) / 1_000),
      purchases,
      value: purchases * random.int(2_500, 12_000),
      // Older ads report through the pixel alone.
      purchaseTypes: ad % 4 === 3 ? PURCHASE_TYPES.slice(2) : ad % 4 === 2 ? PURCHASE_TYPES.slice(1) : PURCHASE_TYPES,
    }
    yield special(line, takenOn)
  }
}

function special(line: MetaDay, takenOn: number): MetaDay {
  if (line.adId !== RESTATED.ad) return line
  const date = isoDay(line.day)
  if (date === TRIPLE_REPORTED.day) return { ...line, purchases: 3, value: 15_000 }
  if (date !== RESTATED.day) return line
  const purchases = takenOn - line.day < 20 ? RESTATED.first : RESTATED.last
  return { ...line, purchases, value: purchases * 5_000 }
}

function* metaExport(scope: Scope, read: Export): Iterable<MetaDay> {
  const all = campaigns(scope)
  for (let day = read.firstDay; day <= read.lastDay; day++) {
    for (const [index, campaign] of all.entries()) {
      if (campaign.platform !== 'meta' || day < campaign.startDay || day > campaign.endDay) continue
      yield* dayLines(campaign, index, day, read.takenOn, scope)
    }
  }
}

/** The API's form: every number is a string; `actions` is left out when there were none. */
function record(line: MetaDay): string {
  const date = isoDay(line.day)
  const actions = [{ action_type: 'link_click', value: String(line.clicks) }]
  const values: Record<string, string>[] = []
  for (const type of line.purchases > 0 ? line.purchaseTypes : []) {
    const viewed = Math.floor(line.purchases / 4)
    actions.push({
      action_type: type,
      value: String(line.purchases),
      ...{ '7d_click': String(line.purchases - viewed), '1d_view': String(viewed) },
    })
    values.push({ action_type: type, value: (line.value / 100).toFixed(2) })
  }
  return JSON.stringify({
    account_id: META_ACCOUNT.id,
    account_currency: META_ACCOUNT.currency,
    campaign_id: line.campaignId,
    campaign_name: line.campaignName,
    adset_id: line.adSetId,
    ad_id: line.adId,
    date_start: date,
    date_stop: date,
    impressions: String(line.impressions),
    clicks: String(line.clicks),
    spend: (line.spend / 100).toFixed(2),
    ...(line.clicks > 0 ? { actions } : {}),
    ...(values.length > 0 ? { action_values: values } : {}),
  })
}

/** A file a month, one JSON object a line. Some lines broke off and were sent again. */
export function metaFiles(scope: Scope): readonly DataFile[] {
  return monthlyExports(META_WINDOW_DAYS).map((read) => ({
    path: `meta/insights_${read.name}.ndjson.gz`,
    encoding: 'utf-8',
    lineEnd: '\n',
    endsWithLineEnd: true,
    *lines(): Iterable<Line> {
      let number = 0
      for (const line of metaExport(scope, read)) {
        const text = record(line)
        number += 1
        if (number % 700 === 350) yield { text: text.slice(0, 180), fate: 'quarantined' }
        yield { text, fate: 'accepted' }
      }
    },
  }))
}

/** The last state of every ad and day: what a correct warehouse holds. */
export function metaFinal(scope: Scope): readonly MetaDay[] {
  const latest = new Map<string, MetaDay>()
  for (const read of monthlyExports(META_WINDOW_DAYS)) {
    for (const line of metaExport(scope, read)) latest.set(`${line.adId}|${line.day}`, line)
  }
  return [...latest.values()]
}
