import { afterEach, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { BatchedShop, batchDays, statuses } from './batched-shop.ts'

const events = Array.from(
  { length: 10 },
  (_, i) => [i + 1, `2026-01-${String(i + 1).padStart(2, '0')} 12:00:00`, 1] as const,
)

onEachDatabase((here) => {
  let shop: BatchedShop
  afterEach(() => shop.remove())

  it('reads nodes that have a time for the sample only, in tables, views, ephemeral models and seeds', async () => {
    shop = new BatchedShop(here, {
      'seeds/days.csv': 'day,name\n2026-01-01,first\n2026-01-09,ninth\n',
      'seeds/s.yml': 'seeds:\n  - name: days\n    config: { event_time: day, column_types: { day: date } }\n',
      'models/between.sql': '{{config materialized="ephemeral"}}\nselect * from {{source "raw" "events"}}',
      'models/t.sql': '{{config materialized="table"}}\nselect id, happened_at from {{ref "between"}}',
      'models/v.sql': 'select id from {{source "raw" "events"}}',
      'models/whole.sql': 'select id from {{source "raw" "events" all_rows=true}}',
      'models/notes_read.sql': '{{config materialized="table"}}\nselect id from {{source "raw" "notes"}}',
      'models/named.sql': '{{config materialized="table"}}\nselect name from {{ref "days"}}',
      'tests/everything.sql': 'select 1 from {{source "raw" "events"}} having count(*) <> 10',
    })
    await shop.events(events)
    await shop.rows('create table main.notes as select * from main.events')
    const said: string[] = []
    const on = (event: { type: string; text?: string }) => {
      if (event.type === 'message') said.push(event.text!)
    }
    const relative = await shop.build('2026-01-10 13:00:00', { sample: '3 days' }, { on })
    expect(relative.exitCode).toBe(0)
    expect(said).toEqual(['Read whole, because no event_time is set: raw.notes'])
    // Counted back from now, not from midnight.
    expect(await shop.ids('t')).toEqual([8, 9, 10])
    expect(await shop.ids('v')).toEqual([8, 9, 10])
    expect(await shop.ids('whole')).toHaveLength(10)
    expect(await shop.ids('notes_read')).toHaveLength(10)
    expect(await shop.rows('select name from main.named')).toEqual([['ninth']])
    await shop.build('2030-01-01', { sample: "{start: 2026-01-02, end: '2026-01-04 12:00:00'}" })
    expect(await shop.ids('t')).toEqual([2, 3])
    await shop.build('2026-01-10', { sample: { start: '2026-01-10', end: '2026-01-11' }, select: ['t'] })
    expect(await shop.ids('t')).toEqual([10])
    const engine = await shop.engine({ now: '2026-01-10 13:00:00' })
    const shown = await engine.show({ select: ['between', 'source:raw.events', 'days'], sample: '30 hours', limit: -1 })
    expect(shown.diagnostics).toEqual([])
    expect(shown.tables.map(({ name, rows }) => [name, rows.rows.length]).sort()).toEqual([
      ['between', 2],
      ['days', 0],
      ['events', 2],
    ])
    const inline = await engine.compile({ inline: 'select * from {{source "raw" "events"}}', sample: '1 month' })
    expect(inline.nodes[0]!.sql).toMatch(/"happened_at" >= timestamp '2025-12-10 13:00:00'/)
  })

  it('builds the batches of the sample, each narrowed to it', async () => {
    shop = new BatchedShop(here).model('m')
    await shop.events(events)
    const report = await shop.build('2026-01-10', { sample: "{start: '2026-01-02 18:00:00', end: '2026-01-05'}" })
    expect(batchDays(report).successful).toEqual(['2026-01-02', '2026-01-03', '2026-01-04'])
    expect(await shop.ids('m')).toEqual([3, 4])
  })

  it('reads no rows with `--empty`, and replaces none', async () => {
    shop = new BatchedShop(here, {
      'seeds/days.csv': 'day,name\n2026-01-01,first\n',
      'models/t.sql':
        '{{config materialized="table"}}\nselect e.id, d.name from {{source "raw" "events"}} as e cross join {{ref "days"}} as d',
    }).model('m')
    await shop.events(events)
    expect(statuses(await shop.build('2026-01-05', { empty: true }))).toEqual({
      days: 'success',
      m: 'success',
      t: 'success',
    })
    for (const table of ['days', 'm', 't']) expect(await shop.rows(`select * from main.${table}`)).toEqual([])
    await shop.build('2026-01-11', { eventTimeStart: '2026-01-01', eventTimeEnd: '2026-01-11' })
    expect(await shop.ids('m')).toHaveLength(10)
    expect(await shop.rows('select name from main.t limit 1')).toEqual([['first']])
    await shop.build('2026-01-11', { empty: true })
    expect(await shop.ids('m')).toHaveLength(10)
    const shown = await (await shop.engine()).show({ select: ['t', 'source:raw.events'], empty: true })
    expect(shown.tables.map(({ rows }) => rows.rows)).toEqual([[], []])
  })
})
