import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { schemaFaults } from './dbt-schema.ts'
import { kitchenSink } from './kitchen-sink.ts'
import { readKeys } from './read-keys.ts'

type Json = Readonly<Record<string, unknown>>
type Entries = Readonly<Record<string, Json>>

interface Manifest extends Readonly<Record<string, Entries>> {
  readonly nodes: Entries
  readonly sources: Entries
  readonly functions: Entries
}

const names = ['manifest', 'run_results', 'catalog', 'sources'] as const

/** Of nodes, those that have the keys below at all: the others are compared with what dbt writes for them. */
const ofModels = new Set(['access', 'constraints', 'version'])
const ofTests = /^nodes\.\*\.test_metadata/
const ofQueries = new Set(['depends_on', 'language', 'constraints', 'raw_code'])

/** Python with a package that reads dbt's artifacts, when there is one: `TSDBT_PYTHON` names another than `python3`. */
const python = process.env['TSDBT_PYTHON'] ?? 'python3'
const hasParser = spawnSync(python, ['-c', 'import dbt_artifacts_parser']).status === 0

if (!hasParser)
  process.stderr.write(
    `SKIPPED: ${python} has no dbt_artifacts_parser, so nothing is read with it (pip install dbt-artifacts-parser)\n`,
  )

/** Values at a path such as `nodes.*.columns`; undefined where the last key is missing. */
function valuesAt(value: unknown, path: readonly string[], whole: string): unknown[] {
  const [step, ...rest] = path
  if (step === undefined) return [value]
  if (step === '*') {
    const entries = Object.values(value as Entries).filter((entry) => isMeant(entry, whole))
    return entries.flatMap((entry) => valuesAt(entry, rest, whole))
  }
  const list = step.endsWith('[]')
  const next = (value as Json)[list ? step.slice(0, -2) : step]
  if (next === undefined) return [undefined]
  if (list) return (next as readonly unknown[]).flatMap((item) => valuesAt(item, rest, whole))
  return next === null && rest.length > 0 ? [] : valuesAt(next, rest, whole)
}

function isMeant(entry: Json, path: string): boolean {
  const type = entry['resource_type']
  const key = path.split('.')[2] ?? ''
  if (!path.startsWith('nodes.*.') || type === undefined) return true
  if (ofTests.test(path)) return type === 'test' && entry['test_metadata'] !== undefined
  if (path === 'nodes.*.config.unique_key') return type === 'model'
  if (ofModels.has(key)) return type === 'model'
  return !ofQueries.has(key) || type !== 'seed'
}

onEachDatabase((here) => {
  let project: TemporaryProject
  const read = <T = Json>(name: string): T =>
    JSON.parse(readFileSync(join(project.root, 'target', `${name}.json`), 'utf8'))

  beforeAll(async () => {
    const { 'project.yml': _, ...files } = kitchenSink
    project = new TemporaryProject(
      { ...files, 'project.yml': kitchenSink['project.yml']!, 'models/stg_orders.sql': null },
      here.database.target,
    )
    expect(await project.build({}, { target: 'dev' })).toEqual({ exitCode: 0, found: [] })
    const engine = await Engine.open({ projectDir: project.root, env: {} })
    expect((await engine.docsGenerate({ compile: false })).diagnostics).toEqual([])
    expect((await engine.freshness({ select: ['source:shop.orders'] })).exitCode).toBe(0)
    await (await Engine.open({ projectDir: project.root, env: {} })).build()
  }, 120_000)
  afterAll(() => project?.remove())

  it('all four follow the schemas', () => {
    const faults = names.map((name) => [name, schemaFaults(name === 'run_results' ? 'run-results' : name, read(name))])
    expect(faults).toEqual(names.map((name) => [name, []]))
  })

  it('have every key that a reader looks at', () => {
    const missing = names.flatMap((name) => {
      const artifact = read(name)
      return readKeys[name]!.filter((path) =>
        valuesAt(artifact, path.split('.'), path).some((v) => v === undefined),
      ).map((path) => `${name} ${path}`)
    })
    expect(missing).toEqual([])
  })

  it('links lead somewhere, and every resource has its place in the maps', () => {
    const manifest = read<Manifest>('manifest')
    const sections = ['nodes', 'sources', 'exposures', 'unit_tests', 'functions'].map((name) => manifest[name]!)
    const all = Object.assign({}, ...sections) as Entries
    const ids = Object.keys(all).sort()
    expect(Object.keys(manifest['parent_map']!).sort()).toEqual(ids)
    expect(Object.keys(manifest['child_map']!).sort()).toEqual(ids)
    for (const [id, entry] of Object.entries(all)) {
      const dependsOn = entry['depends_on'] as { nodes?: readonly string[]; macros?: readonly string[] } | undefined
      expect([id, (dependsOn?.nodes ?? []).filter((parent) => all[parent] === undefined)]).toEqual([id, []])
      expect([id, (dependsOn?.macros ?? []).filter((m) => manifest['macros']![m] === undefined)]).toEqual([id, []])
      expect(id.split('.').length).toBeGreaterThanOrEqual(3)
    }
    const results = read<{ results: readonly { unique_id: string }[] }>('run_results').results
    expect(results.filter((r) => all[r.unique_id] === undefined)).toEqual([])
    const related = manifest.nodes[ids.find((id) => id.includes('.relationships_'))!]!
    expect((related['depends_on'] as { nodes: unknown }).nodes).toEqual(['seed.shop.names', 'model.shop.stg_orders'])
  })

  it('compiled SQL names what it reads, and stands in its file, ephemeral models too', () => {
    const { nodes, sources, functions } = read<Manifest>('manifest')
    expect(nodes['model.shop.inner']).toMatchObject({ compiled: true, relation_name: null })
    expect(nodes['model.shop.inner']!['compiled_code']).toMatch(/^select id, customer, amount from .*stg_orders/)
    for (const [id, node] of Object.entries(nodes)) {
      if (typeof node['compiled_code'] !== 'string') continue
      for (const parent of (node['depends_on'] as { nodes: readonly string[] }).nodes) {
        const relation = { ...nodes, ...sources, ...functions }[parent]!['relation_name']
        if (typeof relation === 'string')
          expect([id, node['compiled_code']]).toEqual([id, expect.stringContaining(relation)])
      }
      const path = join(project.root, node['compiled_path'] as string)
      expect([id, existsSync(path) && readFileSync(path, 'utf8') === node['compiled_code']]).toEqual([id, true])
    }
  })

  it('configuration comes through from every place', () => {
    const { nodes, sources, exposures } = read<Manifest>('manifest')
    const orders = nodes['model.shop.orders']!['config'] as Json
    expect(orders).toMatchObject({
      timeout: '5m',
      retries: { attempts: 1, delay: 0, on: 'transient' },
      on_error: 'continue',
      persist_docs: { relation: true, columns: true },
      meta: { owner: 'ada' },
      group: 'finance',
    })
    expect(nodes['model.shop.stg_orders']).toMatchObject({
      docs: { show: false, node_color: null },
      tags: ['staging'],
      meta: { layer: 'staging' },
      config: { event_time: 'ordered_at', meta: { layer: 'staging' } },
      description: expect.stringContaining('One row for each'),
    })
    expect(nodes['seed.shop.names']).toMatchObject({ docs: { show: true, node_color: 'green' }, tags: ['seeded'] })
    expect(sources['source.shop.shop.copy']).toMatchObject({ config: { event_time: 'ordered_at', enabled: true } })
    expect(exposures!['exposure.shop.board']).toMatchObject({ meta: { tier: 1 }, tags: ['weekly'] })
    expect(Object.keys(read<Manifest>('manifest')['disabled']!)).toEqual(['model.shop.hidden'])
  })

  it.skipIf(!hasParser)('the Python package dbt-artifacts-parser reads all four', () => {
    const script = `import json, sys
from dbt_artifacts_parser import parser
for name, parse in (('manifest', parser.parse_manifest), ('run_results', parser.parse_run_results),
                    ('catalog', parser.parse_catalog), ('sources', parser.parse_sources)):
    print(type(parse(json.load(open(f'{sys.argv[1]}/{name}.json')))).__module__.split('.')[-1])`
    const { stdout, stderr, status } = spawnSync(python, ['-c', script, join(project.root, 'target')], {
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.trim().split('\n')).toEqual(['manifest_v12', 'run_results_v6', 'catalog_v1', 'sources_v3'])
  })
})

it('the project at the root has artifacts that follow the schemas', async () => {
  const targetPath = mkdtempSync(join(tmpdir(), 'tsdbt-root-'))
  const projectDir = fileURLToPath(new URL('../..', import.meta.url))
  const engine = await Engine.open({ projectDir, targetPath, env: {} })
  const { exitCode } = await engine.docsGenerate({ compile: false, emptyCatalog: true })
  const read = (name: string): unknown => JSON.parse(readFileSync(join(targetPath, name), 'utf8'))
  const faults = [schemaFaults('manifest', read('manifest.json')), schemaFaults('catalog', read('catalog.json'))]
  rmSync(targetPath, { recursive: true })
  expect({ exitCode, faults }).toEqual({ exitCode: 0, faults: [[], []] })
})

it('`enabled` is an expression on every kind of resource', async () => {
  const off = `'{{ne (var "mode") "off"}}'`
  const project = new TemporaryProject({
    'project.yml': `name: shop
profile: shop
docs-paths: [docs]
vars: { mode: "off" }
models: { shop: { +enabled: ${off} } }
seeds: { shop: { +enabled: ${off} } }
sources: { shop: { +enabled: ${off} } }
snapshots: { shop: { +enabled: ${off} } }
exposures: { shop: { +enabled: ${off} } }
`,
    'models/on.sql': '{{config enabled=true}}\nselect 1 as id\n',
    'models/file.sql': '{{config enabled=(ne (var "mode") "off")}}\nselect 1 as id\n',
    'seeds/s.csv': 'id\n1\n',
    'tests/singular.sql': '{{config enabled=(ne (var "mode") "off")}}\nselect 1 as id from {{ref "on"}} where false\n',
    'models/models.yml': `models:
  - { name: on, columns: [{ name: id, tests: [{ unique: { config: { enabled: ${off} } } }] }] }
sources: [{ name: raw, tables: [{ name: t }] }]
exposures: [{ name: e, type: ml, owner: { name: a }, depends_on: [ref('on')] }]
snapshots: [{ name: h, relation: ref('on'), config: { strategy: check, unique_key: id, check_cols: all } }]
unit_tests: [{ name: u, model: on, given: [], expect: { rows: [{ id: 1 }] }, config: { enabled: ${off} } }]
`,
  })
  const engine = await Engine.open({ projectDir: project.root, env: {} })
  const { nodes, diagnostics } = await engine.ls()
  const on = await Engine.open({ projectDir: project.root, env: {}, vars: { mode: 'on' } })
  const all = await on.ls()
  project.remove()
  expect({ nodes: nodes.map((node) => node.unique_id), diagnostics }).toEqual({
    nodes: ['model.shop.on'],
    diagnostics: [],
  })
  expect(all.nodes.map((node) => node.unique_id.split('.').slice(0, 3).join('.')).sort()).toEqual([
    'exposure.shop.e',
    'model.shop.file',
    'model.shop.on',
    'model.shop.stg_orders',
    'seed.shop.s',
    'snapshot.shop.h',
    'source.shop.raw',
    'test.shop.singular',
    'test.shop.unique_on_id',
    'unit_test.shop.on',
  ])
})
