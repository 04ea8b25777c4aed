import { cpSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Event } from '../../src/base/events.ts'
import { Engine } from '../../src/commands/engine.ts'
import { schemaFaults } from '../artifacts/dbt-schema.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { runCli } from './run-cli.ts'

const rules = 'freshness: {warn_after: {count: 1, period: day}, error_after: {count: 3, period: day}}'

const sources = `sources:
  - name: crm
    schema: main
    ${rules}
    loaded_at_field: updated_at
    tables:
      - name: contacts
      - name: orders
      - name: never
      - name: naive
      - name: dated
        loaded_at_field: day
      - name: filtered
        identifier: orders
        freshness: {filter: "updated_at < current_timestamp - interval '5 days'"}
      - name: asked
        identifier: contacts
        loaded_at_query: "select max(updated_at) from {{this}}"
      - name: unmeasured
        freshness: null
  - name: shop
    tables:
      - name: deliveries
        freshness: {error_after: {count: 2, period: hour}}
        files: {location: 'data/*.csv', format: csv}
`

const tables = [
  `create table main.contacts as select current_timestamp - interval '30 hours' as updated_at`,
  `create table main.orders as select current_timestamp - interval '2 hours' as updated_at
   union all select current_timestamp - interval '9 days'`,
  `create table main.never as select current_timestamp as updated_at where false`,
  // What has no zone is UTC, also where the session's is another.
  `create table main.naive as select cast(timestamp '2020-02-29 23:30:00' as timestamp) as updated_at`,
  `create table main.dated as select date '2021-03-04' as day`,
]

interface SourcesJson {
  readonly results: readonly {
    readonly unique_id: string
    readonly status: string
    readonly max_loaded_at?: string
    readonly max_loaded_at_time_ago_in_s?: number
    readonly criteria?: unknown
    readonly error?: string
  }[]
}

onEachDatabase((here) => {
  let project: TemporaryProject
  afterEach(() => project.remove())

  const read = (): SourcesJson => JSON.parse(readFileSync(join(project.root, 'target/sources.json'), 'utf8'))
  const statuses = () => Object.fromEntries(read().results.map((r) => [r.unique_id.split('.').at(-1), r.status]))

  it('measures by column, query, filter and file; writes sources.json', async () => {
    project = new TemporaryProject(
      { 'models/s.yml': sources, 'data/a.csv': 'id\n1\n', 'data/b.csv': 'id\n2\n' },
      here.database.target,
    )
    const old = new Date(Date.now() - 5 * 3_600_000)
    utimesSync(join(project.root, 'data/a.csv'), old, old)
    await here.database.sql(...tables, 'select 1')
    const engine = await Engine.open({ projectDir: project.root, env: {} })
    const outcome = await engine.freshness()
    expect(outcome.diagnostics).toEqual([])
    expect(outcome.exitCode).toBe(1)
    expect(schemaFaults('sources', read())).toEqual([])
    expect(statuses()).toEqual({
      contacts: 'warn',
      orders: 'pass',
      never: 'error',
      naive: 'error',
      dated: 'error',
      filtered: 'error',
      asked: 'warn',
      deliveries: 'pass',
    })
    const at = Object.fromEntries(read().results.map((r) => [r.unique_id.split('.').at(-1), r.max_loaded_at]))
    expect(at).toMatchObject({
      never: '0001-01-01T00:00:00.000Z',
      naive: '2020-02-29T23:30:00.000Z',
      dated: '2021-03-04T00:00:00.000Z',
    })
    expect(read().results[0]!.criteria).toEqual({
      warn_after: { count: 1, period: 'day' },
      error_after: { count: 3, period: 'day' },
      filter: null,
    })
    utimesSync(join(project.root, 'data/b.csv'), old, old)
    expect((await engine.freshness({ select: ['source:shop'] })).results[0]).toMatchObject({
      status: 'error',
      message: '5h, error after 2 hours',
    })
  })

  it('what is staler than `warn_after` is an error where warnings are', async () => {
    project = new TemporaryProject({ 'models/s.yml': sources, 'data/a.csv': 'id\n1\n' }, here.database.target)
    await here.database.sql(...tables, 'select 1')
    const measure = async (warnErrorOptions: string) => {
      const engine = await Engine.open({ projectDir: project.root, env: {}, warnErrorOptions })
      return engine.freshness({ select: ['source:crm.contacts', 'source:crm.orders'] })
    }
    const { exitCode, results, diagnostics } = await measure('{error: [LogFreshnessResult]}')
    expect({ exitCode, statuses: results.map((r) => r.status) }).toEqual({ exitCode: 1, statuses: ['error', 'pass'] })
    expect(diagnostics).toMatchObject([{ code: 'run/stale-source', severity: 'error' }])
    expect(statuses()).toEqual({ contacts: 'error', orders: 'pass' })
    expect(await measure('{error: all, warn: [run/stale-source]}')).toMatchObject({ exitCode: 0, diagnostics: [] })
    expect(statuses()).toEqual({ contacts: 'warn', orders: 'pass' })
  })

  it('one that fails is a runtime error at its place, and the others are measured; hooks run', async () => {
    project = new TemporaryProject(
      {
        'project.yml': `name: shop\nprofile: shop\non-run-start: "create table {{target.schema}}.hooked as select 1 as one"\n`,
        'models/s.yml': `sources:
  - name: crm
    schema: main
    ${rules}
    loaded_at_field: updated_at
    tables:
      - name: orders
      - name: gone
      - name: text
        loaded_at_field: "'soon'"
        identifier: orders
      - name: column
        loaded_at_field: updatd_at
        identifier: orders
      - name: query
        identifier: orders
        loaded_at_query: "select {{nosuch}} from {{this}}"
`,
      },
      here.database.target,
    )
    await here.database.sql(...tables, 'select 1')
    const { exitCode, found } = await project.run((engine) => engine.freshness())
    expect(exitCode).toBe(1)
    expect(found.map(({ code, at }) => `${code} ${at}`)).toEqual([
      'db/table-missing models/s.yml:8:15',
      'run/loaded-at-unreadable models/s.yml:10:26',
      'db/column-missing models/s.yml:13:26',
      expect.stringMatching(/^template\/unknown-\w+ models\/s\.yml:17:/),
    ])
    expect(statuses()).toEqual({
      orders: 'pass',
      gone: 'runtime error',
      text: 'runtime error',
      column: 'runtime error',
      query: 'runtime error',
    })
    expect(schemaFaults('sources', read())).toEqual([])
    expect(await here.database.sql('select count(*) from main.hooked')).toEqual([[1]])
  })

  it('source_status:fresher selects what came in since the last build on it', async () => {
    project = new TemporaryProject(
      {
        'data/a.csv': 'id\n1\n',
        'models/stg_orders.sql': null,
        'models/read.sql': 'select * from {{source "crm" "orders"}}',
        'models/loaded.sql': 'select id from {{source "shop" "deliveries"}}',
        'models/s.yml': `sources:
  - name: crm
    schema: main
    tables: [{ name: orders, loaded_at_field: updated_at, ${rules} }]
  - name: shop
    tables: [{ name: deliveries, ${rules}, files: { location: 'data/*.csv', format: csv } }]
`,
      },
      here.database.target,
    )
    const early = new Date(Date.now() - 7_200_000)
    utimesSync(join(project.root, 'data/a.csv'), early, early)
    await here.database.sql(
      `create table main.orders as select timestamp '2024-01-01 10:00:00' as updated_at`,
      'select 1',
    )
    const open = () => Engine.open({ projectDir: project.root, env: {} })
    const fresher = async (state?: string) => {
      const engine = await Engine.open({ projectDir: project.root, env: {}, state })
      const { nodes, diagnostics } = await engine.ls({ select: ['source_status:fresher+'] })
      expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
      return nodes.map((node) => node.name).sort()
    }
    await (await open()).freshness()
    expect(await fresher()).toEqual(['deliveries', 'loaded', 'orders', 'read'])
    await project.build({ select: ['source_status:fresher+'] })
    cpSync(join(project.root, 'target'), join(project.root, 'kept'), { recursive: true })
    expect(await fresher()).toEqual([])
    await here.database.sql(`insert into main.orders values (timestamp '2024-01-02 10:00:00')`, 'select 1')
    const later = new Date(Date.now() - 3_600_000)
    utimesSync(join(project.root, 'data/a.csv'), later, later)
    await (await open()).freshness()
    expect(await fresher()).toEqual(['deliveries', 'loaded', 'orders', 'read'])
    await project.build({ select: ['source:shop+'] })
    expect(await fresher()).toEqual(['orders', 'read'])
    // Artifacts of another run are compared as they are.
    expect(await fresher(join(project.root, 'kept'))).toEqual(['deliveries', 'loaded', 'orders', 'read'])
  })

  it('says each result on stdout and ends with the counts', async () => {
    project = new TemporaryProject({ 'models/s.yml': sources, 'data/a.csv': 'id\n1\n' }, here.database.target)
    await here.database.sql(...tables, 'select 1')
    const select = ['--select', 'source:crm.contacts', 'source:shop']
    const ran = await runCli(['source', 'freshness', ...select, '-o', 'out/fresh.json'], { cwd: project.root })
    expect(ran.code).toBe(0)
    const lines = ran.stdout.trimEnd().split('\n').sort()
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d {2}1 of 2 WARN freshness of crm\.contacts \.+ \[1d 6h, warn after 1 day\]$/,
    )
    expect(lines[1]).toMatch(/2 of 2 PASS freshness of shop\.deliveries \.+ \[\w+\]$/)
    expect(lines[2]).toMatch(/Done\. PASS=1 WARN=1 ERROR=0 SKIP=0 NO-OP=0 TOTAL=2$/)
    expect(JSON.parse(readFileSync(join(project.root, 'out/fresh.json'), 'utf8')).results).toHaveLength(2)
    const json = await runCli(['freshness', ...select, '--log-format', 'json'], { cwd: project.root })
    const records = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const result = records.find((r) => r.info.name === 'LogFreshnessResult' && r.data.status === 'warn')
    expect(result).toMatchObject({
      info: { level: 'warn', msg: expect.stringContaining('WARN freshness of crm.contacts') },
      data: { source_name: 'crm', table_name: 'contacts', node_info: { node_status: 'warn' } },
    })
  })
})

describe('mistakes, before anything is asked', () => {
  const bad = (table: string) =>
    `sources:\n  - name: crm\n    tables:\n      - name: t\n${table.replace(/^/gm, '        ')}\n`
  const rule = 'freshness: {warn_after: {count: 1, period: day}}'
  it.each([
    ['no time column', rule, 'commands/freshness-without-time 5:9'],
    ['both keys', `${rule}\nloaded_at_field: a\nloaded_at_query: select 1`, 'config/loaded-at-twice 7:9'],
    ['a negative count', 'freshness: {warn_after: {count: -1, period: day}}', 'config/wrong-type 5:41'],
    ['an unknown period', 'freshness: {warn_after: {count: 1, period: week}}', 'config/wrong-value 5:52'],
    ['a rule without a period', 'freshness: {warn_after: {count: 1}}', 'config/missing-key 5:33'],
    [
      'a filter of a query',
      'freshness: {filter: "a", warn_after: {count: 1, period: day}}\nloaded_at_query: select 1',
      'commands/freshness-filter-unused 5:9',
    ],
    ['a misspelt rule', 'freshness: {warn_ater: {count: 1, period: day}}', 'config/unknown-key 5:21'],
  ])('%s', async (_what, table, expected) => {
    const project = new TemporaryProject({ 'models/s.yml': bad(table) })
    try {
      const { exitCode, found } = await project.run((engine) => engine.freshness())
      expect({ exitCode, found: found.map((f) => `${f.code} ${f.at.replace('models/s.yml:', '')}`) }).toEqual({
        exitCode: 2,
        found: [expected],
      })
    } finally {
      project.remove()
    }
  })

  it('nothing to measure is a warning', async () => {
    const project = new TemporaryProject()
    const { exitCode, found } = await project.run((engine) => engine.freshness())
    project.remove()
    expect({ exitCode, codes: found.map((f) => f.code) }).toEqual({ exitCode: 0, codes: ['commands/no-freshness'] })
  })
})

it('a listener hears of each source', async () => {
  const project = new TemporaryProject({ 'models/s.yml': sources, 'data/a.csv': 'id\n1\n' })
  const events: Event[] = []
  const engine = await Engine.open({ projectDir: project.root, env: {}, on: (event) => events.push(event) })
  await engine.freshness({ select: ['source:shop'] })
  project.remove()
  expect(events.filter((e) => e.type.startsWith('freshness')).map((e) => e.type)).toEqual([
    'freshness.started',
    'freshness.finished',
  ])
})
