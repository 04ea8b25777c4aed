import { DAY, isoTime } from '../calendar.ts'
import { type DataFile, header, type Line } from '../files/data-file.ts'
import { delimited } from '../files/delimited.ts'
import type { Scope } from '../scope.ts'
import { type Order, type OrderItem, type OrderStatus, ordersOfYear, reopenedOrders, YEARS } from './orders.ts'

/** The shop system, its predecessor and a manual export each spell a status in their own way. */
const SPELLINGS: Readonly<Record<OrderStatus, readonly string[]>> = {
  pending: ['pending'],
  paid: ['paid', 'PAID'],
  shipped: ['shipped', 'in transit'],
  completed: ['completed', 'Completed', 'done'],
  cancelled: ['cancelled', 'CANCELED', 'storno'],
}

const dollars = (cents: number) => (cents / 100).toFixed(2)

function spelling(status: OrderStatus, index: number): string {
  const words = SPELLINGS[status]
  return index % 5 === 0 ? (words[Math.floor(index / 5) % words.length] as string) : (words[0] as string)
}

const COLUMNS_2023 =
  'order_id,customer_id,ordered_at,status,currency,items_total,shipping_fee,order_total,campaign_code,updated_at'

// The new shop release moved columns and added one.
const COLUMNS_2024 =
  'order_id,ordered_at,customer_id,status,campaign_code,currency,items_total,shipping_fee,order_total,updated_at,coupon_code'

function cells(order: Order, status: OrderStatus, updatedAt: number) {
  return {
    order_id: order.id,
    customer_id: order.customerId,
    ordered_at: isoTime(order.orderedAt),
    status: spelling(status, order.index),
    currency: 'USD',
    items_total: dollars(order.itemsTotal),
    shipping_fee: dollars(order.shippingFee),
    order_total: dollars(order.itemsTotal + order.shippingFee),
    campaign_code: order.campaignCode ?? '-',
    updated_at: isoTime(updatedAt),
    coupon_code: order.couponCode,
  }
}

function* orderLines(scope: Scope, year: string): Iterable<Line> {
  const columns = (year === '2023' ? COLUMNS_2023 : COLUMNS_2024).split(',')
  const text = (order: Order, status: OrderStatus, updatedAt: number) => {
    const row: Record<string, string | bigint | null> = cells(order, status, updatedAt)
    return delimited(columns.map((column) => row[column] ?? null))
  }
  for (const order of reopenedOrders(scope, year)) {
    yield { text: text(order, order.status, order.orderedAt + 20 * DAY), fate: 'accepted' }
  }
  for (const order of ordersOfYear(scope, year)) {
    const line = text(order, order.earlierStatus ?? order.status, order.orderedAt + 2 * DAY)
    if (order.index % 1_500 === 700) {
      yield { text: line.replace(dollars(order.itemsTotal), 'n/a'), fate: 'quarantined' }
    }
    if (order.index % 3_000 === 1_000) {
      yield { text: line.replace(isoTime(order.orderedAt), `${year}-02-30T10:00:00Z`), fate: 'quarantined' }
    }
    if (order.index % 4_000 === 2_000) yield { text: `${line},,`, fate: 'quarantined' }
    // Without a coupon the 2024 export sometimes leaves the last comma out.
    const short = year === '2024' && order.couponCode === null && order.index % 50 === 0
    yield { text: short ? line.replace(/,$/, '') : line, fate: 'accepted' }
    if (order.index % 500 === 250) yield { text: line, fate: 'duplicate' }
  }
}

/** A file a year, with other columns in another order from 2024 on. */
export function ordersFiles(scope: Scope): readonly DataFile[] {
  return YEARS.map((year) => ({
    path: `shop/orders_${year}.csv.gz`,
    encoding: year === '2023' ? 'utf-8-bom' : 'utf-8',
    lineEnd: '\n',
    endsWithLineEnd: true,
    *lines() {
      yield* header(year === '2023' ? COLUMNS_2023 : COLUMNS_2024)
      yield* orderLines(scope, year)
    },
  }))
}

const ITEM_COLUMNS = 'order_id\tline_number\tproduct_id\tquantity\tunit_price\tdiscount\tunit_cost\tgift_note'

/** `1.234,50` */
function decimalComma(cents: number): string {
  const [whole, fraction] = dollars(cents).split('.') as [string, string]
  return `${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${fraction}`
}

function itemLine(order: Order, item: OrderItem, quantity: string): string {
  return delimited(
    [
      order.id,
      item.lineNumber,
      item.productId,
      quantity,
      decimalComma(item.unitPrice),
      decimalComma(item.discount),
      decimalComma(item.unitCost),
      item.note,
    ],
    '\t',
  )
}

function* itemLines(order: Order): Iterable<Line> {
  for (const item of order.items) {
    const line = itemLine(order, item, String(item.quantity))
    if (item.lineNumber === 1 && order.index % 1_000 === 400) {
      yield { text: itemLine(order, item, 'zwei'), fate: 'quarantined' }
    }
    if (item.lineNumber === 1 && order.index % 3_000 === 600) {
      yield { text: line.replace(decimalComma(item.unitPrice), '12,3,4'), fate: 'quarantined' }
    }
    if (item.lineNumber === 1 && order.index % 4_000 === 800) yield { text: `${line}\tx\ty`, fate: 'quarantined' }
    // Short rows: the note is left out with its tab.
    yield { text: item.note === null && order.index % 20 === 0 ? line.replace(/\t$/, '') : line, fate: 'accepted' }
    if (item.lineNumber === 1 && order.index % 700 === 350) yield { text: line, fate: 'duplicate' }
  }
}

/** The warehouse's export: tabs, decimal comma, points between thousands. */
export function orderItemsFiles(scope: Scope): readonly DataFile[] {
  return YEARS.map((year) => ({
    path: `shop/order_items_${year}.tsv.gz`,
    encoding: 'utf-8',
    lineEnd: '\n',
    endsWithLineEnd: true,
    *lines() {
      yield* header(ITEM_COLUMNS)
      for (const order of ordersOfYear(scope, year)) yield* itemLines(order)
    },
  }))
}

/** In cents, for whoever checks totals. */
export function orderCost(order: Order): number {
  return order.items.reduce((sum, item) => sum + item.quantity * item.unitCost, 0)
}
