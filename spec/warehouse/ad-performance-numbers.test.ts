import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countryDays } from '../../data-generator/ads/by-country.ts'
import { GOOGLE_ACCOUNTS } from '../../data-generator/ads/google.ts'
import { META_ACCOUNT } from '../../data-generator/ads/meta.ts'
import { isoDay } from '../../data-generator/calendar.ts'
import { campaigns } from '../../data-generator/shop/campaigns.ts'
import { BuiltWarehouse } from './built-warehouse.ts'
import { AS_OF, bought, converter, delivered, groupBy, orderDate, sumBy } from './expected.ts'
import { experimentArms } from './expected-credit.ts'
import { adTestArms, cohorts, FIRST_AD_DAY, measuredVisits, orderCountries, weekStart } from './expected-web.ts'

const scope = { scale: 1, seed: 42 }
const lastDay = isoDay(AS_OF)
const sold = bought(scope).filter(({ date }) => date <= lastDay)
const measured = measuredVisits(scope)
const visits = measured.filter(({ date }) => date >= FIRST_AD_DAY && date <= lastDay)
const warehouse = new BuiltWarehouse()

const cents = (value: number) => (value / 100).toFixed(4)
const millionths = (value: bigint) => `${value / 1_000_000n}.${String(value % 1_000_000n).padStart(6, '0')}`
const sum = <T>(items: readonly T[], value: (item: T) => number) => items.reduce((all, item) => all + value(item), 0)
const month = (date: string) => `${date.slice(0, 7)}-01`

beforeAll(async () => {
  const { code, stdout, stderr } = await warehouse.run('build')
  expect(code, stdout + stderr).toBe(0)
}, 300_000)

afterAll(() => warehouse.remove())

describe('visits', () => {
  it('are those that were made, with their hits, whenever these were delivered', async () => {
    expect(
      await warehouse.query(
        `select count(*) as visits, count(distinct visitor_id) as visitors, sum(hit_count) as hits, sum(page_view_count) as pages,
                sum(duration_seconds) as seconds, count(*) filter (where is_bounce) as bounces, sum(purchase_count) as purchases
         from dev_warehouse.fct_sessions`,
      ),
    ).toEqual([
      {
        visits: String(measured.length),
        visitors: String(new Set(measured.map(({ visit }) => visit.visitor)).size),
        hits: String(sum(measured, ({ visit }) => visit.hits.length)),
        pages: String(sum(measured, ({ pages }) => pages)),
        seconds: String(sum(measured, ({ seconds }) => seconds)),
        bounces: String(measured.filter(({ isBounce }) => isBounce).length),
        purchases: String(measured.filter(({ step }) => step === 5).length),
      },
    ])
  })
})

describe('mart_campaign_trends', () => {
  it('has the sums of each day and campaign', async () => {
    const rows = await warehouse.query(
      `select date_day, campaign_code, spend, clicks, conversions, revenue, ad_revenue, visits, bounces, visit_seconds, page_views
       from dev_analytics.mart_campaign_trends order by date_day, campaign_code`,
    )
    const all = campaigns(scope)
    const paid = new Set(
      all.filter(({ platform }) => platform === 'google_ads' || platform === 'meta').map((c) => c.code),
    )
    const codes = new Map(all.map(({ externalId, code }) => [externalId, code]))
    const ads = groupBy(
      delivered(scope).filter((line) => line.spendMicros !== null),
      (line) => `${line.date} ${codes.get(line.campaignId)}`,
    )
    const orders = groupBy(
      sold.filter(({ date }) => date >= FIRST_AD_DAY),
      ({ date, order }) => `${date} ${order.campaignCode ?? '(direct)'}`,
    )
    const seen = groupBy(visits, ({ date, campaign }) => `${date} ${campaign}`)
    const keys = [...new Set([...ads.keys(), ...orders.keys(), ...seen.keys()])].sort()
    expect(rows.length).toBeGreaterThan(5_000)
    expect(rows).toEqual(
      keys.map((key) => {
        const [lines, bought, made] = [ads.get(key) ?? [], orders.get(key) ?? [], seen.get(key) ?? []]
        const isPaid = paid.has(key.slice(11))
        return {
          date_day: key.slice(0, 10),
          campaign_code: key.slice(11),
          spend: isPaid ? millionths(lines.reduce((all, line) => all + (line.spendMicros as bigint), 0n)) : null,
          clicks: isPaid ? String(sum(lines, (line) => line.clicks)) : null,
          conversions: String(bought.length),
          revenue: cents(sum(bought, ({ order }) => order.itemsTotal)),
          ad_revenue: cents(isPaid ? sum(bought, ({ order }) => order.itemsTotal) : 0),
          visits: String(made.length),
          bounces: String(made.filter(({ isBounce }) => isBounce).length),
          visit_seconds: String(sum(made, ({ seconds }) => seconds)),
          page_views: String(sum(made, ({ pages }) => pages)),
        }
      }),
    )
  })
})

describe('mart_funnel', () => {
  it('has the visits of each week, campaign and step', async () => {
    const rows = await warehouse.query(
      `select week_start, campaign_code, step_number, visits, step_conversion
       from dev_analytics.mart_funnel order by week_start, campaign_code, step_number`,
    )
    const made = groupBy(
      measured.filter(({ date }) => date <= lastDay),
      ({ date, campaign }) => `${weekStart(date)} ${campaign}`,
    )
    const expected = [...made.keys()].sort().flatMap((key) =>
      [1, 2, 3, 4, 5].map((step) => {
        const reached = (number: number) => made.get(key)!.filter((visit) => visit.step >= number).length
        const before = reached(Math.max(1, step - 1))
        return {
          week_start: key.slice(0, 10),
          campaign_code: key.slice(11),
          step_number: String(step),
          visits: String(reached(step)),
          step_conversion: before === 0 ? null : (reached(step) / before).toFixed(6),
        }
      }),
    )
    expect(rows).toEqual(expected)
  })
})

describe('mart_cohort_retention', () => {
  it('has the active customers of each cohort and month', async () => {
    const rows = await warehouse.query(
      `select cohort_month, activity_month, eligible_customers, active_customers
       from dev_analytics.mart_cohort_retention where active_customers > 0 order by cohort_month, activity_month`,
    )
    const active = cohorts(sold)
    expect(rows).toEqual(
      [...active.keys()].sort().map((key) => ({
        cohort_month: key.slice(0, 10),
        activity_month: key.slice(11),
        eligible_customers: String(active.get(`${key.slice(0, 10)} ${key.slice(0, 10)}`)!.size),
        active_customers: String(active.get(key)!.size),
      })),
    )
    const [row] = await warehouse.query('select count(*) as rows from dev_analytics.mart_cohort_retention')
    // A triangle of 24 cohorts.
    expect(row).toEqual({ rows: '300' })
  })
})

describe('mart_geo_emea', () => {
  it('has the spend, visits and revenue of each month and country', async () => {
    const emea = new Set(
      (await warehouse.query('select country_code from dev_seeds.countries where is_emea')).map(
        (row) => row.country_code,
      ),
    )
    expect(emea.size).toBe(130)
    expect(['DE', 'TR', 'IR', 'NG', 'GE'].every((code) => emea.has(code))).toBe(true)
    expect(['US', 'IN', 'KZ', 'PK'].some((code) => emea.has(code))).toBe(false)
    const convert = converter(scope)
    const currencies = new Map<string, string>(GOOGLE_ACCOUNTS.map(({ id, currency }) => [id, currency]))
    const ads = groupBy(
      countryDays(scope).flatMap((line) => {
        const isGoogle = line.platform === 'google_ads'
        const currency = isGoogle ? currencies.get(line.accountId)! : META_ACCOUNT.currency
        const spend = convert(isGoogle ? line.cost : line.cost * 10_000, line.day, currency)
        return spend === null || !emea.has(line.country) ? [] : [{ ...line, spend }]
      }),
      (line) => `${month(isoDay(line.day))} ${line.country}`,
    )
    const countries = orderCountries(scope, sold)
    const paid = new Set(
      campaigns(scope)
        .filter(({ platform }) => platform === 'google_ads' || platform === 'meta')
        .map((c) => c.code),
    )
    const orders = groupBy(
      sold
        .map((item, index) => ({ ...item, country: countries[index] as string | null }))
        .filter(({ date, country }) => date >= FIRST_AD_DAY && emea.has(country)),
      ({ date, country }) => `${month(date)} ${country}`,
    )
    const made = groupBy(
      visits.filter(({ visit }) => emea.has(visit.country)),
      ({ date, visit }) => `${month(date)} ${visit.country}`,
    )
    const rows = await warehouse.query(
      `select month_start, country_code, clicks, spend, visits, conversions, revenue, ad_revenue
       from dev_analytics.mart_geo_emea order by month_start, country_code`,
    )
    const keys = [...new Set([...ads.keys(), ...orders.keys(), ...made.keys()])].sort()
    expect(rows.length).toBeGreaterThan(300)
    expect(rows).toEqual(
      keys.map((key) => {
        const [lines, bought] = [ads.get(key) ?? [], orders.get(key) ?? []]
        return {
          month_start: key.slice(0, 10),
          country_code: key.slice(11),
          clicks: String(sum(lines, (line) => line.clicks)),
          spend: millionths(lines.reduce((all, line) => all + line.spend, 0n)),
          visits: String((made.get(key) ?? []).length),
          conversions: String(bought.length),
          revenue: cents(sum(bought, ({ order }) => order.itemsTotal)),
          ad_revenue: cents(sum(bought, ({ order }) => (paid.has(order.campaignCode ?? '') ? order.itemsTotal : 0))),
        }
      }),
    )
  })
})

describe('mart_ab_test', () => {
  it('counts each visitor once, in the arm that was seen alone', async () => {
    const rows = await warehouse.query(
      `select experiment, variant, visitors, conversions from dev_analytics.mart_ab_test order by experiment, variant`,
    )
    const arms = [...experimentArms(scope, (at) => orderDate({ orderedAt: at })), ...adTestArms(scope)]
    expect(rows).toEqual(
      arms.map((arm) => ({ ...arm, visitors: String(arm.visitors), conversions: String(arm.conversions) })),
    )
  })

  it('takes its verdicts from the one place where they are made', async () => {
    const rows = await warehouse.query(
      `select experiment, verdict, z_score from dev_analytics.mart_ab_test where not is_control order by experiment`,
    )
    expect(rows).toEqual(
      await warehouse.query(
        'select experiment, verdict, z_score from dev_analytics.ab_test_results order by experiment',
      ),
    )
    const arms = sumBy(
      adTestArms(scope).filter(({ experiment }) => experiment === 'landing_page_video'),
      ({ variant }) => variant,
      ({ conversions, visitors }) => conversions / visitors,
    )
    expect(arms.get('variant')!).toBeGreaterThan(arms.get('control')!)
    expect(rows.map((row) => row.verdict)).toEqual([
      'no difference',
      'no verdict: the split is not the planned one',
      'variant is better',
      'no difference',
    ])
  })
})
