import { describe, expect, it } from 'vitest'
import type { Constant } from '../../src/adapters/dialect.ts'
import { duckDbDialect as dialect } from '../../src/adapters/duckdb/duckdb-dialect.ts'
import { MappedTextBuilder, originAt } from '../../src/base/source-map.ts'
import { injectCtes } from '../../src/sql/inject-ctes.ts'
import { openSession } from './open.ts'

const mapped = (text: string) =>
  new MappedTextBuilder().mapped(text, { path: 'm.sql', start: 0, end: text.length }, true).build()
const name = { database: 'memory', schema: 'main', identifier: 'we"ird Näme' }

describe('literals', () => {
  const values: readonly Constant[] = [
    null,
    true,
    0.1,
    -7,
    9007199254740993n,
    1e300,
    'it\'s \\ "x" é🎉\n',
    '',
    'a\u0000b',
    [1, 2],
    ['a', null],
    { a: 1, "b'c": ['x'] },
  ]
  for (const value of values) {
    it(`reads back ${JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v))}`, async () => {
      const { rows } = await (await openSession()).query(`select ${dialect.literal(value)}`)
      const got = rows[0]![0]
      expect(typeof value === 'number' ? Number(got) : got).toEqual(value)
    })
  }

  it('writes numbers that SQL has no digits for', async () => {
    const { rows } = await (await openSession()).query(
      `select ${dialect.literal(Number.NaN)}, ${dialect.literal(-Number.POSITIVE_INFINITY)}, ${dialect.literal({})}::varchar`,
    )
    expect(rows).toEqual([[Number.NaN, Number.NEGATIVE_INFINITY, '{}']])
  })
})

describe('statements', () => {
  const bodies = [
    'select 1 as a -- ends in a comment',
    'with x as (select 1 as a) select * from x',
    'with recursive r as (select 1 as a union all select a + 1 from r where a < 3) select max(a) - 2 as a from r',
    'values (1)',
    'from (select 1 as a)',
    '(select 1 as a) union all (select 2 as a) order by 1 limit 1',
  ]
  for (const body of bodies) {
    it(`wraps: ${body}`, async () => {
      const session = await openSession()
      await session.execute(dialect.createTableAs(name, mapped(body)).text)
      expect((await session.query(`from ${dialect.relation(name)}`)).rows).toEqual([[1]])
      await session.execute(dialect.createTableAs(name, mapped(body), { replace: true, empty: true }).text)
      expect((await session.query(`from ${dialect.relation(name)}`)).rows).toEqual([])
      await session.execute(dialect.drop(name, 'table'))
      await session.execute(dialect.createView(name, mapped(body)).text)
      await session.execute(dialect.createView(name, mapped(body), { replace: true }).text)
      expect((await session.query(`from ${dialect.relation(name)}`)).rows).toEqual([[1]])
      await session.execute(dialect.drop(name, 'view'))
      await session.execute(dialect.createTableAs(name, mapped(body), { temporary: true }).text)
      await session.execute(dialect.createTableAs(name, mapped(body), { temporary: true, replace: true }).text)
    })

    it(`takes a CTE: ${body}`, async () => {
      const session = await openSession()
      const cte = { name: '"c d"', sql: mapped('with x as (select 42 as z) select * from x -- end') }
      const sql = injectCtes(mapped(body), [cte]).text
      expect((await session.query(sql)).rows).toEqual([[1]])
      expect(await session.query(`select (select z from "c d") from (${body}\n)`).catch(() => null)).toBeNull()
    })
  }

  it('lets sub-queries and recursive CTEs see an injected one', async () => {
    const session = await openSession()
    const cte = { name: 'c', sql: mapped('select 3 as top') }
    const recursive = `with recursive r as (select 1 as a union all select a + 1 from r, c where a < top)
      select (select max(a) from r), (select count(*) from (with x as (select * from c) from x)) from r limit 1`
    expect((await session.query(injectCtes(mapped(recursive), [cte]).text)).rows).toEqual([[3, 1]])
  })

  it('keeps the map of the body', () => {
    const sql = dialect.createTableAs(name, mapped('select bad'))
    expect(originAt(sql, sql.text.indexOf('bad'))?.span).toEqual({ path: 'm.sql', start: 7, end: 7 })
  })

  it('renames, alters and comments', async () => {
    const session = await openSession()
    const other = { ...name, identifier: 'other' }
    await session.execute(dialect.createTableAs(name, mapped('select 1 as a')).text)
    await session.execute(dialect.rename(name, 'other', 'table'))
    await session.execute(dialect.addColumn(other, 'B c', 'varchar'))
    await session.execute(dialect.alterColumnType(other, 'a', 'decimal(5, 1)'))
    expect(await session.columnsOf(other)).toEqual([
      { name: 'a', type: 'DECIMAL(5,1)' },
      { name: 'B c', type: 'VARCHAR' },
    ])
    await session.execute(dialect.dropColumn(other, 'B c'))
    await session.execute(dialect.createView(name, mapped('select 1 as a')).text)
    await session.execute(dialect.rename(name, 'v', 'view'))
    await session.execute(dialect.commentOn!({ ...name, identifier: 'v' }, 'view', "it's"))
    await session.execute(dialect.createSchema('memory', 'a.b'))
    await session.execute(dialect.createSchema('memory', 'a.b'))
    expect(await session.columnsOf(other)).toEqual([{ name: 'a', type: 'DECIMAL(5,1)' }])
    const same = `select ${dialect.nullSafeEqual('null', 'null')}, ${dialect.nullSafeEqual('1', 'null')}`
    expect((await session.query(same)).rows).toEqual([[true, false]])
  })
})
