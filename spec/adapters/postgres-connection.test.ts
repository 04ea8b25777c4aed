import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CancelledError, DatabaseError, InternalError } from '../../src/base/errors.ts'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'
import { cuttingProxy } from './cutting-proxy.ts'
import { postgresConnection } from './open-postgres-target.ts'

let database: PostgresDatabase
beforeAll(async () => {
  database = await postgresDatabase()
})
afterAll(() => database.drop())

const connect = () => postgresConnection(database.target)

async function faultOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DatabaseError)
  return (error as DatabaseError).fault
}

/** Resolves when the server runs the statement. */
async function running(processId: number, sql: string): Promise<void> {
  for (;;) {
    const [row] = await database.sql(`select query from pg_stat_activity where pid = ${processId} and state = 'active'`)
    if (String(row?.['query']).includes(sql)) return
  }
}

async function kill(processId: number): Promise<void> {
  await database.sql(`select pg_terminate_backend(${processId})`)
  const left = () => database.sql(`select pid from pg_stat_activity where pid = ${processId}`)
  await expect.poll(left).toEqual([])
}

describe('statements', () => {
  it('gives rows touched where the server tells, and null elsewhere', async () => {
    const connection = await connect()
    const counts: (number | null)[] = []
    for (const sql of [
      'create table counts (a int)',
      'insert into counts select generate_series(1, 5)',
      'update counts set a = a + 1 where a > 2',
      'delete from counts where a > 4 returning a',
      'create table counts_copy as (select * from counts)',
      'select * from counts',
      'create view counts_view as select 1 as a',
      'drop view counts_view',
    ])
      counts.push(await connection.execute(sql))
    expect(counts).toEqual([null, 5, 3, 2, 3, null, null, null])
    expect(connection.serverVersion).toBeGreaterThanOrEqual(130_000)
  })

  it('runs nothing of a text of several statements', async () => {
    const connection = await connect()
    expect(
      (await faultOf(connection.execute('create table first_of (a int); create table second_of (a int)'))).kind,
    ).toBe('syntax')
    expect(await database.sql(`select to_regclass('first_of') as found`)).toEqual([{ found: null }])
  })

  it('refuses a NUL, at which the server would stop reading', async () => {
    const connection = await connect()
    const fault = await faultOf(connection.query(`select 1 as a --\u0000 from nowhere`))
    expect(fault).toMatchObject({ kind: 'syntax', offset: 16 })
  })

  it('lets the server stop at a limit, and leaves no table in use', async () => {
    const connection = await connect()
    await connection.execute('create table limited as select generate_series(1, 10) as a')
    const endless = await connection.query('select generate_series(1, 1000000000000) as a', 2)
    expect(endless.rows).toEqual([[1], [2]])
    expect((await connection.query('select 1 as a', 0)).rows).toEqual([])
    await connection.begin()
    await connection.query('select a from limited', 3)
    await connection.execute('drop table limited')
    await connection.commit()
  })

  it('runs one statement at a time', async () => {
    const connection = await connect()
    const first = connection.query('select pg_sleep(0.01)')
    await expect(connection.query('select 1')).rejects.toBeInstanceOf(InternalError)
    await first
  })

  it('goes on after a failure, with the place of the mistake', async () => {
    const connection = await connect()
    const sql = `select '🎉é' as a, wrong from (select 1) x`
    expect(await faultOf(connection.query(sql))).toMatchObject({ kind: 'column-missing', offset: sql.indexOf('wrong') })
    expect((await connection.query('select 2 as a')).rows).toEqual([[2]])
  })

  it('sets what every session needs', async () => {
    const connection = await postgresConnection({
      ...database.target,
      statement_timeout: '7s',
      lock_timeout: 1500,
      search_path: 'public, pg_temp',
      application_name: 'my app',
    })
    const names = [
      'TimeZone',
      'DateStyle',
      'IntervalStyle',
      'statement_timeout',
      'lock_timeout',
      'search_path',
      'application_name',
      'default_transaction_isolation',
      'client_min_messages',
    ]
    const { rows } = await connection.query(`select ${names.map((n) => `current_setting('${n}')`).join(', ')}`)
    expect(rows[0]).toEqual([
      'UTC',
      'ISO, MDY',
      'postgres',
      '7s',
      '1500ms',
      'public, pg_temp',
      'my app',
      'read committed',
      'warning',
    ])
  })

  it('takes on the role of the target, and says when it may not', async () => {
    await database.sql('drop role if exists "spec Owner"; create role "spec Owner"')
    const connection = await postgresConnection({ ...database.target, role: 'spec Owner' })
    expect((await connection.query('select current_user, session_user')).rows).toEqual([
      ['spec Owner', database.target.user],
    ])
    await expect(postgresConnection({ ...database.target, role: 'nobody here' })).rejects.toThrow('nobody here')
    await connection.close()
    await database.sql('drop role "spec Owner"')
  })
})

describe('transactions', () => {
  it('can only roll back after a failure', async () => {
    const connection = await connect()
    await connection.execute('create table failed (a int)')
    await connection.begin()
    await expect(connection.begin()).rejects.toBeInstanceOf(InternalError)
    await connection.execute('insert into failed values (1)')
    expect((await faultOf(connection.query('select 1 / 0'))).kind).toBe('division-by-zero')
    expect([connection.inTransaction, connection.hasFailed]).toEqual([true, true])
    await expect(connection.commit()).rejects.toBeInstanceOf(InternalError)
    expect(connection.inTransaction).toBe(false)
    await connection.rollback()
    await expect(connection.commit()).rejects.toBeInstanceOf(InternalError)
    expect((await connection.query('select * from failed')).rows).toEqual([])
  })

  it('undoes the work of a savepoint alone', async () => {
    const connection = await connect()
    await connection.execute('create table saved (a int)')
    await connection.begin()
    await connection.execute('insert into saved values (1)')
    const fault = await faultOf(
      connection.savepoint(async () => {
        await connection.execute('insert into saved values (2)')
        await connection.savepoint(() => connection.execute('insert into saved values (3)'))
        await connection.execute('select 1 / 0')
      }),
    )
    expect(fault.kind).toBe('division-by-zero')
    expect(await connection.savepoint(() => connection.execute('insert into saved values (4)'))).toBe(1)
    await connection.commit()
    expect((await connection.query('select a from saved order by a')).rows).toEqual([[1], [4]])
  })

  it('tells of a commit that the server refuses', async () => {
    const connection = await connect()
    await connection.execute('create table deferred (a int unique deferrable initially deferred)')
    await connection.begin()
    await connection.execute('insert into deferred values (1), (1)')
    expect((await faultOf(connection.commit())).kind).toBe('constraint')
    await connection.rollback()
    expect((await connection.query('select * from deferred')).rows).toEqual([])
  })
})

describe('copying', () => {
  it('streams rows in, more than the buffers hold', async () => {
    const connection = await connect()
    await connection.execute('create table copied (a int, b text)')
    const line = `1\t${'x'.repeat(100)}\n`
    const rows = await connection.copyFrom(
      'copy copied from stdin',
      Readable.from(Array.from({ length: 300 }, () => line.repeat(100))),
    )
    expect(rows).toBe(30_000)
    expect((await connection.query('select count(*) from copied')).rows).toEqual([[30_000]])
  })

  it('raises what the server refuses and what the source raises, and goes on', async () => {
    const connection = await connect()
    await connection.execute('create table refused (a int)')
    expect((await faultOf(connection.copyFrom('copy refused from stdin', Readable.from(['1\nx\n'])))).kind).toBe(
      'conversion',
    )
    const broken = Readable.from(
      (async function* () {
        yield '1\n'
        throw new RangeError('no more')
      })(),
    )
    await expect(connection.copyFrom('copy refused from stdin', broken)).rejects.toThrow(new RangeError('no more'))
    const ended = `select state from pg_stat_activity where pid = ${connection.processId}`
    expect(await database.sql(ended)).toEqual([{ state: 'idle' }])
    expect((await faultOf(connection.copyFrom('copy nowhere from stdin', Readable.from(['1\n'])))).kind).toBe(
      'table-missing',
    )
    expect((await connection.query('select * from refused')).rows).toEqual([])
  })
})

describe('cancelling', () => {
  it('ends the running statement, refuses later ones, and lets the run clean up', async () => {
    const connection = await connect()
    await connection.execute('create table cancelled (a int)')
    await connection.begin()
    await connection.execute('insert into cancelled values (1)')
    const asleep = connection.query('select pg_sleep(1000)')
    await running(connection.processId, 'pg_sleep')
    connection.cancel()
    await expect(asleep).rejects.toBeInstanceOf(CancelledError)
    await expect(connection.query('select 1')).rejects.toBeInstanceOf(CancelledError)
    await connection.rollback()
    connection.resume()
    expect((await connection.query('select * from cancelled')).rows).toEqual([])
  })

  it('reaches a statement that has not begun when it is asked', async () => {
    const connection = await connect()
    const asleep = connection.query('select pg_sleep(1000)')
    connection.cancel()
    await expect(asleep).rejects.toBeInstanceOf(CancelledError)
  })

  it('never hits the statement after the one it was for', async () => {
    const connection = await connect()
    for (let i = 0; i < 100; i++) {
      const quick = connection.query('select 1').catch((error: unknown) => error)
      connection.cancel()
      await quick
      connection.resume()
      expect((await connection.query('select 2 as a')).rows).toEqual([[2]])
    }
  })

  it('lets a commit through', async () => {
    const connection = await connect()
    await connection.execute('create table slow_commit (a int)')
    await connection.execute(
      `create function wait_a_little() returns trigger language plpgsql as 'begin perform pg_sleep(0.2); return null; end'`,
    )
    await connection.execute(
      'create constraint trigger t after insert on slow_commit deferrable initially deferred for each row execute function wait_a_little()',
    )
    await connection.begin()
    await connection.execute('insert into slow_commit values (1)')
    const committed = connection.commit()
    await running(connection.processId, 'commit')
    connection.cancel()
    await committed
    connection.resume()
    expect((await connection.query('select * from slow_commit')).rows).toEqual([[1]])
  })
})

describe('a connection that is lost', () => {
  it('is made again for the next statement or transaction', async () => {
    const connection = await connect()
    const before = connection.processId
    await kill(before)
    await connection.begin()
    await connection.rollback()
    expect(connection.processId).not.toBe(before)
    const asleep = faultOf(connection.query('select pg_sleep(1000)'))
    await running(connection.processId, 'pg_sleep')
    await kill(connection.processId)
    expect((await asleep).kind).toBe('connection')
    expect((await connection.query('select 1 as a')).rows).toEqual([[1]])
  })

  it('begins again when it turns out to be dead only then', async () => {
    const proxy = await cuttingProxy(database.target)
    const connection = await postgresConnection({ ...database.target, host: '127.0.0.1', port: proxy.port })
    proxy.cutAt('begin', 'before')
    await connection.begin()
    await connection.execute('create table begun (a int)')
    await connection.commit()
    proxy.cutAt('select 1', 'before')
    expect((await faultOf(connection.query('select 1'))).kind).toBe('connection')
    expect((await connection.query('select * from begun')).rows).toEqual([])
  })

  it('takes its transaction along, and only that', async () => {
    const connection = await connect()
    await connection.execute('create table lost (a int)')
    await connection.begin()
    await connection.execute('insert into lost values (1)')
    await kill(connection.processId)
    expect((await faultOf(connection.execute('insert into lost values (2)'))).kind).toBe('connection')
    expect((await faultOf(connection.execute('insert into lost values (3)'))).kind).toBe('connection')
    expect(connection.hasFailed).toBe(true)
    await connection.rollback()
    await connection.begin()
    await connection.execute('insert into lost values (4)')
    await connection.commit()
    expect((await connection.query('select * from lost')).rows).toEqual([[4]])
  })

  it('does not make a commit lie', async () => {
    const proxy = await cuttingProxy(database.target)
    const connection = await postgresConnection({ ...database.target, host: '127.0.0.1', port: proxy.port })
    await connection.execute('create table truth (a text)')

    await connection.begin()
    await connection.execute(`insert into truth values ('answered, but nobody heard')`)
    proxy.cutAt('commit', 'after')
    await connection.commit()
    expect(connection.inTransaction).toBe(false)

    await connection.begin()
    await connection.execute(`insert into truth values ('never arrived')`)
    proxy.cutAt('commit', 'before')
    expect((await faultOf(connection.commit())).kind).toBe('connection')
    await connection.rollback()

    await connection.begin()
    proxy.cutAt('commit', 'before')
    await connection.commit()
    expect((await connection.query('select a from truth')).rows).toEqual([['answered, but nobody heard']])
  })
})
