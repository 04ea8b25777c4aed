import { describe, expect, it } from 'vitest'
import { CancelledError, DatabaseError, InternalError } from '../../src/base/errors.ts'
import { openSession, openTarget } from './open.ts'

const at = (schema: string, identifier: string) => ({ database: 'memory', schema, identifier })

describe('results', () => {
  it('gives rows touched by statements that change rows, and null for others', async () => {
    const session = await openSession()
    expect(await session.execute('create table t as select range as a from range(5)')).toBeNull()
    expect(await session.execute('insert into t values (9), (10)')).toBe(2)
    expect(await session.execute('delete from t where a < 2')).toBe(2)
  })

  it('keeps every value exact', async () => {
    const session = await openSession()
    const { columns, rows } = await session.query(`select
      123456789012345678.90::decimal(20, 2) as dec, 9007199254740993::bigint as big, 42::bigint as small,
      170141183460469231731687303715884105727::hugeint as huge, 0.1::float as f, 'nan'::double as nan,
      date '2024-02-29' as d, timestamp '2024-02-29 10:00:00.000001' as ts, timestamptz '2024-02-29 10:00:00+02' as tz,
      time '10:00:00.5' as t, '\\xAA\\x41'::blob as bytes, interval '1 month 2 days' as i, [1, null] as l,
      {'a': 1.50, 'b c': [date '2024-01-01']} as s, map {'k': 1, 'l': 2} as m, 'x'::enum('x', 'y') as e,
      '00000000-0000-0000-0000-000000000001'::uuid as u, '{"a":1}'::json as j, true as b, null as n, 1::union(n int, s text) as un`)
    const byName = Object.fromEntries(columns.map((c, i) => [c.name, rows[0]![i]]))
    expect(byName).toEqual({
      dec: '123456789012345678.90',
      big: 9007199254740993n,
      small: 42,
      huge: 170141183460469231731687303715884105727n,
      f: 0.1,
      nan: Number.NaN,
      d: '2024-02-29',
      ts: '2024-02-29 10:00:00.000001',
      tz: '2024-02-29 08:00:00+00',
      t: '10:00:00.5',
      bytes: '\\xaa41',
      i: '1 month 2 days',
      l: [1, null],
      s: { a: '1.50', 'b c': ['2024-01-01'] },
      m: { k: 1, l: 2 },
      e: 'x',
      u: '00000000-0000-0000-0000-000000000001',
      j: '{"a":1}',
      b: true,
      n: null,
      un: 1,
    })
    expect(columns.map((c) => c.type).slice(0, 2)).toEqual(['DECIMAL(20,2)', 'BIGINT'])
    expect(columns.find((c) => c.name === 'j')?.type).toBe('JSON')
  })

  it('reads no more rows than asked for', async () => {
    const session = await openSession()
    const { rows } = await session.query('select range as a from range(1000000000000)', 3)
    expect(rows).toEqual([[0], [1], [2]])
    expect((await session.query('select 1')).rows).toEqual([[1]])
  })
})

describe('transactions', () => {
  it('refuses to commit after a run-time error and keeps nothing of the transaction', async () => {
    const session = await openSession()
    await session.execute("create table t as select 'x' as a")
    await session.begin()
    await session.execute("insert into t values ('y')")
    await expect(session.query('select a::int from t')).rejects.toThrow(DatabaseError)
    await expect(session.commit()).rejects.toThrow(InternalError)
    expect((await session.query('select a from t')).rows).toEqual([['x']])
  })

  it('treats an error that DuckDB would forgive in the same way', async () => {
    const session = await openSession()
    await session.begin()
    await session.execute('create table t (a int)')
    await expect(session.query('select * from missing')).rejects.toThrow(DatabaseError)
    await expect(session.commit()).rejects.toThrow(InternalError)
    expect(await session.columnsOf(at('main', 't'))).toEqual([])
  })

  it('takes DDL back with a rollback, and a rollback without a transaction is fine', async () => {
    const session = await openSession()
    await session.rollback()
    await session.begin()
    await session.execute('create table t (a int)')
    await session.rollback()
    expect(await session.columnsOf(at('main', 't'))).toEqual([])
  })

  it('keeps the old table when its replacement fails, and views follow the new one', async () => {
    const session = await openSession()
    await session.execute("create table t as select '1' as a")
    await session.execute('create view v as select a from t')
    await expect(session.execute("create or replace table t as select 'x'::int as a")).rejects.toThrow(DatabaseError)
    expect((await session.query('from v')).rows).toEqual([['1']])
    await session.execute("create or replace table t as select '2' as a, 3 as b")
    expect((await session.query('from v')).rows).toEqual([['2']])
  })

  it('rolls back what is open when the session goes back', async () => {
    const adapter = await openTarget({}, { threads: 1 })
    const first = await adapter.acquire()
    await first.execute('create table t (a int)')
    await first.begin()
    await first.execute('insert into t values (1)')
    await first.release()
    await first.release()
    const second = await adapter.acquire()
    expect((await second.query('select count(*) from t')).rows).toEqual([[0]])
    await expect(async () => first.query('select 1')).rejects.toThrow(InternalError)
  })

  it('reports a conflict between two connections', async () => {
    const adapter = await openTarget({})
    const one = await adapter.acquire()
    const two = await adapter.acquire()
    await one.execute('create table t as select 1 as a')
    await one.begin()
    await two.begin()
    await one.execute('update t set a = 2')
    const failure = await two.execute('update t set a = 3').catch((e: unknown) => e)
    expect(failure).toBeInstanceOf(DatabaseError)
    expect((failure as DatabaseError).fault.kind).toBe('conflict')
    await two.rollback()
    await one.commit()
    expect((await two.query('select a from t')).rows).toEqual([[2]])
  })
})

describe('the pool', () => {
  it('makes a caller wait until a connection is free', async () => {
    const adapter = await openTarget({}, { threads: 1 })
    const first = await adapter.acquire()
    const order: string[] = []
    const waiting = adapter.acquire().then((session) => {
      order.push('second')
      return session
    })
    await first.query('select 1')
    order.push('first')
    await first.release()
    await (await waiting).release()
    expect(order).toEqual(['first', 'second'])
  })

  it('builds different tables at once', async () => {
    const adapter = await openTarget({}, { threads: 4 })
    const sessions = await Promise.all([1, 2, 3, 4].map(() => adapter.acquire()))
    await Promise.all(sessions.map((s, i) => s.execute(`create table t${i} as select * from range(1000)`)))
    expect(await adapter.relations([{ database: 'memory', schema: 'main' }])).toHaveLength(4)
  })
})

describe('cancel', () => {
  it('interrupts what runs, refuses what comes later, and resume allows it again', async () => {
    const adapter = await openTarget({}, { threads: 2 })
    const one = await adapter.acquire()
    const two = await adapter.acquire()
    const long =
      'select count(*) from range(100000000000) a, range(1000000) b where hash(a.range) % 7 = hash(b.range) % 3'
    const running = [one.query(long), two.execute(`create table t as ${long}`)].map((p) => p.catch((e: unknown) => e))
    adapter.cancel()
    for (const failure of await Promise.all(running)) expect(failure).toBeInstanceOf(CancelledError)
    await expect(one.query('select 1')).rejects.toThrow(CancelledError)
    await expect(one.begin()).rejects.toThrow(CancelledError)
    adapter.resume()
    expect((await one.query('select 1')).rows).toEqual([[1]])
    expect(await two.columnsOf(at('main', 't'))).toEqual([])
  })

  it('lets a commit through, so that its promise tells the truth', async () => {
    const adapter = await openTarget({})
    const session = await adapter.acquire()
    for (let i = 0; i < 20; i++) {
      await session.begin()
      await session.execute(`create table t${i} as select range as a, random() as b from range(20000)`)
      const committing = session.commit()
      adapter.cancel()
      await committing
      adapter.resume()
    }
    expect(await adapter.relations([{ database: 'memory', schema: 'main' }])).toHaveLength(20)
  })

  it('commits and rolls back after a cancel', async () => {
    const adapter = await openTarget({})
    const one = await adapter.acquire()
    const two = await adapter.acquire()
    await one.begin()
    await one.execute('create table kept (a int)')
    await two.begin()
    await two.execute('create table dropped (a int)')
    adapter.cancel()
    await two.rollback()
    await one.commit()
    adapter.resume()
    const names = (await adapter.relations([{ database: 'memory', schema: 'main' }])).map((r) => r.name.identifier)
    expect(names).toEqual(['kept'])
  })
})

describe('catalog', () => {
  it('knows relations of the schemas asked for, whatever their case', async () => {
    const adapter = await openTarget({})
    await adapter.createSchemas([
      { database: 'memory', schema: 'Mixed' },
      { database: 'memory', schema: 'mixed' },
      { database: 'memory', schema: 'b"c' },
      { database: 'memory', schema: 'main' },
    ])
    const session = await adapter.acquire()
    await session.execute('create table "Mixed"."T" (a int)')
    await session.execute('create view "b""c".v as select 1 as a')
    await session.execute('create temporary table hidden (a int)')
    const found = await adapter.relations([
      { database: 'MEMORY', schema: 'mixed' },
      { database: 'memory', schema: 'b"c' },
      { database: 'memory', schema: 'absent' },
    ])
    expect(found).toEqual([
      { name: at('Mixed', 'T'), kind: 'table' },
      { name: at('b"c', 'v'), kind: 'view' },
    ])
  })

  it('creates the same schema from many callers at once', async () => {
    const adapter = await openTarget({})
    const wanted = Array.from({ length: 10 }, (_, i) => ({ database: 'memory', schema: `s${i % 3}` }))
    await Promise.all(wanted.map((schema) => adapter.createSchemas([schema])))
    const session = await adapter.acquire()
    const { rows } = await session.query(
      "select schema_name from duckdb_schemas() where schema_name like 's_' order by 1",
    )
    expect(rows).toEqual([['s0'], ['s1'], ['s2']])
  })

  it('gives columns in order, none for what is missing, and fails for a broken view', async () => {
    const session = await openSession()
    await session.execute('create table t (b int, "A b" decimal(5, 1), j json)')
    expect(await session.columnsOf(at('main', 't'))).toEqual([
      { name: 'b', type: 'INTEGER' },
      { name: 'A b', type: 'DECIMAL(5,1)' },
      { name: 'j', type: 'JSON' },
    ])
    expect(await session.columnsOf(at('absent', 't'))).toEqual([])
    expect(await session.columnsOf({ database: 'absent', schema: 'main', identifier: 't' })).toEqual([])
    await session.execute('create view v as select b from t')
    await session.execute('drop table t')
    await expect(session.columnsOf(at('main', 'v'))).rejects.toThrow(DatabaseError)
    expect(await session.columnsOf(at('main', 't'))).toEqual([])
  })

  it('removes what a dead run left, and nothing else', async () => {
    const adapter = await openTarget({})
    const session = await adapter.acquire()
    await session.execute('create table orders (a int)')
    await session.execute('create table orders__tsdbt_0badcafe (a int)')
    await session.execute('create view v__tsdbt_deadbeef as from orders__tsdbt_0badcafe')
    await session.execute('create table notes__tsdbt_2024 (a int)')
    const main = [{ database: 'memory', schema: 'main' }]
    expect((await adapter.cleanStrays(main)).map((r) => r.name.identifier)).toEqual([
      'v__tsdbt_deadbeef',
      'orders__tsdbt_0badcafe',
    ])
    expect((await adapter.relations(main)).map((r) => r.name.identifier)).toEqual(['notes__tsdbt_2024', 'orders'])
  })
})
