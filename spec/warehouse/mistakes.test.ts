import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BuiltWarehouse } from './built-warehouse.ts'

/** A mistake that is often made, as an edit of the project, and the test of the project that must stop it. */
interface Mistake {
  readonly what: string
  readonly file: string
  readonly edits: readonly (readonly [from: string, to: string])[]
  readonly select: string
  readonly caughtBy: string
}

const channelPerformance = 'models/analytics/channel_performance.sql'

const MISTAKES: readonly Mistake[] = [
  {
    what: 'summaries that are crossed, so that totals multiply',
    file: channelPerformance,
    edits: [['    and ads.channel = channel_months.channel\n', '']],
    select: 'channel_performance',
    caughtBy: 'channel_performance_adds_up',
  },
  {
    what: 'a channel that is credited with all sales of the period',
    file: channelPerformance,
    edits: [['    and sales.channel = channel_months.channel\n', '']],
    select: 'channel_performance',
    caughtBy: 'channel_performance_adds_up',
  },
  {
    what: 'the mean of ratios',
    file: channelPerformance,
    edits: [
      [
        '    sum(facts.clicks) as clicks,',
        '    sum(facts.clicks) as clicks, avg(facts.clicks * 1.0 / nullif(facts.impressions, 0)) as mean_ctr,',
      ],
      ['    ads.clicks,', '    ads.clicks, ads.mean_ctr,'],
      ['{{ratio "clicks" "impressions"}} as ctr', 'mean_ctr as ctr'],
    ],
    select: 'channel_performance',
    caughtBy: 'ratios_come_from_sums',
  },
  {
    what: 'zero where a ratio is unknown',
    file: channelPerformance,
    edits: [
      ['{{ratio "spend" "new_customer_count"}} as cac', 'coalesce({{ratio "spend" "new_customer_count"}}, 0) as cac'],
    ],
    select: 'channel_performance',
    caughtBy: 'ratios_come_from_sums',
  },
  {
    what: 'whole numbers divided as whole numbers',
    file: 'macros/money.sql',
    edits: [
      [
        'cast({{column}} * cast(0.000001 as numeric(7, 6)) as numeric(18, 6))',
        'cast({{column}} // 1000000 as numeric(18, 6))',
      ],
    ],
    select: 'stg_google_ads__campaign_daily fct_ad_daily ad_daily_refused',
    caughtBy: 'ad_spend_equals_the_platforms',
  },
  {
    what: 'repeats removed by a part of the key',
    file: 'models/staging/google_ads/stg_google_ads__campaign_daily.sql',
    edits: [
      [
        'partition by customer_id, date, campaign_id, ad_group_id, device, ad_network_type',
        'partition by customer_id, date, campaign_id, ad_group_id',
      ],
    ],
    select: 'stg_google_ads__campaign_daily fct_ad_daily ad_daily_refused',
    caughtBy: 'ad_spend_equals_the_platforms',
  },
  {
    what: 'repeats that are not removed',
    file: 'models/staging/shop/stg_shop__orders.sql',
    edits: [['where versions.age = 1', '']],
    select: 'stg_shop__orders',
    caughtBy: 'unique_stg_shop__orders_order_id',
  },
  {
    what: 'one purchase added up under three names',
    file: 'macros/meta_actions.sql',
    edits: [
      [
        'coalesce(\n  {{action_value actions "omni_purchase"}},\n',
        '(\n  coalesce({{action_value actions "omni_purchase"}}, 0) +\n',
      ],
      ['  {{action_value actions "purchase"}},\n', '  coalesce({{action_value actions "purchase"}}, 0) +\n'],
      [
        '  {{action_value actions "offsite_conversion.fb_pixel_purchase"}},\n  0\n',
        '  coalesce({{action_value actions "offsite_conversion.fb_pixel_purchase"}}, 0)\n',
      ],
    ],
    select: 'stg_meta__insights',
    caughtBy: 'a_purchase_counts_once',
  },
  {
    what: 'cancelled orders that count',
    file: 'models/analytics/daily_sales.sql',
    edits: [['sum(case when is_cancelled then 0 else items_amount end) as revenue', 'sum(items_amount) as revenue']],
    select: 'daily_sales',
    caughtBy: 'daily_sales_add_up',
  },
  {
    what: 'large numbers read as doubles',
    file: 'models/warehouse/dim_product.sql',
    edits: [
      [
        '{{surrogate_key (list "source_system" "product_id")}}',
        '{{surrogate_key (list "source_system" "coalesce(cast(cast(try_cast(product_id as double) as bigint) as text), product_id)")}}',
      ],
    ],
    select: 'dim_product',
    caughtBy: 'one_current_version_of_a_product',
  },
  {
    what: 'facts joined to the version that is valid now',
    file: 'models/warehouse/fct_orders.sql',
    edits: [['  and {{valid_at "customers" "keyed.ordered_at"}}\n', '  and customers.is_current\n']],
    select: 'fct_orders',
    caughtBy: 'facts_refer_to_the_version_of_their_time',
  },
  {
    what: 'facts joined to every version',
    file: 'models/warehouse/fct_orders.sql',
    edits: [['  and {{valid_at "customers" "keyed.ordered_at"}}\n', '']],
    select: 'fct_orders',
    caughtBy: 'unique_fct_orders_order_key',
  },
  {
    what: 'a rate that is carried for ever',
    file: 'models/warehouse/exchange_rates_daily.sql',
    edits: [['    and rates.rate_date >= {{days_before "days.date_day" (var "exchange_rate_max_age_days")}}\n', '']],
    select: 'exchange_rates_daily',
    caughtBy: 'rates_are_carried_over_no_gap',
  },
  {
    what: 'a risk for customers who never bought',
    file: 'models/analytics/customer_metrics.sql',
    edits: [['      when days_since_last_order > 365 then 0.9\n', '      else 0.9\n']],
    select: 'customer_metrics',
    caughtBy: 'customers_who_never_bought_have_no_risk',
  },
]

const warehouse = new BuiltWarehouse()

beforeAll(async () => {
  const project = join(warehouse.folder, 'project.yml')
  const text = readFileSync(project, 'utf8')
  expect(text).toContain('+contract: { enforced: true }')
  writeFileSync(project, text.replace('+contract: { enforced: true }', '+contract: { enforced: false }'))
  const { code, stdout, stderr } = await warehouse.run('build')
  expect(code, stdout + stderr).toBe(0)
}, 300_000)

afterAll(() => warehouse.remove())

// Unit tests and contracts would stop some of them before there are rows to test.
it.each(MISTAKES)('$what: stopped by $caughtBy', async ({ file, edits, select, caughtBy }) => {
  const path = join(warehouse.folder, file)
  const before = readFileSync(path, 'utf8')
  try {
    let text = before
    for (const [from, to] of edits) {
      expect(text, `${file} no longer holds what is to be broken`).toContain(from)
      text = text.replace(from, () => to)
    }
    writeFileSync(path, text)
    const { code, stdout, stderr } = await warehouse.run(
      'build',
      '--select',
      select,
      '--exclude-resource-type',
      'unit_test',
    )
    expect(code, stdout + stderr).toBe(1)
    const failed = [...warehouse.results().values()].filter(({ status }) => status === 'fail')
    expect(failed.map(({ unique_id }) => unique_id.split('.')[2])).toContain(caughtBy)
  } finally {
    writeFileSync(path, before)
  }
})
