import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { Engine } from '../../src/commands/engine.ts'
import type { EngineOptions, RetryOptions } from '../../src/commands/options.ts'
import { BatchedShop } from '../microbatch/batched-shop.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { devAndProd, endings, type Files, StateProject } from './state-project.ts'

const good = '{{config materialized="table"}}\nselect {{var "start"}} as id, 1 as amount\n'

const files: Files = {
  'project.yml': 'name: shop\nprofile: shop\nvars: {start: 1}\non-run-start: ["select 1"]\n',
  'models/ready.sql': 'select 1 as id\n',
  'models/orders.sql':
    '{{config materialized="table"}}\nselect {{var "start"}} as id, cast(null as integer) as amount\n',
  'models/totals.sql': 'select sum(amount) as total, min(id) as id from {{ref "orders"}}\n',
  'models/other.sql': 'select missing from {{ref "ready"}}\n',
  'models/models.yml': `models:
  - name: orders
    columns:
      - name: id
        tests: [unique]
      - name: amount
        tests: [not_null]
`,
}

onEachDatabase((here) => {
  const start = async (more: Files = {}) => {
    const project = new StateProject({ ...files, ...more }, devAndProd(here.database))
    const retry = (options: EngineOptions = {}, wanted: RetryOptions = {}) =>
      Engine.retry({ projectDir: project.root, env: {}, ...options }, wanted)
    return { project, retry }
  }

  it('runs again what failed and was skipped, with the variables and the target of that run', async () => {
    const { project, retry } = await start()
    const first = await (await project.open({ target: 'prod', vars: { start: 7 } })).build({ exclude: ['other'] })
    expect(endings(first)).toMatchObject({
      ready: 'success',
      orders: 'error',
      totals: 'skipped',
      not_null_orders_amount: 'fail',
    })
    await (await project.open()).parse()
    project.write({ 'models/orders.sql': good })
    const again = await retry()
    // A test that passed judges the new rows of its model as well; hooks run and are no nodes to retry.
    expect(endings(again)).toMatchObject({
      orders: 'success',
      totals: 'success',
      unique_orders_id: 'pass',
      not_null_orders_amount: 'pass',
    })
    expect(Object.keys(endings(again))).not.toContain('ready')
    expect((await here.database.sql('select id from prod.totals')).map((row) => row.map(Number))).toEqual([[7]])
    const run = JSON.parse(readFileSync(join(project.root, 'target/run_results.json'), 'utf8'))
    expect(run.args).toMatchObject({ which: 'build', target: 'prod', exclude: ['other'], vars: { start: 7 } })
    const idle = await retry()
    expect([idle.exitCode, idle.results]).toEqual([0, []])
  })

  it('builds again what went on with the earlier rows of a node that failed', async () => {
    const { project, retry } = await start({
      'models/orders.sql': good.replace('table"', 'table" on_error="continue"'),
      'models/totals.sql':
        '{{config materialized="table"}}\nselect sum(amount) as total, min(id) as id from {{ref "orders"}}\n',
    })
    await project.build(['orders+'])
    project.write({
      'models/orders.sql': `{{config materialized="table" on_error="continue"}}\nselect missing as id\n`,
    })
    expect(endings(await project.build(['orders+']))).toMatchObject({ orders: 'error', totals: 'success' })
    project.write({ 'models/orders.sql': good.replace('1 as amount', '5 as amount') })
    expect(endings(await retry())).toMatchObject({ orders: 'success', totals: 'success' })
    expect(await here.database.sql('select cast(total as integer) from main.totals')).toEqual([[5]])
  })

  it('never publishes what a test of the first run would have stopped', async () => {
    const { project, retry } = await start()
    await project.build(['orders'])
    project.write({
      'models/orders.sql': '{{config materialized="table"}}\nselect 1 as id, 1 as amount union all select 1, 2\n',
    })
    expect(endings(await retry())).toMatchObject({ orders: 'error', unique_orders_id: 'fail' })
  })

  it('repeats the last run on a target that is named, and warnings when they count', async () => {
    const { project, retry } = await start()
    await project.build(['other'], { target: 'prod' })
    await project.build(['ready'])
    expect((await retry()).results).toEqual([])
    expect(endings(await retry({ target: 'prod' }))).toEqual({ other: 'error', 'shop-on-run-start-0': 'success' })
    project.write({
      'models/models.yml':
        'models: [{name: ready, columns: [{name: id, tests: [{accepted_values: {values: [2], quote: false, severity: warn}}]}]}]\n',
    })
    expect(Object.values(endings(await project.build(['ready'])))).toContain('warn')
    expect((await retry()).results).toEqual([])
    expect((await retry({}, { warnError: true })).exitCode).toBe(1)
  })

  it('keeps to the state that the run deferred to', async () => {
    const { project, retry } = await start({ 'models/orders.sql': good })
    await (await project.open({ target: 'prod' })).build({ exclude: ['other'] })
    const state = project.keepArtifacts()
    project.write({ 'models/totals.sql': 'select missing from {{ref "orders"}}\n' })
    expect((await project.build(['totals'], { state, defer: true })).exitCode).toBe(1)
    project.write({ 'models/totals.sql': files['models/totals.sql']! })
    expect(endings(await retry())).toMatchObject({ totals: 'success' })
  })

  it('builds only the batches that failed, also when everything is to be built anew', async () => {
    const query = `select id, happened_at, cast(case when id = {{var "bad" 0}} then 'none' else cast(amount as varchar) end as integer) as amount
  from {{source "raw" "events"}}`
    const shop = new BatchedShop(here).model('m', '', query)
    await shop.events([
      [1, '2026-01-01', 10],
      [2, '2026-01-02', 20],
      [3, '2026-01-03', 30],
    ])
    const first = await shop.build('2026-01-03 12:00:00', {}, { vars: { bad: 2 } })
    expect(endings(first)).toEqual({ m: 'partial success' })
    await here.database.sql('update main.events set amount = amount + 1', 'select 1')
    const open = { projectDir: shop.project.root, env: {}, vars: { bad: 0 } }
    const again = await Engine.retry(open, { fullRefresh: true })
    expect(endings(again)).toEqual({ m: 'success' })
    expect(again.results[0]!.batchResults!.successful).toHaveLength(1)
    const rows = await here.database.sql('select id, amount from main.m order by id')
    expect(rows.map((row) => row.map(Number))).toEqual([
      [1, 10],
      [2, 21],
      [3, 30],
    ])
    shop.project.remove()
  })

  it('says why it cannot repeat', async () => {
    const { project, retry } = await start()
    const mistake = async (options: EngineOptions = {}) => {
      try {
        return (await retry(options)).diagnostics.map((d) => `${d.code}: ${d.message}`)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        return error.diagnostics.map((d) => `${d.code}: ${d.message}`)
      }
    }
    const none = ['commands/no-earlier-run: there is no run to retry: `target/run_results.json` does not exist']
    expect(await mistake()).toEqual(none)
    await (await project.open()).parse()
    expect(await mistake()).toEqual(none)
    expect(await mistake({ state: 'nowhere' })).toEqual([
      'artifacts/state-missing: the state folder `nowhere` does not exist',
    ])
    await project.build(['other'])
    project.write({ 'models/other.sql': null })
    expect(await mistake()).toEqual([
      'commands/nodes-gone: none of the nodes to retry is part of the project any more: `model.shop.other`',
    ])
    const results = project.path('target/run_results.json')
    const change = (from: string, to: string) => writeFileSync(results, readFileSync(results, 'utf8').replace(from, to))
    change('"which":"build"', '"which":"generate"')
    expect(await mistake()).toEqual(['commands/not-retryable: the last run was `generate`, which cannot be retried'])
    change('"which":"generate"', '"which":"build"')
    change('"vars":{}', '"vars":{"api_token":"*****"}')
    expect((await mistake())[0]).toMatch(/^commands\/masked-variables/)
    change('run-results/v6', 'run-results/v4')
    expect(await mistake()).toEqual([
      'artifacts/state-version: `target/run_results.json` is run-results v4, and run-results v6 is read',
    ])
  })
})
