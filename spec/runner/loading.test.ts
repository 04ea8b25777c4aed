import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FilesSpec } from '../../src/config/files-spec.ts'
import { column } from '../artifacts/hand-built-project.ts'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((w) => {
  const write = (name: string, ...lines: readonly string[]) =>
    writeFileSync(join(w.folder, name), `${lines.join('\n')}\n`)

  describe('seeds', () => {
    it('are made anew each time', async () => {
      write('codes.csv', 'code,n', '007,1', '008,2')
      const results = await w.seed('codes').run()
      expect(results.of('codes')).toMatchObject({ status: 'success', message: 'INSERT 2' })
      write('codes.csv', 'code,extra', '009,x')
      expect((await w.reset().seed('codes').run()).status('codes')).toBe('success')
      expect(await w.rows('select * from main.codes')).toEqual([['009', 'x']])
    })

    it('keep the old table when a test or the file is bad', async () => {
      write('codes.csv', 'code,n', 'a,1')
      await w.seed('codes').test('not_null', 'codes', 'n').run()
      write('codes.csv', 'code,n', 'a,')
      expect((await w.reset().seed('codes').test('not_null', 'codes', 'n').run()).statuses).toEqual({
        codes: 'error',
        not_null_codes_n: 'fail',
      })
      write('codes.csv', 'code,n', 'a,1,2')
      const results = await w.reset().seed('codes').test('not_null', 'codes', 'n').run()
      expect(results.of('codes')).toMatchObject({ status: 'error' })
      expect(results.of('codes').diagnostics[0]!.data).toMatchObject({ line: 2 })
      expect(await w.rows('select * from main.codes')).toEqual([['a', 1]])
    })

    it('take the place of a view, staged as well', async () => {
      write('codes.csv', 'code', 'a')
      await w.execute('create view main.codes as select 1 as x')
      await w.seed('codes').model('other', 'table', 'select 1 as id').run({ wholeRun: true })
      expect(await w.rows('select code from main.codes')).toEqual([['a']])
      expect(await w.strays()).toEqual([])
    })
  })

  describe('sources that are loaded from files', () => {
    const project = (files: Partial<FilesSpec> = {}) =>
      w.reset().source('orders', (node) => ({
        ...node,
        columns: [column('id', { dataType: 'bigint' })],
        files: { ...node.files!, ...files },
      }))
    const ids = async () => (await w.rows('select id from raw_raw.orders order by id')).map((r) => r[0])

    it('account for every row, and say when nothing is new', async () => {
      write('orders.csv', 'id', '1', '2', 'x')
      const first = await project({ maxBadRows: { rows: 1 } }).run()
      expect(first.of('raw.orders')).toMatchObject({
        status: 'success',
        message: 'LOAD 2 rows (1 quarantined, 0 duplicates) from 1 file',
        adapterResponse: { rows_input: 3, rows_accepted: 2, rows_quarantined: 1, rows_duplicate: 0 },
      })
      const second = await project({ maxBadRows: { rows: 1 } }).run()
      expect(second.of('raw.orders')).toMatchObject({ message: 'no new files', adapterResponse: { rows_input: 0 } })
      expect(await ids()).toEqual([1, 2])
    })

    it('go back to what they were when a test of a view over them fails', async () => {
      const guarded = () =>
        project()
          .model('v', 'view', (n) => `select nullif(id, 13) as id from ${n.ref('orders')}`, { reads: ['raw.orders'] })
          .test('not_null', 'v', 'id')
      write('orders.csv', 'id', '1')
      expect((await guarded().run()).statuses).toMatchObject({ v: 'success' })
      write('orders.csv', 'id', '1', '13')
      const failed = await guarded().run()
      expect(failed.of('raw.orders').message).toContain('withheld: published together with `v`')
      expect(await ids()).toEqual([1])
      expect((await guarded().run()).status('v')).toBe('error')
      write('orders.csv', 'id', '1', '2')
      expect((await guarded().run()).status('v')).toBe('success')
      expect(await ids()).toEqual([1, 2])
      expect(await w.strays()).toEqual([])
    })

    it('run their tests also when nothing is new', async () => {
      write('orders.csv', 'id', '1', '1')
      await project().run()
      const results = await project()
        .singularTest(
          'twice',
          ['raw.orders'],
          (n) => `select id from ${n.ref('orders')} group by id having count(*) > 1`,
        )
        .run()
      expect(results.statuses).toMatchObject({ twice: 'fail' })
      expect(results.of('raw.orders').message).toBe('not published: 1 test failed')
      expect(await ids()).toEqual([1, 1])
    })

    it('keep the old rows and the refused ones when too many are bad', async () => {
      write('orders.csv', 'id', '1')
      await project().run()
      write('orders.csv', 'id', 'x', 'y')
      const reading = () =>
        project().model('t', 'table', (n) => `select id from ${n.ref('orders')}`, { reads: ['raw.orders'] })
      const results = await reading().run()
      expect(results.of('raw.orders').status).toBe('error')
      expect(results.of('raw.orders').diagnostics.some((d) => d.severity === 'error')).toBe(true)
      expect(results.status('t')).toBe('skipped')
      expect(await ids()).toEqual([1])
      expect(await w.rows('select count(*) from raw_raw.orders__quarantine')).toEqual([[2]])
      expect(await w.strays()).toEqual([])
    })
  })
})
