import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Adapter, Session } from '../../src/adapters/adapter.ts'
import { openReader } from '../../src/adapters/duckdb/open-reader.ts'
import { type ExtractFile, UnfitValueError } from '../../src/adapters/extraction.ts'
import { CancelledError, DatabaseError } from '../../src/base/errors.ts'
import { onEachDatabase } from '../on-each-database.ts'

const CSV: Omit<Extract<ExtractFile, { format: 'csv' }>, 'path'> = {
  format: 'csv',
  delimiter: ',',
  quote: '"',
  escape: '"',
  header: true,
  nullText: '\\N',
  quoteAll: false,
  decimal: '.',
  lineEnd: '\n',
  dateFormat: null,
  timestampFormat: null,
  compression: 'none',
}

/** The same values in the SQL of both engines. */
const VALUES = `select 1 as id, true as flag, 9223372036854775807 as big, cast('12345678901234567890.123456' as decimal(38, 6)) as dec,
  cast(0.1 as real) as single, cast('1e300' as double precision) as double_, 'a "quoted", text' as text_, date '2024-02-29' as day,
  timestamp '2024-02-29 10:00:00.000001' as moment, timestamptz '2024-02-29 10:00:00.5+02' as zoned,
  cast('10:00:00.5' as time) as clock, cast('00000000-0000-0000-0000-000000000001' as uuid) as uuid_,
  cast('{"a": [1, null]}' as json) as doc, interval '1 month -2 days' as span
union all select 2, null, null, null, null, null, null, null, null, null, null, null, null, null
union all select 3, false, -9223372036854775807, -0.000001, cast('-Infinity' as real), cast('NaN' as double precision), '',
  date '0001-01-01', timestamp '9999-12-31 23:59:59.999999', timestamptz '0001-01-01 00:00:00+00', cast('00:00:00' as time),
  cast('ffffffff-ffff-ffff-ffff-ffffffffffff' as uuid), cast('"x"' as json), interval '-1 day'`

// A union forgets the digits of a decimal on Postgres.
const ALL = `select id, flag, big, cast(dec as decimal(38, 6)) as dec, single, double_, text_, day, moment, zoned, clock, uuid_, doc, span
from (${VALUES}) as v order by 1`

/** More rows than anybody waits for, which both engines give as they come. */
const ENDLESS = 'select a.n from generate_series(1, 1000000) as a(n), generate_series(1, 1000000) as b(n)'

onEachDatabase((here) => {
  let adapter: Adapter
  let session: Session
  let folder: string

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tsdbt-extract-'))
    adapter = await here.database.open({ threads: 2 })
    session = await adapter.acquire()
  })

  afterEach(async () => {
    await session.release()
    rmSync(folder, { recursive: true, force: true })
  })

  async function read(sql: string) {
    const reader = await openReader(folder)
    try {
      return await reader.connection.query(sql)
    } finally {
      reader.close()
    }
  }

  async function text(file: Partial<typeof CSV> = {}, sql = ALL): Promise<string> {
    const path = join(folder, 'out.csv')
    await session.extraction.toFile(sql, { ...CSV, ...file, path })
    return readFileSync(path, 'utf8')
  }

  const rowsOf = async (sql: string) => {
    const rows = []
    for await (const batch of session.extraction.rows(sql)) rows.push(...batch)
    return rows
  }

  it('tells the columns of a query without reading it', async () => {
    const columns = await session.extraction.columns(`${ALL}\n-- the end`)
    const kinds = columns.map(({ name, type }) => [name, adapter.dialect.logicalType(type).kind])
    expect(kinds).toEqual(
      Object.entries({
        id: 'integer',
        flag: 'boolean',
        big: 'integer',
        dec: 'decimal',
        single: 'float',
        double_: 'float',
        text_: 'text',
        day: 'date',
        moment: 'timestamp',
        zoned: 'timestamp',
        clock: 'time',
        uuid_: 'uuid',
        doc: 'json',
        span: 'interval',
      }),
    )
  })

  it('gives rows in batches as a query gives them', async () => {
    expect(await rowsOf(ALL)).toEqual((await session.query(ALL)).rows)
    const many = 'select n as a, n * 2 as b from generate_series(1, 20000) as t(n) order by 1'
    const rows = await rowsOf(many)
    expect(rows.length).toBe(20_000)
    expect(rows.at(-1)).toEqual([20_000, 40_000])
  })

  it('is free again when the caller wants no more rows, in a transaction and outside of one', async () => {
    const many = 'select n as a from generate_series(1, 100000) as t(n)'
    for (const inTransaction of [false, true]) {
      if (inTransaction) await session.begin()
      for await (const batch of session.extraction.rows(many)) {
        expect(batch.length).toBeLessThan(100_000)
        break
      }
      expect((await session.query('select 1')).rows).toEqual([[1]])
      expect(await rowsOf('select 2')).toEqual([[2]])
      if (inTransaction) await session.commit()
    }
  })

  it('writes the same CSV and NDJSON on every engine', async () => {
    expect(await text()).toBe(`id,flag,big,dec,single,double_,text_,day,moment,zoned,clock,uuid_,doc,span
1,true,9223372036854775807,12345678901234567890.123456,0.1,1e+300,"a ""quoted"", text",2024-02-29,2024-02-29 10:00:00.000001,2024-02-29 08:00:00.5+00,10:00:00.5,00000000-0000-0000-0000-000000000001,"{""a"": [1, null]}",1 month -2 days
2,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N
3,false,-9223372036854775807,-0.000001,-Infinity,NaN,,0001-01-01,9999-12-31 23:59:59.999999,0001-01-01 00:00:00+00,00:00:00,ffffffff-ffff-ffff-ffff-ffffffffffff,"""x""",-1 day
`)
    const path = join(folder, 'out.ndjson')
    expect((await session.extraction.toFile(ALL, { path, format: 'ndjson', compression: 'none' })).rows).toBe(3)
    expect(
      readFileSync(path, 'utf8'),
    ).toBe(`{"id":1,"flag":true,"big":9223372036854775807,"dec":12345678901234567890.123456,"single":0.1,"double_":1e300,"text_":"a \\"quoted\\", text","day":"2024-02-29","moment":"2024-02-29 10:00:00.000001","zoned":"2024-02-29 08:00:00.5+00","clock":"10:00:00.5","uuid_":"00000000-0000-0000-0000-000000000001","doc":{"a": [1, null]},"span":"1 month -2 days"}
{"id":2,"flag":null,"big":null,"dec":null,"single":null,"double_":null,"text_":null,"day":null,"moment":null,"zoned":null,"clock":null,"uuid_":null,"doc":null,"span":null}
{"id":3,"flag":false,"big":-9223372036854775807,"dec":-0.000001,"single":"-Infinity","double_":"NaN","text_":"","day":"0001-01-01","moment":"9999-12-31 23:59:59.999999","zoned":"0001-01-01 00:00:00+00","clock":"00:00:00","uuid_":"ffffffff-ffff-ffff-ffff-ffffffffffff","doc":"x","span":"-1 day"}
`)
  })

  it('follows what is said of a CSV', async () => {
    const sql = `select 'a;b' as t, 1.5 as n, cast(2.5 as double precision) as d, date '2024-02-29' as day,
      timestamptz '2024-02-29 10:00:00+02' as z, cast(null as integer) as nothing, cast('\nx' as varchar(10)) as lines`
    const file = { delimiter: ';', decimal: ',', lineEnd: '\r\n', nullText: '', dateFormat: '%d.%m.%Y' } as const
    expect(await text({ ...file, timestampFormat: '%d.%m.%Y %H:%M' }, sql)).toBe(
      't;n;d;day;z;nothing;lines\r\n"a;b";1,5;2,5;29.02.2024;29.02.2024 08:00;;"\nx"\r\n',
    )
    expect(await text({ quoteAll: true, header: false, nullText: 'NULL' }, sql)).toBe(
      '"a;b","1.5","2.5","2024-02-29","2024-02-29 08:00:00+00",NULL,"\nx"\n',
    )
  })

  it('writes Parquet that reads back as it was', async () => {
    const path = join(folder, 'out.parquet')
    const file = { path, format: 'parquet', compression: 'zstd' } as const
    expect((await session.extraction.toFile(ALL, file)).rows).toBe(3)
    const { columns, rows } = await read(`from '${path}'`)
    expect(columns.map((c) => c.type)).toEqual([
      'INTEGER',
      'BOOLEAN',
      'BIGINT',
      'DECIMAL(38,6)',
      'FLOAT',
      'DOUBLE',
      'VARCHAR',
      'DATE',
      'TIMESTAMP',
      'TIMESTAMP WITH TIME ZONE',
      'TIME',
      'UUID',
      'JSON',
      'VARCHAR',
    ])
    const asText = columns.map((c) => `${c.name}::varchar`).join(', ')
    expect((await read(`select ${asText} from '${path}' where id <> 2`)).rows).toEqual([
      [
        '1',
        'true',
        '9223372036854775807',
        '12345678901234567890.123456',
        '0.1',
        '1e+300',
        'a "quoted", text',
        '2024-02-29',
        '2024-02-29 10:00:00.000001',
        '2024-02-29 08:00:00.5+00',
        '10:00:00.5',
        '00000000-0000-0000-0000-000000000001',
        '{"a": [1, null]}',
        '1 month -2 days',
      ],
      [
        '3',
        'false',
        '-9223372036854775807',
        '-0.000001',
        '-inf',
        'nan',
        '',
        '0001-01-01',
        '9999-12-31 23:59:59.999999',
        '0001-01-01 00:00:00+00',
        '00:00:00',
        'ffffffff-ffff-ffff-ffff-ffffffffffff',
        '"x"',
        '-1 day',
      ],
    ])
    expect(rows[1]).toEqual([2, ...Array.from({ length: 13 }, () => null)])
  })

  it('makes the same bytes of the same rows', async () => {
    const sql = `select n as a, n % 7 as b, cast(n as varchar(20)) as c from generate_series(1, 150000) as t(n) order by 1`
    for (const format of [
      { format: 'parquet', compression: 'zstd', rowGroupSize: 50_000 },
      { format: 'ndjson', compression: 'gzip' },
      { ...CSV, compression: 'zstd' },
    ] as const) {
      const hashes = []
      for (const name of ['one', 'two']) {
        const path = join(folder, name)
        expect((await session.extraction.toFile(sql, { ...format, path })).rows).toBe(150_000)
        hashes.push(createHash('sha256').update(readFileSync(path)).digest('hex'))
      }
      expect(hashes[0]).toBe(hashes[1])
    }
  })

  it('takes values that are longer than a reader expects', async () => {
    const sql = `select 1 as a, repeat('line "one"\n', 400000) as b union all select 2, 'short' order by 1`
    const path = join(folder, 'long.parquet')
    await session.extraction.toFile(sql, { path, format: 'parquet', compression: 'zstd' })
    expect((await read(`select a, length(b) from '${path}'`)).rows).toEqual([
      [1, 4_400_000],
      [2, 5],
    ])
  })

  it('leaves nothing when the disk is full, the query fails or the folder is missing', async () => {
    const rows = 'select n as a from generate_series(1, 200000) as t(n)'
    const failure = (sql: string, path: string) =>
      session.extraction.toFile(sql, { path, format: 'parquet', compression: 'zstd' }).catch((error: unknown) => error)
    const kindOf = (error: unknown) => (error instanceof DatabaseError ? error.fault.kind : error)
    symlinkSync('/dev/full', join(folder, 'full.parquet'))
    expect(kindOf(await failure(rows, join(folder, 'full.parquet')))).toBe('disk-full')
    expect(
      kindOf(
        await failure(
          'select 1 / (n - 150000) from generate_series(1, 200000) as t(n) where missing',
          join(folder, 'a'),
        ),
      ),
    ).toBe('column-missing')
    expect(
      kindOf(
        await failure(
          `select cast(case when n = 150000 then 'x' else '1' end as integer) from generate_series(1, 200000) as t(n)`,
          join(folder, 'a'),
        ),
      ),
    ).toBe('conversion')
    expect(kindOf(await failure(rows, join(folder, 'missing', 'a')))).toBe('file')
    expect(readdirSync(folder)).toEqual([])
    expect((await session.query('select 1')).rows).toEqual([[1]])
  })

  it.each(['cancel', 'interrupt'] as const)('stops at once on %s and leaves nothing', async (how) => {
    const stop = () => (how === 'cancel' ? adapter.cancel() : session.interrupt())
    const again = () => (how === 'cancel' ? adapter.resume() : session.proceed())
    const writing = session.extraction.toFile(ENDLESS, {
      path: join(folder, 'a'),
      format: 'ndjson',
      compression: 'none',
    })
    const caught = writing.catch((error: unknown) => error)
    while (readdirSync(folder).length === 0) await new Promise((resolve) => setImmediate(resolve))
    stop()
    expect(await caught).toBeInstanceOf(CancelledError)
    again()
    expect(readdirSync(folder)).toEqual([])
    const reading = async () => {
      for await (const _ of session.extraction.rows(ENDLESS)) stop()
    }
    await expect(reading()).rejects.toThrow(CancelledError)
    again()
    expect((await session.query('select 1')).rows).toEqual([[1]])
  })

  it('writes what Parquet has no place for as null where it may, else names column and value', async () => {
    const path = join(folder, 'a.parquet')
    const sql = `select 1 as id, cast('infinity' as date) as day, cast('-infinity' as timestamp) as moment,
      cast('infinity' as timestamptz) as zoned union all select 2, null, null, null union all select 3, date '2024-01-01', timestamp '2024-01-01 00:00:00', timestamptz '2024-01-01 00:00:00+00'`
    const file = { path, format: 'parquet', compression: 'zstd' } as const
    await expect(session.extraction.toFile(sql, file)).rejects.toThrow(new UnfitValueError('day', 'infinity'))
    expect(readdirSync(folder)).toEqual([])
    expect(await session.extraction.toFile(sql, { ...file, outOfRange: 'null' })).toEqual({
      rows: 3,
      changed: ['day', 'moment', 'zoned'].map((column) => ({ column, how: 'nulled', count: 1 })),
    })
    expect((await read(`select day, moment is null, zoned is null from '${path}' order by id`)).rows).toEqual([
      [null, true, true],
      [null, true, true],
      ['2024-01-01', false, false],
    ])
  })

  it('writes numbers of any length to Parquet as decimals that hold them all, else as doubles with a count', async () => {
    const path = join(folder, 'a.parquet')
    const file = { path, format: 'parquet', compression: 'zstd' } as const
    const values = async (sql: string, more: Partial<Extract<ExtractFile, { format: 'parquet' }>> = {}) => {
      const { changed } = await session.extraction.toFile(sql, { ...file, ...more })
      const { columns, rows } = await read(`from '${path}'`)
      return { types: columns.map((c) => c.type), rows, changed }
    }
    if (adapter.type !== 'postgres') {
      const wide = `select 170141183460469231731687303715884105727::hugeint as a, 18446744073709551615::ubigint as b, 5::uhugeint as c`
      await expect(values(wide)).rejects.toThrow(new UnfitValueError('a', '170141183460469231731687303715884105727'))
      expect((await values(wide, { outOfRange: 'null' })).rows).toEqual([[null, 18446744073709551615n, '5']])
      expect(await values(wide, { wideNumbers: 'double' })).toEqual({
        types: ['DOUBLE', 'DOUBLE', 'DOUBLE'],
        rows: [[1.7014118346046923e38, 18446744073709552000, 5]],
        changed: ['a', 'b'].map((column) => ({ column, how: 'rounded', count: 1 })),
      })
      return
    }
    const sql = `select 12345678901234567890.123456789::numeric as a, -0.50::numeric as b, 0.000::numeric as c, 1.5::numeric as d,
        1e30::numeric as e, 99900::numeric(3, -2) as f, 1::numeric(60, 1) as g, null::numeric as h
      union all select 0.0000000001, null, null, 'NaN', 1e-30, null, null, null`
    expect(await values(`${sql} order by 1 desc`)).toEqual({
      types: [
        'DECIMAL(38,10)',
        'DECIMAL(18,1)',
        'DECIMAL(18,0)',
        'DOUBLE',
        'DOUBLE',
        'DECIMAL(18,0)',
        'DECIMAL(18,0)',
        'DECIMAL(18,0)',
      ],
      rows: [
        ['12345678901234567890.1234567890', '-0.5', '0', 1.5, 1e30, '99900', '1', null],
        ['0.0000000001', null, null, Number.NaN, 1e-30, null, null, null],
      ],
      changed: [],
    })
    expect((await values(sql, { wideNumbers: 'double' })).changed).toEqual([{ column: 'a', how: 'rounded', count: 1 }])
    const narrow = `select 'NaN'::numeric(5, 2) as n, 99900::numeric(3, -2) as thousands, 0.00099::numeric(2, 5) as tiny`
    await expect(values(narrow)).rejects.toThrow(new UnfitValueError('n', 'NaN'))
    expect(await values(narrow, { outOfRange: 'null' })).toEqual({
      types: ['DECIMAL(5,2)', 'DECIMAL(5,0)', 'DECIMAL(5,5)'],
      rows: [[null, '99900', '0.00099']],
      changed: [{ column: 'n', how: 'nulled', count: 1 }],
    })
    expect(await text({}, narrow)).toBe('n,thousands,tiny\nNaN,99900,0.00099\n')
    await session.extraction.toFile(narrow, { path, format: 'ndjson', compression: 'none' })
    expect(readFileSync(path, 'utf8')).toBe('{"n":"NaN","thousands":99900,"tiny":0.00099}\n')
  })

  it('writes infinities and all digits as text', async () => {
    if (adapter.type !== 'postgres') return
    const odd = `select cast('infinity' as date) as a, timestamptz '0044-03-15 10:00:00+00 BC' as b, date '0044-03-15 BC' as c,
      cast('NaN' as numeric) as d, cast('12345678901234567890.123456789012345678901234567890' as numeric) as e`
    expect(await text({}, odd)).toBe(
      `a,b,c,d,e\ninfinity,0044-03-15 (BC) 10:00:00+00,0044-03-15 (BC),NaN,12345678901234567890.123456789012345678901234567890\n`,
    )
  })

  it('tells of a lost connection, leaves nothing and goes on with a new one', async () => {
    if (adapter.type !== 'postgres') return
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity
      where query like '%generate_series%' and pid <> pg_backend_pid() and state = 'active' and datname = current_database()`
    const writing = session.extraction.toFile(ENDLESS, {
      path: join(folder, 'a'),
      format: 'ndjson',
      compression: 'none',
    })
    const caught = writing.catch((error: unknown) => error)
    while ((await here.database.sql(kill)).length === 0);
    const error = await caught
    expect(error instanceof DatabaseError && error.fault.kind).toBe('connection')
    expect(readdirSync(folder)).toEqual([])
    expect((await session.query('select 1')).rows).toEqual([[1]])
  })

  describe('as CSV', () => {
    it('streams, stops when nobody reads on, and reports what fails', async () => {
      if (session.extraction.csv === undefined) return
      const whole = Buffer.concat(
        await (await session.extraction.csv(`select 1 as a, null as b, '' as c, '\\N' as d`)).toArray(),
      )
      expect(whole.toString()).toBe('a,b,c,d\n1,\\N,,"\\N"\n')
      const endless = await session.extraction.csv(ENDLESS)
      for await (const chunk of endless) {
        expect(chunk.length).toBeGreaterThan(0)
        break
      }
      await new Promise((resolve) => endless.once('close', resolve))
      expect((await session.query('select 1')).rows).toEqual([[1]])
      const wrong = await session.extraction.csv('select missing')
      await expect(wrong.toArray()).rejects.toThrow(DatabaseError)
      expect((await session.query('select 2')).rows).toEqual([[2]])
    })
  })
})
