import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { renderPlan } from '../../src/cli/render/plan.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { BatchedShop, batchDays, statuses } from './batched-shop.ts'

const days = (count: number, of = 1) =>
  Array.from({ length: count * of }, (_, i) => {
    const day = String(1 + Math.floor(i / of)).padStart(2, '0')
    const hour = String((i % of) * 5).padStart(2, '0')
    return [i + 1, `2026-01-${day} ${hour}:00:00`, (i + 1) * 10] as const
  })

/** A model whose query fails for the events of one day, which the variable `bad` names. */
const fragile = `select id, happened_at, cast(case when cast(happened_at as date) = cast({{literal (var "bad" "1999-01-01")}} as date)
  then 'no number' else cast(amount as varchar) end as integer) as amount from {{source "raw" "events"}}`

onEachDatabase((here) => {
  let shop: BatchedShop
  afterEach(() => shop.remove())

  describe('which batches there are', () => {
    it.each([
      [
        'hour',
        '2026-01-01',
        '2026-01-01 03:30:00',
        ['2026-01-01T00', '2026-01-01T01', '2026-01-01T02', '2026-01-01T03'],
      ],
      ['day', '2024-02-27 18:00:00', '2024-03-01', ['2024-02-27', '2024-02-28', '2024-02-29']],
      ['month', '2023-12-31', '2024-03-01 00:00:01', ['2023-12', '2024-01', '2024-02', '2024-03']],
      ['year', '2023-06-30', '2026-01-01', ['2023', '2024', '2025']],
    ])('a first run takes each %s since `begin`', async (grain, begin, now, names) => {
      shop = new BatchedShop(here).model('m', '', undefined, `batch_size="${grain}" begin="${begin}"`)
      await shop.events([
        [1, '2023-12-31 23:59:59', 1],
        [2, '2024-02-29 12:00:00', 1],
        [3, '2026-01-01 02:59:59', 1],
      ])
      const seen: string[] = []
      const on = (event: { type: string; batch?: { name: string } }) => {
        if (event.type === 'batch.finished') seen.push(event.batch!.name)
      }
      const report = await shop.build(now, {}, { on })
      expect(statuses(report)).toEqual({ m: 'success' })
      expect(seen.sort()).toEqual(names)
      const expected = { hour: [3], day: [2], month: [1, 2], year: [1, 2] }[grain]
      expect(await shop.ids('m')).toEqual(expected)
    })

    it('later runs take `lookback` batches before the last one, and replace whole windows', async () => {
      shop = new BatchedShop(here).model('m')
      await shop.events(days(9))
      await shop.build('2026-01-10 13:00:00')
      expect(await shop.ids('m')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
      // Late rows of the 9th and the 3rd; a row of the 9th is gone.
      await shop.rows(
        `insert into main.events values (20, '2026-01-09 22:00:00', 1), (21, '2026-01-03 01:00:00', 1) returning 1`,
      )
      await shop.rows('delete from main.events where id = 9 returning 1')
      const report = await shop.build('2026-01-10 14:00:00')
      expect(batchDays(report)).toEqual({ successful: ['2026-01-09', '2026-01-10'], failed: [] })
      expect(report.results[0]!.message).toBe('INSERT 1 in 2 batches')
      expect(await shop.ids('m')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 20])
      // On the boundary the day that just ended is the last batch.
      expect(batchDays(await shop.build('2026-01-11')).successful).toEqual(['2026-01-09', '2026-01-10'])
      shop.model('m', 'lookback=3')
      expect(batchDays(await shop.build('2026-01-11 00:00:01')).successful).toHaveLength(4)
      expect(await shop.ids('m')).not.toContain(21)
      const window = { eventTimeStart: '2026-01-03 12:00:00', eventTimeEnd: '2026-01-03T23:00:00Z' }
      expect(batchDays(await shop.build('2026-01-11', window)).successful).toEqual(['2026-01-03'])
      expect(await shop.ids('m')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 20, 21])
      // Doing it again changes nothing.
      await shop.build('2026-01-11', window)
      expect(await shop.ids('m')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 20, 21])
    })
  })

  it.each(['date', 'timestamp', 'timestamp with time zone'])('batches are days of UTC for a %s', async (type) => {
    shop = new BatchedShop(here).model('m', 'lookback=0')
    await shop.events(
      [
        [1, '2026-01-02', 1],
        [2, '2026-01-03', 1],
        [3, type === 'date' ? '2026-01-02' : '2026-01-02 23:30:00', 1],
      ],
      type,
    )
    if (type === 'timestamp with time zone')
      await shop.rows("insert into main.events values (4, '2026-01-02 23:30:00-05', 1) returning 1")
    await shop.build('2026-01-04')
    const before = await shop.ids('m')
    expect(before).toEqual(type === 'timestamp with time zone' ? [1, 2, 3, 4] : [1, 2, 3])
    await shop.rows('delete from main.events returning 1')
    await shop.build('2026-01-04', { eventTimeStart: '2026-01-02', eventTimeEnd: '2026-01-03' })
    expect(await shop.ids('m')).toEqual(type === 'timestamp with time zone' ? [2, 4] : [2])
  })

  it('hours of a date lie at its midnight', async () => {
    shop = new BatchedShop(here).model('m', '', undefined, 'batch_size="hour" begin="2026-01-01"')
    await shop.events(
      [
        [1, '2026-01-01', 1],
        [2, '2026-01-02', 1],
      ],
      'date',
    )
    expect(statuses(await shop.build('2026-01-02 02:00:00'))).toEqual({ m: 'success' })
    expect(await shop.ids('m')).toEqual([1, 2])
  })

  describe('a batch that fails', () => {
    it('leaves its window as it was, publishes the others, and can be run alone', async () => {
      shop = new BatchedShop(here, {
        'models/child.sql': 'select count(*) as n from {{ref "m"}}',
        'models/m.yml': 'models:\n  - name: m\n    columns: [{ name: id, tests: [unique, not_null] }]\n',
      }).model('m', '', fragile)
      await shop.events(days(5))
      await shop.build('2026-01-06')
      await shop.rows('update main.events set amount = amount + 1 returning 1')
      const window = { eventTimeStart: '2026-01-02', eventTimeEnd: '2026-01-05' }
      const bad = { vars: { bad: '2026-01-03' } }
      const report = await shop.build('2026-01-06', window, bad)
      expect(report.exitCode).toBe(1)
      expect(statuses(report)).toMatchObject({ m: 'partial success', child: 'skipped' })
      expect(batchDays(report)).toEqual({ successful: ['2026-01-02', '2026-01-04'], failed: ['2026-01-03'] })
      expect(report.diagnostics.map((d) => [d.code, d.span?.path, d.see])).toEqual([
        ['db/conversion', 'models/m.sql', 'target/compiled/shop/models/m/m_20260103.sql'],
      ])
      expect(report.diagnostics[0]!.message).toMatch(/ \(batch 2026-01-03\)$/)
      expect(await shop.rows('select amount from main.m order by id')).toEqual([[10], [21], [30], [41], [50]])
      const written = JSON.parse(readFileSync(join(shop.project.root, 'target/run_results.json'), 'utf8'))
      const entry = written.results.find((r: { unique_id: string }) => r.unique_id === 'model.shop.m')
      expect(entry.batch_results.failed).toEqual([['2026-01-03T00:00:00+00:00', '2026-01-04T00:00:00+00:00']])
      // The failed batch alone, also when everything was to be built anew.
      const again = { batches: { 'model.shop.m': entry.batch_results.failed }, fullRefresh: true }
      const repaired = await shop.build('2026-01-06', again)
      expect(statuses(repaired)).toMatchObject({ m: 'success', child: 'success' })
      expect(batchDays(repaired).successful).toEqual(['2026-01-03'])
      expect(await shop.rows('select amount from main.m order by id')).toEqual([[10], [21], [31], [41], [50]])
    })

    it('of a first run leaves a table with the good ones; of a full refresh it leaves the old table', async () => {
      shop = new BatchedShop(here).model('m', '', fragile)
      await shop.events(days(4))
      const first = await shop.build('2026-01-05', {}, { vars: { bad: '2026-01-02' } })
      expect(statuses(first)).toEqual({ m: 'partial success' })
      expect(first.results[0]!.message).toMatch(/^PARTIAL SUCCESS \(3\/4\)/)
      expect(await shop.ids('m')).toEqual([1, 3, 4])
      const all = await shop.build('2026-01-05', {
        batches: { 'model.shop.m': first.results[0]!.batchResults!.failed },
      })
      expect(statuses(all)).toEqual({ m: 'success' })
      expect(await shop.ids('m')).toEqual([1, 2, 3, 4])
      await shop.rows('delete from main.events where id = 4 returning 1')
      const refresh = await shop.build('2026-01-05', { fullRefresh: true }, { vars: { bad: '2026-01-03' } })
      expect(statuses(refresh)).toEqual({ m: 'error' })
      expect(batchDays(refresh)).toEqual({
        successful: [],
        failed: ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'],
      })
      expect(refresh.diagnostics.map((d) => d.code).sort()).toEqual(['db/conversion', 'run/refresh-incomplete'])
      expect(await shop.ids('m')).toEqual([1, 2, 3, 4])
      expect(statuses(await shop.build('2026-01-05', { fullRefresh: true }))).toEqual({ m: 'success' })
      expect(await shop.ids('m')).toEqual([1, 2, 3])
    })

    it('is tried again as the `retries` of its model say', async () => {
      const query = `select id, happened_at, cast(case when id = 2 and nextval('main.turns') < 3 then 'x' else '7' end as integer) as amount
        from {{source "raw" "events"}}`
      shop = new BatchedShop(here).model('m', 'retries=(dict attempts=2 delay=0 on="any")', query)
      await shop.events(days(3))
      await shop.rows('create sequence main.turns')
      const retried: string[] = []
      const on = (event: { type: string; name?: string }) => {
        if (event.type === 'node.retried') retried.push(event.name!)
      }
      expect(statuses(await shop.build('2026-01-04', {}, { on }))).toEqual({ m: 'success' })
      expect(retried).toEqual(['m (batch 2026-01-02)', 'm (batch 2026-01-02)'])
      expect(await shop.ids('m')).toEqual([1, 2, 3])
    })

    it('that takes longer than the `timeout` of its model ends the node, on whichever connection it runs', async () => {
      const long =
        '(select count(*) from generate_series(1, 1000000) as a(x), generate_series(1, 1000000) as b(y) where x + y = -1)'
      const query = `select id, happened_at, amount{{#if (var "long" false)}} + case when id = 2 then ${long} else 0 end{{/if}} as amount from {{source "raw" "events"}}`
      shop = new BatchedShop(here).model('m', 'timeout=(iif (var "long" false) "1s" null)', query)
      await shop.events(days(3))
      expect(statuses(await shop.build('2026-01-04'))).toEqual({ m: 'success' })
      const report = await shop.build(
        '2026-01-04',
        { eventTimeStart: '2026-01-01', eventTimeEnd: '2026-01-04' },
        { vars: { long: true } },
      )
      expect(report.results.map((r) => [r.status, r.diagnostics.map((d) => d.code)])).toEqual([
        ['error', ['run/timeout']],
      ])
      expect(await shop.ids('m')).toEqual([1, 2, 3])
    })

    it('ends the run with `--fail-fast`: what was not run is left as it was', async () => {
      shop = new BatchedShop(here).model('m', 'concurrent_batches=false', fragile)
      await shop.events(days(4))
      await shop.build('2026-01-05')
      await shop.rows('update main.events set amount = amount + 1 returning 1')
      const window = { eventTimeStart: '2026-01-01', eventTimeEnd: '2026-01-05', failFast: true }
      const report = await shop.build('2026-01-05', window, { vars: { bad: '2026-01-02' } })
      expect(batchDays(report)).toEqual({
        successful: ['2026-01-01'],
        failed: ['2026-01-02', '2026-01-03', '2026-01-04'],
      })
      expect(report.diagnostics).toHaveLength(1)
      expect(await shop.rows('select amount from main.m order by id')).toEqual([[11], [20], [30], [40]])
    })

    it('is one mistake however many batches have it, and an error when all do', async () => {
      shop = new BatchedShop(here).model(
        'm',
        '',
        fragile.replace('cast(happened_at as date) =', '1 = 1 or cast(happened_at as date) ='),
      )
      await shop.events(days(3))
      const report = await shop.build('2026-01-04')
      expect(statuses(report)).toEqual({ m: 'error' })
      expect(report.diagnostics).toHaveLength(1)
      expect(report.diagnostics[0]!.message).toMatch(/ \(3 of 3 batches\)$/)
      expect(await shop.rows("select count(*) from information_schema.tables where table_name like 'm%'")).toEqual([
        [0n].map(Number),
      ])
    })
  })

  it('publishes nothing when a test fails', async () => {
    shop = new BatchedShop(here, {
      'models/m.yml':
        'models:\n  - name: m\n    columns: [{ name: amount, tests: [{ accepted_values: { values: [10, 20, 30] } }] }]\n',
    }).model('m')
    await shop.events(days(3))
    await shop.build('2026-01-04')
    await shop.rows('update main.events set amount = 99 where id = 2 returning 1')
    await shop.rows("insert into main.events values (7, '2026-01-03 05:00:00', 30) returning 1")
    const report = await shop.build('2026-01-04', { eventTimeStart: '2026-01-01', eventTimeEnd: '2026-01-04' })
    expect(statuses(report)['m']).toBe('error')
    expect(batchDays(report)).toEqual({ successful: [], failed: ['2026-01-01', '2026-01-02', '2026-01-03'] })
    expect(await shop.rows('select id, amount from main.m order by id')).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ])
    const refreshed = await shop.build('2026-01-04', { fullRefresh: true })
    expect(statuses(refreshed)['m']).toBe('error')
    expect(await shop.ids('m')).toEqual([1, 2, 3])
  })

  it('a model that reads `this` runs its batches one after the other, all or none', async () => {
    const running = `select id, happened_at, ${'{{#if (is_incremental)}}'}coalesce((select max(amount) from {{this}} where happened_at < {{literal batch.event_time_start}}), 0) + {{/if}}amount as amount,
      {{literal batch.id}} as batch
    from (${fragile}) as e`
    shop = new BatchedShop(here).model('m', '', running)
    await shop.events(days(4))
    expect(statuses(await shop.build('2026-01-05'))).toEqual({ m: 'success' })
    const expected = [
      [1, 10, '20260101'],
      [2, 30, '20260102'],
      [3, 60, '20260103'],
      [4, 100, '20260104'],
    ]
    expect(await shop.rows('select id, amount, batch from main.m order by id')).toEqual(expected)
    await shop.build('2026-01-05', { eventTimeStart: '2026-01-02', eventTimeEnd: '2026-01-05' })
    expect(await shop.rows('select id, amount, batch from main.m order by id')).toEqual(expected)
    await shop.rows('update main.events set amount = 1000 where id = 2 returning 1')
    const window = { eventTimeStart: '2026-01-02', eventTimeEnd: '2026-01-05' }
    const failed = await shop.build('2026-01-05', window, { vars: { bad: '2026-01-04' } })
    expect(statuses(failed)).toEqual({ m: 'error' })
    expect(batchDays(failed).successful).toEqual([])
    expect(await shop.rows('select id, amount, batch from main.m order by id')).toEqual(expected)
  })

  describe('rows that do not belong to their batch', () => {
    it('make it fail when they have no time', async () => {
      const query = `select id, case when id = 2 then null else happened_at end as happened_at, amount from {{source "raw" "events"}}`
      shop = new BatchedShop(here).model('m', '', query)
      await shop.events(days(3))
      const report = await shop.build('2026-01-04')
      expect(batchDays(report)).toEqual({ successful: ['2026-01-01', '2026-01-03'], failed: ['2026-01-02'] })
      expect(report.diagnostics.map((d) => d.message)).toEqual([
        'a row has no `happened_at`, so it belongs to no batch (batch 2026-01-02)',
      ])
      expect(await shop.ids('m')).toEqual([1, 3])
    })

    it('are left out with a warning when they have another one', async () => {
      const query = `select id, happened_at + interval '1 day' as happened_at, amount from {{source "raw" "events"}}`
      shop = new BatchedShop(here).model('m', '', query)
      await shop.events(days(2))
      const report = await shop.build('2026-01-03')
      expect(statuses(report)).toEqual({ m: 'success' })
      expect(report.diagnostics.map((d) => [d.code, d.message])).toEqual([
        ['run/rows-outside-batch', '2 rows lie outside of their batches (2026-01-01, 2026-01-02) and were left out'],
      ])
      expect(await shop.ids('m')).toEqual([])
    })
  })

  it('reads whole inputs where it is asked to, and narrows those of ephemeral models', async () => {
    shop = new BatchedShop(here, {
      'models/between.sql':
        '{{config materialized="ephemeral"}}\nselect id, happened_at, amount from {{source "raw" "events"}}',
    }).model(
      'm',
      '',
      `select e.id, e.happened_at, e.amount, (select count(*) from {{source "raw" "events" all_rows=true}}) as everything,
  (select count(*) from {{ref "between"}}) as own from {{ref "between"}} as e`,
    )
    await shop.events(days(3, 2))
    expect((await shop.build('2026-01-04')).diagnostics).toEqual([])
    expect(await shop.rows('select distinct cast(everything as integer), cast(own as integer) from main.m')).toEqual([
      [6, 2],
    ])
    const texts = ['m.sql', 'm/m_20260101.sql', 'm/m_20260103.sql'].map((file) =>
      join(shop.project.root, 'target/compiled/shop/models', file),
    )
    expect(texts.map((file) => existsSync(file))).toEqual([true, true, true])
    expect(readFileSync(texts[1]!, 'utf8')).toMatch(
      />= timestamp '2026-01-01 00:00:00' and "happened_at" < timestamp '2026-01-02 00:00:00'/,
    )
  })

  it('takes its own window of inputs that are not narrowed, with one warning', async () => {
    shop = new BatchedShop(here).model('m', '', 'select id, happened_at, amount from {{source "raw" "notes"}}')
    await shop.events(days(3))
    await shop.rows('create table main.notes as select * from main.events')
    const report = await shop.build('2026-01-03 12:00:00')
    expect(report.diagnostics.map((d) => d.code)).toEqual(['project/batch-inputs-unfiltered'])
    expect(await shop.ids('m')).toEqual([1, 2, 3])
  })

  it('gives the same rows whether batches run at the same time or not, and equals one table', async () => {
    shop = new BatchedShop(here, {
      'models/whole.sql':
        '{{config materialized="table"}}\nselect id, happened_at, amount from {{source "raw" "events"}}',
    })
      .model('apart', 'concurrent_batches=false')
      .model('together', 'concurrent_batches=true on_schema_change="append_new_columns"')
    await shop.events(days(28, 4))
    expect(statuses(await shop.build('2026-01-29'))).toEqual({
      apart: 'success',
      together: 'success',
      whole: 'success',
    })
    const differing = (table: string) =>
      shop.rows(
        `(select * from main.whole except select * from main.${table}) union all (select * from main.${table} except select * from main.whole)`,
      )
    expect(await differing('apart')).toEqual([])
    expect(await differing('together')).toEqual([])
    expect(await shop.ids('together')).toHaveLength(112)
    // A new column comes with the batches of the next run.
    shop.model(
      'together',
      'on_schema_change="append_new_columns"',
      'select id, happened_at, amount, 7 as seven from {{source "raw" "events"}}',
    )
    expect((await shop.build('2026-01-29', { select: ['together'] })).exitCode).toBe(0)
    expect(
      await shop.rows('select cast(count(seven) as integer), cast(count(*) as integer) from main.together'),
    ).toEqual([[8, 112]])
  })

  it('keeps the contract of its model: names, order and constraints', async () => {
    const columns = (type: string) =>
      `models:\n  - name: m\n    config: { contract: { enforced: true } }\n    columns:\n      - { name: amount, data_type: ${type}, constraints: [{ type: not_null }] }\n      - { name: happened_at, data_type: timestamp }\n      - { name: id, data_type: integer }\n`
    shop = new BatchedShop(here, { 'models/m.yml': columns('integer') }).model('m', 'on_schema_change="fail"')
    await shop.events(days(3))
    expect((await shop.build('2026-01-04')).diagnostics).toEqual([])
    const names = await shop.rows(
      "select column_name from information_schema.columns where table_name = 'm' order by ordinal_position",
    )
    expect(names.flat()).toEqual(['amount', 'happened_at', 'id'])
    expect((await shop.build('2026-01-04')).exitCode).toBe(0)
    expect(await shop.rows('select id, amount from main.m order by id')).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ])
    await shop.rows('update main.events set amount = null where id = 3 returning 1')
    const broken = await shop.build('2026-01-04')
    expect(statuses(broken)).toEqual({ m: 'error' })
    expect(await shop.rows('select id, amount from main.m order by id')).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ])
    shop.project.write({ 'models/m.yml': columns('date') })
    expect((await shop.build('2026-01-04')).diagnostics.map((d) => d.code)).toEqual(['run/contract-broken'])
  })

  it('is published together with the tables and views of its unit, or not at all', async () => {
    const test = (max: number) =>
      `models:\n  - name: both\n    tests: [{ expression_is_true: { expression: 'amount <= ${max}' } }]\n`
    shop = new BatchedShop(here, {
      'models/second.sql':
        '{{config materialized="table"}}\nselect count(*) as n from {{source "raw" "events" all_rows=true}}',
      'models/both.sql': 'select m.id, m.amount, s.n from {{ref "m"}} as m cross join {{ref "second"}} as s',
      'models/m.yml': test(40),
    }).model('m', 'partition_by=(dict column="happened_at" type="range" granularity="month")', fragile)
    await shop.events(days(4))
    const first = await shop.build('2026-01-05', {}, { vars: { bad: '2026-01-02' } })
    expect(statuses(first)).toMatchObject({ m: 'partial success', second: 'success', both: 'success' })
    expect(await shop.ids('both')).toEqual([1, 3, 4])
    const window = { eventTimeStart: '2026-01-01', eventTimeEnd: '2026-01-05' }
    expect(statuses(await shop.build('2026-01-05', window))).toMatchObject({ m: 'success', both: 'success' })
    shop.project.write({ 'models/m.yml': test(35) })
    await shop.rows('update main.events set amount = 33 where id = 1 returning 1')
    for (const how of [window, { fullRefresh: true }]) {
      expect(statuses(await shop.build('2026-01-05', how))).toMatchObject({ m: 'error', both: 'error' })
      expect(await shop.rows('select id, amount from main.both order by id')).toEqual([
        [1, 10],
        [2, 20],
        [3, 30],
        [4, 40],
      ])
    }
    expect(
      await shop.rows(
        "select table_name from information_schema.tables where table_name like '%tsdbt\\_%' escape '\\'",
      ),
    ).toEqual([])
  })

  it('prints the windows of a dry run and changes nothing', async () => {
    shop = new BatchedShop(here).model('m')
    await shop.events(days(3))
    const report = await shop.build('2026-01-03 01:00:00', { dryRun: true })
    const lines = renderPlan(report.plan).split('\n')
    expect(lines.filter((line) => /^ +2026-/.test(line)).map((line) => line.trim())).toEqual([
      '2026-01-01  2026-01-01 00:00:00 to 2026-01-02 00:00:00',
      '2026-01-02  2026-01-02 00:00:00 to 2026-01-03 00:00:00',
      '2026-01-03  2026-01-03 00:00:00 to 2026-01-04 00:00:00',
    ])
    expect(lines).toContain('              stage 3 batches')
    expect(await shop.rows("select 1 from information_schema.tables where table_name like 'm%'")).toEqual([])
  })

  it('runs hooks once around all batches, and leaves nothing behind', async () => {
    shop = new BatchedShop(here).model(
      'm',
      'pre-hook="insert into main.log values (1)" post-hook="insert into main.log select count(*) from {{this}}"',
    )
    await shop.events(days(3))
    await shop.rows('create table main.log (n integer)')
    expect(statuses(await shop.build('2026-01-04'))).toEqual({ m: 'success' })
    expect(await shop.rows('select n from main.log order by n')).toEqual([[1], [3]])
    expect(await shop.rows("select table_name from information_schema.tables where table_name like '%tsdbt%'")).toEqual(
      [],
    )
  })
})
