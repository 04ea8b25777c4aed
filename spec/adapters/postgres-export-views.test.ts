import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresReaders } from '../../src/adapters/postgres/postgres-readers.ts'
import { exportMark } from '../../src/adapters/reader-schema.ts'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'
import { type Replacing, refusal, replacing } from './replacing.ts'

let database: PostgresDatabase
beforeAll(async () => {
  database = await postgresDatabase()
})
afterAll(() => database.drop())

const MARK = `Orders of the shop\n\n${exportMark('export.shop.charts')}`

/** A relation, and a view of the same name in a schema for readers, with or without the mark of an export. */
async function shown(relation: 'table' | 'view', comment: string): Promise<Replacing> {
  const run = await replacing(database)
  await run.sql(`create ${relation} orders as select 1 as id, 'paid' as state;
    create schema "${run.schema}_shelf";
    create view "${run.schema}_shelf".orders as select id as "ID", state as "State" from orders;
    comment on view "${run.schema}_shelf".orders is '${comment.replaceAll("'", "''")}'`)
  return run
}

const rowsShown = (run: Replacing) => run.sql(`select * from "${run.schema}_shelf".orders`)

async function relations(run: Replacing): Promise<readonly unknown[]> {
  const rows = await run.sql(`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = '${run.schema}' and c.relkind in ('r', 'v') order by 1`)
  return rows.map((row) => String(row.name).replace(/[0-9a-f]{8}$/, '…'))
}

describe('a view that an export made', () => {
  it('follows a table that is swapped', async () => {
    const run = await shown('table', MARK)
    await run.replace('orders', "select 2 as id, 'sent' as state, 9 as more")
    expect(await rowsShown(run)).toEqual([{ ID: 2, State: 'sent' }])
    expect(await relations(run)).toEqual(['orders'])
  })

  it.each(['table', 'view'] as const)('keeps the old rows when a column of its %s is gone', async (kind) => {
    const run = await shown(kind, MARK)
    if (kind === 'table') await run.replace('orders', 'select 2 as id')
    else await run.replaceView('orders', 'select 2 as id')
    expect(await run.sql('select * from orders')).toEqual([{ id: 2 }])
    expect(await rowsShown(run)).toEqual([{ ID: 1, State: 'paid' }])
    expect(await relations(run)).toEqual(['orders', 'orders__tsdbt_…'])
  })

  it('is not to be had for a view of somebody else', async () => {
    const run = await shown('table', 'mine')
    expect(await refusal(run.replace('orders', 'select 2 as id'))).toContain('it reads `state`')
    expect(await rowsShown(run)).toEqual([{ ID: 1, State: 'paid' }])
  })
})

describe('a reader', () => {
  async function admitted(role: string, login: boolean, views: readonly string[]) {
    const run = await shown('table', MARK)
    await run.sql(`create view "${run.schema}_shelf".other as select 1 as one`)
    const readers = new PostgresReaders(() => run.connection)
    const reader = {
      role,
      login,
      database: database.target.dbname,
      schema: `${run.schema}_shelf`,
      views,
      export: 'export.shop.charts',
    }
    const admit = async () => {
      await run.connection.begin()
      try {
        const admission = await readers.admit(reader)
        await run.connection.commit()
        return admission
      } catch (error) {
        await run.connection.rollback()
        throw error
      }
    }
    return { run, admit }
  }

  it('is made once and has a right to its views only', async () => {
    const role = `reader_${process.pid}_${Date.now()}`
    const { run, admit } = await admitted(role, false, ['orders'])
    try {
      expect((await admit()).statements).toEqual([
        `create role "${role}" nologin`,
        `grant usage on schema "${run.schema}_shelf" to "${role}"`,
        `grant select on "${run.schema}_shelf"."orders" to "${role}"`,
      ])
      expect(await admit()).toEqual({ statements: [], canLogIn: false, alsoSees: [] })
      await run.sql(`grant select on "${run.schema}_shelf".other to "${role}";
        grant insert on "${run.schema}_shelf".orders to "${role}"; grant usage on schema "${run.schema}" to "${role}"`)
      const again = await admit()
      expect(again.statements).toEqual([
        `revoke insert on "${run.schema}_shelf"."orders" from "${role}"`,
        `revoke select on "${run.schema}_shelf"."other" from "${role}"`,
      ])
      expect(again.alsoSees).toEqual([run.schema])
      await run.sql(`alter role "${role}" createdb`)
      expect(await refusal(admit())).toContain(`\`${role}\` cannot be the reader of these views: it may make databases`)
    } finally {
      await run.sql(`drop owned by "${role}"; drop role "${role}"`)
    }
  })

  it('is not the one who builds, and no role of Postgres itself', async () => {
    const { admit: predefined } = await admitted('pg_monitor', false, ['orders'])
    expect(await refusal(predefined())).toMatch(/it is a role of Postgres itself/)
    const { admit } = await admitted(database.target.user, false, ['orders'])
    expect(await refusal(admit())).toMatch(/cannot be the reader of these views: it is a superuser/)
  })
})
