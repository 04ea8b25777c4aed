import { describe, expect, it } from 'vitest'
import { codes, column, counts, startLoading } from './loading.ts'

const columns = ['id bigint', 'name'].map(column)

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
