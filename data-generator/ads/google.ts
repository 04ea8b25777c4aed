import { dayNumber, isoDay } from '../calendar.ts'
import { type DataFile, header, type Line } from '../files/data-file.ts'
import { delimited } from '../files/delimited.ts'
import { Random } from '../random.ts'
import type { Scope } from '../scope.ts'
import { CAMPAIGN_WITHOUT_DELIVERY, type Campaign, campaigns } from '../shop/campaigns.ts'
import { type Export, knownPercent, monthlyExports } from './restatement.ts'

/** One line of an export. `conversions` in hundredths, `value` in cents of the account's currency. */
export interface GoogleDay {
  /** With leading zeros. */
  readonly accountId: string
  readonly day: number
  readonly campaignId: string
  readonly adGroupId: string
  readonly device: 'MOBILE' | 'DESKTOP' | 'TABLET'
  readonly network: string
  readonly impressions: number
  readonly clicks: number
  readonly costMicros: number
  readonly conversions: number
  readonly value: number
}

/** The first account bills in dollars, the second, which runs the last three campaigns, in pounds. */
export const GOOGLE_ACCOUNTS = [
  { id: '4155550123', currency: 'USD' },
  { id: '0731200042', currency: 'GBP' },
] as const

const GOOGLE_WINDOW_DAYS = 30

const DEVICES = ['MOBILE', 'DESKTOP', 'TABLET'] as const

const NETWORKS: Readonly<Record<string, string>> = {
  SEARCH: 'SEARCH',
  SHOPPING: 'SEARCH',
  DISPLAY: 'CONTENT',
  VIDEO: 'YOUTUBE_WATCH',
}

/** Lines of one campaign and day as known on `takenOn`. */
function* dayLines(campaign: Campaign, index: number, day: number, takenOn: number, scope: Scope): Iterable<GoogleDay> {
  const groups = Math.max(1, Math.round(2 * scope.scale))
  for (let group = 0; group < groups; group++) {
    for (const device of DEVICES) {
      const random = new Random(scope.seed, 'google', campaign.code, group, device, day)
      const impressions = random.int(20, device === 'TABLET' ? 300 : 2_400)
      const clicks = Math.floor((impressions * random.int(5, 90)) / 1_000)
      const perClick = random.int(180_000, 1_950_000)
      const final = Math.floor((clicks * random.int(0, 900)) / 100)
      const conversions = Math.floor((final * knownPercent(takenOn - day)) / 100)
      const line: GoogleDay = {
        accountId: (index < 6 ? GOOGLE_ACCOUNTS[0] : GOOGLE_ACCOUNTS[1]).id,
        day,
        campaignId: campaign.externalId as string,
        adGroupId: String(150_000_000_000 + index * 1_000 + group),
        device,
        network: NETWORKS[campaign.type] as string,
        impressions,
        clicks,
        costMicros: clicks * perClick + random.int(0, 9),
        conversions,
        value: Math.floor((conversions * random.int(2_000, 14_000)) / 100),
      }
      yield special(line, index, group)
    }
  }
}

/** Days that a warehouse must get right although they look wrong. */
function special(line: GoogleDay, index: number, group: number): GoogleDay {
  if (index !== 0 || group !== 0 || line.device !== 'MOBILE') return line
  const date = isoDay(line.day)
  if (date === '2024-03-15') return { ...line, costMicros: 20_836_690 }
  // Conversions land on the click day; the views or clicks that earned them were taken back as invalid.
  if (date === '2024-03-18')
    return { ...line, impressions: 0, clicks: 0, costMicros: 0, conversions: 150, value: 9_900 }
  if (date === '2024-03-19') return { ...line, clicks: 0, costMicros: 0, conversions: 500, value: 25_000 }
  return line
}

/** One export, day by day. */
function* googleExport(scope: Scope, read: Export): Iterable<GoogleDay> {
  const all = campaigns(scope)
  for (let day = read.firstDay; day <= read.lastDay; day++) {
    for (const [index, campaign] of all.entries()) {
      if (campaign.platform !== 'google_ads' || index === CAMPAIGN_WITHOUT_DELIVERY) continue
      if (day < campaign.startDay || day > campaign.endDay) continue
      yield* dayLines(campaign, index, day, read.takenOn, scope)
    }
  }
}

const COLUMNS =
  'customer_id,date,campaign_id,ad_group_id,device,ad_network_type,impressions,clicks,cost_micros,conversions,conversions_value'

const hundredths = (value: number) => String(value / 100)

function row(line: GoogleDay): string {
  return delimited([
    line.accountId,
    isoDay(line.day),
    line.campaignId,
    line.adGroupId,
    line.device,
    line.network,
    line.impressions,
    line.clicks,
    line.costMicros,
    hundredths(line.conversions),
    line.conversions === 0 ? '--' : hundredths(line.value),
  ])
}

/** A file a month. From July on somebody exports by hand, and the report ends with a line of totals. */
export function googleFiles(scope: Scope): readonly DataFile[] {
  return monthlyExports(GOOGLE_WINDOW_DAYS).map((read) => ({
    path: `google_ads/campaign_daily_${read.name}.csv.gz`,
    encoding: 'utf-8',
    lineEnd: '\n',
    endsWithLineEnd: true,
    *lines(): Iterable<Line> {
      yield* header(COLUMNS)
      let [impressions, clicks, micros] = [0, 0, 0n]
      for (const line of googleExport(scope, read)) {
        impressions += line.impressions
        clicks += line.clicks
        micros += BigInt(line.costMicros)
        yield { text: row(line), fate: 'accepted' }
      }
      if (read.firstDay < dayNumber('2024-06-01')) return
      yield {
        text: delimited([
          'Total',
          `${isoDay(read.firstDay)} - ${isoDay(read.lastDay)}`,
          '',
          '',
          '',
          '',
          impressions,
          clicks,
          micros,
          '',
          '',
        ]),
        fate: 'quarantined',
      }
    },
  }))
}

/** The last state of every line, by full key: what a correct warehouse holds. */
export function googleFinal(scope: Scope): readonly GoogleDay[] {
  const latest = new Map<string, GoogleDay>()
  for (const read of monthlyExports(GOOGLE_WINDOW_DAYS)) {
    for (const line of googleExport(scope, read)) {
      latest.set(
        `${line.accountId}|${line.day}|${line.campaignId}|${line.adGroupId}|${line.device}|${line.network}`,
        line,
      )
    }
  }
  return [...latest.values()]
}
