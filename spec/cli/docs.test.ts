import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { version } from '../../src/base/version.ts'
import { Engine } from '../../src/commands/engine.ts'
import type { DocsOptions } from '../../src/commands/options.ts'
import { schemaFaults } from '../artifacts/dbt-schema.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { makeFolder, runCli } from './run-cli.ts'

interface Catalog {
  readonly metadata: { readonly env: unknown }
  readonly nodes: Readonly<Record<string, Entry>>
  readonly sources: Readonly<Record<string, Entry>>
}

interface Entry {
  readonly metadata: Readonly<Record<string, unknown>>
  readonly columns: Readonly<
    Record<string, { readonly index: number; readonly name: string; readonly comment: unknown }>
  >
  readonly stats: Readonly<Record<string, { readonly value: unknown; readonly include: boolean }>>
}

const files = {
  'seeds/kinds.csv': 'id,label\n1,a\n',
  'models/made.sql':
    '{{config materialized="table" alias="Made Up"}}\nselect 1 as id, \'x\' as "Order ID" from {{ref "kinds"}}\n',
  'models/seen.sql': 'select id from {{ref "made"}}\n',
  'models/inner.sql': '{{config materialized="ephemeral"}}\nselect 1 as id\n',
  'models/later.sql': '{{config tags="later"}}\nselect id from {{ref "inner"}}\n',
  'data/t.csv': 'id\n1\n2\n',
  'models/models.yml': `models:
  - name: made
    description: What's made
    config: {persist_docs: {relation: true, columns: true}}
    columns: [{ name: Order ID, description: the "key" }]
sources:
  - name: raw
    tables:
      - name: t
        files: { location: data/t.csv, format: csv }
        columns: [{ name: id, data_type: bigint }]
  - name: other
    schema: main
    tables: [{ name: nowhere }, { name: beside }]
`,
}

onEachDatabase((here) => {
  let project: TemporaryProject
  afterEach(() => project.remove())

  const read = <T>(name: string): T => JSON.parse(readFileSync(join(project.root, 'target', name), 'utf8'))

  async function generate(options?: DocsOptions): Promise<{ found: number; asked: number; catalog: Catalog }> {
    const engine = await Engine.open({ projectDir: project.root, env: { DBT_ENV_CUSTOM_ENV_JOB: 'nightly' } })
    const { exitCode, diagnostics, found, asked } = await engine.docsGenerate(options)
    expect({ exitCode, diagnostics }).toEqual({ exitCode: 0, diagnostics: [] })
    return { found, asked, catalog: read<Catalog>('catalog.json') }
  }

  it('the catalog has what is built, as the warehouse knows it', async () => {
    project = new TemporaryProject({ ...files, 'models/stg_orders.sql': null }, here.database.target)
    expect(await project.build({ exclude: ['tag:later'] })).toEqual({ exitCode: 0, found: [] })
    await here.database.sql('create table main.beside as select 1 as a, 2 as b', 'select 1')
    const { found, asked, catalog } = await generate()
    expect({ found, asked }).toEqual({ found: 5, asked: 7 })
    expect(schemaFaults('catalog', catalog)).toEqual([])
    expect(catalog.metadata.env).toEqual({ JOB: 'nightly', TSDBT_VERSION: version })
    expect(Object.keys(catalog.nodes).sort()).toEqual(['model.shop.made', 'model.shop.seen', 'seed.shop.kinds'])
    expect(Object.keys(catalog.sources).sort()).toEqual(['source.shop.other.beside', 'source.shop.raw.t'])
    const made = catalog.nodes['model.shop.made']!
    expect(made.metadata).toMatchObject({
      type: 'BASE TABLE',
      database: here.database.name,
      schema: 'main',
      name: 'Made Up',
      comment: "What's made",
    })
    expect(Object.keys(made.columns)).toEqual(['id', 'Order ID'])
    expect(made.columns['Order ID']).toMatchObject({ index: 2, name: 'Order ID', comment: 'the "key"' })
    expect(made.stats['has_stats']).toMatchObject({ value: true, include: false })
    expect(catalog.nodes['model.shop.seen']!.metadata['type']).toBe('VIEW')
    expect(Object.keys(catalog.sources['source.shop.raw.t']!.columns)).toEqual(['id', '_file', '_line', '_loaded_at'])
    const manifest = read<{ nodes: Record<string, { compiled_code: string | null }> }>('manifest.json')
    expect(manifest.nodes['model.shop.seen']!.compiled_code).toContain('Made Up')
  })

  it('can be narrowed, left uncompiled and left empty', async () => {
    project = new TemporaryProject(files, here.database.target)
    await project.build({ select: ['made', 'kinds'] })
    const narrow = await generate({ select: ['made'], compile: false })
    expect(Object.keys(narrow.catalog.nodes)).toEqual(['model.shop.made'])
    const manifest = read<{ nodes: Record<string, { compiled: boolean }> }>('manifest.json')
    expect(manifest.nodes['model.shop.made']!.compiled).toBe(false)
    const empty = await generate({ emptyCatalog: true })
    expect({ nodes: empty.catalog.nodes, sources: empty.catalog.sources }).toEqual({ nodes: {}, sources: {} })
    expect(schemaFaults('catalog', empty.catalog)).toEqual([])
  })
})

it.each([
  [['docs'], '`tsdbt docs` needs `generate`'],
  [['docs', 'serve', '--port', '8081', '--no-browser'], '`docs serve` is not in this version'],
  [['docs', 'generate', '--static'], '`--static` is not in this version'],
  [['docs', 'generat'], 'did you mean `docs generate`?'],
])('%j says what is so', async (argv, words) => {
  const cwd = makeFolder({ 'project.yml': 'name: shop\nprofile: shop\n' })
  const { code, stderr, stdout } = await runCli(argv, { cwd })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(words)
})
