import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildManifest } from '../../src/artifacts/manifest.ts'
import { buildGraph } from '../../src/graph/build-graph.ts'
import { select } from '../../src/graph/selection/select.ts'
import { loadProject } from '../../src/project/load-project.ts'
import { entryFaults, schemaFaults } from './dbt-schema.ts'

const files: Readonly<Record<string, string>> = {
  'project.yml': `name: shop
version: "1.0"
profile: shop
on-run-start: ["create schema if not exists audit"]
on-run-end: ['select count(*) from {{ref "orders"}}']
models:
  shop:
    staging:
      +tags: [nightly]
`,
  'models/staging/stg_orders.sql':
    'select id, customer_id, {{cents "amount"}} as amount from {{source "crm" "orders"}}',
  'models/staging/stg_customers.sql': 'select * from {{ref "customers"}}',
  'models/marts/orders.sql':
    '{{config materialized="table" alias="fct_orders" audit="after"}}\nselect * from {{ref "stg_orders"}} join {{ref "stg_customers"}} using (customer_id)',
  'models/marts/off.sql': '{{config enabled=false}}\nselect 1 as id',
  'models/schema.yml': `version: 2
sources:
  - name: crm
    description: The sales desk
    tables:
      - name: orders
        freshness: { warn_after: { count: 1, period: day } }
        columns: [{ name: id, data_type: bigint, data_tests: [not_null] }]
models:
  - name: orders
    description: One row an order.
    columns:
      - name: id
        description: Key of the row.
        data_tests: [unique, not_null]
      - name: customer_id
        data_tests:
          - relationships: { to: ref('stg_customers'), field: customer_id, config: { severity: warn } }
      - name: a_column_with_a_name_that_makes_the_name_of_its_test_very_long
        data_tests:
          - accepted_values: { values: ["placed, shipped", "returned"] }
`,
  'seeds/customers.csv': 'customer_id,name\n1,Ann\n',
  'tests/no_loss.sql': 'select * from {{ref "orders"}} where amount < 0',
  'macros/cents.sql': '{{#*macro cents column scale=2}}round({{column}} / 100.0, {{scale}}){{/macro}}',
}

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'loaded-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function load() {
  const target = {
    profileName: 'shop',
    name: 'dev',
    type: 'duckdb',
    database: 'shop',
    schema: 'main',
    threads: 4,
    schemaNaming: 'prefix',
  } as const
  const project = loadProject({ root, target, vars: {}, env: {} })
  expect(project.diagnostics).toEqual([])
  return { project, graph: buildGraph(project).graph }
}

interface Entry {
  readonly unique_id: string
  readonly resource_type: string
  readonly name: string
  readonly alias: string
  readonly test_metadata?: { readonly name: string; readonly kwargs: Readonly<Record<string, unknown>> }
  readonly depends_on: { readonly nodes: readonly string[]; readonly macros: readonly string[] }
}

function manifest() {
  const { project, graph } = load()
  return buildManifest({
    project,
    graph,
    compiled: new Map([['model.shop.orders', { sql: { text: 'select 1' } }]]),
    executed: new Set(),
    invocation: { id: 'x', startedAt: '2024-05-01T10:00:00.000Z', generatedAt: '2024-05-01T10:00:01.000Z' },
    adapterType: 'duckdb',
    target: { database: 'shop', schema: 'main' },
    relationName: (r) => `"${r.database}"."${r.schema}"."${r.identifier}"`,
  }) as Readonly<Record<string, Readonly<Record<string, Entry>>>>
}

describe('the manifest of a project that was read from files', () => {
  it('is valid, node by node', () => {
    const built = manifest()
    expect(schemaFaults('manifest', built)).toEqual([])
    const titles: Record<string, string> = { model: 'Model', seed: 'Seed', operation: 'HookNode' }
    for (const node of Object.values(built['nodes']!)) {
      const title = titles[node.resource_type] ?? (node.test_metadata === undefined ? 'SingularTest' : 'GenericTest')
      expect(entryFaults(title, node), node.unique_id).toEqual([])
    }
  })

  it('has all resources, and every macro that they name', () => {
    const built = manifest()
    const types = Object.values(built['nodes']!).map((n) => n.resource_type)
    const count = (type: string) => types.filter((t) => t === type).length
    expect([count('model'), count('seed'), count('operation'), count('test')]).toEqual([3, 1, 2, 6])
    expect(Object.keys(built['disabled']!)).toEqual(['model.shop.off'])
    for (const node of Object.values(built['nodes']!))
      for (const id of node.depends_on.macros) expect(built['macros']).toHaveProperty([id])
    expect(built['macros']!['macro.shop.cents']).toMatchObject({
      name: 'cents',
      package_name: 'shop',
      path: 'macros/cents.sql',
    })
    expect(built['parent_map']!['operation.shop.shop-on-run-end-0']).toEqual(['model.shop.orders'])
    expect(built['child_map']!['model.shop.orders']).toContain('operation.shop.shop-on-run-end-0')
  })

  it('names tests as dbt does and points them at their model', () => {
    const tests = Object.values(manifest()['nodes']!).filter((n) => n.test_metadata !== undefined)
    const of = (type: string) => tests.find((t) => t.test_metadata!.name === type)!
    expect(of('unique')).toMatchObject({
      name: 'unique_orders_id',
      attached_node: 'model.shop.orders',
      column_name: 'id',
      path: 'unique_orders_id.sql',
      original_file_path: 'models/schema.yml',
      raw_code: '{{ test_unique(**_dbt_generic_test_kwargs) }}',
      depends_on: { macros: ['macro.tsdbt.test_unique'] },
    })
    expect(of('unique').unique_id).toMatch(/^test\.shop\.unique_orders_id\.[0-9a-f]{10}$/)
    expect(of('relationships')).toMatchObject({
      depends_on: { nodes: ['model.shop.stg_customers', 'model.shop.orders'] },
      raw_code:
        '{{ test_relationships(**_dbt_generic_test_kwargs) }}{{ config(severity="warn",alias="relationships_orders_0389c224a99a98c0b58aedb753f052f0") }}',
    })
    const long = of('accepted_values')
    expect(long.name.length).toBeGreaterThan(63)
    expect(long.alias).toMatch(/^accepted_values_orders_[0-9a-f]{32}$/)
    expect(long).toMatchObject({
      raw_code: `{{ test_accepted_values(**_dbt_generic_test_kwargs) }}{{ config(alias="${long.alias}") }}`,
    })
  })

  it('describes a model with its settings', () => {
    expect(manifest()['nodes']!['model.shop.orders']).toMatchObject({
      alias: 'fct_orders',
      relation_name: '"shop"."main"."fct_orders"',
      description: 'One row an order.',
      patch_path: 'shop://models/schema.yml',
      primary_key: ['id'],
      refs: [{ name: 'stg_orders' }, { name: 'stg_customers' }],
      compiled_path: 'target/compiled/shop/models/marts/orders.sql',
      meta: { tsdbt: { audit: 'after' } },
    })
    expect(manifest()['nodes']!['operation.shop.shop-on-run-end-0']).toMatchObject({
      raw_code: 'select count(*) from {{ref "orders"}}',
      tags: ['on-run-end'],
      index: 0,
    })
  })
})

describe('selection on a project that was read from files', () => {
  it.each([
    [['tag:nightly'], ['stg_customers', 'stg_orders']],
    [['source:crm+1'], ['orders', 'stg_orders']],
    [['models/marts'], ['orders']],
    [['config.materialized:table'], ['orders']],
    [['+orders,resource_type:seed'], ['customers']],
  ])('%s', (specs, names) => {
    const { project, graph } = load()
    const { ids, diagnostics } = select(graph, project, { select: specs, excludeResourceTypes: ['test'] })
    expect(diagnostics).toEqual([])
    expect([...ids].map((id) => graph.nodes.get(id)!.name).sort()).toEqual(names)
  })
})
