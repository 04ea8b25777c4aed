import { describe, expect, it } from 'vitest'
import type { NodeConfig } from '../../src/config/node-config.ts'
import { onEachEngine, onEngine } from './on-each-engine.ts'

onEachEngine((w) => {
  it('builds a materialized view, and a table where the engine has none', async () => {
    await w.execute('create table main.raw (id integer)', 'insert into main.raw values (1)')
    const build = () =>
      w.reset().model('m', 'materialized_view', 'select id from main.raw').test('not_null', 'm', 'id').run()
    expect((await build()).status('m')).toBe('success')
    await w.execute('insert into main.raw values (2)')
    expect((await build()).status('m')).toBe('success')
    expect(await w.rows('select id from main.m order by 1')).toEqual([[1], [2]])
    const kind = w.adapter.capabilities.materializedViews ? 'materialized_view' : 'table'
    expect(await w.relations()).toEqual([`${kind} m`, 'table raw'])
    await w.execute('insert into main.raw values (null)')
    expect((await build()).status('m')).toBe('error')
    expect(await w.rows('select id from main.m order by 1')).toEqual([[1], [2]])
  })

  it('puts one where a table was, and a table where one was', async () => {
    await w.model('a', 'table', 'select 1 as x').model('b', 'materialized_view', 'select 2 as x').run()
    w.reset().model('a', 'materialized_view', 'select 3 as x').model('b', 'table', 'select 4 as x')
    expect((await w.run()).statuses).toEqual({ a: 'success', b: 'success' })
    expect(await w.rows('select a.x, b.x from main.a, main.b')).toEqual([[3, 4]])
    expect(await w.strays()).toEqual([])
  })
})

onEngine('postgres', (w) => {
  const unique = { indexes: [{ columns: ['id'], unique: true }] }
  const build = (config: Partial<NodeConfig>, sql = 'select id from main.raw', settings = {}) =>
    w.reset().model('m', 'materialized_view', sql, { config }).run(settings)
  const identity = async () => (await w.rows("select 'main.m'::regclass::oid::bigint"))[0]![0]
  const prepare = async () => {
    await w.execute('create table main.raw (id integer)', 'insert into main.raw values (1)')
  }
  const more = () => w.execute('insert into main.raw select max(id) + 1 from main.raw')
  const rows = async () => (await w.rows('select id from main.m order by 1')).map(([id]) => id)

  describe('a materialized view that stands', () => {
    it('is refreshed where it stands while others read it, when a unique index allows it', async () => {
      await prepare()
      await build(unique)
      const before = await identity()
      await w.execute('create view main.reader as select id from main.m')
      await more()
      const session = await w.adapter.acquire()
      await session.begin()
      await session.query('select * from main.m')
      const results = await build(unique)
      expect(results.of('m').message).toBe('REFRESH MATERIALIZED VIEW')
      await session.rollback()
      await session.release()
      expect([await identity(), await rows()]).toEqual([before, [1, 2]])
      expect(await w.strays()).toEqual([])
    })

    it('is made anew beside itself without a unique index, and its readers stay', async () => {
      await prepare()
      const plain = { indexes: [{ columns: ['id'] }] }
      await build(plain)
      await w.execute('create view main.reader as select id from main.m')
      await more()
      expect((await build(plain)).status('m')).toBe('success')
      expect(await w.rows('select * from main.reader order by 1')).toEqual([[1], [2]])
      expect(await w.rows("select count(*)::int from pg_index where indrelid = 'main.m'::regclass")).toEqual([[1]])
    })

    it('is made anew when its query changes and by a full refresh, not when its text alone does', async () => {
      await prepare()
      await build(unique)
      const first = await identity()
      await build(unique, 'select id, id * 2 as twice from main.raw')
      const second = await identity()
      expect(second).not.toBe(first)
      expect(await w.rows('select * from main.m')).toEqual([[1, 2]])
      await build(unique, 'select id, id * 2 as twice from main.raw', { fullRefresh: true })
      const third = await identity()
      expect(third).not.toBe(second)
      await build(unique, 'select id, id * 2 as twice -- the same\n from main.raw')
      expect(await identity()).toBe(third)
      await build(unique, 'select id, id * 3 as twice from main.raw')
      expect(await identity()).not.toBe(third)
      expect(await w.rows('select * from main.m')).toEqual([[1, 3]])
    })

    it('gets the indexes that are declared today', async () => {
      await prepare()
      await build(unique)
      await build({ indexes: [...unique.indexes, { columns: ['id'], type: 'hash' }] })
      expect(await w.rows("select count(*)::int from pg_index where indrelid = 'main.m'::regclass")).toEqual([[2]])
      await build(unique)
      expect(await w.rows("select count(*)::int from pg_index where indrelid = 'main.m'::regclass")).toEqual([[1]])
    })

    it('keeps its definition under `on_configuration_change: continue`, with a warning and new rows', async () => {
      await prepare()
      for (const [base, changed] of [
        [unique, 'select id, 1 as more from main.raw'],
        [{}, 'select 1 as other from main.raw'],
      ] as const) {
        await w.execute('drop materialized view if exists main.m')
        await build(base)
        await more()
        const results = await build({ ...base, on_configuration_change: 'continue' }, changed)
        expect(results.of('m').diagnostics.map((d) => [d.code, d.severity, d.message])).toEqual([
          [
            'run/materialized-view-changed',
            'warning',
            'the query of this materialized view is no longer what stands in the database',
          ],
        ])
        expect(results.status('m')).toBe('success')
        expect((await rows()).length).toBe(Number((await w.rows('select count(*)::int from main.raw'))[0]![0]))
      }
    })

    it('fails under `on_configuration_change: fail`, and stays as it is', async () => {
      await prepare()
      await build(unique)
      await more()
      const results = await build({ ...unique, on_configuration_change: 'fail' }, 'select id + 1 as id from main.raw')
      expect(results.of('m').diagnostics.map((d) => [d.code, d.severity])).toEqual([
        ['run/materialized-view-changed', 'error'],
      ])
      expect(await rows()).toEqual([1])
      expect(await w.strays()).toEqual([])
      expect((await build({ ...unique, on_configuration_change: 'fail' })).status('m')).toBe('success')
      expect(await rows()).toEqual([1, 2])
    })

    it('is audited before anyone sees it, refreshed or made anew', async () => {
      await prepare()
      const audited = (config: Partial<NodeConfig>) =>
        w
          .reset()
          .model('m', 'materialized_view', 'select id from main.raw', { config })
          .test('not_null', 'm', 'id')
          .run()
      for (const config of [unique, {}]) {
        await w.execute('drop materialized view if exists main.m', 'delete from main.raw where id is null')
        for (let run = 0; run < 2; run++) expect((await audited(config)).status('m')).toBe('success')
        const before = await rows()
        await w.execute('insert into main.raw values (null)')
        const results = await audited(config)
        expect(results.of('not_null').diagnostics.map((d) => d.code)).toEqual(['run/test-failed'])
        expect([results.status('m'), await rows()]).toEqual(['error', before])
      }
    })

    it('is published together with the tables that it reads', async () => {
      for (const replace of ['auto', 'in_place'] as const)
        for (const onChange of ['apply', 'fail'] as const) {
          await w.execute('drop table if exists main.t cascade')
          for (const [settings, value] of [
            [{}, 1],
            [{}, 2],
            [{ fullRefresh: true }, 3],
          ] as const) {
            w.reset().model('t', 'table', `select ${value} as id`, { config: { replace } })
            const config = { ...unique, on_configuration_change: onChange }
            w.model('m', 'materialized_view', (n) => `select id from ${n.ref('t')} where id > 0`, {
              reads: ['t'],
              config,
            })
            w.test('not_null', 'm', 'id').test('not_null', 't', 'id')
            const results = await w.run({ ...settings, wholeRun: true })
            expect(results.all.flatMap((r) => r.diagnostics)).toEqual([])
            expect([results.status('t'), results.status('m')]).toEqual(['success', 'success'])
            expect(await rows()).toEqual([value])
            expect(await w.strays()).toEqual([])
          }
          w.reset().model('t', 'table', 'select null::int as id', { config: { replace } })
          w.model('m', 'materialized_view', (n) => `select coalesce(id, 0) as id from ${n.ref('t')}`, { reads: ['t'] })
          w.singularTest('none', ['m'], (n) => `select * from ${n.ref('m')} where id = 0`)
          expect((await w.run({ wholeRun: true })).status('m')).toBe('error')
          expect(await rows()).toEqual([3])
        }
    })

    it('keeps its rows while a table under it gets other columns, and is made again over the new one', async () => {
      const indexes = [{ columns: ['id'], unique: true }]
      const over = async (sql: string) => {
        w.reset().model('t', 'table', sql, { config: { indexes } })
        w.model('m', 'materialized_view', (n) => `select id from ${n.ref('t')}`, { reads: ['t'], config: unique })
        const results = await w.run()
        expect(results.all.flatMap((r) => r.diagnostics)).toEqual([])
        expect(results.statuses).toEqual({ t: 'success', m: 'success' })
      }
      await over('select 1 as id')
      await w.execute('create view main.reader as select id from main.m', 'comment on table main.t is $$kept$$')
      for (const [sql, id] of [
        ["select 2 as id, 'x' as added", 2],
        ['select 3::bigint as id', 3],
        ['select 4::bigint as id, true as flag', 4],
      ] as const) {
        await over(sql)
        expect(await rows()).toEqual([id])
        expect(await w.rows("select obj_description('main.t'::regclass)")).toEqual([['kept']])
        expect(await w.rows("select count(*)::int from pg_index where indrelid = 'main.t'::regclass")).toEqual([[1]])
      }
      // The one before last was dropped by the last run; its own is for the next.
      await over('select 5::bigint as id, true as flag')
      expect(await w.strays()).toEqual([])
    })

    it('keeps serving its rows when it cannot be made again over the new columns', async () => {
      w.reset().model('t', 'table', 'select 1 as id')
      w.model('m', 'materialized_view', (n) => `select id from ${n.ref('t')}`, { reads: ['t'], config: unique })
      await w.run()
      w.reset().model('t', 'table', 'select 2 as other')
      w.model('m', 'materialized_view', (n) => `select id from ${n.ref('t')}`, { reads: ['t'], config: unique })
      const results = await w.run()
      expect(results.statuses).toEqual({ t: 'success', m: 'error' })
      expect(await rows()).toEqual([1])
      await w.execute('create materialized view main.foreign_one as select other from main.t')
      w.reset().model('t', 'table', 'select 3 as id')
      const refused = await w.run()
      expect(refused.of('t').diagnostics.map((d) => d.code)).toEqual(['db/dependants-would-break'])
      expect(await w.rows('select other from main.t')).toEqual([[2]])
    })

    it('tells of a mistake in its query at the query', async () => {
      await prepare()
      await build(unique)
      const results = await build(unique, 'select idd from main.raw')
      expect(results.of('m').diagnostics[0]).toMatchObject({ code: 'db/column-missing' })
    })
  })
})
