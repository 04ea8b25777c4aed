import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FilesSpec } from '../../src/config/files-spec.ts'
import { codes, column, copyByDuckDb, counts, filesSpec, loadingOnEachEngine } from './loading.ts'

const columns = ['id bigint', 'name'].map(column)

loadingOnEachEngine((startLoading) => {
  describe('delimited files that engines read leniently', () => {
    const texts: Readonly<Record<string, readonly [string, readonly unknown[], readonly (readonly unknown[])[]]>> = {
      'only short rows keep their values': [
        'id,name\n1\n2\n',
        [2, 2, 0, 0],
        [
          [1, null, 2],
          [2, null, 3],
        ],
      ],
      'an empty cell too many is one too many': ['id,name\n1,a,\n2,b,\n', [2, 0, 2, 0], []],
      'a blank before a quote makes it text': ['id,name\n1, "a"\n', [1, 1, 0, 0], [[1, ' "a"', 2]]],
      'a blank behind a quote is refused': ['id,name\n1,"a" \n2,"b"\n', [2, 1, 1, 0], [[2, 'b', 3]]],
      'quoted delimiters and doubled quotes': [
        'id,name\n1,"a,""b"""\n"2",""\n',
        [2, 2, 0, 0],
        [
          [1, 'a,"b"', 2],
          [2, '', 3],
        ],
      ],
    }
    for (const [name, [content, expected, rows]] of Object.entries(texts)) {
      it(name, async () => {
        const loading = await startLoading({ 'data/a.csv': content }, { columns })
        expect(counts(await loading.load())).toEqual(expected)
        expect(await loading.rows('select id, name, _line from items order by _line')).toEqual(rows)
      })
    }

    it('a file without a header and with fewer cells than columns keeps its values', async () => {
      const loading = await startLoading({ 'data/a.csv': '1\n2\n' }, { columns, files: { header: false } })
      await loading.load()
      expect(await loading.rows('select id, name, _line from items order by _line')).toEqual([
        [1, null, 1],
        [2, null, 2],
      ])
    })
  })

  describe('JSON in the wild', () => {
    const load = async (content: string, format: 'json' | 'ndjson' = 'ndjson') => {
      const loading = await startLoading(
        { 'data/a.json': content },
        { columns, files: { location: ['data/*.json'], format } },
      )
      return { loading, result: await loading.load() }
    }

    it('takes an empty answer for no rows', async () => {
      for (const [content, format] of [
        ['[]', 'json'],
        ['\n\n', 'ndjson'],
        [' ', 'json'],
      ] as const) {
        const { result } = await load(content, format)
        expect([counts(result), codes(result)]).toEqual([[0, 0, 0, 0], []])
      }
    })

    it('refuses an array that was cut off', async () => {
      const { result } = await load('[{"id":1,"name":"a"},{"id":2,"name":"b"}', 'json')
      expect(codes(result)).toEqual(['load/file-unreadable'])
    })

    it('refuses what holds no object row by row', async () => {
      const { loading, result } = await load('<html>Error</html>\n')
      expect(counts(result)).toEqual([1, 0, 1, 0])
      expect(await loading.rows('select _line, _reason, _raw from items__quarantine')).toEqual([
        [1, 'this is no JSON object', '<html>Error</html>'],
      ])
    })

    it('keeps numbers that no double and no 64 bits hold', async () => {
      const big = '123456789012345678901234567890'
      const nested = `{"v":1234567890123456.789012,"w":0.1,"x":${big},"y":0.30000000000000004}`
      const { loading, result } = await load(
        `{"id":9007199254740993,"name":${nested},"u":18446744073709551615,"h":${big}}\n`,
      )
      expect(counts(result)).toEqual([1, 1, 0, 0])
      expect(await loading.rows('select id, name, u, h from items')).toEqual([
        [
          9007199254740993n,
          `{"v":"1234567890123456.789012","w":0.1,"x":"${big}","y":0.30000000000000004}`,
          '18446744073709551615',
          big,
        ],
      ])
    })

    it('refuses repeated keys and NUL by escape', async () => {
      const { loading, result } = await load(
        '{"id":1,"id":2,"name":"a"}\n{"id":3,"name":"a\\u0000"}\n{"id":4,"name":"\\\\u0000"}\n',
      )
      expect(counts(result)).toEqual([3, 1, 2, 0])
      expect(await loading.rows('select id, name from items')).toEqual([[4, '\\u0000']])
      expect(await loading.rows('select _line, _reason from items__quarantine order by _line')).toEqual([
        [1, 'the key `id` stands twice'],
        [2, 'the text holds a NUL character'],
      ])
    })
  })

  describe('line ends', () => {
    const texts: Readonly<Record<string, readonly [string, readonly (readonly unknown[])[], Partial<FilesSpec>?]>> = {
      'a line feed in quotes where lines end with CR': [
        'id,name\r1,"a\nb"\r2,"c\r\nd"\r3,e\r',
        [
          [1, 'a\nb', 2],
          [2, 'c\r\nd', 4],
          [3, 'e', 6],
        ],
      ],
      'CR first, line feeds and CRLF further on': [
        'id,name\r1,a\r2,b\n3,c\r\n4,d',
        [
          [1, 'a', 2],
          [2, 'b', 3],
          [3, 'c', 4],
          [4, 'd', 5],
        ],
      ],
      'CR in quotes where lines end with line feeds': [
        'id,name\n1,"a\rb"\n2,c\n',
        [
          [1, 'a\rb', 2],
          [2, 'c', 3],
        ],
      ],
      'lines to skip that end in every way': [
        'Report\rof\r\nid,name\r1,a\n2,b\r\nTotal\r\n2\r',
        [
          [1, 'a', 4],
          [2, 'b', 5],
        ],
        { skipHeaderLines: 2, skipFooterLines: 2 },
      ],
    }
    for (const [name, [content, rows, files]] of Object.entries(texts)) {
      it(name, async () => {
        const loading = await startLoading({ 'data/a.csv': content }, { columns, files: files ?? {} })
        const result = await loading.load()
        expect(await loading.rows('select id, name, _line from items order by _line')).toEqual(rows)
        expect(counts(result)).toEqual([rows.length, rows.length, 0, 0])
      })
    }
  })

  describe('files of a source', () => {
    it('a name that exists as written is no pattern, a folder above the project neither', async () => {
      const loading = await startLoading(
        { 'data/a[1].csv': 'id,name\n1,a\n', 'data/a1.csv': 'id,name\n2,b\n', 'in [x]/data/b*.csv': 'id,name\n3,c\n' },
        { columns, files: { location: ['data/a[1].csv'] } },
      )
      expect((await loading.load()).filesLoaded).toEqual(['data/a[1].csv'])
      const projectRoot = join(loading.root, 'in [x]')
      for (const location of ['data/*.csv', 'data/b*.csv', './x/../data/[!a]*.csv']) {
        const files = filesSpec({ location: [location] })
        const result = await loading.load({ files, projectRoot, fullRefresh: true })
        expect([location, result.filesLoaded, codes(result)]).toEqual([location, ['data/b*.csv'], []])
      }
    })

    it('a pattern passes over links that lead nowhere', async () => {
      const loading = await startLoading({ 'data/a.csv': 'id,name\n1,a\n' }, { columns })
      symlinkSync('nowhere', join(loading.root, 'data/b.csv'))
      expect((await loading.load()).filesLoaded).toEqual(['data/a.csv'])
      const gone = await loading.load({ files: filesSpec({ location: ['data/b*.csv'] }) })
      expect(codes(gone)).toEqual(['load/file-missing'])
    })

    it('UTF-16 without a mark is read with either end first', async () => {
      const text = Buffer.from('id,name\n1,é\n', 'utf16le')
      for (const content of [text, Buffer.from(text).swap16()]) {
        const loading = await startLoading({ 'data/a.csv': content }, { columns, files: { encoding: 'utf-16' } })
        await loading.load()
        expect(await loading.rows('select id, name from items')).toEqual([[1, 'é']])
      }
    })

    it('29 % of 100 rows are 29 rows', async () => {
      const content = `id,name\n${Array.from({ length: 100 }, (_, i) => `${i < 29 ? 'x' : i},a\n`).join('')}`
      const loading = await startLoading({ 'data/a.csv': content }, { columns, files: { maxBadRows: { share: 0.29 } } })
      expect(counts(await loading.load())).toEqual([100, 71, 29, 0])
      const less = await loading.load({ files: filesSpec({ maxBadRows: { share: 0.28 } }), fullRefresh: true })
      expect(codes(less)).toEqual(['load/too-many-bad-rows'])
    })

    it('Parquet in folders called key=value, with names that the reading needs', async () => {
      const location = 'data/id=7/x.parquet'
      const loading = await startLoading(
        { 'data/id=7/note.txt': '' },
        { columns, files: { location: [location], format: 'parquet' } },
      )
      const rows = `select * from (values (1, 'a', 5, 'u'), (2, 'b', 6, 'v')) v(id, name, file_row_number, tsdbt_row)`
      await copyByDuckDb(`copy (${rows}) to '${join(loading.root, location)}' (format parquet)`)
      expect(counts(await loading.load())).toEqual([2, 2, 0, 0])
      expect(
        await loading.rows('select id, name, file_row_number, tsdbt_row, _line from items order by _line'),
      ).toEqual([
        [1, 'a', 5, 'u', 1],
        [2, 'b', 6, 'v', 2],
      ])
      loading.columns = ['id bigint', 'name integer'].map(column)
      await loading.load({ declaration: 'two' })
      expect(await loading.rows('select _line, _raw from items__quarantine order by _line')).toEqual([
        [1, '{"id":1,"name":"a","file_row_number":5,"tsdbt_row":"u"}'],
        [2, '{"id":2,"name":"b","file_row_number":6,"tsdbt_row":"v"}'],
      ])
    })

    it('a zstd file that was cut is an error, a whole one is not', async () => {
      const loading = await startLoading({ 'data/note.txt': '' }, { columns, files: { location: ['data/a.csv.zst'] } })
      const path = join(loading.root, 'data/a.csv.zst')
      const rows = 'select i as id, hash(i)::varchar as name from range(20000) t(i)'
      await copyByDuckDb(`copy (${rows}) to '${path}' (format csv, compression 'zstd')`)
      const bytes = readFileSync(path)
      expect(counts(await loading.load())).toEqual([20000, 20000, 0, 0])
      for (const length of [bytes.length - 1, bytes.length >> 1, 3]) {
        loading.write('data/a.csv.zst', bytes.subarray(0, length))
        expect(codes(await loading.load())).toEqual(['load/file-unreadable'])
      }
      expect(await loading.rows('select count(*) from items')).toEqual([[20000]])
    })

    it('a year of two digits is none of four', async () => {
      const loading = await startLoading(
        { 'data/a.csv': 'id,name\n1,31.12.2024\n2,31.12.24\n3,01.01.0001\n4,2024-12-31\n' },
        { columns: ['id bigint', 'name date'].map(column), files: { dateFormats: ['DD.MM.YYYY', 'iso'] } },
      )
      expect(counts(await loading.load())).toEqual([4, 3, 1, 0])
      expect(await loading.rows('select id, name from items order by id')).toEqual([
        [1, '2024-12-31'],
        [3, '0001-01-01'],
        [4, '2024-12-31'],
      ])
      const files = filesSpec({ dateFormats: ['DD.MM.YYYY', 'DD.MM.YY', 'iso'] })
      expect(counts(await loading.load({ files, fullRefresh: true }))).toEqual([4, 4, 0, 0])
      expect(await loading.rows('select name from items where id = 2')).toEqual([['2024-12-31']])
    })

    it('line numbers are right where the engine may mix up the order', async () => {
      const lines = Array.from({ length: 600_000 }, (_, i) => `${i},n\n`).join('')
      const loading = await startLoading({ 'data/a.csv': `id,name\n${lines}` }, { columns })
      if (loading.engine === 'duckdb') await loading.session.execute('set preserve_insertion_order = false')
      await loading.load()
      expect(await loading.rows('select count(*) from items where _line <> id + 2')).toEqual([[0]])
    })
  })
})
