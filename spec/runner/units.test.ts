import { describe, expect, it } from 'vitest'
import { allWarningsAreErrors, WarningPolicy } from '../../src/base/warning-policy.ts'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((w) => {
  const values = (...ids: readonly (number | null)[]) =>
    `select * from (values ${ids.map((i) => `(${i ?? 'null::integer'})`).join(', ')}) as t(id)`
  const ids = async (relation: string) => (await w.rows(`select id from main.${relation} order by id`)).map((r) => r[0])

  describe('write, audit, publish', () => {
    it('publishes a table that passes, and audits it before', async () => {
      w.model('t', 'table', values(1, 2)).test('not_null', 't', 'id').test('unique', 't', 'id')
      expect((await w.run()).statuses).toEqual({ not_null_t_id: 'pass', unique_t_id: 'pass', t: 'success' })
      expect(await ids('t')).toEqual([1, 2])
    })

    it('publishes a new view over a table that stands, beside rows that change in place', async () => {
      const base = () => w.reset().model('t', 'table', values(1)).model('i', 'incremental', values(2))
      await base().run()
      for (let run = 0; run < 2; run++) {
        base()
        w.model('v', 'view', (n) => `select id from ${n.ref('t')} union all select id from ${n.ref('i')}`, {
          reads: ['t', 'i'],
        })
        w.test('not_null', 'v', 'id')
        const results = await w.run()
        expect(results.all.flatMap((r) => r.diagnostics)).toEqual([])
        expect(results.status('v')).toBe('success')
        expect(await w.strays()).toEqual([])
      }
      expect(await ids('v')).toEqual([1, 2, 2, 2])
    })

    it('keeps the old table when a test fails, and says why', async () => {
      await w.model('t', 'table', values(1)).test('not_null', 't', 'id').run()
      w.reset()
      w.model('t', 'table', values(2, null)).test('not_null', 't', 'id').test('unique', 't', 'id')
      w.model('child', 'table', (n) => `select id from ${n.ref('t')}`, { reads: ['t'] })
      w.model('other', 'table', values(9)).test('not_null', 'other', 'id')
      const results = await w.run()
      expect(results.statuses).toEqual({
        t: 'error',
        not_null_t_id: 'fail',
        unique_t_id: 'pass',
        child: 'skipped',
        other: 'success',
        not_null_other_id: 'pass',
      })
      expect(results.of('t').message).toBe('not published: 1 test failed')
      expect(results.of('child')).toMatchObject({ because: w.id('t'), message: 'skipped because `t` failed' })
      expect(await ids('t')).toEqual([1])
      expect(await ids('other')).toEqual([9])
      expect(await w.strays()).toEqual([])
    })

    it('withholds a table when a view over it fails its test', async () => {
      const project = (...rows: (number | null)[]) => {
        w.reset().model('t', 'table', values(...rows))
        w.model('v', 'view', (n) => `select id from ${n.ref('t')}`, { reads: ['t'] }).test('not_null', 'v', 'id')
        return w
      }
      await project(1).run()
      const results = await project(2, null).run()
      expect(results.statuses).toEqual({ t: 'error', v: 'error', not_null_v_id: 'fail' })
      expect(results.of('t')).toMatchObject({
        message: 'withheld: published together with `v`, whose test `not_null_v_id` failed',
        because: w.id('v'),
      })
      expect(results.of('v').message).toBe('not published: 1 test failed')
      expect(await ids('v')).toEqual([1])
      expect(w.events.filter((e) => e.type === 'unit.withheld')).toEqual([
        { type: 'unit.withheld', members: [w.id('t'), w.id('v')], because: [w.id('v')] },
      ])
    })

    it('builds several tables of a unit beside their targets, and publishes them together', async () => {
      const project = (a: number, b: number | null) => {
        w.reset().model('a', 'table', values(a)).model('b', 'table', values(b))
        w.model('v', 'view', (n) => `select id from ${n.ref('a')} union all select id from ${n.ref('b')}`, {
          reads: ['a', 'b'],
        })
        w.model('u', 'view', (n) => `select id from ${n.ref('v')}`, { reads: ['v'] }).test('not_null', 'u', 'id')
        return w
      }
      const first = await project(1, 2).run()
      expect(first.statuses).toEqual({ a: 'success', b: 'success', v: 'success', u: 'success', not_null_u_id: 'pass' })
      expect(await ids('u')).toEqual([1, 2])
      expect(first.of('u').compiledSql).toBe(`select id from ${w.name('v')}`)
      expect(first.of('not_null_u_id').compiledSql).toBe(`select * from ${w.name('u')} where id is null`)
      expect(w.kept.get(w.id('u'))).toBe(first.of('u').compiledSql)
      expect(w.kept.get(w.id('not_null_u_id'))).toBe(first.of('not_null_u_id').compiledSql)
      const plan = await w.plan()
      expect(plan.units.map((u) => u.mode)).toEqual(['staged'])
      const second = await project(3, null).run()
      expect(second.statuses).toMatchObject({ a: 'error', b: 'error', v: 'error', u: 'error' })
      expect(await ids('u')).toEqual([1, 2])
      expect(await w.strays()).toEqual([])
      expect((await project(5, 6).run()).status('u')).toBe('success')
      expect(await ids('u')).toEqual([5, 6])
    })

    it('rolls an incremental model back with the view above it', async () => {
      const project = (id: number) => {
        w.reset().model('t', 'incremental', values(id))
        w.model('v', 'view', (n) => `select nullif(id, 2) as id from ${n.ref('t')}`, { reads: ['t'] })
        return w.test('not_null', 'v', 'id')
      }
      await project(1).run()
      expect((await project(2).run()).statuses).toEqual({ t: 'error', v: 'error', not_null_v_id: 'fail' })
      expect(await ids('t')).toEqual([1])
      expect((await project(3).run()).status('t')).toBe('success')
      expect(await ids('v')).toEqual([1, 3])
      expect(await w.strays()).toEqual([])
    })

    it('stages the rows of an increment inside the transaction when they come from its own unit', async () => {
      const project = (id: number) => {
        w.reset().model('a', 'table', values(id))
        return w
          .model('t', 'incremental', (n) => `select id from ${n.ref('a')}`, { reads: ['a'] })
          .test('unique', 't', 'id')
      }
      await project(1).run({ wholeRun: true })
      expect((await project(2).run({ wholeRun: true })).status('t')).toBe('success')
      expect(await ids('t')).toEqual([1, 2])
      expect((await project(2).run({ wholeRun: true })).statuses).toEqual({
        a: 'error',
        t: 'error',
        unique_t_id: 'fail',
      })
      expect(await ids('t')).toEqual([1, 2])
      expect(await w.strays()).toEqual([])
    })

    it('compiles a member when its parents stand, so that its template can ask about them', async () => {
      w.model('t', 'table', values(1)).model('v', 'view', (n) => `select id from ${n.ref('t')}`, { reads: ['t'] })
      await w.test('not_null', 'v', 'id').run()
      const happened = w.events.flatMap((e) =>
        e.type === 'node.compiling' || e.type === 'statement.finished'
          ? [`${e.type} ${typeof e.node === 'string' ? e.node : e.node?.uniqueId}`]
          : [],
      )
      const built = happened.indexOf(`statement.finished ${w.id('t')}`)
      expect(built).toBeGreaterThan(-1)
      expect(happened.indexOf(`node.compiling ${w.id('v')}`)).toBeGreaterThan(built)
    })

    it('withholds a unit when one of its members cannot be built', async () => {
      await w.model('a', 'table', values(1)).run()
      w.reset().model('a', 'table', values(2)).model('b', 'table', 'select nope as id')
      w.model('v', 'view', (n) => `select id from ${n.ref('a')} union all select id from ${n.ref('b')}`, {
        reads: ['a', 'b'],
      }).test('unique', 'v', 'id')
      const results = await w.run()
      expect(results.statuses).toEqual({ a: 'error', b: 'error', v: 'skipped', unique_v_id: 'skipped' })
      expect(results.of('a').message).toBe('withheld: published together with `b`, which failed')
      expect(results.of('b').diagnostics).toMatchObject([
        { code: 'db/column-missing', span: { path: 'models/b.sql', start: 7, end: 11 } },
      ])
      expect(await ids('a')).toEqual([1])
      expect(await w.strays()).toEqual([])
    })

    it('does not let a warning hold anything back', async () => {
      w.model('t', 'table', values(1, null)).test('not_null', 't', 'id', { severity: 'warn' })
      const results = await w.run()
      expect(results.statuses).toEqual({ t: 'success', not_null_t_id: 'warn' })
      expect(results.of('not_null').diagnostics[0]).toMatchObject({ code: 'run/test-failed', severity: 'warning' })
      w.reset().model('t', 'table', values(1, null)).test('not_null', 't', 'id', { severity: 'warn' })
      expect((await w.run({ warnings: new WarningPolicy(allWarningsAreErrors) })).statuses).toEqual({
        t: 'error',
        not_null_t_id: 'fail',
      })
    })

    it('publishes first with `audit: after`, and skips what comes behind a failure', async () => {
      w.model('t', 'table', values(null), { config: { audit: 'after' } }).test('not_null', 't', 'id')
      w.model('child', 'table', (n) => `select id from ${n.ref('t')}`, { reads: ['t'] })
      expect((await w.run()).statuses).toEqual({ t: 'success', not_null_t_id: 'fail', child: 'skipped' })
      expect(await ids('t')).toEqual([null])
    })

    it('runs a test that cannot run as an error, and withholds', async () => {
      w.model('t', 'table', values(1)).test('not_null', 't', 'idd').test('unique', 't', 'id')
      const results = await w.run()
      expect(results.statuses).toMatchObject({ t: 'error', not_null_t_idd: 'error' })
      expect(results.of('not_null').diagnostics[0]).toMatchObject({
        code: 'db/column-missing',
        node: w.id('not_null_t_idd'),
      })
      expect(results.of('t').message).toContain('1 test could not run')
    })

    it('is one unit in the whole with all-or-nothing', async () => {
      w.model('a', 'table', values(1)).model('b', 'table', values(null)).test('not_null', 'b', 'id')
      const results = await w.run({ wholeRun: true })
      expect(results.statuses).toEqual({ a: 'error', b: 'error', not_null_b_id: 'fail' })
      expect(await w.relations()).toEqual([])
    })

    it('tests what is published when nothing is built', async () => {
      await w
        .model('t', 'table', values(1, 1))
        .test('unique', 't', 'id')
        .run({ only: ['t'] })
      const results = await w.run({ only: ['unique_t_id'] })
      expect(results.statuses).toEqual({ unique_t_id: 'fail' })
      expect(results.of('unique').diagnostics[0]!.rows).toEqual({ columns: ['id', 'n'], rows: [['1', '2']] })
    })

    it('skips the readers of a source that fails its test', async () => {
      await w.execute('create table main.base as select 1 as id union all select 1')
      w.model('base', 'table', values(1)).test('unique', 'base', 'id')
      w.model('reader', 'table', (n) => `select id from ${n.ref('base')}`, { reads: ['base'] })
      const results = await w.run({ only: ['reader', 'unique_base_id'] })
      expect(results.statuses).toEqual({ unique_base_id: 'fail', reader: 'skipped' })
    })

    it('publishes node by node without an audit', async () => {
      w.model('t', 'table', values(null)).test('not_null', 't', 'id')
      w.model('v', 'view', (n) => `select id from ${n.ref('t')}`, { reads: ['t'] })
      const results = await w.run({ audit: false, only: ['t', 'v'] })
      expect(results.statuses).toEqual({ t: 'success', v: 'success' })
    })

    it('reads a member through a view that is not built within the transaction', async () => {
      const project = (id: number) => {
        w.reset().model('a', 'table', values(id))
        w.model('mid', 'view', (n) => `select id from ${n.ref('a')}`, { reads: ['a'] })
        w.model('b', 'view', (n) => `select id from ${n.ref('mid')}`, { reads: ['mid'] })
        return w.singularTest(
          'no_two',
          ['a', 'b'],
          (n) => `select * from ${n.ref('a')} join ${n.ref('b')} using (id) where id = 2`,
        )
      }
      await project(1).run()
      const results = await project(2).run({ only: ['a', 'b', 'no_two'], wholeRun: true })
      expect(results.statuses).toEqual({ a: 'error', b: 'error', no_two: 'fail' })
      expect(await ids('a')).toEqual([1])
    })
  })

  describe('after a failure the old data is there', () => {
    const failing: { readonly [kind: string]: string } = {
      'a syntax error': 'selec 1',
      'an unknown column': 'select nope as id',
      'a conversion at run time': "select cast(x as integer) as id from (values ('1'), ('a')) as t(x)",
    }
    for (const [kind, sql] of Object.entries(failing)) {
      for (const materialized of ['table', 'view', 'incremental']) {
        it(`${kind} in a ${materialized}`, async () => {
          await w.model('t', materialized, values(1)).test('not_null', 't', 'id').run()
          w.reset().model('t', materialized, sql).test('not_null', 't', 'id')
          const results = await w.run()
          expect(results.status('t')).toBe('error')
          expect(await ids('t')).toEqual([1])
          expect(await w.strays()).toEqual([])
        })
      }
    }
  })
})
