import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { devAndProd, endings, type Files, StateProject } from './state-project.ts'

const files: Files = {
  'project.yml': 'name: shop\nprofile: shop\n',
  'seeds/raw.csv': 'id,amount\n1,10\n2,20\n',
  'models/base.sql': '{{config materialized="ephemeral"}}\nselect id, amount from {{ref "raw"}}\n',
  'models/orders.sql': '{{config materialized="table"}}\nselect id, amount from {{ref "base"}}\n',
  'models/totals.sql': 'select sum(amount) as total from {{ref "orders"}}\n',
  'models/models.yml': `models:
  - name: orders
    columns:
      - name: id
        tests: [unique]
`,
}

onEachDatabase((here) => {
  it('knows without any artifacts what has changed since each node was built on this target', async () => {
    const project = new StateProject(files, devAndProd(here.database))
    expect((await project.build()).exitCode).toBe(0)
    expect(await project.names('state:modified')).toEqual([])
    expect(await project.names('state:old')).toEqual(['base', 'orders', 'raw', 'totals', 'unique_orders_id'])

    project.write({ 'models/totals.sql': 'select sum(amount) + 1 as total from {{ref "orders"}}\n' })
    await (await project.open()).parse()
    await (await project.open()).compile()
    expect(await project.names('state:modified')).toEqual(['totals'])

    expect(endings(await project.build(['orders']))).toEqual({ orders: 'success', unique_orders_id: 'pass' })
    expect(await project.names('state:modified')).toEqual(['totals'])
    expect(endings(await project.build(['state:modified+']))).toEqual({ totals: 'success' })
    expect(await project.names('state:modified')).toEqual([])
    expect((await project.ls('state:modified', { target: 'prod' })).exitCode).toBe(2)
  })

  it('keeps a node modified until it is built well, and tells how the last run ended', async () => {
    const project = new StateProject(files, devAndProd(here.database))
    await project.build()
    project.write({
      'models/orders.sql': '{{config materialized="table"}}\nselect 1 as id, amount from {{ref "base"}}\n',
    })
    const failed = await project.build(['state:modified+'])
    expect(failed.exitCode).toBe(1)
    expect(endings(failed)).toEqual({ orders: 'error', unique_orders_id: 'fail', totals: 'skipped' })
    expect(await project.names('state:modified')).toEqual(['orders'])
    expect(await project.names('result:error')).toEqual(['orders'])
    expect(await project.names('result:fail result:skipped')).toEqual(['totals', 'unique_orders_id'])

    project.write({ 'models/orders.sql': files['models/orders.sql']! })
    expect(await project.names('state:modified')).toEqual([])
    project.write({
      'models/orders.sql': '{{config materialized="table"}}\nselect id, amount * 2 as amount from {{ref "base"}}\n',
    })
    expect((await (await project.open()).build({ empty: true })).exitCode).toBe(0)
    expect(await project.names('state:modified')).toEqual(['orders'])
  })

  it('sees an ephemeral model as changed until all its readers are built anew', async () => {
    const project = new StateProject(files, devAndProd(here.database))
    await project.build()
    project.write({
      'models/base.sql': '{{config materialized="ephemeral"}}\nselect id, amount + 1 as amount from {{ref "raw"}}\n',
    })
    expect(await project.names('state:modified')).toEqual(['base'])
    await project.build(['totals'])
    expect(await project.names('state:modified')).toEqual(['base'])
    await project.build(['state:modified+'])
    expect(await project.names('state:modified')).toEqual([])
  })

  it('says what is wrong with a state that cannot be read', async () => {
    const project = new StateProject(files, devAndProd(here.database))
    const codes = async (select: string, options = {}) => {
      const outcome = await project.ls(select, options)
      expect(outcome.exitCode).toBe(2)
      return outcome.diagnostics.map((d) => [d.code, d.message] as const)
    }
    const target = 'the target `dev`'
    expect(await codes('state:modified')).toEqual([
      ['artifacts/no-local-state', `\`state:\` needs an earlier run, and none is kept of ${target}`],
    ])
    expect(await codes('result:error')).toEqual([
      ['artifacts/no-local-state', `\`result:\` needs an earlier run, and none is kept of ${target}`],
    ])
    await project.build()
    writeFileSync(project.path('target/state/dev/run_results.json'), '{"metadata": ')
    expect((await codes('result:error'))[0]![0]).toBe('artifacts/state-damaged')
    const nodes = project.path('target/state/dev/nodes.jsonl')
    writeFileSync(nodes, `${readFileSync(nodes, 'utf8')}{"node":"x`)
    expect((await codes('state:new'))[0]![0]).toBe('artifacts/state-damaged')
    await project.build()
    expect(await project.names('state:new')).toEqual([])
    rmSync(project.path('target/state/dev'), { recursive: true })
    expect((await codes('state:new'))[0]![0]).toBe('artifacts/no-local-state')
    const report = await (await project.open()).build({ writeJson: false })
    expect([report.exitCode, existsSync(nodes)]).toEqual([0, false])
  })
})
