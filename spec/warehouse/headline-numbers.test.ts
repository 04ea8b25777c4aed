import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayNumber, isoDay } from '../../data-generator/calendar.ts'
import { FIRST_DAY, sizes } from '../../data-generator/scope.ts'
import { customerId } from '../../data-generator/shop/customers.ts'
import { stock } from '../../data-generator/shop/inventory.ts'
import { orders } from '../../data-generator/shop/orders.ts'
import { BuiltWarehouse } from './built-warehouse.ts'
import { AS_OF, type Bought, bought, delivered, groupBy, marginOf, orderDate, sumBy } from './expected.ts'
import { creditedRevenue } from './expected-credit.ts'

const scope = { scale: 1, seed: 42 }
const lastDay = isoDay(AS_OF)
const sold = bought(scope).filter(({ date }) => date <= lastDay)
const ads = delivered(scope)
const warehouse = new BuiltWarehouse()

const cents = (value: number) => (value / 100).toFixed(4)
const millionths = (value: bigint) => `${value / 1_000_000n}.${String(value % 1_000_000n).padStart(6, '0')}`
const total = (items: readonly Bought[], value: (item: Bought) => number) =>
  items.reduce((sum, item) => sum + value(item), 0)

beforeAll(async () => {
  const { code, stdout, stderr } = await warehouse.run('build')
  expect(code, stdout + stderr).toBe(0)
}, 300_000)

afterAll(() => warehouse.remove())

describe('facts', () => {
  it('hold every order, every line and every customer once', async () => {
    const all = [...orders(scope)]
    expect(
      await warehouse.query(`
        select
          (select count(*) from dev_warehouse.fct_orders where source_system = 'shop') as orders,
          (select count(*) from dev_warehouse.fct_order_items where source_system = 'shop') as lines,
          (select count(*) from dev_warehouse.fct_orders where is_cancelled) as cancelled,
          (select count(*) from dev_warehouse.fct_orders where customer_key is null) as guests,
          (select count(*) from dev_warehouse.dim_customer where source_system = 'shop' and is_current) as customers,
          (select count(*) from dev_warehouse.dim_product where source_system = 'shop' and is_current) as products,
          (select count(*) from dev_warehouse.dim_campaign where is_current) as campaigns,
          (select count(*) from dev_warehouse.fct_clickstream) as events`),
    ).toEqual([
      {
        orders: '12000',
        lines: String(all.reduce((sum, order) => sum + order.items.length, 0)),
        cancelled: String(all.filter((order) => order.status === 'cancelled').length),
        guests: String(all.filter((order) => order.customerId === null).length),
        customers: String(sizes(scope).customers),
        products: String(sizes(scope).products),
        campaigns: '25',
        events: '75000',
      },
    ])
  })

  it('give each order to the day that it was in Berlin', async () => {
    const rows = await warehouse.query(
      `select order_date, count(*) as orders from dev_warehouse.fct_orders where source_system = 'shop' group by all`,
    )
    const expected = sumBy(orders(scope), orderDate, () => 1)
    expect(new Map(rows.map((row) => [row.order_date as string, Number(row.orders)]))).toEqual(expected)
    const utc = sumBy(
      orders(scope),
      (order) => isoDay(Math.floor(order.orderedAt / 86_400)),
      () => 1,
    )
    expect(expected).not.toEqual(utc)
  })

  it('keep the superstore to the last digit', async () => {
    expect(
      await warehouse.query(
        `select count(*) as lines, sum(net_amount) as sales, sum(margin_amount) as profit
         from dev_warehouse.fct_order_items where source_system = 'superstore'`,
      ),
    ).toEqual([{ lines: '9994', sales: '2297200.8603', profit: '286397.0217' }])
  })

  it('hold what each platform delivered last, converted by the rate of the day', async () => {
    const rows = await warehouse.query(
      `select platform, count(*) as lines, sum(native_spend) as native, sum(spend) as spend, sum(impressions) as impressions,
              sum(platform_conversions) as conversions
       from dev_warehouse.fct_ad_daily group by platform order by platform`,
    )
    const expected = ['google_ads', 'meta'].map((platform) => {
      const lines = ads.filter((line) => line.platform === platform && line.spendMicros !== null)
      const sum = (value: (line: (typeof lines)[number]) => number) => lines.reduce((all, line) => all + value(line), 0)
      return {
        platform,
        lines: String(lines.length),
        native: millionths(BigInt(sum((line) => line.nativeMicros))),
        spend: millionths(lines.reduce((all, line) => all + (line.spendMicros as bigint), 0n)),
        impressions: String(sum((line) => line.impressions)),
        conversions: `${(sum((line) => line.conversions) / 100).toFixed(2)}0000`,
      }
    })
    expect(rows).toEqual(expected)
  })

  it('leave out what has no rate and keep it with its reason', async () => {
    const refused = ads.filter((line) => line.spendMicros === null)
    expect(refused.length).toBeGreaterThan(0)
    expect(
      await warehouse.query(
        `select count(*) as lines, sum(native_spend) as native, min(date_day) as first_day, max(date_day) as last_day, min(reason) as reason
         from dev_warehouse.ad_daily_refused`,
      ),
    ).toEqual([
      {
        lines: String(refused.length),
        native: millionths(BigInt(refused.reduce((sum, line) => sum + line.nativeMicros, 0))),
        // The last quote before the gap is of August 2, the first after it of August 19.
        first_day: '2024-08-10',
        last_day: '2024-08-18',
        reason: 'no exchange rate within 7 days',
      },
    ])
  })
})

describe('daily_sales', () => {
  it('has the revenue, margin, orders and new customers of each day', async () => {
    const rows = await warehouse.query(
      `select sales_date, revenue, margin, order_count, new_customer_count
       from dev_analytics.daily_sales where source_system = 'shop' order by sales_date`,
    )
    const byDay = groupBy(sold, ({ date }) => date)
    const expected = []
    for (let day = FIRST_DAY; day <= AS_OF; day++) {
      const items = byDay.get(isoDay(day)) ?? []
      expected.push({
        sales_date: isoDay(day),
        revenue: cents(total(items, ({ order }) => order.itemsTotal)),
        margin: cents(total(items, ({ order }) => marginOf(order))),
        order_count: String(items.length),
        new_customer_count: String(items.filter(({ isNewCustomer }) => isNewCustomer).length),
      })
    }
    expect(rows).toEqual(expected)
  })

  it('has no average where there is no order', async () => {
    const [row] = await warehouse.query(
      `select count(*) as days, count(average_order_value) as averages, count(margin_rate) as rates
       from dev_analytics.daily_sales where order_count = 0`,
    )
    expect(Number(row?.days)).toBeGreaterThan(0)
    expect(row).toMatchObject({ averages: '0', rates: '0' })
  })
})

describe('customer_metrics', () => {
  it('has orders, revenue and risk of each customer', async () => {
    const rows = await warehouse.query(
      `select customer_id, order_count, revenue, lifetime_value_to_date, churn_risk
       from dev_analytics.customer_metrics where source_system = 'shop' order by customer_id`,
    )
    const byCustomer = groupBy(sold, ({ order }) => order.customerId ?? '(guest)')
    const risk = (days: number) => (days <= 90 ? '0.1' : days <= 180 ? '0.4' : days <= 365 ? '0.7' : '0.9')
    const expected = Array.from({ length: sizes(scope).customers }, (_, index) => {
      const items = byCustomer.get(customerId(index)) ?? []
      const last = items.at(-1)
      return {
        customer_id: customerId(index),
        order_count: String(items.length),
        revenue: cents(total(items, ({ order }) => order.itemsTotal)),
        lifetime_value_to_date: cents(total(items, ({ order }) => marginOf(order))),
        churn_risk: last === undefined ? null : risk(AS_OF - dayNumber(last.date)),
      }
    })
    expect(rows).toEqual(expected)
    expect(new Set(rows.map((row) => row.churn_risk))).toEqual(new Set([null, '0.1', '0.4', '0.7', '0.9']))
  })

  it('projects margin a month over the expected months', async () => {
    const rows = await warehouse.query(
      `select lifetime_value_projected as projected, lifetime_value_to_date as so_far, average_order_value as average,
              orders_per_month as frequency, margin_rate as rate
       from dev_analytics.customer_metrics where order_count > 0`,
    )
    expect(rows.length).toBeGreaterThan(2_000)
    for (const row of rows) {
      const expected = Number(row.average) * Number(row.frequency) * Number(row.rate) * 24
      // The factors on the row are rounded to six digits.
      expect(Math.abs(Number(row.projected) - expected)).toBeLessThan(0.01 + Math.abs(expected) * 1e-3)
    }
  })
})

describe('product_metrics', () => {
  it('turns the stock over by cost of goods and average stock', async () => {
    const from = AS_OF - 366
    const recent = sold.filter(({ date }) => dayNumber(date) > from)
    const lines = recent.flatMap(({ order }) => order.items)
    const cost = sumBy(
      lines,
      (item) => String(item.productId),
      (item) => item.quantity * item.unitCost,
    )
    const stocked = new Map<string, Map<number, number>>()
    for (const item of stock(scope)) {
      if (item.day <= from || item.day > AS_OF) continue
      const days = stocked.get(String(item.productId)) ?? new Map<number, number>()
      stocked.set(String(item.productId), days.set(item.day, (days.get(item.day) ?? 0) + item.onHand * item.unitCost))
    }
    const rows = await warehouse.query(
      `select product_id, period_cost, average_stock_cost, inventory_turnover, days_of_inventory
       from dev_analytics.product_metrics where source_system = 'shop'`,
    )
    expect(rows).toHaveLength(sizes(scope).products)
    for (const row of rows) {
      const id = row.product_id as string
      const days = [...(stocked.get(id) ?? new Map<number, number>()).values()]
      const average = days.reduce((sum, value) => sum + value, 0) / days.length / 100
      const spent = (cost.get(id) ?? 0) / 100
      expect(Number(row.period_cost)).toBe(spent)
      expect(Number(row.average_stock_cost)).toBeCloseTo(average, 5)
      expect(Number(row.inventory_turnover)).toBeCloseTo(spent / average, 5)
      if (spent === 0) expect(row.days_of_inventory).toBeNull()
      else expect(Number(row.days_of_inventory)).toBeCloseTo((average * 366) / spent, 4)
    }
  })
})

describe('channel_performance', () => {
  const month = (date: string) => `${date.slice(0, 7)}-01`
  const key = (item: { date: string; channel: string }) => `${month(item.date)} ${item.channel}`
  const paid = new Set(['Paid search', 'Shopping', 'Display', 'Video', 'Paid social'])

  it('has the sums of each month and channel', async () => {
    const rows = await warehouse.query(
      `select month_start, channel, spend, clicks, order_count, revenue, new_customer_count
       from dev_analytics.channel_performance order by month_start, channel`,
    )
    const orders2024 = groupBy(
      sold.filter(({ date }) => date >= '2024'),
      key,
    )
    const lines = groupBy(
      ads.filter((line) => line.spendMicros !== null),
      key,
    )
    const keys = [...new Set([...orders2024.keys(), ...lines.keys()])].sort()
    const expected = keys.map((name) => {
      const [items, delivery] = [orders2024.get(name) ?? [], lines.get(name)]
      const channel = name.slice(11)
      const spend = (delivery ?? []).reduce((sum, line) => sum + (line.spendMicros as bigint), 0n)
      return {
        month_start: name.slice(0, 10),
        channel,
        spend: paid.has(channel) ? millionths(spend) : null,
        clicks: delivery === undefined ? null : String(delivery.reduce((sum, line) => sum + line.clicks, 0)),
        order_count: String(items.length),
        revenue: cents(total(items, ({ order }) => order.itemsTotal)),
        new_customer_count: String(items.filter(({ isNewCustomer }) => isNewCustomer).length),
      }
    })
    expect(rows).toEqual(expected)
    expect(rows.length).toBeGreaterThan(80)
  })

  it('divides sums and not averages', async () => {
    const [row] = await warehouse.query(
      `select ctr, cpc, roi, cac from dev_analytics.channel_performance
       where month_start = '2024-11-01' and channel = 'Display'`,
    )
    const lines = ads.filter((line) => key(line) === '2024-11-01 Display' && line.spendMicros !== null)
    const items = sold.filter((item) => key(item) === '2024-11-01 Display')
    const clicks = lines.reduce((sum, line) => sum + line.clicks, 0)
    const impressions = lines.reduce((sum, line) => sum + line.impressions, 0)
    const spend = Number(lines.reduce((sum, line) => sum + (line.spendMicros as bigint), 0n)) / 1e6
    const revenue = total(items, ({ order }) => order.itemsTotal) / 100
    expect(Number(row?.ctr)).toBeCloseTo(clicks / impressions, 5)
    expect(Number(row?.cpc)).toBeCloseTo(spend / clicks, 5)
    expect(Number(row?.roi)).toBeCloseTo((revenue - spend) / spend, 5)
    expect(Number(row?.cac)).toBeCloseTo(spend / items.filter(({ isNewCustomer }) => isNewCustomer).length, 4)
    const averaged = lines.reduce((sum, line) => sum + line.clicks / line.impressions, 0) / lines.length
    expect(Math.abs(averaged - clicks / impressions)).toBeGreaterThan(0.0001)
  })
})

describe('campaign_attribution', () => {
  it('credits each campaign as every model does', async () => {
    const rows = await warehouse.query(
      'select attribution_model, campaign_code, credited_revenue from dev_analytics.campaign_attribution',
    )
    const expected = creditedRevenue(scope, sold)
    expect(new Set(rows.map((row) => `${row.attribution_model} ${row.campaign_code}`)).size).toBe(rows.length)
    for (const row of rows) {
      const key = `${row.attribution_model} ${row.campaign_code}`
      expect(Number(row.credited_revenue), key).toBeCloseTo((expected.get(key) ?? 0) / 100, 3)
    }
    for (const [key, revenue] of expected)
      if (revenue > 0) expect(rows.map((row) => `${row.attribution_model} ${row.campaign_code}`)).toContain(key)
  })
})
