import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'
import { openSession } from './open.ts'
import { postgresConnection } from './open-postgres-target.ts'

let database: PostgresDatabase
beforeAll(async () => {
  database = await postgresDatabase()
})
afterAll(() => database.drop())

/** Expressions that both engines take. */
const alike = [
  'null',
  'true',
  'cast(7 as smallint)',
  'cast(9007199254740991 as bigint)',
  'cast(9007199254740993 as bigint)',
  'cast(-9223372036854775808 as bigint)',
  'cast(1.50 as decimal(18,2))',
  'cast(-0.000 as decimal(5,3))',
  'cast(99999999999999999999.99 as decimal(24,2))',
  `cast('NaN' as double precision)`,
  `cast('-Infinity' as double precision)`,
  'cast(0.1 as double precision) + cast(0.2 as double precision)',
  'cast(0.1 as real)',
  'cast(16777216 as real)',
  `'é🎉 "quoted" \\ {,}'`,
  `cast('' as varchar)`,
  `cast('2024-02-29' as date)`,
  `cast('9999-12-31' as date)`,
  `cast('03:04:05.5' as time)`,
  `cast('2024-01-02 00:00:00' as timestamp)`,
  `cast('2024-01-02 03:04:05.120' as timestamp)`,
  `cast('12024-01-02 03:04:05' as timestamp)`,
  `cast('infinity' as timestamp)`,
  `cast('2024-01-02 03:04:05.000001+02' as timestamp with time zone)`,
  `cast('9d5b6c1e-0b5a-4d0e-8f53-0a6c1f6a3e11' as uuid)`,
  `interval '1 year 2 months 3 days 4 hours'`,
  `interval '1 month'`,
  `interval '-1 month -1 day'`,
  `interval '1 day' - interval '2 hours'`,
  `interval '100 hours 3.5 seconds'`,
  `interval '2 months' - interval '3 days'`,
  'array[1, null, 3]',
  'array[array[1, 2], array[3, 4]]',
  `array['a,b', '', 'NULL', null, 'q"\\', '{}']`,
  'array[cast(1.50 as decimal(5,2))]',
  'array[true, false]',
  `array[cast('2024-02-29' as date)]`,
]

it.each(alike)('reads %s as DuckDB does', async (expression) => {
  const connection = await postgresConnection(database.target)
  const session = await openSession()
  const sql = `select ${expression} as v`
  expect((await connection.query(sql)).rows).toEqual((await session.query(sql)).rows)
})

it('reads what DuckDB writes in another way', async () => {
  const connection = await postgresConnection(database.target)
  const { rows } = await connection.query(
    String.raw`select '\x00ff'::bytea, date '0044-03-15 BC', timestamptz '0044-03-15 00:00:00+00 BC', time with time zone '03:04:05+02',
      '{"a": [1, null, "x"]}'::json, '[1.5]'::jsonb, 'NaN'::numeric, '1.10'::numeric, '1 2'::int2vector, 1::oid, 'pg_class'::regclass,
      '[0:1]={7,8}'::int[], '{}'::text[], null::text[], '{(1,2),(3,4);(5,6),(7,8)}'::box[], row(1, 'a')`,
  )
  expect(rows[0]).toEqual([
    '\\x00ff',
    '0044-03-15 (BC)',
    '0044-03-15 00:00:00+00 (BC)',
    '03:04:05+02',
    { a: [1, null, 'x'] },
    [1.5],
    'NaN',
    '1.10',
    '1 2',
    1,
    'pg_class',
    [7, 8],
    [],
    null,
    ['(3,4),(1,2)', '(7,8),(5,6)'],
    '(1,a)',
  ])
})

it('reads types of the database: enums, domains, their arrays', async () => {
  await database.sql(`create type mood as enum ('sad', 'so so'); create domain age as integer check (value > 0)`)
  const connection = await postgresConnection(database.target)
  const { columns, rows } = await connection.query(
    `select 'sad'::mood as a, array['so so', null]::mood[] as b, 5::age as c, array[5, 6]::age[] as d`,
  )
  expect(columns.map((c) => c.type)).toEqual(['mood', 'mood[]', 'integer', 'age[]'])
  expect(rows).toEqual([['sad', ['so so', null], 5, [5, 6]]])
})

it('names types as the server does, with their modifiers', async () => {
  const types = [
    'boolean',
    'bytea',
    '"char"',
    'name',
    'bigint',
    'smallint',
    'integer',
    'text',
    'oid',
    'json',
    'xml',
    'real',
    'double precision',
    'money',
    'inet',
    'cidr',
    'character(3)',
    'character varying',
    'character varying(10)',
    'date',
    'time without time zone',
    'time(2) with time zone',
    'timestamp(3) without time zone',
    'timestamp with time zone',
    'interval',
    'interval day to second(3)',
    'bit(3)',
    'numeric',
    'numeric(18,2)',
    'numeric(5,0)',
    'uuid',
    'jsonb',
    'integer[]',
    'numeric(6,3)[]',
    'character varying(4)[]',
    'int4range',
    'tsvector',
    'point',
    'regtype',
  ]
  const connection = await postgresConnection(database.target)
  const { columns } = await connection.query(`select ${types.map((t, i) => `null::${t} as c${i}`).join(', ')}`)
  expect(columns.map((c) => c.type)).toEqual(types)
  if (connection.serverVersion >= 150_000)
    expect((await connection.query('select null::numeric(3,-2)')).columns[0]!.type).toBe('numeric(3,-2)')
})
