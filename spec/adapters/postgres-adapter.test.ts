import { hostname } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Adapter } from '../../src/adapters/adapter.ts'
import type { OpenContext } from '../../src/adapters/profile.ts'
import { CancelledError, DatabaseError, UserError } from '../../src/base/errors.ts'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'
import { openPostgresTarget } from './open-postgres-target.ts'

let database: PostgresDatabase
beforeAll(async () => {
  database = await postgresDatabase()
})
afterEach(async () => {
  await database.sql('drop schema if exists shop cascade; drop schema if exists other cascade')
})
afterAll(() => database.drop())

function open(options: Partial<OpenContext> = {}, values: { [key: string]: string } = {}): Promise<Adapter> {
  return openPostgresTarget({ ...database.target, ...values }, options)
}

function target(schema = 'shop') {
  return { database: database.target.dbname, schema }
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
}

async function refusalOf(work: Promise<unknown>) {
  const error = await errorOf(work)
  expect(error).toBeInstanceOf(UserError)
  return (error as UserError).diagnostics[0]!
}

/** Server processes of tsdbt in this database. */
async function processes(condition = 'true'): Promise<readonly number[]> {
  const rows = await database.sql(
    `select pid from pg_stat_activity where datname = current_database() and application_name like 'tsdbt%' and ${condition}`,
  )
  return rows.map((row) => Number(row['pid']))
}

async function killLockHolder(): Promise<void> {
  const holds = `application_name like 'tsdbt %@%'`
  for (const pid of await processes(holds)) await database.sql(`select pg_terminate_backend(${pid})`)
  await expect.poll(() => processes(holds)).toEqual([])
}

describe('the catalog', () => {
  it('lists what can be read, without partitions, indexes and other schemas', async () => {
    await database.sql(`
create schema shop; create schema other;
create table shop.b (id int primary key);
create table shop.p (id int) partition by range (id);
create table shop.p1 partition of shop.p for values from (0) to (10);
create view shop."A view" as select 1 as a;
create materialized view shop.m as select 1 as a;
create sequence shop.s;
create table other.o (a int)`)
    const adapter = await open()
    const found = await adapter.relations([target(), target('nowhere'), { database: 'elsewhere', schema: 'other' }])
    expect(found.map(({ name, kind }) => [name.schema, name.identifier, kind])).toEqual([
      ['shop', 'A view', 'view'],
      ['shop', 'b', 'table'],
      ['shop', 'm', 'materialized_view'],
      ['shop', 'p', 'table'],
    ])
    expect(found[0]!.name.database).toBe(database.target.dbname)
    expect(await adapter.relations([])).toEqual([])
  })

  it('gives the columns of a relation also inside a transaction, and none for a missing one', async () => {
    await database.sql('create schema shop; create table shop.t (id int, gone int, "Größe" numeric(6,2)[])')
    await database.sql('alter table shop.t drop column gone')
    const session = await (await open()).acquire()
    await session.begin()
    const columns = (identifier: string) => session.columnsOf({ ...target(), identifier })
    expect(await columns('missing')).toEqual([])
    expect(await columns('t')).toEqual([
      { name: 'id', type: 'integer' },
      { name: 'Größe', type: 'numeric(6,2)[]' },
    ])
    await session.commit()
    await session.release()
  })
})

describe('schemas', () => {
  it('makes the missing ones, and needs no right for those that exist', async () => {
    await database.sql('create schema shop; drop role if exists spec_modest; create role spec_modest login')
    try {
      const adapter = await open({}, { user: 'spec_modest' })
      await adapter.createSchemas([target()])
      const error = await errorOf(adapter.createSchemas([target(), target('other')]))
      expect(error).toBeInstanceOf(DatabaseError)
      expect((error as DatabaseError).fault.kind).toBe('permission')
      expect((error as DatabaseError).message).toContain('other')
      await adapter.close()
    } finally {
      await database.sql('drop role spec_modest')
    }
    await (await open()).createSchemas([target('other'), target('other')])
    expect(await database.sql(`select 1 as one from pg_namespace where nspname = 'other'`)).toHaveLength(1)
  })

  it('refuses those of another database', async () => {
    const refusal = await refusalOf((await open()).createSchemas([{ database: 'elsewhere', schema: 'shop' }]))
    expect(refusal.code).toBe('db/other-database')
  })
})

describe('strays', () => {
  it('drops those of dead runs, views first, and nothing else', async () => {
    await database.sql(`
create schema shop;
create table shop.t__tsdbt_aaaaaaaa (a int);
create view shop.v__tsdbt_aaaaaaaa as select * from shop.t__tsdbt_aaaaaaaa;
create view shop.above__tsdbt_aaaaaaaa as select * from shop.v__tsdbt_aaaaaaaa;
create materialized view shop.m__tsdbt_ffffffff as select 1 as a;
create table shop.t (a int)`)
    const adapter = await open()
    const dropped = await adapter.cleanStrays([target()])
    expect(dropped.map((r) => r.name.identifier).sort()).toEqual([
      'above__tsdbt_aaaaaaaa',
      'm__tsdbt_ffffffff',
      't__tsdbt_aaaaaaaa',
      'v__tsdbt_aaaaaaaa',
    ])
    expect((await adapter.relations([target()])).map((r) => r.name.identifier)).toEqual(['t'])
  })

  it('leaves those of a run that lives, until it is over', async () => {
    await database.sql('create schema shop; create table shop.t__tsdbt_ffff0001 (a int)')
    const living = await open({ runId: 'ffff0001' })
    await living.hold!(target('other'))
    const adapter = await open({ runId: 'ffff0002' })
    expect(await adapter.cleanStrays([target()])).toEqual([])
    await living.close()
    expect(await adapter.cleanStrays([target()])).toHaveLength(1)
  })

  it('leaves one that something foreign depends on', async () => {
    await database.sql(`
create schema shop; create schema other;
create table shop.t__tsdbt_aaaaaaaa (a int);
create view other.report as select * from shop.t__tsdbt_aaaaaaaa`)
    const adapter = await open()
    expect(await adapter.cleanStrays([target()])).toEqual([])
    expect(await database.sql('select * from other.report')).toEqual([])
  })
})

describe('holding a target', () => {
  it('refuses a second run and names the holder; other targets are free', async () => {
    await (await open()).hold!(target())
    const second = await open({ runId: 'bbbbbbbb' })
    await second.hold!(target('other'))
    const refusal = await refusalOf(second.hold!(target()))
    expect(refusal.code).toBe('db/target-held')
    for (const part of [`PID ${process.pid}`, '`tsdbt`', hostname(), database.target.user, 'UTC'])
      expect(refusal.message).toContain(part)
  })

  it('waits until the holder is gone, as long as it may', async () => {
    const first = await open()
    await first.hold!(target())
    const second = await open({ runId: 'bbbbbbbb', waitMs: 30_000 })
    let had = false
    const waiting = second.hold!(target()).then(() => {
      had = true
    })
    await first.hold!(target('other'))
    expect(had).toBe(false)
    await first.close()
    await waiting
    const third = await open({ runId: 'cccccccc', waitMs: 60 })
    expect((await refusalOf(third.hold!(target()))).message).toContain('still held')
  })

  it('stops waiting when told', async () => {
    await (await open()).hold!(target())
    const abort = new AbortController()
    const second = await open({ runId: 'bbbbbbbb', waitMs: 60_000, signal: abort.signal })
    const waiting = errorOf(second.hold!(target()))
    abort.abort()
    expect(await waiting).toBeInstanceOf(CancelledError)
  })

  it('lets nothing be written after the lock is lost, and rolls back', async () => {
    await database.sql('create schema shop; create table shop.t (a int)')
    const adapter = await open()
    await adapter.hold!(target())
    const [session, other] = [await adapter.acquire(), await adapter.acquire()]
    await session.begin()
    await other.begin()
    await other.execute('insert into shop.t values (1)')
    await killLockHolder()
    await expect.poll(() => errorOf(session.query('select 1'))).toBeInstanceOf(DatabaseError)
    const { fault } = (await errorOf(session.query('select 1'))) as DatabaseError
    expect(fault.kind).toBe('connection')
    expect(adapter.retryAfter!(fault, 1)).toBeNull()
    expect(await errorOf(other.commit())).toEqual(new DatabaseError(fault))
    await session.release()
    await other.release()
    expect(await database.sql('select * from shop.t')).toEqual([])
    await (await open({ runId: 'bbbbbbbb' })).hold!(target())
  })
})

describe('the pool', () => {
  it('has as many connections as threads and rolls back what a caller left open', async () => {
    const adapter = await open({ threads: 1 })
    const first = await adapter.acquire()
    const waiting = adapter.acquire()
    await first.begin()
    await first.execute('create schema shop')
    await first.release()
    const second = await waiting
    expect((await second.query(`select 1 from pg_namespace where nspname = 'shop'`)).rows).toEqual([])
    await second.release()
    expect(await processes()).toHaveLength(2)
    await adapter.close()
    await expect.poll(() => processes()).toEqual([])
  })

  it('does with what it has when the server has no room for more, and says so where it cannot', async () => {
    await database.sql('drop role if exists spec_single; create role spec_single login connection limit 2')
    try {
      const adapter = await open({ threads: 3 }, { user: 'spec_single', retries: '0' })
      const first = await adapter.acquire()
      const others = [adapter.acquire(), adapter.acquire()].map(async (session) => (await session).release())
      expect((await refusalOf(adapter.hold!(target()))).code).toBe('db/server-full')
      await first.release()
      await Promise.all(others)
      await adapter.close()
    } finally {
      await database.sql('drop role spec_single')
    }
  })

  it('interrupts what runs, and lets the run clean up', async () => {
    const adapter = await open()
    const session = await adapter.acquire()
    await session.begin()
    const asleep = errorOf(session.query('select pg_sleep(1000)'))
    adapter.cancel()
    expect(await asleep).toBeInstanceOf(CancelledError)
    expect(await errorOf(adapter.relations([target()]))).toBeInstanceOf(CancelledError)
    adapter.resume()
    await session.release()
    expect(await adapter.relations([target()])).toEqual([])
  })

  it('tells the version and what the server can do', async () => {
    const adapter = await open()
    const [row] = await database.sql('show server_version_num')
    const version = Number(row!['server_version_num'])
    expect(adapter.version).toBe(`${Math.floor(version / 10_000)}.${version % 10_000}`)
    expect(adapter.capabilities.merge).toBe(version >= 150_000)
  })
})
