import { statSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { CancelledError, UserError } from '../../../src/base/errors.ts'
import { type Here, onEachDatabase } from '../../on-each-database.ts'
import { HyperWork } from './hyper-job.ts'

/** A column: how engines make its values, and what Hyper says of them. Null stands in a row of its own. */
interface Sample {
  readonly name: string
  /** By engine where they differ; absent where an engine has no such type. */
  readonly type: string | { readonly [engine: string]: string }
  readonly hyper: string
  readonly values: readonly (readonly [sql: string, read: string])[]
}

const ODD = 'é🎉 "q" \'a\' \\N, ; \\ \t|'
const sql = (text: string) => `'${text.replaceAll("'", "''")}'`

const SAMPLES: readonly Sample[] = [
  {
    name: 'b',
    type: 'boolean',
    hyper: 'boolean',
    values: [
      ['true', 't'],
      ['false', 'f'],
    ],
  },
  {
    name: 'i1',
    type: { duckdb: 'tinyint' },
    hyper: 'integer',
    values: [
      ['-128', '-128'],
      ['127', '127'],
    ],
  },
  {
    name: 'i2',
    type: 'smallint',
    hyper: 'integer',
    values: [
      ['-32768', '-32768'],
      ['32767', '32767'],
    ],
  },
  {
    name: 'i4',
    type: 'integer',
    hyper: 'integer',
    values: [
      ['-2147483648', '-2147483648'],
      ['2147483647', '2147483647'],
    ],
  },
  {
    name: 'i8',
    type: 'bigint',
    hyper: 'bigint',
    values: [
      ["'-9223372036854775808'", '-9223372036854775808'],
      ["'9223372036854775807'", '9223372036854775807'],
    ],
  },
  {
    name: 'u1',
    type: { duckdb: 'utinyint' },
    hyper: 'integer',
    values: [
      ['0', '0'],
      ['255', '255'],
    ],
  },
  {
    name: 'u2',
    type: { duckdb: 'usmallint' },
    hyper: 'integer',
    values: [
      ['0', '0'],
      ['65535', '65535'],
    ],
  },
  {
    name: 'u4',
    type: { duckdb: 'uinteger', postgres: 'oid' },
    hyper: 'bigint',
    values: [
      ['0', '0'],
      ["'4294967295'", '4294967295'],
    ],
  },
  {
    name: 'u8',
    type: { duckdb: 'ubigint' },
    hyper: 'numeric(18,0)',
    values: [
      ['0', '0'],
      ['999999999999999999', '999999999999999999'],
    ],
  },
  {
    name: 'i16',
    type: { duckdb: 'hugeint' },
    hyper: 'numeric(18,0)',
    values: [
      ['-999999999999999999', '-999999999999999999'],
      ['1', '1'],
    ],
  },
  {
    name: 'd9',
    type: 'decimal(9,2)',
    hyper: 'numeric(9,2)',
    values: [
      ["'-9999999.99'", '-9999999.99'],
      ["'0.01'", '0.01'],
    ],
  },
  {
    name: 'd18',
    type: 'decimal(18,4)',
    hyper: 'numeric(18,4)',
    values: [
      ["'99999999999999.9999'", '99999999999999.9999'],
      ["'-0.0001'", '-0.0001'],
    ],
  },
  {
    name: 'd38',
    type: 'decimal(38,4)',
    hyper: 'numeric(18,4)',
    values: [
      ["'99999999999999.9999'", '99999999999999.9999'],
      ["'-99999999999999.9999'", '-99999999999999.9999'],
    ],
  },
  {
    name: 'any',
    type: { postgres: 'numeric' },
    hyper: 'double precision',
    values: [
      ["'123456.789'", '123456.789'],
      ['1e-7', '1e-07'],
    ],
  },
  {
    name: 'f4',
    type: 'real',
    hyper: 'double precision',
    values: [
      ['1.5', '1.5'],
      ['-0.25', '-0.25'],
    ],
  },
  {
    name: 'f8',
    type: 'double precision',
    hyper: 'double precision',
    values: [
      ['0.30000000000000004', '0.30000000000000004'],
      ["'-1.7976931348623157e308'", '-1.7976931348623157e+308'],
    ],
  },
  {
    name: 't',
    type: 'text',
    hyper: 'text',
    values: [
      [sql(ODD), ODD],
      ["''", ''],
    ],
  },
  {
    name: 'lines',
    type: 'varchar(20)',
    hyper: 'text',
    values: [
      [`${sql('a')} || chr(13) || chr(10) || ${sql('b')}`, 'a\r\nb'],
      [sql('\\N'), '\\N'],
    ],
  },
  {
    name: 'c3',
    type: { postgres: 'char(3)' },
    hyper: 'text',
    values: [
      ["'ab'", 'ab'],
      ["''", ''],
    ],
  },
  {
    name: 'day',
    type: 'date',
    hyper: 'date',
    values: [
      ["'0001-01-01'", '0001-01-01'],
      ["'9999-12-31'", '9999-12-31'],
    ],
  },
  {
    name: 'ts',
    type: 'timestamp',
    hyper: 'timestamp',
    values: [
      ["'0001-01-01 00:00:00'", '0001-01-01 00:00:00'],
      ["'9999-12-31 23:59:59.999999'", '9999-12-31 23:59:59.999999'],
    ],
  },
  {
    name: 'tz',
    type: 'timestamp with time zone',
    hyper: 'timestamp',
    values: [
      ["'2024-03-01 12:00:00+02'", '2024-03-01 10:00:00'],
      ["'1999-12-31 23:00:00.000001-05'", '2000-01-01 04:00:00.000001'],
    ],
  },
  {
    name: 'ns',
    type: { duckdb: 'timestamp_ns' },
    hyper: 'timestamp',
    values: [
      ["'2024-03-01 12:00:00.123456789'", '2024-03-01 12:00:00.123456'],
      ["'1970-01-01'", '1970-01-01 00:00:00'],
    ],
  },
  {
    name: 'clock',
    type: 'time',
    hyper: 'text',
    values: [
      ["'23:59:59.999999'", '23:59:59.999999'],
      ["'00:00:00'", '00:00:00'],
    ],
  },
  {
    name: 'zoned',
    type: 'time with time zone',
    hyper: 'text',
    values: [
      ["'12:00:00+02'", '12:00:00+02'],
      ["'00:00:00+00'", '00:00:00+00'],
    ],
  },
  {
    name: 'span',
    type: 'interval',
    hyper: 'text',
    values: [
      ["'3 days'", '3 days'],
      ["'2 years'", '2 years'],
    ],
  },
  {
    name: 'id',
    type: 'uuid',
    hyper: 'text',
    values: [
      ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
      ["'00000000-0000-0000-0000-000000000000'", '00000000-0000-0000-0000-000000000000'],
    ],
  },
  {
    name: 'j',
    type: 'json',
    hyper: 'text',
    values: [
      [`'{"a": [1, "é"]}'`, '{"a": [1, "é"]}'],
      ["'null'", 'null'],
    ],
  },
  {
    name: 'list',
    type: { duckdb: 'integer[]', postgres: 'integer[]' },
    hyper: 'text',
    values: [
      ["'{1,2}'", '[1,2]'],
      ["'{}'", '[]'],
    ],
  },
  {
    name: 'mood',
    type: { duckdb: "enum('sad', 'happy')", postgres: 'inet' },
    hyper: 'text',
    values: [
      ["'sad'", 'sad'],
      ["'happy'", 'happy'],
    ],
  },
  {
    name: 'geo ID "x"',
    type: 'integer',
    hyper: 'integer',
    values: [
      ['1', '1'],
      ['2', '2'],
    ],
  },
  {
    name: 'raw',
    type: { duckdb: 'blob', postgres: 'bytea' },
    hyper: '',
    values: [
      ["'a'", ''],
      ["'b'", ''],
    ],
  },
]

/** What an engine writes in its own way. */
const OWN: { readonly [engine: string]: { readonly [column: string]: Sample['values'] } } = {
  duckdb: {
    list: [
      ['[1, 2]', '[1,2]'],
      ['[]', '[]'],
    ],
  },
  postgres: {
    mood: [
      ["'10.0.0.1'", '10.0.0.1'],
      ["'10.0.0.0/8'", '10.0.0.0/8'],
    ],
  },
}

function samplesOf(engine: string): readonly (Omit<Sample, 'type'> & { readonly type: string })[] {
  return SAMPLES.flatMap(({ type, ...sample }) => {
    const own = typeof type === 'string' ? type : type[engine]
    return own === undefined ? [] : [{ ...sample, values: OWN[engine]?.[sample.name] ?? sample.values, type: own }]
  })
}

describe('a .hyper file', () => {
  const work = new HyperWork()
  afterAll(() => work.close())
  const failure = async (writing: Promise<unknown>) => {
    const error = await writing.then(
      () => new Error('it went well'),
      (e: unknown) => e,
    )
    if (!(error instanceof UserError)) throw error
    return error.diagnostics
  }

  onEachDatabase((here: Here) => {
    const write = (parts: Parameters<HyperWork['write']>[2]) =>
      here.database.open().then((adapter) => work.write(adapter, here.database.name, parts))
    const make = (name: string, select: string) =>
      here.database.sql(`create table main.${name} as ${select}`, 'select 1')

    test('holds every type of the engine, cell by cell', async () => {
      const samples = samplesOf(here.engine.name)
      const row = (i: number) =>
        samples.map(
          (s) => `cast(${i < 0 ? 'null' : s.values[i]![0]} as ${s.type}) as "${s.name.replaceAll('"', '""')}"`,
        )
      await make('every_type', [0, 1, -1].map((i) => `select ${row(i).join(', ')}`).join(' union all '))
      const written = await write({ tables: ['every_type'] })
      expect(written.rows).toEqual({ every_type: 3 })
      expect(written.facts).toMatchObject({ hyper_version: 2, hyperd: expect.stringMatching(/^main/) })
      expect(work.warnings.map((d) => d.message)).toEqual([
        expect.stringMatching(/^the column `raw` of `every_type` \(\w+\) is left out: Tableau knows no binary data/),
      ])
      expect(statSync(work.path('out')).mode & 0o777).toBe(0o644)
      const read = await work.read()
      expect(read.version).toBe(2)
      expect(Object.keys(read.tables)).toEqual(['Extract.Extract'])
      const { columns, rows } = read.tables['Extract.Extract']!
      const kept = samples.filter((s) => s.name !== 'raw')
      expect(columns).toEqual(kept.map((s) => `${s.name} ${s.hyper}`))
      const cells = (found: (typeof rows)[number]) => Object.fromEntries(kept.map((s, i) => [s.name, found[i]]))
      const expected = (i: number) => Object.fromEntries(kept.map((s) => [s.name, s.values[i]![1]]))
      const nulls = Object.fromEntries(kept.map((s) => [s.name, null]))
      expect(rows.map(cells)).toEqual([nulls, expected(1), expected(0)])
    })

    test('refuses values that it has no place for, and names the row', async () => {
      await here.database.sql(
        'create table main.odd_days (id integer, day date, x double precision, d decimal(38,4))',
        "insert into main.odd_days values (7, '2024-01-01', 1.5, 1), (8, 'infinity', 'nan', 123456789012345.6789), (9, '10000-01-01', '-infinity', 2)",
        'select 1',
      )
      const shown = (await failure(write({ tables: [{ name: 'odd_days', primaryKey: ['id'] }] }))).map((d) => [
        d.code,
        d.message.replace(/row \d/, 'row ?'),
        d.rows?.rows.map((row) => row.slice(1)).sort(),
      ])
      const code = 'exports/hyper-out-of-range'
      expect(shown).toEqual([
        [
          code,
          expect.stringMatching(/^row \? of `odd_days`: `day` is `\S+`; Tableau knows the years 0001 to 9999$/),
          [
            ['8', 'infinity'],
            ['9', '10000-01-01'],
          ],
        ],
        [
          code,
          expect.stringMatching(
            /^row \? of `odd_days`: `x` is `-?(nan|NaN|inf|Infinity|-inf|-Infinity)`; Tableau shows finite numbers only$/,
          ),
          expect.anything(),
        ],
        [
          code,
          'row ? of `odd_days`: `d` is `123456789012345.6789`; the file holds numeric(18,4)',
          [['8', '123456789012345.6789']],
        ],
      ])
    })

    test('writes them as null where the export says so, and counts them', async () => {
      await here.database.sql(
        'create table main.odd_times (id integer, tz timestamp with time zone, ts timestamp, x double precision, d decimal(38,4))',
        "insert into main.odd_times values (1, 'infinity', '-infinity', 'infinity', 123456789012345.6789), (2, '2024-01-01 00:00:00+00', '2024-01-01', 0.5, 1)",
        'select 1',
      )
      await write({ tables: ['odd_times'], options: { outOfRange: 'null' } })
      expect(work.warnings.map((d) => d.message)).toEqual(
        ['tz', 'ts', 'x', 'd'].map((name) =>
          expect.stringContaining(`1 value of \`${name}\` in \`odd_times\` was written as null: `),
        ),
      )
      expect((await work.read()).tables['Extract.Extract']!.rows).toEqual([
        ['1', null, null, null, null],
        ['2', '2024-01-01 00:00:00', '2024-01-01 00:00:00', '0.5', '1.0000'],
      ])
    })

    test('holds decimals of more digits as the options say', async () => {
      await make(
        'wide',
        "select 123456789012345.6789::decimal(38,4) as d, 1.5::decimal(38,20) as tiny, interval '90 minutes' as span",
      )
      const [refused] = await failure(write({ tables: ['wide'] }))
      expect(refused!.message).toMatch(/^the column `tiny` of `wide` \(\w+\(38,20\)\) has more digits after the point/)
      const read = async (options: Parameters<HyperWork['write']>[2]['options']) => {
        await write({ tables: ['wide'], options })
        const { version, tables } = await work.read()
        return [version, tables['Extract.Extract']!.columns, tables['Extract.Extract']!.rows[0]]
      }
      expect(await read({ version: 3, intervals: 'seconds' })).toEqual([
        3,
        ['d numeric(38,4)', 'tiny numeric(38,20)', 'span double precision'],
        ['123456789012345.6789', '1.50000000000000000000', '5400'],
      ])
      expect(await read({ decimals: 'text' })).toEqual([
        2,
        ['d text', 'tiny text', 'span text'],
        ['123456789012345.6789', '1.50000000000000000000', '01:30:00'],
      ])
      expect(await read({ decimals: 'double', version: 0 })).toEqual([
        0,
        ['d double precision', 'tiny double precision', 'span text'],
        ['123456789012345.67', '1.5', '01:30:00'],
      ])
    })

    test('holds several tables with their names, descriptions and keys', async () => {
      await make('customers', "select 1 as id, 'Ada' as name union all select 2, 'Bo'")
      await make('orders', 'select 10 as order_id, 1 as customer_id, 5.5::decimal(9,2) as amount')
      await make('nothing', "select 1 as id, 'x' as name where false")
      const text = "It's the “amount”, \\ in €\nof the order"
      const columns = ['order_id', 'customer_id', 'amount'].map((name) => ({
        name,
        type: { kind: 'integer', bits: 64, signed: true } as const,
        engineType: 'bigint',
        description: name === 'amount' ? text : '',
        meta: {},
        span: null,
      }))
      const foreignKeys = [{ columns: ['customer_id'], table: 'customers', targetColumns: ['id'] }]
      const tables = [
        { name: 'orders', columns, primaryKey: ['order_id'], foreignKeys },
        { name: 'customers', primaryKey: ['id'] },
        'nothing',
      ]
      const written = await write({ tables, options: { schema: 'Sales "24"', tables: { customers: 'People' } } })
      expect(written.rows).toEqual({ orders: 1, customers: 2, nothing: 0 })
      const read = await work.read()
      expect(read.tables).toEqual({
        'Sales "24".People': {
          columns: ['id integer not null', 'name text'],
          comments: {},
          rows: [
            ['1', 'Ada'],
            ['2', 'Bo'],
          ],
          keys: ['primary key (id)'],
        },
        'Sales "24".nothing': { columns: ['id integer', 'name text'], comments: {}, rows: [], keys: [] },
        'Sales "24".orders': {
          columns: ['order_id bigint not null', 'customer_id bigint', 'amount bigint'],
          comments: { amount: text },
          rows: [['10', '1', '6']],
          keys: ['foreign key (customer_id) to Sales "24".People', 'primary key (order_id)'],
        },
      })
      await write({ tables, options: { keys: false } })
      const bare = await work.read()
      expect(Object.values(bare.tables).flatMap((t) => t.keys)).toEqual([])
    })

    test('names what cannot be a table of it', async () => {
      await make('blobs', `select cast('a' as ${here.engine.name === 'duckdb' ? 'blob' : 'bytea'}) as raw`)
      const [nothing] = await failure(write({ tables: ['blobs'] }))
      expect(nothing!.message).toBe('`blobs` has no column that a `.hyper` file can hold')
      await make('plain', 'select 1 as a')
      const [unknown] = await failure(write({ tables: ['plain'], options: { tables: { plains: 'P' } } }))
      expect([unknown!.message, unknown!.hints]).toEqual([
        '`tables` names `plains`, which the export does not hold',
        ['did you mean `plain`?'],
      ])
    })

    test('has no key where that has nulls, and says so', async () => {
      await make('holes', 'select 1 as id union all select null')
      await write({ tables: [{ name: 'holes', primaryKey: ['id'] }] })
      expect(work.warnings.map((d) => d.message)).toEqual([
        '`id` is part of the key of `holes` and null in 1 row: the file has no key there',
      ])
      expect((await work.read()).tables['Extract.Extract']).toMatchObject({ columns: ['id integer'], keys: [] })
    })

    test('is not left behind when hyperd is killed or the run is stopped', async () => {
      await make('many', "select i as id, 'row ' || i as name from generate_series(1, 300000) as g(i)")
      const hyper = new HyperWork()
      const stop = new AbortController()
      const stopped = write({ tables: ['many'], name: 'stopped', signal: stop.signal, hyper: hyper.hyper })
      setImmediate(() => stop.abort())
      await expect(stopped).rejects.toBeInstanceOf(CancelledError)
      await hyper.close()
      expect(await write({ tables: ['many'] })).toMatchObject({ rows: { many: 300_000 } })
    })
  })
})
