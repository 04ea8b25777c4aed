import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codes, column, counts, loadingOnEachEngine } from './loading.ts'

const columns = ['id bigint', 'name'].map(column)
const SHOWN = 'select id, name, _file, _line from items order by _file, _line'

loadingOnEachEngine((startLoading) => {
  describe('reading again', () => {
    it('reads once, not in each run, when the declaration changed beside a file that vanished', async () => {
      const loading = await startLoading(
        { 'data/a.csv': 'id,name\n1,a\n', 'data/b.csv': 'id,name\n2,b\n' },
        { columns },
      )
      await loading.load()
      rmSync(join(loading.root, 'data/a.csv'))
      loading.declaration = 'two'
      expect((await loading.load()).filesLoaded).toEqual(['data/b.csv'])
      const again = await loading.load()
      expect([again.filesLoaded, again.filesUnchanged]).toEqual([[], 1])
      expect(await loading.rows(SHOWN)).toEqual([
        [1, 'a', 'data/a.csv', 2],
        [2, 'b', 'data/b.csv', 2],
      ])
    })

    it('keeps the columns of a file that vanished, when other files have them not', async () => {
      const loading = await startLoading(
        { 'data/a.csv': 'id,name,note\n1,a,x\n', 'data/b.csv': 'id,name\n2,b\n' },
        { columns },
      )
      await loading.load()
      rmSync(join(loading.root, 'data/a.csv'))
      await loading.load({ fullRefresh: true })
      expect(await loading.rows('select id, note from items order by id')).toEqual([
        [1, 'x'],
        [2, null],
      ])
    })

    it('says so when the kept rows of a file that vanished do not fit a new type', async () => {
      const loading = await startLoading(
        { 'data/a.csv': 'id,name\n1,a\n', 'data/b.csv': 'id,name\n2,7\n' },
        { columns },
      )
      await loading.load()
      rmSync(join(loading.root, 'data/a.csv'))
      loading.columns = ['id bigint', 'name bigint'].map(column)
      loading.declaration = 'two'
      const result = await loading.load()
      expect(codes(result)).toEqual(['load/kept-rows-unfit'])
      expect(await loading.rows(SHOWN)).toEqual([
        [1, 'a', 'data/a.csv', 2],
        [2, '7', 'data/b.csv', 2],
      ])
    })

    it('removes duplicates between kept and new rows', async () => {
      const files = { deduplicate: ['id'] }
      const loading = await startLoading(
        { 'data/a.csv': 'id,name\n1,a\n', 'data/b.csv': 'id,name\n2,b\n3,c\n', 'data/c.csv': 'id,name\n3,z\n' },
        { columns, files },
      )
      await loading.load()
      rmSync(join(loading.root, 'data/a.csv'))
      rmSync(join(loading.root, 'data/c.csv'))
      loading.write('data/b.csv', 'id,name\n1,new\n3,late\n')
      const result = await loading.load()
      expect(counts(result)).toEqual([2, 1, 0, 1])
      expect(await loading.rows(SHOWN)).toEqual([
        [1, 'new', 'data/b.csv', 2],
        [3, 'z', 'data/c.csv', 2],
      ])
    })

    it('compares whole rows where a later file has a column more or less', async () => {
      const loading = await startLoading(
        { 'data/a.csv': 'id,name,note\n1,a,x\n' },
        { columns, files: { deduplicate: 'exact' } },
      )
      await loading.load()
      loading.write('data/b.csv', 'id,name\n1,a\n')
      expect(counts(await loading.load())).toEqual([1, 1, 0, 0])
      loading.write('data/c.csv', 'id,name,other\n1,a,\n1,a,y\n')
      expect(counts(await loading.load())).toEqual([2, 2, 0, 0])
      expect(await loading.rows('select id, name, note, other from items order by _file, _line')).toEqual([
        [1, 'a', 'x', null],
        [1, 'a', null, null],
        [1, 'a', null, 'y'],
      ])
    })

    it('takes a file for new that comes back after its table is gone', async () => {
      const loading = await startLoading(
        { 'data/a.csv': 'id,name\n1,a\n', 'data/b.csv': 'id,name\n2,b\n' },
        { columns },
      )
      await loading.load()
      rmSync(join(loading.root, 'data/a.csv'))
      await loading.session.query('drop table items')
      await loading.load()
      loading.write('data/a.csv', 'id,name\n1,a\n')
      expect((await loading.load()).filesLoaded).toEqual(['data/a.csv'])
      expect(await loading.rows('select id from items order by id')).toEqual([[1], [2]])
    })
  })
})
