import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { column, counts, loadingOnEachEngine } from './loading.ts'

const columns = ['id bigint', 'name'].map(column)

loadingOnEachEngine((startLoading) => {
  describe('loading again', () => {
    it('loads what is new or changed, and nothing twice', async () => {
      const loading = await startLoading(
        { 'data/a.csv': 'id,name\n1,a\nx,bad\n', 'data/b.csv': 'id,name\n2,b\n' },
        { columns },
      )
      const first = await loading.load()
      expect(counts(first)).toEqual([3, 2, 1, 0])
      expect(first.filesLoaded).toEqual(['data/a.csv', 'data/b.csv'])

      const second = await loading.load()
      expect(counts(second)).toEqual([0, 0, 0, 0])
      expect([second.filesLoaded, second.filesUnchanged]).toEqual([[], 2])

      loading.loadedAt = '2024-02-01T00:00:00.000Z'
      loading.write('data/a.csv', 'id,name\n3,c\ny,worse\n')
      loading.write('data/c.csv', 'id,name\n4,d\n')
      const third = await loading.load()
      expect(counts(third)).toEqual([3, 2, 1, 0])
      expect([third.filesLoaded, third.filesUnchanged]).toEqual([['data/a.csv', 'data/c.csv'], 1])
      expect(await loading.rows('select id, _file, _line, _loaded_at from items order by id')).toEqual([
        [2, 'data/b.csv', 2, '2024-01-01 00:00:00+00'],
        [3, 'data/a.csv', 2, '2024-02-01 00:00:00+00'],
        [4, 'data/c.csv', 2, '2024-02-01 00:00:00+00'],
      ])
      expect(await loading.rows('select _file, _raw from items__quarantine')).toEqual([['data/a.csv', 'y,worse']])
    })

    it('keeps the rows of a file that vanished, or deletes them when told', async () => {
      const files = { 'data/a.csv': 'id,name\n1,a\nx,bad\n', 'data/b.csv': 'id,name\n2,b\n' }
      for (const onRemovedFiles of ['keep', 'delete'] as const) {
        const loading = await startLoading(files, { columns, files: { onRemovedFiles } })
        await loading.load()
        rmSync(join(loading.root, 'data/a.csv'))
        const result = await loading.load()
        const deleted = onRemovedFiles === 'delete'
        expect(result.filesRemoved).toEqual(deleted ? ['data/a.csv'] : [])
        expect(await loading.rows('select id from items order by id')).toEqual(deleted ? [[2]] : [[1], [2]])
        expect(await loading.rows('select count(*) from items__quarantine')).toEqual([[deleted ? 0 : 1]])
        expect(counts(await loading.load())).toEqual([0, 0, 0, 0])
      }
    })

    it('reads everything again when the declaration changed, on full refresh, and when the table is gone', async () => {
      const loading = await startLoading(
        { 'data/a.csv': 'id,name\n1,a\n', 'data/b.csv': 'id,name\n2,7\n' },
        { columns },
      )
      await loading.load()
      rmSync(join(loading.root, 'data/a.csv'))
      loading.declaration = 'two'
      loading.columns = ['id integer', 'name', 'extra date?'].map(column)
      expect(counts(await loading.load())).toEqual([1, 1, 0, 0])
      expect(await loading.rows('select id, name, extra, _file from items order by id')).toEqual([
        [1, 'a', null, 'data/a.csv'],
        [2, '7', null, 'data/b.csv'],
      ])
      expect((await loading.columnTypes()).slice(0, 3)).toEqual(['id INTEGER', 'name VARCHAR', 'extra DATE'])
      expect(counts(await loading.load({ fullRefresh: true }))).toEqual([1, 1, 0, 0])
      await loading.session.execute('drop table items')
      expect(counts(await loading.load())).toEqual([1, 1, 0, 0])
      expect(counts(await loading.load())).toEqual([0, 0, 0, 0])
    })

    it('takes columns that come later into the table', async () => {
      const loading = await startLoading({ 'data/a.csv': 'id,name,old\n1,a,x\n' }, { columns })
      await loading.load()
      loading.write('data/b.csv', 'New,name,id\ny,b,2\n')
      await loading.load()
      expect(await loading.rows('select id, name, old, new from items order by id')).toEqual([
        [1, 'a', 'x', null],
        [2, 'b', null, 'y'],
      ])
    })

    it('finds a column that files write in another case', async () => {
      const loading = await startLoading(
        { 'data/a.csv': 'id,name,More\n1,a,x\n', 'data/b.csv': 'id,name,MORE\n2,b,y\n' },
        { columns },
      )
      await loading.load()
      loading.write('data/c.csv', 'ID,Name,more\n3,c,z\n')
      await loading.load()
      expect(await loading.rows('select id, name, more from items order by id')).toEqual([
        [1, 'a', 'x'],
        [2, 'b', 'y'],
        [3, 'c', 'z'],
      ])
    })

    it('leaves the table, the quarantine and the state as they were when the transaction is rolled back', async () => {
      const loading = await startLoading({ 'data/a.csv': 'id,name\n1,a\nx,b\n' }, { columns })
      await loading.load()
      loading.write('data/a.csv', 'id,name\n2,a\ny,b\n')
      const staged = await loading.stage()
      await loading.session.begin()
      await loading.session.publishLoad(staged)
      await loading.session.rollback()
      await loading.session.discardLoad(staged, { keepQuarantine: false })
      expect(await loading.rows('select id from items')).toEqual([[1]])
      expect(await loading.rows('select _raw from items__quarantine')).toEqual([['x,b']])
      expect(await loading.adapter.cleanStrays([loading.target])).toEqual([])
      expect(counts(await loading.load())).toEqual([2, 1, 1, 0])
    })

    it('replaces a view that stands in the way', async () => {
      const loading = await startLoading({ 'data/a.csv': 'id,name\n1,a\n' }, { columns })
      await loading.session.execute('create view items as select 1 as id')
      expect(counts(await loading.load({ fullRefresh: true }))).toEqual([1, 1, 0, 0])
      expect(await loading.rows('select id, name from items')).toEqual([[1, 'a']])
    })

    it('keeps the files of two targets in one database apart', async () => {
      const loading = await startLoading({ 'data/a.csv': 'id,name\n1,a\n' }, { columns })
      await loading.load()
      await loading.session.execute('create schema prod')
      const other = {
        target: { ...loading.target, schema: 'prod' },
        quarantine: { ...loading.quarantine, schema: 'prod' },
      }
      expect(counts(await loading.load(other))).toEqual([1, 1, 0, 0])
      expect(counts(await loading.load())).toEqual([0, 0, 0, 0])
      expect(counts(await loading.load(other))).toEqual([0, 0, 0, 0])
    })

    it('loads two sources at once', async () => {
      const loading = await startLoading({ 'data/a.csv': 'id,name\n1,a\n' }, { columns })
      const other = await loading.adapter.acquire()
      const requests = [loading.request(), loading.request()].map((r, i) => ({
        ...r,
        uniqueId: `source.${i}`,
        target: { ...r.target, identifier: `t${i}` },
        quarantine: { ...r.quarantine, identifier: `q${i}` },
      }))
      await Promise.all(
        [loading.session, other].map(async (session, i) => {
          const staged = await session.stageLoad(requests[i]!)
          await session.begin()
          await session.publishLoad(staged)
          await session.commit()
        }),
      )
      expect(await loading.rows('select (select count(*) from t0), (select count(*) from t1)')).toEqual([[1, 1]])
    })
  })

  describe('duplicates', () => {
    const content = 'id,name\n1,a\n1,b\n2,c\n2,c\n,d\n,d\n'

    it('keeps the last row of a key; rows without a key are none', async () => {
      const loading = await startLoading({ 'data/a.csv': content }, { columns, files: { deduplicate: ['ID'] } })
      expect(counts(await loading.load())).toEqual([6, 4, 0, 2])
      expect(await loading.rows('select id, name, _line from items order by _line')).toEqual([
        [1, 'b', 3],
        [2, 'c', 5],
        [null, 'd', 6],
        [null, 'd', 7],
      ])
    })

    it('keeps one of rows that are equal in every column', async () => {
      const loading = await startLoading({ 'data/a.csv': content }, { columns, files: { deduplicate: 'exact' } })
      expect(counts(await loading.load())).toEqual([6, 4, 0, 2])
    })

    it('lets the last file win, whenever it is loaded', async () => {
      const loading = await startLoading(
        { 'data/2.csv': 'id,name\n1,two\n5,five\n' },
        { columns, files: { deduplicate: ['id'] } },
      )
      await loading.load()
      loading.write('data/3.csv', 'id,name\n1,three\n')
      loading.write('data/1.csv', 'id,name\n1,one\n6,six\n')
      expect(counts(await loading.load())).toEqual([3, 2, 0, 1])
      const all = 'select id, name from items order by id'
      expect(await loading.rows(all)).toEqual([
        [1, 'three'],
        [5, 'five'],
        [6, 'six'],
      ])
      // The row that had won goes; the one that had lost against it comes back.
      loading.write('data/3.csv', 'id,name\n9,nine\n')
      await loading.load()
      expect(await loading.rows(all)).toEqual([
        [1, 'two'],
        [5, 'five'],
        [6, 'six'],
        [9, 'nine'],
      ])
    })
  })
})
