import { GOOGLE_ACCOUNTS, googleFinal } from '../../data-generator/ads/google.ts'
import { META_ACCOUNT, metaFinal } from '../../data-generator/ads/meta.ts'
import { dayNumber, isoDay } from '../../data-generator/calendar.ts'
import { type Rates, rates } from '../../data-generator/reference/exchange-rates.ts'
import type { Scope } from '../../data-generator/scope.ts'
import { campaigns } from '../../data-generator/shop/campaigns.ts'
import { orderCost } from '../../data-generator/shop/order-files.ts'
import { type Order, orders } from '../../data-generator/shop/orders.ts'

/**
 * The warehouse's headline numbers, worked out from the generator's records in TypeScript: no SQL, no file, no engine.
 * Where a number here and a number in a table differ, one of two independent ways is wrong.
 */
export const AS_OF = dayNumber('2024-12-31')

const berlin = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin', dateStyle: 'short' })

/** `2024-03-31`: the day of an order where the shop is. */
export function orderDate(order: Pick<Order, 'orderedAt'>): string {
  return berlin.format(order.orderedAt * 1000)
}

export interface Bought {
  readonly order: Order
  readonly date: string
  readonly isNewCustomer: boolean
  readonly channel: string
}

const CHANNELS: Readonly<Record<string, string>> = {
  SEARCH: 'Paid search',
  SHOPPING: 'Shopping',
  DISPLAY: 'Display',
  VIDEO: 'Video',
  PROSPECTING: 'Paid social',
  RETARGETING: 'Paid social',
  CATALOG: 'Paid social',
  AWARENESS: 'Paid social',
  NEWSLETTER: 'Email',
  LIFECYCLE: 'Email',
  PARTNER: 'Affiliate',
  INFLUENCER: 'Influencer',
}

/** Orders that count, oldest first. */
export function bought(scope: Scope): readonly Bought[] {
  const channels = new Map(campaigns(scope).map(({ code, type }) => [code, CHANNELS[type] as string]))
  const known = new Set<string>()
  const result: Bought[] = []
  const placed = [...orders(scope)].sort((a, b) => a.orderedAt - b.orderedAt || Number(a.id - b.id))
  for (const order of placed) {
    if (order.status === 'cancelled') continue
    const isNewCustomer = order.customerId !== null && !known.has(order.customerId)
    if (order.customerId !== null) known.add(order.customerId)
    const channel = order.campaignCode === null ? '(direct)' : (channels.get(order.campaignCode) as string)
    result.push({ order, date: orderDate(order), isNewCustomer, channel })
  }
  return result
}

export const marginOf = (order: Order) => order.itemsTotal - orderCost(order)

export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return groups
}

/** Sums by a key, in whole numbers. */
export function sumBy<T>(
  items: Iterable<T>,
  key: (item: T) => string,
  value: (item: T) => number,
): Map<string, number> {
  const sums = new Map<string, number>()
  for (const item of items) sums.set(key(item), (sums.get(key(item)) ?? 0) + value(item))
  return sums
}

/** One line of advertising in dollars. Spend in millionths of a dollar; null when there is no rate. */
export interface Delivered {
  readonly platform: 'google_ads' | 'meta'
  readonly date: string
  /** The platform's number. */
  readonly campaignId: string
  readonly channel: string
  readonly nativeMicros: number
  readonly spendMicros: bigint | null
  readonly impressions: number
  readonly clicks: number
  /** In hundredths. */
  readonly conversions: number
}

/** Everything the platforms delivered, in its last state. */
export function delivered(scope: Scope): readonly Delivered[] {
  const channels = new Map(campaigns(scope).map(({ externalId, type }) => [externalId, CHANNELS[type] as string]))
  const convert = converter(scope)
  const currencies = new Map<string, string>(GOOGLE_ACCOUNTS.map(({ id, currency }) => [id, currency]))
  const google = googleFinal(scope).map((line) => ({
    platform: 'google_ads' as const,
    date: isoDay(line.day),
    campaignId: line.campaignId,
    channel: channels.get(line.campaignId) as string,
    nativeMicros: line.costMicros,
    spendMicros: convert(line.costMicros, line.day, currencies.get(line.accountId) as string),
    impressions: line.impressions,
    clicks: line.clicks,
    conversions: line.conversions,
  }))
  const meta = metaFinal(scope).map((line) => ({
    platform: 'meta' as const,
    date: isoDay(line.day),
    campaignId: line.campaignId,
    channel: channels.get(line.campaignId) as string,
    nativeMicros: line.spend * 10_000,
    spendMicros: convert(line.spend * 10_000, line.day, META_ACCOUNT.currency),
    impressions: line.impressions,
    clicks: line.clicks,
    conversions: line.purchases * 100,
  }))
  return [...google, ...meta]
}

/** Millionths of a currency in millionths of a dollar, by the rate of the day; null without one. */
export function converter(scope: Scope): (micros: number, day: number, currency: string) => bigint | null {
  const dollars = dollarRates(scope)
  return (micros, day, currency) => {
    const rate = dollars(day, currency)
    return rate === null ? null : roundHalfUp(BigInt(micros) * rate, 100_000_000n)
  }
}

/** Dollars for one unit of a currency in hundred-millionths, by the last quote of at most seven days ago; null without one. */
function dollarRates(scope: Scope): (day: number, currency: string) => bigint | null {
  const byDay = new Map(rates(scope).map((entry) => [entry.day, entry]))
  const perEuro = (day: number, currency: string): number | null => {
    for (let age = 0; age <= 7; age++) {
      const quote = byDay.get(day - age)
      if (quote === undefined) continue
      const value = currency === 'EUR' ? 10_000 : quote[currency as keyof Omit<Rates, 'day'>]
      if (value !== null) return value
    }
    return null
  }
  return (day, currency) => {
    const [dollar, other] = [perEuro(day, 'USD'), perEuro(day, currency)]
    return dollar === null || other === null ? null : roundHalfUp(BigInt(dollar) * 100_000_000n, BigInt(other))
  }
}

function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator)
}
