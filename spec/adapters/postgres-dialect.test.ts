import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Constant } from '../../src/adapters/dialect.ts'
import { postgresDialect as dialect } from '../../src/adapters/postgres/postgres-dialect.ts'
import { DatabaseError, InternalError } from '../../src/base/errors.ts'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'
import { postgresConnection } from './open-postgres-target.ts'

let database: PostgresDatabase
beforeAll(async () => {
  database = await postgresDatabase()
})
afterAll(() => database.drop())

const body = (text: string) => ({ text, segments: [] })
const named = (identifier: string) => ({ database: database.target.dbname, schema: 'public', identifier })

describe('literals', () => {
  const constants: readonly (readonly [Constant, unknown])[] = [
    [null, null],
    [true, true],
    [false, false],
    [-7, -7],
    [0.1, '0.1'],
    [1e21, '1000000000000000000000'],
    [Number.NaN, Number.NaN],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [9_007_199_254_740_993n, 9_007_199_254_740_993n],
    ["it's", "it's"],
    ['back\\slash \\n $$ 🎉', 'back\\slash \\n $$ 🎉'],
    [
      [1, null, 3],
      [1, null, 3],
    ],
    [
      ["a'b", 'c,"d"'],
      ["a'b", 'c,"d"'],
    ],
    [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [{}, {}],
    [
      { a: [1, "x'y"], b: { c: null, d: Number.NaN }, 'e"f': 12n },
      { a: [1, "x'y"], b: { c: null, d: 'NaN' }, 'e"f': 12 },
    ],
    [[{ a: 1 }], [{ a: 1 }]],
  ]

  it.each(constants)('reads back %s', async (constant, expected) => {
    const connection = await postgresConnection(database.target)
    expect((await connection.query(`select ${dialect.literal(constant)} as v`)).rows).toEqual([[expected]])
  })

  it('gives an empty list the type that is wanted', async () => {
    const connection = await postgresConnection(database.target)
    const { rows } = await connection.query(
      `select array[1] = ${dialect.literal([])}, 'a' = any(${dialect.literal([])})`,
    )
    expect(rows).toEqual([[false, false]])
  })

  it('lets the server refuse a NUL where it stands', async () => {
    const connection = await postgresConnection(database.target)
    await expect(connection.query(`select ${dialect.literal('a\u0000b')}`)).rejects.toBeInstanceOf(DatabaseError)
  })
})

describe('statements', () => {
  it('makes, changes and drops relations of odd names', async () => {
    const connection = await postgresConnection(database.target)
    const [table, view, materialized] = [named('Odd "table"'), named('a view'), named('m')]
    const run = (sql: string) => connection.execute(sql)
    expect(await run(dialect.createTableAs(table, body('select 1 as a -- ends')).text)).toBe(1)
    await run(dialect.addColumn(table, 'b "c"', 'text'))
    await run(dialect.alterColumnType(table, 'a', 'text'))
    await run(dialect.dropColumn(table, 'b "c"'))
    await run(dialect.rename(table, 'plain', 'table'))
    await run(dialect.createView(view, body('select a from plain')).text)
    await run(dialect.createView(view, body('select a, 2 as b from plain'), { replace: true }).text)
    await run(dialect.commentOn!(view, 'view', `it's a view`))
    await run(`create materialized view ${dialect.relation(materialized)} as select 1 as a`)
    await run(dialect.rename(materialized, 'n', 'materialized_view'))
    await run(dialect.commentOn!(named('n'), 'materialized_view', 'n'))
    expect((await connection.query(`select * from ${dialect.relation(view)}`)).rows).toEqual([['1', 2]])
    expect((await connection.query(`select obj_description('"a view"'::regclass)`)).rows).toEqual([[`it's a view`]])
    await run(dialect.drop(view, 'view'))
    await run(dialect.drop(named('n'), 'materialized_view'))
    await run(dialect.drop(named('plain'), 'table'))
    await run(dialect.drop(named('plain'), 'table'))
    await run(dialect.createSchema(database.target.dbname, 'Odd schema'))
    await run(dialect.createSchema(database.target.dbname, 'Odd schema'))
    await run('drop schema "Odd schema"')
  })

  it('makes tables without rows and temporary ones', async () => {
    const connection = await postgresConnection(database.target)
    await connection.execute(dialect.createTableAs(named('empty'), body('select 1 as a'), { empty: true }).text)
    await connection.execute(dialect.createTableAs(named('temp'), body('select 1 as a'), { temporary: true }).text)
    expect((await connection.query('select count(*) from empty')).rows).toEqual([[0]])
    expect((await connection.query(`select relpersistence from pg_class where relname = 'temp'`)).rows).toEqual([['t']])
    await connection.execute(dialect.drop(named('empty'), 'table'))
  })

  it('cannot replace a table in one statement, nor reach another database', async () => {
    expect(() => dialect.createTableAs(named('t'), body('select 1'), { replace: true })).toThrow(InternalError)
    const connection = await postgresConnection(database.target)
    const elsewhere = { ...named('t'), database: 'elsewhere' }
    await expect(connection.execute(dialect.createTableAs(elsewhere, body('select 1 as a')).text)).rejects.toThrow()
  })

  it('compares null to null', async () => {
    const connection = await postgresConnection(database.target)
    expect((await connection.query(`select ${dialect.nullSafeEqual('null', 'null')}`)).rows).toEqual([[true]])
  })
})
