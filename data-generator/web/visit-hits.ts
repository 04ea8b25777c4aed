import type { Random } from '../random.ts'
import { type Scope, sizes } from '../scope.ts'
import type { Order } from '../shop/orders.ts'
import { productId } from '../shop/products.ts'

/** Numbers of Adobe's own commerce events. */
export const PURCHASE = 1
export const PRODUCT_VIEW = 2
const CART_OPENED = 10
export const CHECKOUT = 11
export const CART_ADDITION = 12

export interface Hit {
  /** Seconds since 1970, UTC. */
  readonly at: number
  readonly page: string
  /** A link that was clicked is a hit and no page view. */
  readonly isPageView: boolean
  readonly events: readonly number[]
  readonly products: readonly bigint[]
  /** The shop's number of the order. */
  readonly purchaseId: string | null
  /** The same purchase was reported by an earlier hit. */
  readonly isRepeatedPurchase: boolean
}

type Part = Partial<Hit> & Pick<Hit, 'at' | 'page'>

const hit = (part: Part): Hit => ({
  isPageView: true,
  events: [],
  products: [],
  purchaseId: null,
  isRepeatedPurchase: false,
  ...part,
})

const LANDINGS = ['home', 'sale', 'new in', 'landing: summer', 'landing: gifts', 'landing\\video']

/** The visit in which an order was placed, up to the page of thanks; every 50th reports its purchase twice, every 40th skips cart and checkout. */
export function boughtHits(order: Order, random: Random): readonly Hit[] {
  const products = order.items.map((item) => item.productId)
  const first = products.slice(0, 1)
  const isExpress = order.index % 40 === 0
  let at = order.orderedAt
  const before = (from: number, to: number) => {
    at -= random.int(from, to)
    return at
  }
  const backwards: Hit[] = [
    hit({ at, page: 'thank you', events: [PURCHASE], products, purchaseId: String(order.id) }),
    ...(isExpress
      ? []
      : [
          hit({ at: before(20, 240), page: 'checkout', events: [CHECKOUT], products }),
          hit({ at: before(10, 200), page: 'cart', events: [CART_OPENED, CART_ADDITION], products: first }),
        ]),
    hit({ at: before(15, 300), page: 'product', events: [PRODUCT_VIEW], products: first }),
    ...(random.chance(0.4) ? [hit({ at: before(2, 90), page: 'list', isPageView: random.chance(0.7) })] : []),
    hit({ at: before(5, 120), page: random.pick(LANDINGS) }),
  ]
  const hits = backwards.reverse()
  const [last] = hits.slice(-1) as [Hit]
  if (order.index % 50 !== 7) return hits
  return [...hits, { ...last, at: last.at + random.int(20, 90), isRepeatedPurchase: true }]
}

/** A visit without a purchase: nearly half of them are a single page. */
export function browsedHits(start: number, random: Random, scope: Scope): readonly Hit[] {
  let at = start
  const after = () => {
    at += random.int(5, 240)
    return at
  }
  const hits = [hit({ at, page: random.pick(LANDINGS) })]
  if (random.chance(0.46)) return hits
  if (random.chance(0.2)) hits.push(hit({ at: after(), page: 'list', isPageView: random.chance(0.6) }))
  const products = [productId(random.int(0, sizes(scope).products - 1))]
  const looks = random.int(0, 2)
  for (let i = 0; i < looks; i++) hits.push(hit({ at: after(), page: 'product', events: [PRODUCT_VIEW], products }))
  if (looks === 0 || !random.chance(0.3)) return hits
  hits.push(hit({ at: after(), page: 'cart', events: [CART_OPENED, CART_ADDITION], products }))
  if (random.chance(0.4)) hits.push(hit({ at: after(), page: 'checkout', events: [CHECKOUT], products }))
  return hits
}
