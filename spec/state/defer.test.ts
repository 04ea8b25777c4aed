import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { devAndProd, endings, type Files, StateProject } from './state-project.ts'

const files: Files = {
  'project.yml': 'name: shop\nprofile: shop\n',
  'seeds/raw.csv': 'id,amount\n1,10\n2,20\n',
  'models/orders.sql': '{{config materialized="table"}}\nselect id, amount from {{ref "raw"}}\n',
  'models/recent.sql': '{{config materialized="ephemeral"}}\nselect * from {{ref "orders"}}\n',
  'models/totals.sql': 'select sum(amount) as total from {{ref "recent"}}\n',
  'tests/some_orders.sql': 'select 1 as a where (select count(*) from {{ref "orders"}}) <> 2\n',
}

onEachDatabase((here) => {
  const start = async () => {
    const project = new StateProject(files, devAndProd(here.database))
    expect((await project.build([], { target: 'prod' })).exitCode).toBe(0)
    return { project, state: project.keepArtifacts() }
  }

  it('reads what is missing here where the state has it, also below ephemeral models and in tests', async () => {
    const { project, state } = await start()
    const report = await project.build(['totals'], { state, defer: true })
    expect([report.exitCode, endings(report)]).toEqual([0, { totals: 'success' }])
    expect((await here.database.sql('select total from main.totals')).map((row) => row.map(Number))).toEqual([[30]])
    const engine = await project.open({ state, defer: true })
    expect(endings(await engine.test({ select: ['some_orders'] }))).toEqual({ some_orders: 'pass' })
    const shown = await engine.show({ select: ['totals'] })
    expect(shown.tables[0]!.rows.rows.map((row) => row.map(Number))).toEqual([[30]])
    const [compiled] = (await engine.compile({ select: ['totals'] })).nodes
    expect(compiled!.sql).toContain('"prod"."orders"')
    const { nodes } = JSON.parse(readFileSync(join(project.root, 'target/manifest.json'), 'utf8'))
    expect(nodes['model.shop.orders'].defer_relation).toMatchObject({ schema: 'prod', alias: 'orders' })
  })

  it('reads what is here, unless the state is favored; what is selected is always read here', async () => {
    const { project, state } = await start()
    await project.build()
    project.write({
      'models/orders.sql': '{{config materialized="table"}}\nselect id, 1 as amount from {{ref "raw"}}\n',
    })
    await project.build(['orders'])
    const compiled = async (select: string, favorState: boolean) => {
      const engine = await project.open({ state, defer: true, favorState })
      return (await engine.compile({ select: [select] })).nodes.find((node) => node.name === 'totals')!.sql
    }
    expect(await compiled('totals', false)).toContain('"main"."orders"')
    expect(await compiled('totals', true)).toContain('"prod"."orders"')
    expect(await compiled('+totals', true)).toContain('"main"."orders"')
  })

  it('calls functions of the state until they are made here', async () => {
    const project = new StateProject(
      {
        'project.yml': files['project.yml']!,
        'functions/double.sql': 'n * 2',
        'functions/functions.yml':
          'functions: [{name: double, arguments: [{name: n, data_type: integer}], returns: {data_type: integer}}]\n',
        'models/uses.sql': '{{config materialized="table"}}\nselect {{function "double"}}(4) as a\n',
      },
      devAndProd(here.database),
    )
    await project.build([], { target: 'prod' })
    const state = project.keepArtifacts()
    const compiled = async () =>
      (await (await project.open({ state, defer: true })).compile({ select: ['uses'] })).nodes[0]!.sql
    expect(await compiled()).toContain('"prod"."double"')
    expect(endings(await project.build(['uses'], { state, defer: true }))).toEqual({ uses: 'success' })
    expect(endings(await project.build(['double']))).toEqual({ double: 'success' })
    expect(await compiled()).toContain('"main"."double"')
  })

  it('takes the kept state of another target for one, and a state of its own beside that of the selection', async () => {
    const { project, state } = await start()
    const kept = project.path('target/state/prod')
    project.write({ 'models/totals.sql': 'select max(amount) as total from {{ref "recent"}}\n' })
    const report = await project.build(['state:modified'], { state, defer: true, deferState: kept })
    expect(endings(report)).toEqual({ totals: 'success' })
  })

  it('says what it cannot defer to', async () => {
    const { project, state } = await start()
    const messages = async (options: object) => {
      const report = await project.build(['totals'], { defer: true, ...options })
      expect(report.exitCode).toBe(2)
      return report.diagnostics.map((d) => `${d.code}: ${d.message}`)
    }
    expect(await messages({})).toEqual([
      'commands/defer-without-state: `--defer` needs the artifacts of another target',
    ])
    expect(await messages({ state: 'nowhere' })).toEqual([
      'artifacts/state-missing: the state folder `nowhere` does not exist',
    ])
    const manifest = JSON.parse(readFileSync(join(state, 'manifest.json'), 'utf8'))
    for (const node of Object.values<{ database: string }>(manifest.nodes)) node.database = 'elsewhere'
    project.write({ 'far/manifest.json': JSON.stringify(manifest) })
    const [far] = await messages({ state: project.path('far') })
    expect(far).toMatch(/^commands\/state-out-of-reach: `orders` would be read from the database `elsewhere`/)
    project.write({
      'other/manifest.json': JSON.stringify({
        ...manifest,
        metadata: { ...manifest.metadata, adapter_type: 'snowflake' },
      }),
    })
    expect((await messages({ state: project.path('other') }))[0]).toMatch(/^commands\/state-of-another-engine/)
  })
})

describe('where a database file is attached', () => {
  it('reads the relations of another file', async () => {
    const outputs = {
      dev: { type: 'duckdb', path: 'dev.duckdb', schema: 'main', attach: [{ path: 'prod.duckdb', read_only: true }] },
      prod: { type: 'duckdb', path: 'prod.duckdb', schema: 'main' },
    }
    const project = new StateProject(files, outputs)
    await project.build([], { target: 'prod' })
    const state = project.keepArtifacts()
    expect(endings(await project.build(['totals'], { state, defer: true }))).toEqual({ totals: 'success' })
    const shown = await (await project.open({ state, defer: true })).show({ inline: 'select * from {{ref "totals"}}' })
    expect(shown.tables[0]!.rows.rows.map((row) => row.map(Number))).toEqual([[30]])
  })
})
