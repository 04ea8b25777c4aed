import { dayNumber, isoDay, weekday } from '../../data-generator/calendar.ts'
import type { Scope } from '../../data-generator/scope.ts'
import { campaigns } from '../../data-generator/shop/campaigns.ts'
import { customerVersions } from '../../data-generator/shop/customers.ts'
import { AD_TESTS } from '../../data-generator/web/ad-tests.ts'
import { CART_ADDITION, CHECKOUT, PRODUCT_VIEW, PURCHASE } from '../../data-generator/web/visit-hits.ts'
import { type Visit, visits } from '../../data-generator/web/visits.ts'
import { type Bought, orderDate } from './expected.ts'
import type { Arm } from './expected-credit.ts'

/** One visit as a correct warehouse counts it. */
export interface MeasuredVisit {
  readonly visit: Visit
  /** Day on which it began where the shop is. */
  readonly date: string
  /** Code of the campaign, `(direct)` or `(unknown)`. */
  readonly campaign: string
  readonly seconds: number
  readonly pages: number
  readonly isBounce: boolean
  /** 1 visit to 5 purchase. */
  readonly step: number
}

export function measuredVisits(scope: Scope): readonly MeasuredVisit[] {
  const codes = new Set(campaigns(scope).map(({ code }) => code))
  return visits(scope).map((visit) => {
    const { hits, trackingCode } = visit
    const bought = hits.some((hit) => hit.events.includes(PURCHASE) && !hit.isRepeatedPurchase)
    const has = (event: number) => hits.some((hit) => hit.events.includes(event))
    return {
      visit,
      date: orderDate({ orderedAt: visit.start }),
      campaign: trackingCode === null ? '(direct)' : codes.has(trackingCode) ? trackingCode : '(unknown)',
      seconds: hits.at(-1)!.at - hits[0]!.at,
      pages: hits.filter((hit) => hit.isPageView).length,
      isBounce: hits.length === 1,
      step: bought ? 5 : has(CHECKOUT) ? 4 : has(CART_ADDITION) ? 3 : has(PRODUCT_VIEW) ? 2 : 1,
    }
  })
}

/** `2024-05-06`: Monday of the week of a day. */
export function weekStart(date: string): string {
  const day = dayNumber(date)
  return isoDay(day - ((weekday(day) + 6) % 7))
}

/** Where an order is from: where its visitor was, else where the account was at that moment. */
export function orderCountries(scope: Scope, sold: readonly Bought[]): readonly (string | null)[] {
  const seen = new Map<string, string | null>()
  for (const { hits, country } of visits(scope))
    for (const { purchaseId, isRepeatedPurchase } of hits)
      if (purchaseId !== null && !isRepeatedPurchase) seen.set(purchaseId, country)
  return sold.map(({ order }) => {
    const visited = seen.get(String(order.id)) ?? null
    if (visited !== null || order.customerId === null) return visited
    const at = new Date(order.orderedAt * 1000).toISOString()
    const versions = customerVersions(Number(order.customerId) - 1, scope)
    return versions.findLast((version, index) => index === 0 || version.updatedAt <= at)!.country
  })
}

/** Visitors of each arm of the tests of ads who saw no other, and those of them who bought after it and before the test ended. */
export function adTestArms(scope: Scope): readonly Arm[] {
  const all = visits(scope)
  const purchases = new Map<string, number[]>()
  for (const { visitor, hits } of all) {
    const at = hits.filter((hit) => hit.purchaseId !== null && !hit.isRepeatedPurchase).map((hit) => hit.at)
    if (at.length > 0) purchases.set(visitor, [...(purchases.get(visitor) ?? []), ...at])
  }
  return AD_TESTS.flatMap((test) => {
    const seen = new Map<string, { arms: Set<string>; since: number }>()
    for (const visit of all) {
      if (visit.test !== test) continue
      const known = seen.get(visit.visitor)
      if (known === undefined) seen.set(visit.visitor, { arms: new Set([visit.arm!]), since: visit.start })
      else known.arms.add(visit.arm!)
    }
    const end = isoDay(test.lastDay)
    return ['control', 'variant'].map((variant) => {
      const mine = [...seen].filter(([, { arms }]) => arms.size === 1 && arms.has(variant))
      const converted = mine.filter(([visitor, { since }]) =>
        (purchases.get(visitor) ?? []).some((at) => at >= since && orderDate({ orderedAt: at }) <= end),
      )
      return { experiment: test.name, variant, visitors: mine.length, conversions: converted.length }
    })
  })
}

/** Active customers by cohort and month, of the orders that count. */
export function cohorts(sold: readonly Bought[]): ReadonlyMap<string, ReadonlySet<string>> {
  const first = new Map<string, string>()
  const active = new Map<string, Set<string>>()
  for (const { order, date } of sold) {
    if (order.customerId === null) continue
    const month = `${date.slice(0, 7)}-01`
    if (!first.has(order.customerId)) first.set(order.customerId, month)
    const key = `${first.get(order.customerId)} ${month}`
    active.set(key, (active.get(key) ?? new Set()).add(order.customerId))
  }
  return active
}

export const FIRST_AD_DAY = '2024-01-01'
