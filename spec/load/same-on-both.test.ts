import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/adapters/adapter.ts'
import type { FilesSpec } from '../../src/config/files-spec.ts'
import { engines } from '../engines.ts'
import { column, copyByDuckDb, counts, type Loading, starter } from './loading.ts'

interface Case {
  readonly columns: readonly string[]
  readonly content: string | Buffer
  readonly files?: Partial<FilesSpec>
}

/** A file with one column of each of these types; the cells of each row, which are quoted here. */
function table(types: readonly string[], rows: readonly (readonly string[])[]): Case {
  const cells = rows.map((row, i) => [String(i), ...row.map((cell) => `"${cell.replaceAll('"', '""')}"`)].join(','))
  const names = types.map((_, i) => `c${i}`)
  return {
    columns: ['n bigint', ...types.map((type, i) => `c${i} ${type}`)],
    content: `${['n', ...names].join(',')}\n${cells.join('\n')}\n`,
  }
}

const one = (type: string, ...cells: readonly string[]) =>
  table(
    [type],
    cells.map((cell) => [cell]),
  )

const cases: Readonly<Record<string, Case>> = {
  'text of every kind': one(
    'text',
    '',
    ' ',
    'NULL',
    '\\N',
    '\\.',
    'a\n\\.\nb',
    '\\',
    '\\n',
    'a\tb',
    'a\nb',
    'a\r\nb',
    'a\rb',
    '"',
    '""',
    `'`,
    ',',
    'é🎉',
    '\u2028',
    'a\ufeff',
    '#',
    '{}',
    'x'.repeat(300_000),
  ),
  'bare and quoted empty cells': { columns: ['a', 'b', 'c bigint'], content: 'a,b,c\n,"",\n"",,1\nx,y,""\n' },
  'a single column': { columns: ['a'], content: 'a\n\\.\n"\\."\n"a\n\\.\n"\nx\n' },
  'whole numbers': table(
    ['smallint', 'integer', 'bigint', 'hugeint', 'utinyint', 'ubigint', 'int8'],
    [
      ['1', '-1', '9223372036854775807', '170141183460469231731687303715884105727', '255', '18446744073709551615', '0'],
      ['32768', '1', '1', '1', '1', '1', '1'],
      ['1', '2147483648', '1', '1', '1', '1', '1'],
      ['1', '1', '1', '1', '256', '1', '1'],
      ['1.0', '+7', ' 8 ', '007', '', '1', '1'],
      ['1e3', '1', '1', '1', '1', '1', '1'],
    ],
  ),
  decimals: table(
    ['decimal(18,2)', 'numeric(38,10)', 'decimal(4,4)'],
    [
      ['1.005', '1234567890123456789012345678.0123456789', '0.12345'],
      ['-0.004', '-0.0000000001', '-0.9999'],
      ['9999999999999999.99', '1e10', '1'],
      ['NaN', '1', '0'],
    ],
  ),
  doubles: one(
    'double precision',
    '0.1',
    '1e308',
    '1e-320',
    '-0',
    'NaN',
    'nan',
    'Infinity',
    '-inf',
    '1e400',
    '0.30000000000000004',
    '123456789012345680000',
  ),
  reals: one('real', '0.1', '16777217', '3.4e38', '1e39', '1e-20'),
  truth: one('boolean', 'true', 'F', '1', '0', 'yes', 'no', 't', 'off', ''),
  days: one(
    'date',
    '2024-02-29',
    '2023-02-29',
    '0999-01-01',
    '0001-01-01',
    '9999-12-31',
    '12345-06-07',
    'infinity',
    '-infinity',
    '2024-1-2',
    '2024-01-02 00:00:00',
    '0044-03-15 (BC)',
  ),
  'points in time': one(
    'timestamp',
    '2024-02-29 23:59:59.999999',
    '2024-02-29T10:00',
    '2024-02-29 10:00:00+02',
    '0999-01-01 00:00:00',
    '12345-01-01 00:00:00',
    'infinity',
    '2024-02-29',
    '2024-02-29 24:00:00',
  ),
  'points in time with a zone': one(
    'timestamptz',
    '2024-02-29 23:59:59.999999+05:30',
    '2024-02-29T10:00Z',
    '2024-02-29 10:00:00',
    '0999-01-01 00:00:00+00',
    '1900-01-01 00:00:00 +00',
  ),
  'times of day': table(
    ['time', 'interval', 'time with time zone'],
    [
      ['10:00:00', '1 year 2 months 3 days 04:05:06.7', '10:00:00+02'],
      ['23:59:59.999999', '-1 days', '10:00:00-05:30'],
      ['25:00:00', '1 day', '10:00:00+00'],
      ['00:00', '-00:00:01', '00:00:00+00'],
      ['01:02:03', 'nonsense', '00:00:00+00'],
    ],
  ),
  'uuids and bytes': table(
    ['uuid', 'bytea'],
    [
      ['9f8b3c1e-1111-2222-3333-444455556666', 'abc'],
      ['9F8B3C1E111122223333444455556666', '\\x00\\xFF'],
      ['nonsense', 'abc'],
    ],
  ),
  JSON: one('json', '{"a": [1, 2.50, "é🎉", null]}', '[]', '"x"', '1', '{"a":', '{"a": 1, "b": {"c": "\\u00e9"}}', ''),
  lists: one('integer[]', '[1, 2]', '[]', '[null, 3]', '{1}', 'x', ''),
  'lists of text': one('varchar[]', '[a, "b c", \'d"e\']', '[]', '[\\, {x}]'),
  'limited text': one('varchar(3)', 'abc', 'abcd', 'ab ', 'abc  ', 'é🎉x', 'é🎉xy', '', '     '),
  'an enclosed NUL': { columns: ['a', 'b'], content: 'a,b\n1,x\u0000y\n2,z\n' },
  duplicates: {
    columns: ['a bigint', 'b', 'c double'],
    content: `a,b,c\n1,x,1\n1,x,1\n,x,\n,x,\n1,,\n1,,\n2,x,NaN\n2,x,NaN\n${'3,y,2\n'.repeat(50)}`,
    files: { deduplicate: 'exact' },
  },
}

async function contents(loading: Loading, columns: readonly string[]) {
  const names = columns.map((c) => `"${c.split(' ')[0]}"`).join(', ')
  return {
    items: (await loading.rows(`select ${names}, _file, _line, _loaded_at from items order by _line`)).map(plain),
    quarantine: await loading.rows('select * from items__quarantine order by _line'),
  }
}

/** Numbers as text, since a type of 128 bits may be a decimal; structures as text, since they may be JSON. */
function plain(row: readonly Cell[]): readonly Cell[] {
  return row.map((cell) => {
    if (typeof cell === 'object' && cell !== null) return JSON.stringify(cell)
    return typeof cell === 'bigint' || typeof cell === 'number' ? String(cell) : cell
  })
}

async function load(case_: Case) {
  const found = []
  for (const engine of engines) {
    const loading = await starter(engine)(
      { 'data/a.csv': case_.content },
      { columns: case_.columns.map(column), files: case_.files ?? {} },
    )
    const result = await loading.load()
    found.push({ counts: counts(result), ...(await contents(loading, case_.columns)) })
  }
  return found
}

describe('what is loaded is the same on every engine', () => {
  for (const [name, case_] of Object.entries(cases)) {
    it(name, async () => {
      const [first, ...others] = await load(case_)
      expect(first!.items.length).toBeGreaterThan(0)
      for (const other of others) expect(other).toEqual(first)
    })
  }

  it('Parquet with every type', async () => {
    const found = []
    for (const engine of engines) {
      const files = { location: ['data/a.parquet'], format: 'parquet' as const }
      const loading = await starter(engine)({ 'data/note.txt': '' }, { files })
      await copyByDuckDb(`copy (select i as n, i % 2 = 0 as flag, i::tinyint as tiny, i::hugeint as huge, i::uinteger as whole,
  i::decimal(10,3) as amount, i / 3 as share, i::real as small, date '2024-01-01' + i::int as day, date '0044-03-13 (BC)' + i::int as ides,
  timestamp '2024-01-01' + interval (i) hour as at, timestamptz '2024-01-01 00:00:00+00' as zoned, time '10:00:00' as clock,
  interval (i) day as span, 'é🎉"\\' || i as name, ('\\xAA' || i)::blob as bytes, uuid() is not null as made,
  [i, null] as list, ['a"b', '\\', null] as words, {'a': i, 'b': [1, 2]} as record, [[1], [2, 3]] as nested
  from range(5) t(i)) to '${join(loading.root, 'data/a.parquet')}'`)
      const result = await loading.load()
      const names = [
        'n',
        'flag',
        'tiny',
        'huge',
        'whole',
        'amount',
        'share',
        'small',
        'day',
        'ides',

        'at',
        'zoned',
        'clock',
        'span',
      ]
      const more = ['name', 'bytes', 'list', 'words', 'record', 'nested']
      found.push({ counts: counts(result), ...(await contents(loading, [...names, ...more])) })
    }
    expect(found[0]!.counts).toEqual([5, 5, 0, 0])
    for (const other of found.slice(1)) expect(other).toEqual(found[0])
  })
})
