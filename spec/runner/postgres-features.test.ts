import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { onEngine } from './on-each-engine.ts'
import type { Results } from './warehouse.ts'

const problem = (results: Results, name: string) => {
  const [first] = results.of(name).diagnostics
  return first === undefined ? undefined : [first.code, first.message, ...(first.hints ?? [])]
}

onEngine('postgres', (w) => {
  const indexes = (table: string) =>
    w.rows(`select replace(pg_get_indexdef(indexrelid), 'main.', '') from pg_index
where indrelid = 'main.${table}'::regclass order by 1`)
  const one = async (sql: string) => (await w.rows(sql))[0]

  describe('indexes', () => {
    const config = {
      indexes: [
        { columns: ['ID'], unique: true },
        { columns: ['lower(name)', 'id'], where: 'id > 1', name: 'by_name' },
        { columns: ['name'], type: 'hash' },
        { columns: ['id'], include: ['name'] },
      ],
    }
    const defined = [
      ['CREATE INDEX by_name ON t USING btree (lower(name), id) WHERE (id > 1)'],
      [expect.stringMatching(/^CREATE INDEX t_id_\w{8} ON t USING btree \(id\) INCLUDE \(name\)$/)],
      [expect.stringMatching(/^CREATE INDEX t_name_\w{8} ON t USING hash \(name\)$/)],
      [expect.stringMatching(/^CREATE UNIQUE INDEX t_id_\w{8} ON t USING btree \(id\)$/)],
    ]
    const sql = "select 1 as id, 'a' as name"

    it('are made with a table, and stand after each rebuild', async () => {
      w.model('t', 'table', sql, { config })
      for (const replace of ['auto', 'swap', 'in_place'] as const) {
        w.reset().model('t', 'table', sql, { config: { ...config, replace } })
        expect((await w.run()).statuses).toEqual({ t: 'success' })
        expect(await indexes('t')).toEqual(defined)
      }
      expect(await w.strays()).toEqual([])
    })

    it('are brought up to date on an incremental model, and others are left alone', async () => {
      const unique_key = 'id'
      w.model('t', 'incremental', sql, { config: { unique_key, indexes: config.indexes.slice(2) } })
      await w.run()
      await w.execute('create index by_hand on main.t (id)')
      w.reset().model('t', 'incremental', sql, { config: { unique_key, indexes: config.indexes.slice(0, 2) } })
      expect((await w.run()).statuses).toEqual({ t: 'success' })
      expect(await indexes('t')).toEqual([['CREATE INDEX by_hand ON t USING btree (id)'], defined[0], defined[3]])
    })

    it('are made on a column that an incremental model gets', async () => {
      const build = (text: string, columns: string[]) =>
        w.reset().model('t', 'incremental', text, {
          config: { indexes: columns.map((c) => ({ columns: [c] })), on_schema_change: 'append_new_columns' },
        })
      await build('select 1 as id', ['id']).run()
      expect((await build('select 2 as id, 3 as more', ['id', 'more']).run()).statuses).toEqual({ t: 'success' })
      expect((await indexes('t')).length).toBe(2)
      expect((await build('select 2 as id, 3 as more', ['gone']).run()).status('t')).toBe('error')
    })

    it('and storage are those of a seed, too', async () => {
      writeFileSync(join(w.folder, 's.csv'), 'id,name\n1,a\n')
      w.seed('s', {
        indexes: [{ columns: ['id'], unique: true }],
        unlogged: true,
        fillfactor: 50,
        materialized: 'seed',
      })
      for (let run = 0; run < 2; run++) expect((await w.run()).statuses).toEqual({ s: 'success' })
      expect(await w.rows("select relpersistence, reloptions::text from pg_class where relname = 's'")).toEqual([
        ['u', '{fillfactor=50}'],
      ])
      expect((await indexes('s')).length).toBe(1)
    })

    it('name a column that there is', async () => {
      w.model('t', 'table', sql, { config: { indexes: [{ columns: ['nam'] }] } })
      expect(problem(await w.run(), 't')).toEqual([
        'run/unknown-column-in-config',
        '`indexes` names `nam`, which is no column of this model',
        'did you mean `name`?',
      ])
      expect(await w.relations()).toEqual([])
    })
  })

  describe('storage', () => {
    it('is that of the configuration from the first build on', async () => {
      const config = { unlogged: true, fillfactor: 70, tablespace: 'pg_default' }
      w.model('t', 'table', 'select 1 as id', { config })
      w.model('i', 'incremental', 'select 1 as id', { config: { fillfactor: 80 } })
      for (let run = 0; run < 2; run++) {
        expect((await w.run()).statuses).toEqual({ t: 'success', i: 'success' })
        expect(
          await w.rows(
            "select relname, relpersistence, reloptions::text from pg_class where relname in ('t', 'i') order by 1",
          ),
        ).toEqual([
          ['i', 'p', '{fillfactor=80}'],
          ['t', 'u', '{fillfactor=70}'],
        ])
      }
      w.reset().model('t', 'table', 'select 2 as id')
      await w.run()
      expect(await one("select relpersistence from pg_class where relname = 't'")).toEqual(['p'])
    })

    it('refuses a tablespace that there is not', async () => {
      w.model('t', 'table', 'select 1 as id', { config: { tablespace: 'fast' } })
      const [code, message] = problem(await w.run(), 't')!
      expect([code, message]).toEqual(['db/object-missing', expect.stringContaining('"fast"')])
    })
  })

  describe('names', () => {
    it('that are too long for the engine are a warning at their place in the model', async () => {
      const long = 'n'.repeat(64)
      const sql = `select 1 as ${long}`
      const results = await w.model('t', 'table', sql).run()
      expect(results.of('t').diagnostics.map((d) => [d.code, d.severity, d.message, d.span?.start])).toEqual([
        [
          'run/name-is-cut',
          'warning',
          `\`${long}\` is longer than 63 bytes, and the engine cuts it`,
          sql.indexOf(long),
        ],
      ])
    })
  })

  describe('a dry run', () => {
    const replacing = async () => {
      const plan = await w.plan()
      return plan.units.flatMap((u) => u.members.flatMap((m) => m.finish.map((step) => step.label)))
    }

    it('says how each table would be replaced, and why', async () => {
      await w.model('t', 'table', 'select 1 as id').model('s', 'table', 'select 1 as id').run()
      w.reset()
        .model('t', 'table', 'select 2 as id')
        .model('s', 'table', 'select 2 as id', { config: { replace: 'swap' } })
      expect((await replacing()).sort()).toEqual([
        'replace (in place: same columns, 8 kB)',
        'replace (swap: forced by `replace: swap`)',
      ])
      w.reset().model('t', 'table', 'select 2 as id, 3 as more')
      expect(await replacing()).toEqual(['replace (swap: columns changed: +more)'])
      w.reset().model('n', 'table', 'select 2 as id')
      w.model('t', 'table', (n) => `select id from ${n.ref('n')}`, { reads: ['n'] })
      expect(await replacing()).toEqual(['replace (in place or swap: by its columns, 8 kB)'])
      expect(await w.rows('select id from main.t')).toEqual([[1]])
    })
  })

  describe('grants', () => {
    const rights = (table: string) =>
      w.rows(`select grantee, lower(privilege_type) from information_schema.role_table_grants
where table_name = '${table}' and grantee like 'spec_%' order by 1, 2`)

    it('are what the configuration says, on each kind of relation and after each run', async () => {
      await w.execute(
        `do $$ begin create role spec_reader; exception when duplicate_object then null; end $$`,
        `do $$ begin create role spec_other; exception when duplicate_object then null; end $$`,
      )
      const build = (grants: { [privilege: string]: string[] }) => {
        w.reset()
        for (const kind of ['table', 'view', 'incremental', 'materialized_view'])
          w.model(`of_${kind}`, kind, 'select 1 as id', { config: { grants } })
        return w.run()
      }
      const expected = async (wanted: readonly (readonly string[])[]) => {
        for (const kind of ['table', 'view', 'incremental', 'materialized_view'])
          expect(
            (
              await w.rows(`select r.rolname, lower(a.privilege_type) from pg_class c, aclexplode(c.relacl) a
join pg_roles r on r.oid = a.grantee where c.relname = 'of_${kind}' and r.rolname like 'spec_%' order by 1, 2`)
            ).map((row) => row.map(String)),
          ).toEqual(wanted)
      }
      await build({ select: ['spec_reader', 'spec_other'] })
      await expected([
        ['spec_other', 'select'],
        ['spec_reader', 'select'],
      ])
      await build({ select: ['spec_reader'] })
      await expected([['spec_reader', 'select']])
      await build({})
      await expected([['spec_reader', 'select']])
      await build({ select: [] })
      await expected([])
      expect(await rights('of_table')).toEqual([])
    })

    it('that the role of the run may not give are an error, and publish nothing', async () => {
      await w.execute(
        `do $$ begin create role spec_writer; exception when duplicate_object then null; end $$`,
        `do $$ begin create role spec_reader; exception when duplicate_object then null; end $$`,
        'create table main.t as select 1 as id',
        'grant all on main.t to spec_writer',
        'grant all on schema main to spec_writer',
      )
      await w.open(4, { role: 'spec_writer' })
      w.model('t', 'incremental', 'select 2 as id', { config: { grants: { insert: ['spec_reader'] } } })
      const results = await w.run()
      expect(problem(results, 't')![0]).toBe('run/grants-not-applied')
      expect(await w.rows('select id from main.t')).toEqual([[1]])
    })

    it('refuse a role that there is not, and publish nothing', async () => {
      await w.model('t', 'table', 'select 1 as id').run()
      w.reset().model('t', 'table', 'select 2 as id', { config: { grants: { select: ['nobody_here'] } } })
      const results = await w.run()
      expect(results.statuses).toEqual({ t: 'error' })
      expect(problem(results, 't')![1]).toContain('nobody_here')
      expect(await w.rows('select id from main.t')).toEqual([[1]])
    })
  })
})
