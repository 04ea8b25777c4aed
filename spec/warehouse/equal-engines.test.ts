import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Adapter } from '../../src/adapters/adapter.ts'
import { engineTypes } from '../../src/adapters/engines.ts'
import type { ConfigValue } from '../../src/config/node-config.ts'
import { type PostgresDatabase, postgresDatabase } from '../postgres-database.ts'
import { BuiltWarehouse } from './built-warehouse.ts'
import { compareTables } from './compare-tables.ts'

const warehouse = new BuiltWarehouse()
let database: PostgresDatabase
let duckdb: Adapter
let postgres: Adapter
const results = new Map<string, ReadonlyMap<string, string>>()

function open(type: string, target: { readonly [key: string]: ConfigValue }): Promise<Adapter> {
  const engine = engineTypes.get(type)!
  const values = { type, ...target }
  const profile = engine.parseProfile({ values, spanOf: () => ({ path: 'profiles.yml', start: 0, end: 1 }) })
  return engine.open(profile, { baseDir: warehouse.folder, threads: 1, runId: '0123abcd', waitMs: 0 })
}

async function build(target: string): Promise<void> {
  const { code, stdout, stderr } = await warehouse.run('build', '--target', target, '--threads', '4')
  expect(code, stdout + stderr).toBe(0)
  const found = warehouse.results()
  results.set(target, new Map([...found].map(([id, { status, failures }]) => [id, `${status} ${failures}`])))
}

beforeAll(async () => {
  database = await postgresDatabase()
  const target = { type: 'postgres', ...database.target, schema: 'dev' }
  const text = readFileSync(join(warehouse.folder, 'profiles.yml'), 'utf8')
  writeFileSync(
    join(warehouse.folder, 'profiles.yml'),
    text.replace('  outputs:\n', `  outputs:\n    other: ${JSON.stringify(target)}\n`),
  )
  await build('dev')
  await build('other')
  duckdb = await open('duckdb', { path: 'warehouse.duckdb', schema: 'dev' })
  postgres = await open('postgres', { ...database.target, schema: 'dev' })
}, 240_000)

afterAll(async () => {
  await duckdb?.close()
  await postgres?.close()
  await database?.drop()
  warehouse.remove()
})

const notPublished: ReadonlySet<string> = new Set(['test', 'analysis', 'operation'])

describe('the warehouse', () => {
  it('passes the same tests on both engines', () => {
    expect(results.get('other')).toEqual(results.get('dev'))
  })

  it('has equal rows in every published relation of both engines', { timeout: 300_000 }, async () => {
    const manifest = JSON.parse(readFileSync(join(warehouse.folder, 'target/manifest.json'), 'utf8'))
    const nodes = [...Object.values(manifest.nodes), ...Object.values(manifest.sources)] as {
      resource_type: string
      schema: string
      alias?: string
      identifier?: string
      config: { materialized?: string }
    }[]
    const relations = nodes
      .filter((n) => !notPublished.has(n.resource_type) && n.config.materialized !== 'ephemeral')
      .flatMap(({ schema, alias, identifier, resource_type }) => {
        const name = alias ?? identifier!
        const names = resource_type === 'source' ? [name, `${name}__quarantine`] : [name]
        return names.map((n) => ({ schema, identifier: n }))
      })
    expect(relations.length).toBeGreaterThan(40)
    const different: string[] = []
    for (const { schema, identifier } of relations) {
      const found = await compareTables(
        { adapter: duckdb, relation: { database: 'warehouse', schema, identifier } },
        { adapter: postgres, relation: { database: database.target.dbname, schema, identifier } },
      )
      different.push(...found.map((difference) => `${schema}.${identifier}: ${difference}`))
    }
    expect(different).toEqual([])
  })
})
