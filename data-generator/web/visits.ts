import { DAY, dayNumber } from '../calendar.ts'
import { Random } from '../random.ts'
import type { Scope } from '../scope.ts'
import { campaigns } from '../shop/campaigns.ts'
import { customerId, customersBefore, customerVersions } from '../shop/customers.ts'
import { type Order, ordersOfYear } from '../shop/orders.ts'
import { timeAtShare } from '../shop/periods.ts'
import { AD_TESTS, type AdTest, type Arm, armOf } from './ad-tests.ts'
import { pickCountry } from './countries.ts'
import { boughtHits, browsedHits, type Hit } from './visit-hits.ts'

export type Device = 'desktop' | 'mobile' | 'tablet'

/** One visit of a visitor who is measured. */
export interface Visit {
  /** Name of the visitor within the generator. */
  readonly visitor: string
  /** 1 for the visitor's first visit. */
  readonly number: number
  /** Seconds since 1970, UTC; the first hit. */
  readonly start: number
  /** ISO 3166 code of two letters; null where the address tells nothing. */
  readonly country: string | null
  readonly device: Device
  /** As the link has it: null without one, and not always a campaign that exists. */
  readonly trackingCode: string | null
  readonly test: AdTest | null
  readonly arm: Arm | null
  readonly hits: readonly Hit[]
}

type Drawn = Omit<Visit, 'number'>

/** Links to a campaign that was never entered in the shop's list. */
export const UNKNOWN_CAMPAIGN = 'GO-404'

/** Share of the orders whose visit is measured; the visits of those who only look around are drawn for the same share of people. */
const MEASURED = 0.42
const LOOKING_AROUND = 18_000
const YEAR = '2024'
const FIRST_DAY_MEASURED = dayNumber(`${YEAR}-01-01`)

/** Every visit of the year, oldest first. */
export function visits(scope: Scope): readonly Visit[] {
  const drawn = [...buyingVisits(scope), ...lookingVisits(scope)]
  drawn.sort((a, b) => a.start - b.start || (a.visitor < b.visitor ? -1 : 1))
  const numbers = new Map<string, number>()
  return drawn.map((visit) => {
    const number = (numbers.get(visit.visitor) ?? 0) + 1
    numbers.set(visit.visitor, number)
    return { ...visit, number }
  })
}

function* buyingVisits(scope: Scope): Iterable<Drawn> {
  for (const order of ordersOfYear(scope, YEAR)) {
    const random = new Random(scope.seed, 'web order', order.index)
    if (!random.chance(MEASURED)) continue
    const visitor =
      order.customerId === null ? `g${order.index}` : `c${order.customerId}${random.chance(0.8) ? 'a' : 'b'}`
    const hits = boughtHits(order, random)
    const shared = { visitor, device: deviceOf(visitor, scope), country: buyerCountry(order, random, scope) }
    yield { ...shared, ...tested(visitor, order.orderedAt, scope), ...startOf(hits), trackingCode: order.campaignCode }
    // The page of thanks, opened again from the history on another day: the same purchase once more.
    if (order.index % 211 !== 0) continue
    const [last] = hits.slice(-1) as [Hit]
    const again = [{ ...last, at: last.at + random.int(DAY, 3 * DAY), isRepeatedPurchase: true }]
    yield { ...shared, test: null, arm: null, ...startOf(again), trackingCode: null }
  }
}

function* lookingVisits(scope: Scope): Iterable<Drawn> {
  const all = campaigns(scope)
  const total = Math.max(1, Math.round(LOOKING_AROUND * scope.scale))
  for (let index = 0; index < total; index++) {
    const random = new Random(scope.seed, 'web visit', index)
    const start = timeAtShare((index + random.next()) / total)
    const day = Math.floor(start / DAY)
    if (day < FIRST_DAY_MEASURED) continue
    const known = random.chance(0.12)
    const visitor = known
      ? `c${customerId(random.int(0, customersBefore(day, scope) - 1))}a`
      : `v${random.int(1, Math.max(1, Math.round(7_000 * scope.scale)))}`
    const running = all.filter((campaign) => campaign.startDay <= day && day <= campaign.endDay)
    const campaign = random.chance(0.64) && running.length > 0 ? random.pick(running).code : null
    yield {
      visitor,
      device: deviceOf(visitor, scope),
      country: random.chance(0.012) ? null : pickCountry(random),
      ...tested(visitor, start, scope),
      ...startOf(browsedHits(start, random, scope)),
      trackingCode: campaign === null || !random.chance(0.007) ? campaign : UNKNOWN_CAMPAIGN,
    }
  }
}

function startOf(hits: readonly Hit[]) {
  return { start: (hits[0] as Hit).at, hits }
}

function deviceOf(visitor: string, scope: Scope): Device {
  return new Random(scope.seed, 'web device', visitor).pick([
    'mobile',
    'mobile',
    'mobile',
    'desktop',
    'desktop',
    'tablet',
  ])
}

/** Mostly where the account is; sometimes where the buyer happens to be. */
function buyerCountry(order: Order, random: Random, scope: Scope): string | null {
  const account = order.customerId === null ? null : customerVersions(Number(order.customerId) - 1, scope)[0]?.country
  const elsewhere = random.chance(0.4)
  const somewhere = pickCountry(random)
  return elsewhere ? somewhere : (account ?? null)
}

/** The test that runs at that time, and the visitor's arm in it: drawn once for a visitor. One visit in 150 shows the other arm by mistake. */
function tested(visitor: string, at: number, scope: Scope): Pick<Visit, 'test' | 'arm'> {
  const day = Math.floor(at / DAY)
  const test = AD_TESTS.find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay) ?? null
  if (test === null) return { test, arm: null }
  const arm = armOf(test, visitor, scope)
  const mistaken = new Random(scope.seed, 'web mistake', visitor, at).chance(1 / 150)
  return { test, arm: mistaken ? (arm === 'control' ? 'variant' : 'control') : arm }
}
