import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BuiltWarehouse } from './built-warehouse.ts'

const late = new BuiltWarehouse()
const whole = new BuiltWarehouse()

const DIGEST = `
  select platform, count(*) as lines, sum(native_spend) as spend, sum(platform_conversions) as conversions,
         count(*) filter (where is_mature) as mature
  from dev_warehouse.fct_ad_daily group by platform order by platform`

const ROWS = `
  select * exclude (loaded_at) from dev_warehouse.fct_ad_daily
  order by platform, date_day, campaign_id, ad_group_id, creative_id, device`

/** Moves the advertising files of the months for which `when` holds in or out of the project. */
function move(from: string, to: string, when: (month: string) => boolean): void {
  for (const folder of ['google_ads', 'meta']) {
    for (const name of readdirSync(join(late.folder, from, folder))) {
      const month = /\d{4}-\d{2}/.exec(name)?.[0]
      if (month === undefined || !when(month)) continue
      renameSync(join(late.folder, from, folder, name), join(late.folder, to, folder, name))
    }
  }
}

/** What depends on the advertising files and is looked at here. */
const ADVERTISING = [
  'source:google_ads source:meta stg_google_ads__campaign_daily stg_meta__insights',
  'stg_google_ads__country_daily stg_meta__country_daily',
  'int_ad_daily fct_ad_daily ad_daily_refused fct_ad_geo_daily',
  'channel_performance mart_campaign_trends mart_geo_emea',
].join(' ')

async function build(warehouse: BuiltWarehouse, ...flags: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await warehouse.run('build', ...flags)
  expect(code, stdout + stderr).toBe(0)
}

beforeAll(async () => {
  await build(whole)
}, 300_000)

afterAll(() => {
  late.remove()
  whole.remove()
})

describe('deliveries that come one after the other', () => {
  it('give the same facts as all of them at once, also when an old one comes last', { timeout: 300_000 }, async () => {
    for (const folder of ['google_ads', 'meta']) mkdirSync(join(late.folder, 'later', folder), { recursive: true })
    move('data', 'later', () => true)

    // First January to May without March, as of the end of May.
    move('later', 'data', (month) => month <= '2024-05' && month !== '2024-03')
    await build(late, '--vars', '{as_of_date: 2024-05-31}')
    const [google] = await late.query(DIGEST)
    expect(Number(google?.mature)).toBeLessThan(Number(google?.lines))

    // Then the rest of the year in one go.
    move('later', 'data', (month) => month > '2024-05')
    await build(late, '--select', ADVERTISING)

    // Last the file that was forgotten: days long mature, and some of them already delivered in a later state.
    move('later', 'data', (month) => month === '2024-03')
    await build(late, '--select', ADVERTISING)
    expect((await late.query(DIGEST)).map(({ platform, lines, mature }) => ({ platform, lines, mature }))).toEqual(
      (await whole.query(DIGEST)).map(({ platform, lines, mature }) => ({ platform, lines, mature })),
    )
  })

  it('are the same again when built from nothing', { timeout: 300_000 }, async () => {
    await build(late, '--full-refresh', '--select', ADVERTISING)
    expect(await late.query(ROWS)).toEqual(await whole.query(ROWS))
  })

  it('load nothing and change nothing when nothing is new', { timeout: 300_000 }, async () => {
    const before = await whole.query(ROWS)
    await build(whole)
    const loads = [...whole.results().values()].filter((result) => result.unique_id.startsWith('source.'))
    expect(loads).toHaveLength(16)
    for (const load of loads) expect(load.adapter_response, load.unique_id).toMatchObject({ rows_input: 0 })
    expect(await whole.query(ROWS)).toEqual(before)
  })
})
