import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { devAndProd, endings, type Files, StateProject } from './state-project.ts'

const files: Files = {
  'project.yml': 'name: shop\nprofile: shop\non-run-start: ["select 1"]\n',
  'seeds/raw.csv': 'id,amount\n1,10\n2,20\n',
  'models/orders.sql': `{{config materialized="incremental" unique_key="id" post_hook="select 1"}}
select id, amount from {{ref "raw"}}
`,
  'models/recent.sql': '{{config materialized="ephemeral"}}\nselect * from {{ref "orders"}}\n',
  'models/totals.sql': 'select sum(amount) as total from {{ref "recent"}}\n',
}

onEachDatabase((here) => {
  const start = async () => {
    const project = new StateProject(files, devAndProd(here.database))
    await project.build([], { target: 'prod' })
    return { project, state: project.keepArtifacts() }
  }
  const numbers = async (sql: string) => (await here.database.sql(sql)).map((row) => row.map(Number))
  const kinds = async () => {
    const sql = `select table_name, table_type from information_schema.tables where table_schema = 'main' order by 1`
    return Object.fromEntries(await here.database.sql(sql))
  }

  it('makes views on the relations of the state, and leaves alone what is there', async () => {
    const { project, state } = await start()
    await project.build(['raw'])
    const report = await (await project.open({ state })).clone()
    expect(report.exitCode).toBe(0)
    expect(endings(report)).toEqual({ raw: 'no-op', orders: 'success', totals: 'success' })
    expect(await kinds()).toMatchObject({ raw: 'BASE TABLE', orders: 'VIEW', totals: 'VIEW' })
    await here.database.sql('insert into prod.orders values (3, 30)', 'select 1')
    expect(await numbers('select sum(amount) from main.orders')).toEqual([[60]])
    const { args, results } = JSON.parse(readFileSync(project.path('target/run_results.json'), 'utf8'))
    expect([args.which, results.length]).toEqual(['clone', 3])
    // What is cloned was not built here.
    expect(await project.names('state:new', { target: 'dev' })).toContain('orders')
    const again = await (await project.open({ state })).clone()
    expect(new Set(Object.values(endings(again)))).toEqual(new Set(['no-op']))
  })

  it('copies rows when asked, so that incremental models go on from them', async () => {
    const { project, state } = await start()
    const engine = await project.open({ state })
    expect(endings(await engine.clone({ select: ['orders'], tables: true }))).toEqual({ orders: 'success' })
    await here.database.sql('insert into main.orders values (3, 30)', 'select 1')
    expect(await numbers('select count(*) from prod.orders')).toEqual([[2]])
    expect(endings(await project.build(['orders'], { state, defer: true }))).toMatchObject({ orders: 'success' })
    expect(await numbers('select count(*) from main.orders')).toEqual([[3]])
    const anew = await engine.clone({ select: ['orders'], tables: true, fullRefresh: true })
    expect(endings(anew)).toEqual({ orders: 'success' })
    expect(await numbers('select count(*) from main.orders')).toEqual([[2]])
  })

  it('plans without doing, passes over what the state does not have, and can be retried', async () => {
    const { project, state } = await start()
    project.write({ 'models/fresh.sql': 'select 1 as id\n' })
    const engine = await project.open({ state })
    const plan = await engine.clone({ dryRun: true })
    expect(plan.plan.flatMap((unit) => unit.members.map((member) => member.uniqueId))).toContain('model.shop.orders')
    expect(await kinds()).toEqual({})
    expect(endings(await engine.clone({ select: ['fresh', 'raw'] }))).toEqual({ fresh: 'no-op', raw: 'success' })
    await here.database.sql('drop view main.raw', 'drop view prod.totals', 'select 1')
    expect(endings(await engine.clone({ select: ['totals'] }))).toEqual({ totals: 'error' })
    await project.build(['totals'], { target: 'prod' })
    const results = project.path('target/state/dev')
    const again = await Engine.retry({ projectDir: project.root, env: {}, state: results })
    expect(endings(again)).toEqual({ totals: 'success' })
  })

  it('says what it cannot clone', async () => {
    const { project, state } = await start()
    const messages = async (options: object) => {
      const report = await (await project.open(options)).clone()
      expect(report.exitCode).toBe(2)
      return report.diagnostics.map((d) => d.message)
    }
    expect(await messages({})).toEqual(['`clone` needs the artifacts of the target to clone from'])
    expect((await messages({ state, target: 'prod' }))[0]).toMatch(
      /manifest.json` is of this target: .*`orders`.* would be cloned onto itself$/,
    )
    expect(await messages({ state: 'nowhere' })).toEqual(['the state folder `nowhere` does not exist'])
  })
})
