import { afterEach, expect, it } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import type { EngineOptions, PruneOptions } from '../../src/commands/options.ts'
import type { PruneOutcome } from '../../src/commands/outcome.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { runCli } from './run-cli.ts'

const files = {
  'seeds/kinds.csv': 'id\n1\n',
  'models/stg_orders.sql': 'select id from {{ref "kinds"}}\n',
  'models/orders.sql': '{{config materialized="table"}}\nselect id from {{ref "stg_orders"}}\n',
  'models/report.sql': 'select id from {{ref "orders"}}\n',
  'models/failing.sql': '{{config materialized="table"}}\nselect cast(null as integer) as id\n',
  'data/t.csv': 'id\n1\n',
  'models/models.yml': `models:
  - { name: failing, columns: [{ name: id, tests: [{ not_null: { config: { severity: warn, store_failures: true } } }] }] }
sources:
  - name: raw
    tables: [{ name: t, files: { location: data/t.csv, format: csv } }]
`,
}

onEachDatabase((here) => {
  let project: TemporaryProject
  afterEach(() => project.remove())

  const build = async (open: EngineOptions = {}) => {
    const { exitCode } = await project.build({}, open)
    expect(exitCode).toBe(0)
  }
  const prune = async (options: PruneOptions = {}, open: EngineOptions = {}): Promise<PruneOutcome> => {
    const engine = await Engine.open({ projectDir: project.root, env: {}, ...open })
    return engine.prune(options)
  }
  const yes: PruneOptions = { confirm: () => true }
  const names = (list: PruneOutcome['dropped']) => list.map(({ name }) => `${name.schema}.${name.identifier}`)
  const exists = async (relation: string): Promise<boolean> => {
    const [schema, name] = relation.split('.')
    const found = await here.database.sql(
      `select count(*) from information_schema.tables where table_schema = '${schema}' and table_name = '${name}'`,
    )
    return Number(found[0]![0]) === 1
  }

  it('finds and drops what no node makes any more, readers first, and nothing else', async () => {
    project = new TemporaryProject(files, here.database.target)
    await build()
    await here.database.sql('create table main.of_somebody as select 1 as id', 'select 1')
    expect(await prune(yes)).toMatchObject({ exitCode: 0, dropped: [], plan: { drop: [], keep: [] } })
    project.write({
      'models/orders.sql': null,
      'models/report.sql': null,
      'models/failing.sql': null,
      'models/models.yml': null,
      'seeds/kinds.csv': null,
      'models/stg_orders.sql': 'select 2 as id\n',
    })
    const listed = await prune()
    expect(listed).toMatchObject({ exitCode: 0, dropped: [] })
    expect(names(listed.plan.drop)).toContain('main.orders')
    // The view that stands in the project reads the seed until it is built anew.
    expect(listed.plan.keep.map(({ name, because }) => [name.identifier, because])).toEqual([
      ['kinds', 'it is read by `main.stg_orders`'],
    ])
    await build()
    const { dropped, exitCode } = await prune(yes)
    expect(exitCode).toBe(0)
    expect(names(dropped).sort()).toEqual([
      'main.failing',
      'main.kinds',
      'main.orders',
      'main.report',
      expect.stringMatching(/^main_dbt_test__audit\.not_null/),
      'main_raw.t',
      'main_raw.t__quarantine',
    ])
    expect(names(dropped).indexOf('main.report')).toBeLessThan(names(dropped).indexOf('main.orders'))
    expect(await exists('main.orders')).toBe(false)
    expect(await exists('main.stg_orders')).toBe(true)
    expect(await exists('main.of_somebody')).toBe(true)
    expect((await prune(yes)).plan).toEqual({ drop: [], keep: [], gone: [] })
    // What was pruned can be made again, files included.
    project.write(files)
    await build()
    expect(await here.database.sql('select count(*) from main_raw.t')).toEqual([[1]])
  })

  it('keeps what a foreign view reads, what became another thing, and snapshots', async () => {
    project = new TemporaryProject({ ...files, 'models/models.yml': null }, here.database.target)
    await build()
    await here.database.sql(
      'create view main.foreign_view as select id from main.report',
      `insert into tsdbt_state.relations select project, target, target_schema, 'main', 'history', 'table', 'snapshot.shop.history', made_at
       from tsdbt_state.relations where table_name = 'orders'`,
      'create table main.history as select 1 as id',
      'drop table main.failing',
      'create view main.failing as select 1 as mine',
      'select 1',
    )
    project.write({ 'models/orders.sql': null, 'models/report.sql': null, 'models/failing.sql': null })
    const { plan, dropped } = await prune(yes)
    expect(dropped).toEqual([])
    expect(Object.fromEntries(plan.keep.map(({ name, because }) => [name.identifier, because]))).toEqual({
      report: 'it is read by `main.foreign_view`',
      orders: 'it is read by `main.report`',
      failing: 'tsdbt made a table of that name, and it is a view now',
      history: 'a snapshot holds history that cannot be built again; `--include-snapshots` drops it',
    })
    expect(names((await prune({ ...yes, includeSnapshots: true })).dropped)).toEqual(['main.history'])
  })

  it('drops functions with all that was made of them, and keeps what is called by what stays', async () => {
    const functions = {
      'functions/share.sql': 'part / nullif(whole, 0)\n',
      'functions/half.sql': '{{function "share"}}(part, 2)\n',
      'functions/lonely.sql': '1\n',
      'functions/functions.yml': `functions:
  - name: share
    arguments: [{ name: part, data_type: double precision }, { name: whole, data_type: double precision }]
    returns: { data_type: double precision }
  - { name: half, arguments: [{ name: part, data_type: double precision }], returns: { data_type: double precision } }
  - { name: lonely, config: { alias: ratio }, returns: { data_type: integer } }
`,
      // A view of the name of a function.
      'models/ratio.sql': 'select {{function "half"}}(3) as x\n',
    }
    project = new TemporaryProject(functions, here.database.target)
    await build()
    expect(await prune(yes)).toMatchObject({ exitCode: 0, plan: { drop: [], keep: [], gone: [] } })
    project.write({
      ...Object.fromEntries(Object.keys(functions).map((path) => [path, null])),
      'models/ratio.sql': functions['models/ratio.sql'].replace('half', 'share').replace('(3)', '(3, 2)'),
      'functions/share.sql': functions['functions/share.sql'],
      'functions/functions.yml': functions['functions/functions.yml'].split('\n').slice(0, 4).join('\n'),
    })
    // The view calls `half` until it is built anew.
    const kept = await prune(yes)
    expect(kept.exitCode).toBe(0)
    expect(kept.dropped.map(({ name, kind, reason }) => [name.identifier, kind, reason])).toEqual([
      ['ratio', 'function', 'no such function any more'],
    ])
    expect(kept.plan.keep.map(({ name, because }) => [name.identifier, because])).toEqual([
      ['half', 'it is read by `main.ratio`'],
    ])
    await build()
    expect(names((await prune(yes)).dropped)).toEqual(['main.half'])
    expect(await here.database.sql('select x from main.ratio')).toEqual([[1.5]])
    project.write({ 'functions/share.sql': null, 'functions/functions.yml': null, 'models/ratio.sql': null })
    expect(names((await prune(yes)).dropped)).toEqual(['main.ratio', 'main.share'])
    const left =
      here.database.target.type === 'duckdb'
        ? `select count(*) from duckdb_functions() where not internal`
        : `select count(*) from pg_proc where pronamespace = 'main'::regnamespace`
    expect(await here.database.sql(left)).toEqual([[0]])
    expect(await prune(yes)).toMatchObject({ exitCode: 0, plan: { drop: [], keep: [], gone: [] } })
  })

  it('knows nothing of other projects and targets, and says why something no longer belongs', async () => {
    project = new TemporaryProject(files, here.database.target)
    const other = { ...here.database.target, schema: 'other' }
    project.write({
      'profiles.yml': `shop:\n  target: dev\n  outputs:\n    dev: ${JSON.stringify(here.database.target)}\n    other: ${JSON.stringify(other)}\n`,
    })
    await build()
    await build({ target: 'other' })
    project.write({
      'models/orders.sql': '{{config materialized="table" alias="renamed"}}\nselect id from {{ref "stg_orders"}}\n',
      'models/report.sql': '{{config enabled=false}}\nselect id from {{ref "orders"}}\n',
      'models/failing.sql': '{{config materialized="ephemeral"}}\nselect 1 as id\n',
      'models/models.yml': null,
    })
    const { plan, dropped } = await prune(yes)
    expect(Object.fromEntries(plan.drop.map(({ name, reason }) => [name.identifier, reason]))).toMatchObject({
      orders: 'the model has another name or schema now',
      report: 'the model is disabled',
      failing: 'the model is ephemeral now',
      t: 'no such source any more',
    })
    expect(dropped.every(({ name }) => !name.schema.startsWith('other'))).toBe(true)
    expect(await exists('other.orders')).toBe(true)
    project.write({ 'project.yml': 'name: another\nprofile: shop\n' })
    expect((await prune(yes, { target: 'other' })).plan).toEqual({ drop: [], keep: [], gone: [] })
  })

  it('lists without asking where nobody can answer; --yes drops', async () => {
    project = new TemporaryProject({ 'models/gone.sql': 'select 1 as id\n' }, here.database.target)
    await build()
    project.write({ 'models/gone.sql': null })
    const list = await runCli(['prune'], { cwd: project.root })
    expect(list).toMatchObject({ code: 0, stdout: 'drop  main.gone  view   no such model any more\n' })
    expect(list.stderr).toContain('nothing was dropped; `tsdbt prune --yes` drops 1 relation')
    expect(await exists('main.gone')).toBe(true)
    const dropped = await runCli(['prune', '--yes'], { cwd: project.root })
    expect({ code: dropped.code, said: dropped.stderr.includes('dropped 1 relation') }).toEqual({ code: 0, said: true })
    expect(await exists('main.gone')).toBe(false)
  })
})
