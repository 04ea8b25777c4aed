import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'
import { BuiltWarehouse } from './built-warehouse.ts'

const warehouse = new BuiltWarehouse()
let database: PostgresDatabase
let names: { readonly writer: string; readonly reader: string; readonly etl: string; readonly analyst: string }
let reader: pg.Client

const SCHEMAS = [
  'dev',
  'dev_seeds',
  'dev_staging',
  'dev_warehouse',
  'dev_analytics',
  'dev_raw_adobe',
  'dev_raw_google_ads',
  'dev_raw_meta',
  'dev_raw_reference',
  'dev_raw_shop',
  'dev_raw_superstore',
]

async function run(...argv: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await warehouse.run(...argv)
  expect(code, stdout + stderr).toBe(0)
}

async function refusal(sql: string): Promise<string> {
  try {
    await reader.query(sql)
    return 'allowed'
  } catch (error) {
    return (error as pg.DatabaseError).code ?? String(error)
  }
}

beforeAll(async () => {
  database = await postgresDatabase()
  const mark = database.target.dbname
  names = { writer: `${mark}_writer`, reader: `${mark}_reader`, etl: `${mark}_etl`, analyst: `${mark}_analyst` }
  const { writer, reader: role, etl, analyst } = names
  const admin = { type: 'postgres', ...database.target, schema: 'dev' }
  // Who logs in owns nothing: everything is made as the role that was granted.
  const load = { ...admin, user: etl, role: writer }
  const path = join(warehouse.folder, 'profiles.yml')
  const outputs = `  outputs:\n    admin: ${JSON.stringify(admin)}\n    etl: ${JSON.stringify(load)}\n`
  writeFileSync(path, readFileSync(path, 'utf8').replace('  outputs:\n', outputs))
  const args = JSON.stringify({ writer, reader: role, write: SCHEMAS, read: ['dev_analytics'] })
  await run('run-operation', 'set_up_roles', '--target', 'admin', '--args', args)
  // Said twice it changes nothing.
  await run('run-operation', 'set_up_roles', '--target', 'admin', '--args', args)
  await database.sql(`create role ${etl} login in role ${writer}`)
  await database.sql(`create role ${analyst} login in role ${role}`)
  const vars = JSON.stringify({ reporting_role: role })
  const marts = ['--select', '+daily_sales', '+customer_metrics', '--indirect-selection', 'buildable']
  await run('build', '--target', 'etl', ...marts, '--vars', vars)
  reader = new pg.Client({ ...database.target, database: mark, user: analyst })
  await reader.connect()
}, 240_000)

afterAll(async () => {
  await reader?.end()
  const { writer, reader: role, etl, analyst } = names
  for (const name of [etl, analyst, writer, role])
    await database.sql(`drop owned by ${name} cascade; drop role ${name}`)
  await database?.drop()
  warehouse.remove()
})

describe('the reporting role', () => {
  it('reads the published marts', async () => {
    for (const mart of ['customer_metrics', 'daily_sales']) {
      const { rows } = await reader.query(`select count(*) as n from dev_analytics.${mart}`)
      expect(Number(rows[0].n), mart).toBeGreaterThan(0)
    }
  })

  it('reads nothing else and writes nothing', async () => {
    const rows = await database.sql(`
      select format('%I.%I', n.nspname, c.relname) as relation
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'v', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'dev_analytics')
        and n.nspname !~ '^pg_toast'`)
    expect(rows.length).toBeGreaterThan(20)
    for (const { relation } of rows)
      expect(await refusal(`select * from ${relation} limit 1`), String(relation)).toBe('42501')
    expect(await refusal('delete from dev_analytics.daily_sales')).toBe('42501')
    expect(await refusal('create table dev_analytics.mine (a int)')).toBe('42501')
    expect(await refusal('create schema mine')).toBe('42501')
  })

  it('still reads them after they were built again', async () => {
    await run(
      'build',
      '--target',
      'etl',
      '--select',
      'daily_sales',
      '--vars',
      JSON.stringify({ reporting_role: names.reader }),
    )
    const { rows } = await reader.query('select count(*) as n from dev_analytics.daily_sales')
    expect(Number(rows[0].n)).toBeGreaterThan(0)
  })

  it('owns nothing, and neither does who logged in to build', async () => {
    const owners = `select distinct pg_get_userbyid(c.relowner) as owner
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname like 'dev%'`
    expect(await database.sql(owners)).toEqual([{ owner: names.writer }])
  })
})
