import { describe, expect, it } from 'vitest'
import { column } from '../artifacts/hand-built-project.ts'
import { onEachEngine } from './on-each-engine.ts'

const KINDS = ['table', 'view', 'incremental', 'materialized_view'] as const

onEachEngine((w) => {
  const comments = (name: string) =>
    w.rows(
      w.engine.name === 'duckdb'
        ? `select '' as c, coalesce((select comment from duckdb_tables() where table_name = '${name}'),
  (select comment from duckdb_views() where view_name = '${name}')) as comment
union all select column_name, comment from duckdb_columns() where table_name = '${name}' order by 1`
        : `select '' as c, obj_description('main.${name}'::regclass, 'pg_class') as comment
union all select attname, col_description(attrelid, attnum) from pg_attribute
where attrelid = 'main.${name}'::regclass and attnum > 0 order by 1`,
    )

  describe('descriptions', () => {
    const columns = [column('id', { description: "the customer's “id” 🎉" }), column('Name'), column('x')]
    const build = (persist_docs: { relation?: boolean; columns?: boolean }, description = "it's\nall") => {
      w.reset()
      for (const kind of KINDS)
        w.model(kind, kind, 'select 1 as id, \'a\' as "Name", 2 as x', {
          config: { persist_docs, unique_key: 'id' },
          description,
          columns,
        })
      return w.run()
    }

    it('become comments of the relation and of its columns, build after build', async () => {
      for (let run = 0; run < 2; run++) {
        const results = await build({ relation: true, columns: true })
        for (const kind of KINDS) {
          expect([kind, results.status(kind)]).toEqual([kind, 'success'])
          expect([kind, await comments(kind)]).toEqual([
            kind,
            [
              ['', "it's\nall"],
              ['Name', null],
              ['id', "the customer's “id” 🎉"],
              ['x', null],
            ],
          ])
        }
      }
    })

    it('are not written unless they are asked for, each by itself', async () => {
      await build({})
      for (const kind of KINDS) expect((await comments(kind)).every(([, text]) => text === null)).toBe(true)
      await build({ columns: true })
      for (const kind of KINDS) expect((await comments(kind))[0]).toEqual(['', null])
    })

    it('of a column that is not there are a warning', async () => {
      w.model('t', 'table', 'select 1 as id', {
        config: { persist_docs: { columns: true } },
        columns: [column('ids', { description: 'gone' }), column('id', { description: 'there' })],
      })
      const results = await w.run()
      expect(results.status('t')).toBe('success')
      expect(results.of('t').diagnostics.map((d) => [d.code, d.severity, d.message, d.hints])).toEqual([
        [
          'run/described-column-missing',
          'warning',
          'there is no column `ids` to write its description on',
          ['did you mean `id`?'],
        ],
      ])
      expect((await comments('t')).at(-1)).toEqual(['id', 'there'])
    })

    it('change nothing when a test holds the relation back', async () => {
      await build({ relation: true }, 'old')
      w.reset()
      for (const kind of KINDS) {
        const config = { persist_docs: { relation: true }, unique_key: 'id' }
        w.model(kind, kind, 'select 1 as id, null as "Name", 2 as x', { config, description: 'new' })
        w.test('not_null', kind, '"Name"')
      }
      const results = await w.run()
      for (const kind of KINDS) {
        expect(results.status(kind)).toBe('error')
        expect((await comments(kind))[0]).toEqual(['', 'old'])
      }
    })
  })
})
