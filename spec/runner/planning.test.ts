import { describe, expect, it } from 'vitest'
import { onEachEngine, onEngine } from './on-each-engine.ts'
import type { Warehouse } from './warehouse.ts'

onEachEngine((w) => {
  describe('dry run', () => {
    it('changes nothing', async () => {
      const project = () => w.reset().model('t', 'incremental', 'select 1 as id').model('v', 'view', 'select 1 as id')
      await project().plan()
      expect(await w.relations()).toEqual([])
      await project().run()
      await w.execute('drop view main.v', 'create table main.v as select 2 as id')
      await project().plan()
      expect(await w.relations()).toEqual(['table t', 'table v'])
      expect(await w.rows('select id from main.v')).toEqual([[2]])
    })
  })

  describe('a failing statement points into the model', () => {
    it('at the name, behind wide characters, in a table, a view and a hook', async () => {
      const sql = "select '🎉é' as x, nmae from (select 1 as name) as s"
      w.model('t', 'table', sql).model('v', 'view', sql)
      w.model('h', 'table', 'select 1 as id', { hooks: { post: [{ sql: 'select nope' }] } })
      const results = await w.run()
      for (const name of ['t', 'v'])
        expect(results.of(name).diagnostics).toMatchObject([
          {
            code: 'db/column-missing',
            node: w.id(name),
            span: { path: `models/${name}.sql`, start: sql.indexOf('nmae'), end: sql.indexOf('nmae') + 4 },
            hints: ['did you mean `name`?'],
            see: `target/compiled/shop/models/${name}.sql`,
          },
        ])
      expect(results.of('h').diagnostics).toMatchObject([{ code: 'db/column-missing', span: { start: 7, end: 11 } }])
    })

    it('names the file alone when the engine tells no place', async () => {
      w.model('t', 'table', "select cast(x as integer) as id from (values ('a')) as t(x)")
      const [diagnostic] = (await w.run()).of('t').diagnostics
      expect(diagnostic).toMatchObject({ code: 'db/conversion', span: { path: 'models/t.sql' } })
    })
  })
})

onEngine('duckdb', (w) => {
  const steps = (plan: Awaited<ReturnType<Warehouse['plan']>>) =>
    plan.units.map((u) => [
      u.mode,
      ...u.members.map((m) => [m.build, m.publish].map((s) => s.map((x) => x.label).join(', ')).join(' | ')),
    ])

  it('plans by what is there', async () => {
    const project = () => w.reset().model('t', 'incremental', 'select 1 as id').model('v', 'view', 'select 1 as id')
    expect(steps(await project().plan())).toEqual([
      ['transaction', ' | create table'],
      ['transaction', ' | create view'],
    ])
    await project().run()
    await w.execute('drop view main.v', 'create table main.v as select 2 as id')
    expect(steps(await project().plan())).toEqual([
      ['transaction', 'stage rows | apply rows, drop table'],
      ['transaction', ' | drop table, create view'],
    ])
  })

  it('plans exactly the statements that the run executes', async () => {
    w.model('a', 'table', 'select 1 as id').model('b', 'table', (n) => `select id from ${n.ref('a')}`, {
      reads: ['a'],
    })
    w.model('v', 'view', (n) => `select id from ${n.ref('b')}`, { reads: ['b'] })
    const runId = '0abcdef0'
    const plan = await w.plan({ wholeRun: true, runId })
    const planned = plan.units.flatMap((u) => [
      ...u.members.flatMap((m) => m.build),
      ...u.members.flatMap((m) => m.publish),
    ])
    await w.run({ wholeRun: true, runId })
    const executed = w.events.flatMap((e) => (e.type === 'statement.finished' ? [e.sql] : []))
    expect(executed).toEqual(planned.map((s) => (s.kind === 'statement' ? s.sql.text : s.kind)))
  })

  it('names the view that cannot be read any more', async () => {
    const base = (sql: string) => {
      w.reset().model('base', 'table', sql)
      w.model('v', 'view', (n) => `select id, gone from ${n.ref('base')}`, { reads: ['base'] })
      return w.model('t', 'table', (n) => `select id from ${n.ref('v')}`, { reads: ['v'] })
    }
    await base('select 1 as id, 2 as gone').run()
    const results = await base('select 1 as id').run({ only: ['base', 't'] })
    expect(results.of('t').diagnostics).toMatchObject([
      {
        code: 'db/column-missing',
        span: { path: 'models/t.sql' },
        notes: ['the mistake is in the view `v`, which this reads'],
      },
    ])
  })
})
