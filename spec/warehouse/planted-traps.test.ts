import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RESTATED, TRIPLE_REPORTED } from '../../data-generator/ads/meta.ts'
import type { FileFacts } from '../../data-generator/files/write-file.ts'
import { customerId, RESTLESS_CUSTOMER } from '../../data-generator/shop/customers.ts'
import { UNKNOWN_CAMPAIGN, visits } from '../../data-generator/web/visits.ts'
import { BuiltWarehouse } from './built-warehouse.ts'

const warehouse = new BuiltWarehouse()
const made = visits({ scale: 1, seed: 42 })
const unknownCampaign = made.filter(({ trackingCode }) => trackingCode === UNKNOWN_CAMPAIGN).length
const unknownCountry = made.filter(({ country }) => country === null).length

/** Files of each source table, by what their paths begin with. */
const TABLES: Readonly<Record<string, string>> = {
  'shop.customers': 'shop/customers',
  'shop.products': 'shop/products',
  'shop.campaigns': 'shop/campaigns',
  'shop.orders': 'shop/orders_',
  'shop.order_items': 'shop/order_items_',
  'shop.clickstream': 'shop/clickstream_',
  'shop.inventory': 'shop/inventory',
  'google_ads.campaign_daily': 'google_ads/campaign_daily_',
  'google_ads.geographic': 'google_ads/geographic_',
  'meta.insights': 'meta/insights_',
  'meta.country': 'meta/country_',
  'adobe.hits': 'adobe/01-',
  'adobe.mobile_attributes': 'adobe/lookup/mobile',
  'reference.exchange_rates': 'reference/',
  'superstore.orders': 'superstore/',
}

function counted(prefix: string) {
  const { files } = JSON.parse(readFileSync(join(warehouse.folder, 'data/contents.json'), 'utf8')) as {
    files: readonly FileFacts[]
  }
  const mine = files.filter((file) => file.path.startsWith(prefix))
  const sum = (fate: 'accepted' | 'quarantined' | 'duplicate') => mine.reduce((all, file) => all + file[fate], 0)
  return { accepted: sum('accepted'), quarantined: sum('quarantined'), duplicate: sum('duplicate') }
}

beforeAll(async () => {
  const { code, stdout, stderr } = await warehouse.run('build')
  expect(code, stdout + stderr).toBe(0)
}, 300_000)

afterAll(() => warehouse.remove())

describe('every record ends where it should', () => {
  it.each(Object.entries(TABLES))('%s', async (table, prefix) => {
    const { accepted, quarantined, duplicate } = counted(prefix)
    const response = warehouse.results().get(`source.tsdbt_warehouse.${table}`)?.adapter_response
    expect(response).toMatchObject({
      rows_input: accepted + quarantined + duplicate,
      rows_accepted: accepted,
      rows_quarantined: quarantined,
      rows_duplicate: duplicate,
    })
    const relation = `dev_raw_${table}`
    expect(
      await warehouse.query(
        `select (select count(*) from ${relation}) as accepted, (select count(*) from ${relation}__quarantine) as quarantined`,
      ),
    ).toEqual([{ accepted: String(accepted), quarantined: String(quarantined) }])
  })
})

describe('quarantine', () => {
  const refused = (table: string) =>
    warehouse.query(
      `select column_name, count(*) as records from dev_warehouse.quarantined_rows where table_name = '${table}'
       group by column_name order by column_name nulls first`,
    )

  it('names the column at fault, and none where the record as a whole is', async () => {
    expect(await refused('orders')).toEqual([
      { column_name: null, records: '3' },
      { column_name: 'items_total', records: '8' },
      { column_name: 'ordered_at', records: '4' },
    ])
    expect(await refused('customers')).toEqual([
      { column_name: null, records: '4' },
      { column_name: 'birth_date', records: '2' },
    ])
    expect(await refused('order_items')).toEqual([
      { column_name: null, records: '3' },
      { column_name: 'quantity', records: '12' },
      { column_name: 'unit_price', records: '4' },
    ])
  })

  it('keeps the record as it stands in the file, with its place', async () => {
    const [row] = await warehouse.query(
      `select file_path, line_number, column_name, raw_text, reason from dev_warehouse.quarantined_rows
       where table_name = 'orders' and raw_text like '%-02-30T%' order by file_path, line_number`,
    )
    expect(row).toMatchObject({ file_path: 'data/shop/orders_2023.csv.gz', column_name: 'ordered_at' })
    expect(row?.raw_text).toContain('2023-02-30T10:00:00Z')
    expect(row?.reason).toMatch(/\S/)
  })
})

describe('values', () => {
  it('keep leading zeros, large numbers and line breaks', async () => {
    expect(
      await warehouse.query(
        `select (select min(customer_id) from dev_staging.stg_shop__customers) as customer,
                (select min(sku) from dev_staging.stg_shop__products) as sku,
                (select count(*) from dev_staging.stg_shop__customers where postal_code like '0%' and length(postal_code) = 5) > 100 as postal,
                (select count(distinct product_id) - count(distinct cast(product_id as double)) from dev_staging.stg_shop__products) > 300 as collide,
                (select count(*) from dev_staging.stg_shop__order_items where gift_note like '%' || chr(10) || 'Love, Ann') > 50 as notes,
                (select count(*) from dev_staging.stg_shop__customers where address like '%' || chr(10) || 'c/o "%') > 50 as addresses`,
      ),
    ).toEqual([
      { customer: '00000001', sku: '0000011', postal: 'true', collide: 'true', notes: 'true', addresses: 'true' },
    ])
  })

  it('are decoded', async () => {
    const [row] = await warehouse.query(
      `select count(*) filter (where regexp_matches(last_name, '[äöüßéèç]')) as accents, count(*) filter (where last_name like '%\uFFFD%') as broken
       from dev_staging.stg_shop__customers`,
    )
    expect(Number(row?.accents)).toBeGreaterThan(20)
    expect(row?.broken).toBe('0')
  })

  it('are every state of a customer, null among them, and the latest one as now', async () => {
    expect(
      await warehouse.query(
        `select (select list(country order by updated_at) from dev_raw_shop.customers where customer_id = '${customerId(RESTLESS_CUSTOMER)}') as versions,
                (select list(country_code order by valid_from) from dev_warehouse.dim_customer where source_system = 'shop' and customer_id = '${customerId(RESTLESS_CUSTOMER)}') as kept,
                (select list(valid_from order by valid_from) from dev_warehouse.dim_customer where source_system = 'shop' and customer_id = '${customerId(RESTLESS_CUSTOMER)}') as since,
                (select country_code from dev_warehouse.dim_customer where is_current and source_system = 'shop' and customer_id = '${customerId(RESTLESS_CUSTOMER)}') as now`,
      ),
    ).toEqual([
      {
        versions: expect.stringMatching(/^\[NULL, .?DE.?, NULL\]$/i),
        kept: expect.stringMatching(/^\[NULL, .?DE.?, NULL\]$/i),
        since: expect.stringMatching(/1900-01-01.*2024-05-01.*2024-09-01/),
        now: null,
      },
    ])
  })

  it('are the final state of orders that were open at the end of the year', async () => {
    expect(
      await warehouse.query(
        `select count(*) filter (where status = 'pending') as still_pending, count(*) > 200 as enough
         from dev_warehouse.fct_orders where source_system = 'shop' and order_date between '2023-12-21' and '2023-12-30'`,
      ),
    ).toEqual([{ still_pending: '0', enough: 'true' }])
  })
})

describe('advertising', () => {
  const day = (date: string, ad: string) =>
    warehouse.query(
      `select platform_conversions from dev_warehouse.fct_ad_daily where date_day = '${date}' and creative_id = '${ad}'`,
    )

  it('counts one purchase once, whatever its names', async () => {
    expect(await day(TRIPLE_REPORTED.day, TRIPLE_REPORTED.ad)).toEqual([{ platform_conversions: '3.000000' }])
  })

  it('keeps one row of a day that came twice, the later one', async () => {
    expect(await day(RESTATED.day, RESTATED.ad)).toEqual([{ platform_conversions: '6.000000' }])
  })

  it('reads micros exactly', async () => {
    expect(
      await warehouse.query(
        `select native_spend from dev_warehouse.fct_ad_daily
         where platform = 'google_ads' and date_day = '2024-03-15' and campaign_id = '20931847001' and device = 'mobile' and native_spend < 21 and native_spend > 20`,
      ),
    ).toEqual([{ native_spend: '20.836690' }])
  })

  it('keeps conversions of clicks that were taken back, and warns', async () => {
    expect(
      await warehouse.query(
        `select date_day, impressions, clicks, platform_conversions from dev_warehouse.fct_ad_daily
         where clicks = 0 and platform_conversions > 0 order by date_day`,
      ),
    ).toEqual([
      expect.objectContaining({ date_day: '2024-03-18', impressions: '0', platform_conversions: '1.500000' }),
      expect.objectContaining({ date_day: '2024-03-19', clicks: '0', platform_conversions: '5.000000' }),
    ])
    const warned = [...warehouse.results().values()].filter((result) => result.status === 'warn')
    expect(new Map(warned.map((result) => [result.unique_id.split('.')[2], result.failures]))).toEqual(
      new Map([
        ['conversions_exceed_clicks', 2],
        ['visits_of_an_unknown_campaign', unknownCampaign],
        ['visits_of_an_unknown_country', unknownCountry],
      ]),
    )
  })

  it('carries a rate over Good Friday and the weekend, and not over a gap', async () => {
    expect(
      await warehouse.query(
        `select date_day, quoted_on from dev_warehouse.exchange_rates_daily
         where currency = 'GBP' and date_day in ('2024-03-30', '2024-08-09', '2024-08-10') order by date_day`,
      ),
    ).toEqual([
      { date_day: '2024-03-30', quoted_on: '2024-03-28' },
      { date_day: '2024-08-09', quoted_on: '2024-08-02' },
    ])
  })

  it('has no row for a campaign that never ran and no ratio for one at no spend', async () => {
    expect(
      await warehouse.query(
        `select campaigns.campaign_code, count(facts.date_day) > 0 as ran, sum(facts.spend) as spend
         from dev_warehouse.dim_campaign as campaigns
         left join dev_warehouse.fct_ad_daily as facts on facts.campaign_key = campaigns.campaign_key
         where campaigns.campaign_code in ('GO-009', 'ME-016') group by all order by all`,
      ),
    ).toEqual([
      { campaign_code: 'GO-009', ran: 'false', spend: null },
      { campaign_code: 'ME-016', ran: 'true', spend: '0.000000' },
    ])
  })
})

describe('the web feed', () => {
  it('is declared column by column as its lookup file says', () => {
    const headers = readFileSync(join(warehouse.folder, 'data/adobe/lookup/column_headers.tsv'), 'utf8')
      .trim()
      .split('\t')
    const yaml = readFileSync(join(warehouse.folder, 'models/staging/adobe/adobe__sources.yml'), 'utf8')
    const declared = [...yaml.split('- name: mobile_attributes')[0]!.matchAll(/- \{ name: (\w+),/g)].map(
      ([, name]) => name,
    )
    expect(declared).toEqual(headers)
  })

  it('counts neither robots nor imported purchases, and no hit twice', async () => {
    expect(
      await warehouse.query(
        `select count(*) filter (where exclude_hit <> 0) > 300 as robots, count(*) filter (where hit_source = 5) > 30 as imported,
                (select count(*) from dev_warehouse.int_visit_hits where purchase_id like 'OFF-%') as imported_and_counted,
                (select count(*) from dev_warehouse.int_visit_hits) as counted
         from dev_raw_adobe.hits`,
      ),
    ).toEqual([
      {
        robots: 'true',
        imported: 'true',
        imported_and_counted: '0',
        counted: String(made.reduce((sum, { hits }) => sum + hits.length, 0)),
      },
    ])
  })

  it('gives late hits to the visit in which they were made', async () => {
    const [row] = await warehouse.query(
      `select count(*) filter (where files > 1) as torn, count(*) as visits from (
         select count(distinct _file) as files from dev_raw_adobe.hits where exclude_hit = 0 and hit_source = 1
         group by post_visid_high, post_visid_low, visit_num, visit_start_time_gmt)`,
    )
    expect(Number(row?.torn)).toBeGreaterThan(5)
    expect(row?.visits).toBe(String(made.length))
  })

  it('reports one purchase in one visit twice, and once more on another day', async () => {
    expect(
      await warehouse.query(
        `select count(*) filter (where reports > visits) > 20 as twice_in_a_visit, count(*) filter (where visits > 1) > 5 as in_two_visits,
                max(conversions) as conversions
         from (select purchase_id, count(*) as reports, count(distinct hits.visit_key) as visits,
                      count(distinct conversions.order_key) as conversions
               from dev_warehouse.int_visit_hits as hits
               left join dev_warehouse.fct_conversions as conversions on conversions.order_id = hits.purchase_id
               where is_purchase group by purchase_id)`,
      ),
    ).toEqual([{ twice_in_a_visit: 'true', in_two_visits: 'true', conversions: '1' }])
  })

  it('keeps visitors of 64 bits apart, and codes typed in lower case together', async () => {
    const [row] = await warehouse.query(
      `select count(*) filter (where try_cast(post_visid_high as bigint) is null) > 1000 as too_wide,
              count(*) filter (where post_campaign <> upper(post_campaign)) > 50 as lower_case,
              (select count(*) from dev_warehouse.fct_sessions where tracking_code <> upper(tracking_code)) as kept
       from dev_raw_adobe.hits`,
    )
    expect(row).toEqual({ too_wide: 'true', lower_case: 'true', kept: '0' })
  })

  it('has a tab inside a value, which is one cell too many', async () => {
    const refused = await warehouse.query(
      `select raw_text, column_name from dev_warehouse.quarantined_rows where source_name = 'adobe'`,
    )
    expect(refused.length).toBeGreaterThan(10)
    for (const { raw_text, column_name } of refused) {
      expect(raw_text).toContain('robot\\\tprobe')
      expect(column_name).toBeNull()
    }
  })
})
