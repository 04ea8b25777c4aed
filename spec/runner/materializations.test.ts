import { describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((w) => {
  describe('views and tables', () => {
    it('makes them, says so in dbt’s words, and leaves nothing behind', async () => {
      w.model('t', 'table', 'select 1 as id union all select 2')
      w.model('v', 'view', (n) => `select id from ${n.ref('t')}`, { reads: ['t'] })
      const results = await w.run()
      expect(results.statuses).toEqual({ t: 'success', v: 'success' })
      expect(results.of('v').message).toBe('CREATE VIEW')
      expect(results.of('t').timing.map((t) => t.name)).toEqual(['compile', 'execute'])
      expect(results.of('t').threadId).toMatch(/^Thread-\d \(worker\)$/)
      expect(await w.rows('select * from main.v order by 1')).toEqual([[1], [2]])
      expect(await w.strays()).toEqual([])
    })

    it('puts a table where a view was and a view where a table was', async () => {
      await w.model('a', 'view', 'select 1 as x').model('b', 'table', 'select 2 as x').run()
      w.reset().model('a', 'table', 'select 3 as x').model('b', 'view', 'select 4 as x')
      expect((await w.run()).statuses).toEqual({ a: 'success', b: 'success' })
      expect(await w.rows('select a.x, b.x from main.a, main.b')).toEqual([[3, 4]])
      expect(await w.relations()).toEqual(['table a', 'view b'])
    })

    it('reads through ephemeral models', async () => {
      w.model('e', 'ephemeral', 'select 7 as x')
      w.model('t', 'table', (n) => `select x from ${n.ref('e')}`, { reads: ['e'] })
      expect((await w.run()).statuses).toEqual({ t: 'success' })
      expect(await w.rows('select x from main.t')).toEqual([[7]])
    })

    it('runs a sql header before the statement', async () => {
      const [header, read] = {
        duckdb: ['set variable n = 5', "getvariable('n')"],
        postgres: ['set shop.n = 5', "current_setting('shop.n')::integer"],
      }[w.engine.name]!
      w.model('t', 'table', `select ${read} as x`, { config: { sql_header: header! } })
      await w.run()
      expect(await w.rows('select x from main.t')).toEqual([[5]])
    })
  })

  describe('incremental models', () => {
    const build = (strategy: string, rows: string, more = {}) =>
      w.reset().model('t', 'incremental', rows, {
        config: { incremental_strategy: strategy, unique_key: 'id', ...more },
      })

    it('is a table at first, and again with full refresh, unless the model is protected', async () => {
      const sql = (n: { incremental: boolean }) => `select ${n.incremental ? 2 : 1} as id`
      w.model('t', 'incremental', sql)
      await w.run()
      expect(await w.rows('select * from main.t')).toEqual([[1]])
      await w.run()
      expect(await w.rows('select * from main.t order by id')).toEqual([[1], [2]])
      await w.run({ fullRefresh: true })
      expect(await w.rows('select * from main.t')).toEqual([[1]])
      w.reset().model('t', 'incremental', sql, { config: { full_refresh: false } })
      await w.run({ fullRefresh: true })
      expect(await w.rows('select * from main.t order by id')).toEqual([[1], [2]])
      expect(await w.strays()).toEqual([])
    })

    it('appends', async () => {
      await build('append', 'select 1 as id', { unique_key: null }).run()
      const results = await w.run()
      expect(results.of('t').message).toBe('INSERT 1')
      expect(results.of('t').adapterResponse).toMatchObject({ rows_affected: 1 })
      expect(await w.rows('select * from main.t')).toEqual([[1], [1]])
    })

    for (const strategy of ['delete+insert', 'merge']) {
      it(`replaces rows by key, null keys too (${strategy})`, async () => {
        await build(strategy, "select * from (values (1, 'a'), (2, 'b'), (null, 'c')) as t(id, x)").run()
        const results = await build(
          strategy,
          "select * from (values (2, 'B'), (null, 'C'), (3, 'd')) as t(id, x)",
        ).run()
        expect(results.status('t')).toBe('success')
        expect(await w.rows('select * from main.t order by id nulls last')).toEqual([
          [1, 'a'],
          [2, 'B'],
          [3, 'd'],
          [null, 'C'],
        ])
      })

      it(`matches several keys and limits itself by predicates (${strategy})`, async () => {
        const more = { unique_key: ['id', 'k'], incremental_predicates: ['DBT_INTERNAL_DEST.id > 1'] }
        await build(strategy, 'select * from (values (1, 1, 0), (2, 1, 0)) as t(id, k, x)', more).run()
        await build(strategy, 'select * from (values (1, 1, 9), (2, 1, 9), (2, 2, 9)) as t(id, k, x)', more).run()
        expect(await w.rows('select id, k, x from main.t order by 1, 2, 3')).toEqual([
          [1, 1, 0],
          [1, 1, 9],
          [2, 1, 9],
          [2, 2, 9],
        ])
      })
    }

    it('merges only the columns that it is told to', async () => {
      const first = 'select 1 as id, 1 as a, 1 as b'
      const second = 'select 1 as id, 2 as a, 2 as b'
      await build('merge', first).run()
      await build('merge', second, { merge_update_columns: ['a'] }).run()
      expect(await w.rows('select * from main.t')).toEqual([[1, 2, 1]])
      await build('merge', 'select 1 as id, 3 as a, 3 as b', { merge_exclude_columns: ['a'] }).run()
      expect(await w.rows('select * from main.t')).toEqual([[1, 2, 3]])
    })

    it('refuses a merge with a key that comes twice, and shows the keys', async () => {
      await build('merge', 'select 1 as id, 0 as x').run()
      const results = await build('merge', 'select * from (values (7, 1), (7, 2), (8, 1)) as t(id, x)').run()
      const [diagnostic] = results.of('t').diagnostics
      expect(results.status('t')).toBe('error')
      expect(diagnostic).toMatchObject({
        code: 'run/duplicate-keys',
        rows: { columns: ['id', 'rows'], rows: [['7', '2']] },
      })
      expect(await w.rows('select * from main.t')).toEqual([[1, 0]])
      expect(await w.strays()).toEqual([])
    })

    it('names a key that the model does not have', async () => {
      await build('merge', 'select 1 as id').run()
      const results = await build('merge', 'select 1 as id', { unique_key: 'idd' }).run()
      expect(results.of('t').diagnostics[0]).toMatchObject({ code: 'run/unknown-column-in-config' })
      expect(results.of('t').diagnostics[0]!.hints).toEqual(['did you mean `id`?'])
    })

    it('refuses a strategy that nobody knows before anything runs', async () => {
      await expect(build('mergee', 'select 1 as id').run()).rejects.toMatchObject({
        diagnostics: [{ code: 'run/unknown-strategy', hints: ['did you mean `merge`?'] }],
      })
    })
  })

  describe('on_schema_change', () => {
    const first = "select 1 as id, 'a' as gone, 1 as n"
    const changed = "select 2 as ID, 'x' as n, true as added"
    const build = (mode: 'ignore' | 'fail' | 'append_new_columns' | 'sync_all_columns', sql: string) =>
      w.reset().model('t', 'incremental', sql, { config: { on_schema_change: mode, unique_key: 'id' } })

    it('ignore: leaves new columns out and matches names in any order and case', async () => {
      await build('ignore', 'select 1 as id, 10 as n').run()
      const results = await build('ignore', 'select 99 as added, 20 as N, 2 as Id').run()
      expect(results.status('t')).toBe('success')
      expect(await w.rows('select * from main.t order by id')).toEqual([
        [1, 10],
        [2, 20],
      ])
    })

    it('ignore: a column that is gone is an error', async () => {
      await build('ignore', first).run()
      const results = await build('ignore', changed).run()
      expect(results.of('t').diagnostics[0]).toMatchObject({ code: 'run/column-removed' })
      expect(await w.rows('select * from main.t')).toEqual([[1, 'a', 1]])
    })

    it('fail: lists what changed', async () => {
      await build('fail', first).run()
      const results = await build('fail', changed).run()
      const [before, after] = { duckdb: ['INTEGER', 'VARCHAR'], postgres: ['integer', 'text'] }[w.engine.name]!
      expect(results.of('t').diagnostics[0]).toMatchObject({
        code: 'run/columns-changed',
        notes: [
          'only in the model: `added`',
          'only in the table: `gone`',
          `\`n\` is ${before} in the table and ${after} in the model`,
        ],
      })
    })

    it('append_new_columns: adds and keeps', async () => {
      await build('append_new_columns', "select 1 as id, 'a' as gone").run()
      await build('append_new_columns', 'select 2 as id, true as added').run()
      expect(await w.rows('select id, gone, added from main.t order by id')).toEqual([
        [1, 'a', null],
        [2, null, true],
      ])
    })

    for (const strategy of ['append', 'delete+insert', 'merge']) {
      it(`sync_all_columns: adds, drops and retypes, and keeps the rows (${strategy})`, async () => {
        const sync = (sql: string) =>
          w.reset().model('t', 'incremental', sql, {
            config: { on_schema_change: 'sync_all_columns', incremental_strategy: strategy, unique_key: 'id' },
          })
        await sync(`${first} union all select 2, 'b', 2`).run()
        const results = await sync(`${changed} union all select 3, 'y', false`).run()
        expect(results.of('t').message).toMatch(/^(INSERT|MERGE) 2$/)
        const rows = await w.rows('select id, n, added from main.t order by id, n')
        expect(rows.filter(([id]) => id !== 2)).toEqual([
          [1, '1', null],
          [3, 'y', false],
        ])
        expect(rows.filter(([id]) => id === 2).length).toBe(strategy === 'append' ? 2 : 1)
      })
    }
  })
})
