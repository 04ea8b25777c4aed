import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import type * as Library from '../src/index.ts'
import { TemporaryProject } from './errors/temporary-project.ts'
import { onEachDatabase } from './on-each-database.ts'

/** What a program gets from `import { Engine } from 'tsdbt'`: the bundle, not the sources. */
const bundle = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const { Engine, UserError, version } = (await import(bundle)) as typeof Library

onEachDatabase((here) => {
  let project: TemporaryProject | undefined
  afterEach(() => project?.remove())

  it('builds, lists and shows, and tells what happens', async () => {
    project = new TemporaryProject(
      {
        'models/orders.sql': '{{config materialized="table"}}\nselect id, amount from {{ref "stg_orders"}}',
        'models/m.yml': 'models:\n  - name: orders\n    columns:\n      - { name: id, tests: [unique] }\n',
      },
      here.database.target,
    )
    const seen: string[] = []
    const engine = await Engine.open({ projectDir: project.root, on: (event) => seen.push(event.type) })
    const report = await engine.build()
    expect(report.exitCode).toBe(0)
    expect(report.results.map((r) => [r.uniqueId.split('.')[0], r.status])).toEqual([
      ['model', 'success'],
      ['test', 'pass'],
      ['model', 'success'],
    ])
    expect(seen).toContain('node.finished')
    expect((await engine.ls({ select: ['+orders'], resourceTypes: ['model'] })).nodes.map((n) => n.name)).toEqual([
      'stg_orders',
      'orders',
    ])
    const shown = await engine.show({ select: ['orders'] })
    expect(shown.tables[0]!.rows).toEqual({
      columns: [
        { name: 'id', type: expect.stringMatching(/^integer$/i) },
        { name: 'amount', type: expect.stringMatching(/^integer$/i) },
      ],
      rows: [[1, 20]],
    })
  })

  it('hands mistakes over as data', async () => {
    project = new TemporaryProject({ 'models/m.sql': 'select * from {{ref "nothing"}}' }, here.database.target)
    const engine = await Engine.open({ projectDir: project.root })
    const { exitCode, diagnostics } = await engine.parse()
    expect(exitCode).toBe(2)
    expect(diagnostics).toMatchObject([{ code: 'graph/unknown-ref', span: { path: 'models/m.sql', start: 20 } }])
    await expect(Engine.open({ projectDir: project.root, target: 'none' })).rejects.toBeInstanceOf(UserError)
  })

  it('stops when its signal is aborted, and leaves nothing half-published', async () => {
    project = new TemporaryProject(
      {
        'models/slow.sql': `{{config materialized="table"}}
select count(*) as n from generate_series(1, 1000000) as a(n), generate_series(1, 1000000) as b(n) where a.n * b.n % 7 = 3`,
        'models/after.sql': 'select * from {{ref "slow"}}',
      },
      here.database.target,
    )
    const stop = new AbortController()
    const engine = await Engine.open({
      projectDir: project.root,
      signal: stop.signal,
      on: (event) => {
        if (event.type === 'node.executing' && event.node.name === 'slow') setImmediate(() => stop.abort())
      },
    })
    const report = await engine.build({ select: ['slow+'] })
    expect(report.exitCode).toBe(130)
    expect(report.results.map((r) => r.status)).toEqual(['skipped', 'skipped'])
    const after = await (await Engine.open({ projectDir: project.root })).show({
      inline: "select count(*) as n from information_schema.tables where table_name like 'slow%'",
    })
    expect(after.tables[0]!.rows.rows).toEqual([[0]])
  })
})

it('says its version', () => expect(version).toMatch(/^\d+\.\d+\.\d+$/))
