import { DAY, months } from '../calendar.ts'
import type { DataFile, Line } from '../files/data-file.ts'
import { Random } from '../random.ts'
import type { Scope } from '../scope.ts'
import { isoCodes } from './countries.ts'
import type { Hit } from './visit-hits.ts'
import { type Device, type Visit, visits } from './visits.ts'

/** Columns of the feed, which has no header of its own. */
const HIT_COLUMNS = [
  'hitid_high',
  'hitid_low',
  'hit_time_gmt',
  'post_visid_high',
  'post_visid_low',
  'visit_num',
  'visit_start_time_gmt',
  'exclude_hit',
  'hit_source',
  'post_page_event',
  'post_pagename',
  'post_event_list',
  'duplicate_purchase',
  'post_product_list',
  'purchaseid',
  'post_campaign',
  'post_evar12',
  'geo_country',
  'mobile_id',
] as const

type HitRow = Readonly<Record<(typeof HIT_COLUMNS)[number], string | number>>

/** Numbers in Adobe's list of devices; what is not in it is no mobile device. */
const MOBILE_IDS: Readonly<Record<Device, readonly number[]>> = {
  desktop: [0],
  mobile: [205_202, 1_981_005, 205_321],
  tablet: [1_998_765, 205_478],
}

const FIRST_HIT_ID = 4_611_686_018_400_000_001n

/** One of the 2^64 numbers that a column of the feed may hold: more than a bigint takes. */
function wideNumber(...name: readonly (string | number)[]): string {
  const random = new Random(...name)
  return String((BigInt(random.int(0, 0xffff_ffff)) << 32n) | BigInt(random.int(0, 0xffff_ffff)))
}

/** Tabs, line breaks and backslashes inside a value stand behind a backslash; there are no quotes. */
function escaped(value: string | number): string {
  return String(value).replace(/[\\\t\n]/g, '\\$&')
}

function hitRow(visit: Visit, hit: Hit, number: number, scope: Scope): HitRow {
  const devices = MOBILE_IDS[visit.device]
  return {
    hitid_high: String(3_462_500_000_000_000_000n + BigInt(Math.floor(hit.at / DAY))),
    hitid_low: String(FIRST_HIT_ID + BigInt(number)),
    hit_time_gmt: hit.at,
    post_visid_high: wideNumber(scope.seed, 'visid high', visit.visitor),
    post_visid_low: wideNumber(scope.seed, 'visid low', visit.visitor),
    visit_num: visit.number,
    visit_start_time_gmt: visit.start,
    exclude_hit: 0,
    hit_source: 1,
    post_page_event: hit.isPageView ? 0 : 100,
    post_pagename: hit.isPageView ? hit.page : '',
    post_event_list: hit.events.join(','),
    duplicate_purchase: hit.isRepeatedPurchase ? 1 : 0,
    post_product_list: hit.products.map((id) => `;${id};1;`).join(','),
    purchaseid: hit.purchaseId ?? '',
    // Somebody types links by hand.
    post_campaign: (number % 70 === 3 ? visit.trackingCode?.toLowerCase() : visit.trackingCode) ?? '',
    post_evar12: visit.test === null ? '' : `${visit.test.name}:${visit.arm}`,
    geo_country: geoCountry(visit),
    mobile_id: devices[visit.number % devices.length] as number,
  }
}

/** ISO 3166 code in lower case; `?` where the address tells nothing, and now and then a code that ISO does not have. */
function geoCountry({ country, start }: Visit): string {
  if (country !== null) return isoCodes(country).alpha3.toLowerCase()
  return start % 5 === 0 ? 'xkx' : '?'
}

interface Delivery {
  readonly row: HitRow
  readonly fate: Line['fate']
  /** Seconds at which the hit was delivered. */
  readonly at: number
}

/** How much later a late hit comes: a phone that had no network. */
const DELAY = 12 * DAY

/**
 * What the feed delivers. Besides the hits: the same hit once more, hits of robots, a purchase from a data source, a hit of a robot whose
 * page's name holds a tab, which the loader takes for one cell too many.
 */
function* deliveries(scope: Scope): Iterable<Delivery> {
  let number = 0
  for (const [index, visit] of visits(scope).entries()) {
    for (const [position, hit] of visit.hits.entries()) {
      number += 1
      const row = hitRow(visit, hit, number, scope)
      const isLate = position === visit.hits.length - 1 && index % 300 === 5
      const at = isLate ? hit.at + DELAY : hit.at
      yield { row, fate: 'accepted', at }
      if (number % 400 === 9) yield { row, fate: 'duplicate', at }
      if (number % 90 !== 11) continue
      const extra = { ...row, hitid_low: String(FIRST_HIT_ID - BigInt(number)) }
      if (number % 900 === 11) {
        yield {
          row: { ...extra, hit_source: 5, post_event_list: '1', purchaseid: `OFF-${number}` },
          fate: 'accepted',
          at,
        }
      } else if (number % 1_800 === 101) {
        yield { row: { ...extra, exclude_hit: 1, post_pagename: 'robot\tprobe' }, fate: 'quarantined', at }
      } else yield { row: { ...extra, exclude_hit: 1 }, fate: 'accepted', at }
    }
  }
}

/** A file a month, as the hits came in. */
export function hitFiles(scope: Scope): readonly DataFile[] {
  const periods = months('2024-01', '2024-12')
  let made: readonly Delivery[] | undefined
  const all = () => {
    made ??= [...deliveries(scope)].sort((a, b) => a.at - b.at)
    return made
  }
  return periods.map(({ name, first, last }, index) => ({
    path: `adobe/01-shop-emea_${name}.tsv.gz`,
    encoding: 'utf-8',
    lineEnd: '\n',
    endsWithLineEnd: true,
    *lines(): Iterable<Line> {
      for (const { row, fate, at } of all()) {
        const day = Math.floor(at / DAY)
        const isHere = (index === 0 || day >= first) && (index === 11 || day <= last)
        if (isHere) yield { text: HIT_COLUMNS.map((name) => escaped(row[name])).join('\t'), fate }
      }
    },
  }))
}

/** The lookup file that names the columns of the feed. */
export function columnHeadersFile(): DataFile {
  return {
    path: 'adobe/lookup/column_headers.tsv',
    encoding: 'utf-8',
    lineEnd: '\n',
    endsWithLineEnd: true,
    *lines() {
      yield { text: HIT_COLUMNS.join('\t'), fate: 'frame' }
    },
  }
}

/** The lookup file of mobile devices: number, maker, device, kind. */
export function mobileAttributesFile(): DataFile {
  const rows = [
    [205_202, 'Apple', 'iPhone', 'Mobile Phone'],
    [205_321, 'Google', 'Pixel 7', 'Mobile Phone'],
    [205_478, 'Apple', 'iPad', 'Tablet'],
    [1_981_005, 'Samsung', 'SM-G991B', 'Mobile Phone'],
    [1_998_765, 'Samsung', 'SM-X200', 'Tablet'],
  ]
  return {
    path: 'adobe/lookup/mobile_attributes.tsv',
    encoding: 'utf-8',
    lineEnd: '\n',
    endsWithLineEnd: true,
    *lines() {
      for (const row of rows) yield { text: row.map(escaped).join('\t'), fate: 'accepted' }
    },
  }
}
