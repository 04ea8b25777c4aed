import { afterEach, describe, expect, it } from 'vitest'
import type { RunOptions } from '../../src/commands/options.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { BatchedShop, statuses } from './batched-shop.ts'

const head = '{{config materialized="incremental" incremental_strategy="microbatch"'
const query = 'select id, happened_at, amount from {{source "raw" "events"}}'
const complete = 'event_time="happened_at" begin="2026-01-01" batch_size="day"'

/** What the file of the model says, and the one diagnostic that it gives: code, line, part of the message, part of the hint. */
const models: readonly (readonly [string, string, number, RegExp, RegExp?])[] = [
  [
    `${head} begin="2026-01-01" batch_size="day"}}\n${query}`,
    'project/batch-config-missing',
    1,
    /has no `event_time`$/,
    /column of the model/,
  ],
  [
    `${head} event_time="happened_at" batch_size="day"}}\n${query}`,
    'project/batch-config-missing',
    1,
    /has no `begin`$/,
  ],
  [
    `${head} event_time="happened_at"}}\n${query}`,
    'project/batch-config-missing',
    1,
    /has no `begin` and no `batch_size`$/,
  ],
  [
    `${head} event_time="happened_at" begin="2026-01-01" batch_size="days"}}\n${query}`,
    'config/wrong-value',
    1,
    /batch_size/,
    /`day`/,
  ],
  [
    `${head} event_time="happened_at" begin="01.02.2026" batch_size="day"}}\n${query}`,
    'config/wrong-type',
    1,
    /`begin` must be a date or a time/,
  ],
  [
    `${head} event_time="happened_at" begin="2026-02-30" batch_size="day"}}\n${query}`,
    'config/wrong-type',
    1,
    /`begin`/,
  ],
  [
    `${head} ${complete} lookback=-1}}\n${query}`,
    'config/wrong-type',
    1,
    /`lookback` must be a whole number that is not negative/,
  ],
  [
    `${head} event_time="happened_at" begin="2027-01-01" batch_size="day"}}\n${query}`,
    'run/batches-begin-late',
    1,
    /begin at 2027-01-01 00:00:00/,
    /set `begin`/,
  ],
  [
    `${head} event_time="happened_at" begin="1000-01-01" batch_size="hour"}}\n${query}`,
    'run/too-many-batches',
    1,
    /100000 batches/,
  ],
  [
    `${head} event_time="hapened_at" begin="2026-01-01" batch_size="day"}}\n${query}`,
    'run/batch-time-missing',
    1,
    /no column `hapened_at`/,
    /`happened_at`/,
  ],
  [
    `${head} event_time="amount" begin="2026-01-01" batch_size="day"}}\n${query}`,
    'run/batch-time-no-time',
    1,
    /`amount`, the `event_time` of this model, is integer/i,
    /cast/,
  ],
  [
    `${head} ${complete}}}\nselect id, happened_at, amount, {{literal batch.event_time}} as x from {{source "raw" "events"}}`,
    'template/unknown-property',
    2,
    /`batch` has no `event_time`/,
  ],
]

const flags: readonly (readonly [RunOptions, string, RegExp])[] = [
  [{ eventTimeStart: '2026-01-01' }, 'commands/event-time-unpaired', /`--event-time-start` needs `--event-time-end`/],
  [{ eventTimeEnd: '2026-01-01' }, 'commands/event-time-unpaired', /`--event-time-end` needs `--event-time-start`/],
  [{ eventTimeStart: '2026-01-02', eventTimeEnd: '2026-01-02' }, 'commands/empty-window', /is not before/],
  [{ eventTimeStart: 'yesterday', eventTimeEnd: '2026-01-02' }, 'commands/bad-time', /`yesterday` is no time/],
  [{ sample: '3 weeks' }, 'commands/bad-sample', /`3 weeks` is not understood/],
  [{ sample: '3' }, 'commands/bad-sample', /`3` is not understood/],
  [{ sample: '{from: 2026-01-01}' }, 'commands/bad-sample', /is not understood/],
  [{ sample: '{start: 2026-01-02, end: 2026-01-01}' }, 'commands/empty-window', /`--sample`/],
  [
    { batches: { 'model.shop.m': [['2026-01-01', '2026-01-01 12:00:00']] } },
    'commands/bad-batches',
    /no window of whole days/,
  ],
  [{ batches: { 'model.shop.gone': [['2026-01-01', '2026-01-02']] } }, 'commands/bad-batches', /no such node/],
]

onEachDatabase((here) => {
  let shop: BatchedShop
  afterEach(() => shop.remove())

  const rows = models.map(([text, code, line, message, hint = /./]) => ({ text, code, line, message, hint }))

  it.each(rows)('$text', async ({ text, code, line, message, hint }) => {
    shop = new BatchedShop(here, { 'models/m.sql': text })
    await shop.events([[1, '2026-01-01', 1]])
    const { exitCode, diagnostics, files } = await shop.build('2026-01-02')
    expect(diagnostics.map((d) => d.code)).toEqual([code])
    const [found] = diagnostics
    expect(exitCode).toBe(/^(project|config)|begin-late/.test(code) ? 2 : 1)
    expect(found!.message).toMatch(message)
    expect([...(found!.hints ?? []), '-'].join('\n')).toMatch(hint)
    expect(found!.span?.path).toBe('models/m.sql')
    expect(files.get('models/m.sql')!.position(found!.span!.start).line).toBe(line)
  })

  it.each([
    ['begin: soon, batch_size: day', ['config/wrong-type']],
    ['begin: 2026-01-01, batch_size: week', ['config/wrong-value']],
    ['begn: 2026-01-01, batch_size: day', ['config/unknown-key']],
    ['batch_size: week', ['config/wrong-value', 'project/batch-config-missing']],
  ])('what is refused in YAML is not told to be missing: %s', async (config, codes) => {
    shop = new BatchedShop(here, {
      'models/m.sql': `${head} event_time="happened_at"}}\n${query}`,
      'models/m.yml': `models: [{name: m, config: {${config}}}]\n`,
    })
    const { exitCode, diagnostics } = await shop.build('2026-01-02')
    expect(diagnostics.map((d) => d.code).sort()).toEqual(codes)
    expect(exitCode).toBe(2)
  })

  it('an input that does not exist is not told to be without a time', async () => {
    shop = new BatchedShop(here, { 'models/m.sql': `${head} ${complete}}}\nselect * from {{ref "gone"}}` })
    expect((await shop.build('2026-01-02')).diagnostics.map((d) => d.code)).toEqual(['graph/unknown-ref'])
  })

  it('an input whose time is not there is told where it is read', async () => {
    shop = new BatchedShop(here, {
      'models/m.sql': `${head} ${complete}}}\n${query}`,
      'models/sources.yml':
        'sources:\n  - name: raw\n    schema: main\n    tables:\n      - { name: events, config: { event_time: happend_at } }\n',
    })
    await shop.events([[1, '2026-01-01', 1]])
    const { diagnostics, files } = await shop.build('2026-01-02')
    expect(diagnostics.map((d) => [d.code, d.message])).toEqual([
      ['compile/event-time-missing', '`events` has no column `happend_at`, which is its `event_time`'],
    ])
    expect(files.get('models/m.sql')!.position(diagnostics[0]!.span!.start).line).toBe(2)
    const sample = await shop.build('2026-01-02', { sample: '1 day' })
    expect(sample.diagnostics.map((d) => d.code)).toEqual(['compile/event-time-missing'])
  })

  it('keys that match rows are told to be of no use', async () => {
    shop = new BatchedShop(here).model('m', 'unique_key="id"')
    await shop.events([[1, '2026-01-01', 1]])
    const report = await shop.build('2026-01-02')
    expect(statuses(report)).toEqual({ m: 'success' })
    expect(report.diagnostics.map((d) => [d.code, d.severity])).toEqual([['project/batch-config-unused', 'warning']])
  })

  it('`batch` outside of a microbatch model', async () => {
    shop = new BatchedShop(here, {
      'models/m.sql': 'select 1 as id {{#if batch}}, 2 as x{{/if}}',
      'models/n.sql': 'select {{literal batch.id}} as id',
    })
    const report = await shop.build('2026-01-02')
    expect(statuses(report)).toEqual({ m: 'success', n: 'error' })
    expect(report.diagnostics[0]!.hints).toEqual([
      '`batch` exists in models with `incremental_strategy: microbatch` only',
    ])
  })

  describe('flags', () => {
    it.each(flags)('%j', async (run, code, message) => {
      shop = new BatchedShop(here).model('m')
      const { exitCode, diagnostics, results } = await shop.build('2026-01-02', run)
      expect(diagnostics.map((d) => d.code)).toEqual([code])
      expect(diagnostics[0]!.message).toMatch(message)
      expect([exitCode, results]).toEqual([2, []])
    })
  })
})
