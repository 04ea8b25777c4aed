import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { column, copyByDuckDb, counts, loadingOnEachEngine } from './loading.ts'

loadingOnEachEngine((startLoading) => {
  describe('newline-delimited JSON', () => {
    const files = { location: ['data/a.ndjson'], format: 'ndjson' as const }

    it('quarantines broken lines with their own line', async () => {
      const text =
        '{"id": 1, "name": "a"}\n{"id": 2,\n\n[1]\n{"id": "x", "name": null}\n{"name": "b\\nc", "id": 9007199254740993}\n"s"'
      const loading = await startLoading(
        { 'data/a.ndjson': text },
        { columns: ['id bigint', 'name'].map(column), files },
      )
      expect(counts(await loading.load())).toEqual([6, 2, 4, 0])
      expect(await loading.rows('select id, name, _line from items order by _line')).toEqual([
        [1, 'a', 1],
        [9007199254740993n, 'b\nc', 6],
      ])
      expect(await loading.rows('select _line, _column, _reason, _raw from items__quarantine order by 1')).toEqual([
        [2, null, 'this is no JSON object', '{"id": 2,'],
        [4, null, 'this is no JSON object', '[1]'],
        [5, 'id', '`x` is no bigint', '{"id": "x", "name": null}'],
        [7, null, 'this is no JSON object', '"s"'],
      ])
    })

    it('keeps the types of values that nobody declared, text where they differ', async () => {
      const text =
        '{"n": 1, "d": 1.5, "b": true, "t": "x", "o": {"k": [1]}, "mixed": 1, "numbers": 1}\n{"mixed": "a", "numbers": 2.5, "a/b~c": 1}\n'
      const loading = await startLoading({ 'data/a.ndjson': text }, { files })
      expect(counts(await loading.load())).toEqual([2, 2, 0, 0])
      expect((await loading.columnTypes()).slice(0, 8)).toEqual([
        'n BIGINT',
        'd DOUBLE',
        'b BOOLEAN',
        't VARCHAR',
        'o JSON',
        'mixed VARCHAR',
        'numbers DOUBLE',
        'a/b~c BIGINT',
      ])
      expect(await loading.rows('select n, o, mixed, numbers, "a/b~c" from items order by _line')).toEqual([
        [1, '{"k":[1]}', '1', 1, null],
        [null, null, 'a', 2.5, 1],
      ])
    })

    it('keeps every digit of a declared decimal', async () => {
      const text = '{"amount": 12345678901234567.89}\n{"amount": 0.1}\n{"amount": "7.25"}\n'
      const loading = await startLoading(
        { 'data/a.ndjson': text },
        { columns: ['amount decimal(20,2)'].map(column), files },
      )
      await loading.load()
      expect(await loading.rows('select amount from items order by _line')).toEqual([
        ['12345678901234567.89'],
        ['0.10'],
        ['7.25'],
      ])
    })

    it('refuses a NUL, reads a mark and CRLF', async () => {
      const loading = await startLoading({ 'data/a.ndjson': '\ufeff{"id": 1}\r\n{"id": "a\u0000"}\r\n' }, { files })
      expect(counts(await loading.load())).toEqual([2, 1, 1, 0])
      expect(await loading.rows('select id from items')).toEqual([[1]])
    })
  })

  describe('JSON', () => {
    const files = { location: ['data/a.json'], format: 'json' as const }
    const columns = ['id bigint', 'note'].map(column)
    const load = async (text: string) => {
      const loading = await startLoading({ 'data/a.json': text }, { columns, files })
      const result = await loading.load()
      const rows = await loading.rows('select id, note, _line from items order by _line')
      return {
        counts: counts(result),
        rows,
        refused: await loading.rows('select _line, _raw from items__quarantine order by 1'),
      }
    }

    it('reads an array; `_line` is the element', async () => {
      const text =
        '[\n {"id": 1, "note": "a]},[{"},\n {"id": 2, "note": "\\"]"}, 7, {"id": "x", "note": {"k": [1, 2]}}, {"id": 3, "note": [1]}\n]'
      expect(await load(text)).toEqual({
        counts: [5, 3, 2, 0],
        rows: [
          [1, 'a]},[{', 1],
          [2, '"]', 2],
          [3, '[1]', 5],
        ],
        refused: [
          [3, '7'],
          [4, '{"id": "x", "note": {"k": [1, 2]}}'],
        ],
      })
    })

    it('reads one object, several objects, and nothing', async () => {
      expect((await load('{"id": 1, "note": "a"}')).rows).toEqual([[1, 'a', 1]])
      expect((await load('{"id": 1, "note": null}\n{"id": 2, "note": ""}')).rows).toEqual([
        [1, null, 1],
        [2, '', 2],
      ])
    })

    it('refuses what is broken, and only that', async () => {
      expect(await load('[{"id": 1, "note": "a"}, {"id": 2, "note": }, {"id": 3, "note": "c"}]')).toEqual({
        counts: [3, 2, 1, 0],
        rows: [
          [1, 'a', 1],
          [3, 'c', 3],
        ],
        refused: [[2, '{"id": 2, "note": }']],
      })
    })
  })

  describe('Parquet', () => {
    it('keeps its types, casts to declared ones without loss, and counts rows', async () => {
      const files = { location: ['data/*.parquet'], format: 'parquet' as const }
      const declared = ['id integer', 'amount decimal(10,2)', 'day date', 'code bigint'].map(column)
      const loading = await startLoading({ 'data/keep.txt': '' }, { columns: declared, files })
      const path = join(loading.root, 'data/a.parquet')
      await copyByDuckDb(`copy (select * from (values
      (1::bigint, 1.25::double, timestamp '2024-01-02 00:00:00', '0012', [1, 2]),
      (9999999999, 1.25, timestamp '2024-01-02 00:00:00', '1', null),
      (3, 1.251, timestamp '2024-01-02 00:00:00', '1', null),
      (4, 2, timestamp '2024-01-02 10:00:00', '1', null),
      (5, 2, null, 'x', null), (6, null, null, null, null)) t(id, amount, day, code, list)) to '${path}'`)
      expect(counts(await loading.load())).toEqual([6, 2, 4, 0])
      expect(await loading.rows('select id, amount, day, code, list, _line from items order by _line')).toEqual([
        [1, '1.25', '2024-01-02', 12, [1, 2], 1],
        [6, null, null, null, null, 6],
      ])
      expect(await loading.rows('select _line, _column, _reason from items__quarantine order by 1')).toEqual([
        [2, 'id', '`9999999999` is no integer'],
        [3, 'amount', '`1.251` is no decimal(10,2)'],
        [4, 'day', '`2024-01-02 10:00:00` is no date'],
        [5, 'code', '`x` is no bigint'],
      ])
      expect(await loading.rows("select _raw::json->>'id' from items__quarantine where _line = 2")).toEqual([
        ['9999999999'],
      ])
    })

    it('refuses a NUL in text, however deep', async () => {
      const loading = await startLoading(
        { 'data/keep.txt': '' },
        { files: { location: ['data/a.parquet'], format: 'parquet' } },
      )
      await copyByDuckDb(`copy (select * from (values
        (1, 'a' || chr(0) || 'b', ['x']), (2, 'c', ['y' || chr(0)]), (3, 'd', ['z'])) t(id, name, list))
        to '${join(loading.root, 'data/a.parquet')}'`)
      expect(counts(await loading.load())).toEqual([3, 1, 2, 0])
      expect(await loading.rows('select id, name, list, _line from items')).toEqual([[3, 'd', ['z'], 3]])
      expect(await loading.rows('select _line, _column, _reason from items__quarantine order by 1')).toEqual([
        [1, 'name', 'the text holds a NUL character'],
        [2, 'list', 'the text holds a NUL character'],
      ])
    })

    it('says when a file is none', async () => {
      const loading = await startLoading(
        { 'data/a.parquet': 'PAR?' },
        { files: { location: ['data/a.parquet'], format: 'parquet' } },
      )
      expect((await loading.load()).diagnostics).toMatchObject([
        { code: 'load/file-unreadable', span: { path: 'location' } },
      ])
    })
  })

  describe('zstd', () => {
    it('is unpacked', async () => {
      const loading = await startLoading({ 'data/keep.txt': '' }, { files: { location: ['data/a.csv.zst'] } })
      const path = join(loading.root, 'data/a.csv.zst')
      await copyByDuckDb(
        `copy (select 1 as id, 'é "q", x' as name union all select 2, null) to '${path}' (format csv, compression zstd)`,
      )
      expect(counts(await loading.load())).toEqual([2, 2, 0, 0])
      expect(await loading.rows('select id, name, _line from items order by _line')).toEqual([
        ['1', 'é "q", x', 2],
        ['2', null, 3],
      ])
    })
  })
})
