import { DAY, isoTime } from '../calendar.ts'
import { Random } from '../random.ts'
import { FIRST_DAY, LAST_DAY, type Scope, sizes } from '../scope.ts'
import { type Campaign, campaigns } from './campaigns.ts'
import { customerId, customersBefore, neverBuys } from './customers.ts'
import { timeAtShare } from './periods.ts'
import { introducedDay, isForSale, type Product, priceOn, productVersions } from './products.ts'

export type OrderStatus = 'pending' | 'paid' | 'shipped' | 'completed' | 'cancelled'

/** Money in cents. */
export interface OrderItem {
  readonly lineNumber: number
  readonly productId: bigint
  readonly quantity: number
  readonly unitPrice: number
  /** Off the whole line. */
  readonly discount: number
  /** What one unit cost the shop on that day. */
  readonly unitCost: number
  readonly note: string | null
}

export interface Order {
  readonly index: number
  /** Above 2^53. */
  readonly id: bigint
  /** Null: bought as a guest. */
  readonly customerId: string | null
  /** Seconds since 1970, UTC. */
  readonly orderedAt: number
  readonly status: OrderStatus
  readonly campaignCode: string | null
  readonly shippingFee: number
  readonly couponCode: string | null
  readonly items: readonly OrderItem[]
  /** Sum of the items. */
  readonly itemsTotal: number
  /** The order as the year-end export saw it, before its final state; only for the last days of a year. */
  readonly earlierStatus: OrderStatus | null
}

const FIRST_ID = 9_007_199_254_800_001n

/** Orders of the last days of a year are still open when the year is exported; the next file has them again. */
const OPEN_DAYS = 12

function itemTotal(item: OrderItem): number {
  return item.quantity * item.unitPrice - item.discount
}

/** Makes orders by number; holds what they share, not the orders. */
function orderMaker(scope: Scope): (index: number) => Order {
  const all = campaigns(scope)
  return (index) => makeOrder(index, scope, all)
}

function makeOrder(index: number, scope: Scope, all: readonly Campaign[]): Order {
  const random = new Random(scope.seed, 'order', index)
  const orderedAt = timeAtShare((index + random.next()) / sizes(scope).orders)
  const day = Math.floor(orderedAt / DAY)
  const items = makeItems(random, scope, orderedAt)
  const itemsTotal = items.reduce((sum, item) => sum + itemTotal(item), 0)
  const status = finalStatus(random, day)
  const running = all.filter((campaign) => campaign.startDay <= day && day <= campaign.endDay)
  const is2024 = isoTime(orderedAt) >= '2024'
  return {
    index,
    id: FIRST_ID + BigInt(index),
    customerId: random.chance(0.03) ? null : buyer(random, day, scope),
    orderedAt,
    status,
    campaignCode: random.chance(0.55) && running.length > 0 ? random.pick(running).code : null,
    shippingFee: itemsTotal >= 10_000 ? 0 : 495,
    couponCode: is2024 && random.chance(0.1) ? random.pick(['WELCOME10', 'AUTUMN', '00077']) : null,
    items,
    itemsTotal,
    earlierStatus: !is2024 && isoTime(orderedAt + OPEN_DAYS * DAY) >= '2024' ? 'pending' : null,
  }
}

function buyer(random: Random, day: number, scope: Scope): string {
  const known = customersBefore(day, scope)
  // Squared: early customers buy more often.
  const draw = random.next()
  const index = Math.floor(draw * draw * known)
  return customerId(neverBuys(index) ? index - 1 : index)
}

function finalStatus(random: Random, day: number): OrderStatus {
  if (random.chance(0.06)) return 'cancelled'
  if (day > LAST_DAY - 3) return random.pick(['pending', 'paid'])
  if (day > LAST_DAY - 10) return random.pick(['paid', 'shipped'])
  return 'completed'
}

function makeItems(random: Random, scope: Scope, orderedAt: number): readonly OrderItem[] {
  const at = isoTime(orderedAt)
  const count = random.chance(0.42) ? 1 : random.int(2, 5)
  const items: OrderItem[] = []
  for (let lineNumber = 1; lineNumber <= count; lineNumber++) {
    const product = pickProduct(random, Math.floor(orderedAt / DAY), scope)
    const quantity = random.chance(0.75) ? 1 : random.int(2, 6)
    const unitPrice = priceOn(product, at)
    const latest = product[0] as Product
    items.push({
      lineNumber,
      productId: latest.id,
      quantity,
      unitPrice,
      discount: random.chance(0.18) ? Math.floor((quantity * unitPrice * random.pick([5, 10, 15, 20])) / 100) : 0,
      unitCost: latest.unitCost,
      note: random.chance(0.02) ? random.pick(NOTES) : null,
    })
  }
  return items
}

const NOTES = ['Happy birthday!\nLove, Ann', 'Fragile\t"do not drop"', 'für Zoë 🎁', 'a, b; c']

function pickProduct(random: Random, day: number, scope: Scope): readonly Product[] {
  const count = sizes(scope).products
  for (;;) {
    const draw = random.next()
    const index = Math.floor(draw * draw * count)
    if (isForSale(index) && introducedDay(index, scope) <= day) return productVersions(index, scope)
  }
}

/** All orders, oldest first. */
export function* orders(scope: Scope): Iterable<Order> {
  const make = orderMaker(scope)
  for (let index = 0; index < sizes(scope).orders; index++) yield make(index)
}

/** Orders of one year: `2023` or `2024`. */
export function* ordersOfYear(scope: Scope, year: string): Iterable<Order> {
  for (const order of orders(scope)) if (isoTime(order.orderedAt).startsWith(year)) yield order
}

/** Orders that the file of `year` repeats from the year before, because they were open then. */
export function* reopenedOrders(scope: Scope, year: string): Iterable<Order> {
  for (const order of ordersOfYear(scope, String(Number(year) - 1))) if (order.earlierStatus !== null) yield order
}

export const YEARS = [FIRST_DAY, LAST_DAY].map((day) => isoTime(day * DAY).slice(0, 4))
