import { describe, expect, it } from 'vitest'
import { listNode } from '../../src/artifacts/list-node.ts'
import { buildManifest } from '../../src/artifacts/manifest.ts'
import type { ManifestInput } from '../../src/artifacts/manifest-input.ts'
import { buildGraph } from '../../src/graph/build-graph.ts'
import { type SelectionRequest, select } from '../../src/graph/selection/select.ts'
import { load } from '../project/project-tree.ts'
import { entryFaults, schemaFaults } from './dbt-schema.ts'

/** A project whose counterpart was given to dbt 1.12; what is expected below is what dbt answered. */
const files: Readonly<Record<string, string>> = {
  'project.yml': `name: shop_cmp
profile: shop
on-run-start: "create schema if not exists audit_log"
models:
  +tags: all_models
  shop_cmp:
    +materialized: view
    +meta: {owner: core, level: 1}
    staging:
      +schema: staging
      +tags: [staging, daily]
      shop: {+meta: {level: 2, origin: shop}, +docs: {node_color: red}}
    marts:
      +materialized: table
      +tags: marts
      +persist_docs: {relation: true}
      +post-hook: "select 1"
      core: {+schema: core, +pre-hook: ["select 2"]}
      finance: {+group: finance, +alias: fin_alias, deep: {deeper: {+alias: deep_alias}}}
seeds:
  shop_cmp: {+schema: seeds}
data_tests:
  +tags: [checked]
  shop_cmp: {+limit: 100, marts: {+severity: warn}}
sources:
  shop_cmp: {+meta: {sm: 1}}
`,
  'models/staging/shop/stg_customers.sql':
    '{{config tags=(list "in_file")}}\nselect customer_id, name, country from {{source "raw" "customers"}}\n',
  'models/staging/shop/stg_orders.sql': 'select * from {{source "raw" "orders"}}\n',
  'models/staging/stg_countries.sql': 'select * from {{ref "country_codes"}}\n',
  'models/marts/core/orders.sql':
    '{{config materialized="incremental" unique_key=(list "order_id" "status")}}\nselect * from {{ref "stg_orders"}} join {{ref "stg_customers"}} using (customer_id)\n',
  'models/marts/core/customers.sql':
    '{{config alias="dim_customers"}}\nselect * from {{ref "stg_customers"}} join {{ref "stg_countries"}} using (code)\n',
  'models/marts/finance/revenue.sql': 'select sum(amount) as revenue from {{ref "orders"}}\n',
  'models/marts/finance/deep/deeper/deep_model.sql': '{{config schema="special"}}\nselect 1 as id\n',
  'models/staging/_staging.yml': `groups: [{name: finance, owner: {email: finance@shop.example}}]
models:
  - name: stg_customers
    config: {tags: [from_yaml, daily], meta: {level: 3, pii: true}}
    columns:
      - name: customer_id
        config: {tags: [keycol]}
        data_tests:
          - unique
          - relationships:
              arguments: {to: ref('country_codes'), field: id}
              config: {where: "customer_id < 3", tags: [reltag]}
      - name: country
        quote: true
        data_tests: [not_null, accepted_values: {arguments: {values: [de, fr, us]}}]
  - name: stg_orders
    data_tests:
      - positive_rows
      - is_even: {arguments: {column_name: order_id, step: 1}}
      - at_least: {name: custom_named_test, arguments: {column_name: amount, minimum: 0}, config: {severity: warn}}
    columns:
      - name: status
        data_tests:
          - accepted_values:
              arguments: {values: [placed, shipped, completed, returned and then some]}
              config: {store_failures: true}
sources:
  - name: raw
    tags: [rawtag]
    meta: {srcmeta: x}
    tables:
      - name: customers
        tags: [custtag]
        meta: {t: 1}
        columns:
          - name: customer_id
            data_tests:
              - unique
              - relationships: {arguments: {to: ref('stg_customers'), field: customer_id}}
      - name: orders
`,
  'models/marts/_marts.yml': `models:
  - name: customers
    columns:
      - name: customer_id
        data_tests:
          - relationships: {arguments: {to: "source('raw', 'customers')", field: customer_id}}
      - {name: n, tags: [coltag], data_tests: [always_error]}
  - name: revenue
    config: {access: private}
    data_tests:
      - a_test_with_a_quite_long_name_indeed:
          arguments: {first_argument: one two three, second_argument: [a, b, c], third: {x: 1, y: 2.5, z: true, w: null}}
`,
  'seeds/country_codes.csv': 'id,code,country_name\n1,de,Germany\n',
  'tests/sub/assert_source_ok.sql': 'select * from {{ref "customers"}} join {{source "raw" "customers"}} using (id)\n',
  'tests/generic/positive_rows.sql':
    '{{#*test positive_rows model}}{{config severity="warn" tags=(list "gen_default")}}select 1 as x where (select count(*) from {{model}}) = 0{{/test}}',
  'macros/tests.sql': `{{#*test is_even model column_name step=2}}select * from {{model}} where {{column_name}} % {{step}} <> 0{{/test}}
{{#*test at_least model column_name minimum}}select * from {{model}} where {{column_name}} < {{minimum}}{{/test}}
{{#*test always_error model column_name}}{{config severity="error"}}select * from {{model}} where {{column_name}} is null{{/test}}
{{#*test a_test_with_a_quite_long_name_indeed model first_argument second_argument third}}select * from {{model}}{{/test}}
`,
}

type Entry = Readonly<Record<string, unknown>> & {
  readonly config: Readonly<Record<string, unknown>>
  readonly depends_on: { readonly nodes: readonly string[] }
}

function open() {
  const project = load(files)
  expect(project.diagnostics).toEqual([])
  const { graph } = buildGraph(project)
  const input: ManifestInput = {
    project,
    graph,
    compiled: new Map(),
    executed: new Set(),
    invocation: { id: 'x', startedAt: '2024-05-01T10:00:00.000Z', generatedAt: '2024-05-01T10:00:01.000Z' },
    adapterType: 'duckdb',
    target: { database: 'shop', schema: 'main' },
    relationName: (r) => `"${r.database}"."${r.schema}"."${r.identifier}"`,
  }
  const manifest = buildManifest(input)
  const { nodes, sources } = manifest as Readonly<Record<string, Readonly<Record<string, Entry>>>>
  const ls = (request: SelectionRequest) =>
    [...select(graph, project, request).ids].map((id) => listNode(graph.nodes.get(id)!, input).selector).sort()
  return { manifest, nodes: nodes!, sources: sources!, ls }
}

function test(nodes: Readonly<Record<string, Entry>>, name: string): Entry {
  return Object.values(nodes).find((n) => n['resource_type'] === 'test' && n['name'] === name)!
}

describe('a manifest like that of dbt', () => {
  it('has the same unique ids, relations and merged settings', () => {
    const { nodes } = open()
    const places = Object.entries(nodes).flatMap(([id, { schema, alias, config, fqn }]) =>
      id.startsWith('test.')
        ? []
        : `${id} ${schema}.${alias} ${config['materialized']} ${(fqn as string[]).slice(1, -1)}`,
    )
    expect(places.sort()).toEqual([
      'model.shop_cmp.customers main_core.dim_customers table marts,core',
      'model.shop_cmp.deep_model main_special.deep_alias table marts,finance,deep,deeper',
      'model.shop_cmp.orders main_core.orders incremental marts,core',
      'model.shop_cmp.revenue main.fin_alias table marts,finance',
      'model.shop_cmp.stg_countries main_staging.stg_countries view staging',
      'model.shop_cmp.stg_customers main_staging.stg_customers view staging,shop',
      'model.shop_cmp.stg_orders main_staging.stg_orders view staging,shop',
      'operation.shop_cmp.shop_cmp-on-run-start-0 main.shop_cmp-on-run-start-0 view hooks',
      'seed.shop_cmp.country_codes main_seeds.country_codes seed ',
    ])
    expect(nodes['model.shop_cmp.stg_customers']).toMatchObject({
      meta: { owner: 'core', level: 3, origin: 'shop', pii: true },
      tags: ['all_models', 'staging', 'daily', 'from_yaml', 'in_file'],
      docs: { show: true, node_color: 'red' },
      patch_path: 'shop_cmp://models/staging/_staging.yml',
      config: { static_analysis: null, on_error: null, latest_version_pointer: { enabled: null, alias: null } },
      columns: { country: { quote: true, dimension: null, entity: null } },
    })
    expect(nodes['model.shop_cmp.orders']!.config).toMatchObject({
      unique_key: ['order_id', 'status'],
      persist_docs: { relation: true },
      'pre-hook': [{ sql: 'select 2', transaction: true, index: null }],
      'post-hook': [{ sql: 'select 1', transaction: true, index: null }],
    })
  })

  it('names and hashes tests the same', () => {
    const { nodes } = open()
    expect(
      Object.keys(nodes)
        .filter((id) => id.startsWith('test.'))
        .map((id) => id.slice('test.shop_cmp.'.length))
        .sort(),
    ).toEqual([
      'a_test_with_a_quite_long_name_indeed_revenue_one_two_three__a__b__c__1__2_5__True__None.4afc443210',
      'accepted_values_stg_customers__country___de__fr__us.c4fa956a50',
      'accepted_values_stg_orders_status__placed__shipped__completed__returned_and_then_some.48ec33ee69',
      'always_error_customers_n.be3758c2b0',
      'assert_source_ok',
      'custom_named_test.884b1d6990',
      'is_even_stg_orders_order_id__1.0a2d806b3d',
      'not_null_stg_customers__country_.efdaaab237',
      'positive_rows_stg_orders_.3b63894f41',
      'relationships_customers_customer_id__customer_id__source_raw_customers_.2b048cb071',
      'relationships_stg_customers_customer_id__id__ref_country_codes_.8b06b62203',
      'source_relationships_raw_customers_customer_id__customer_id__ref_stg_customers_.2f744a7f13',
      'source_unique_raw_customers_customer_id.3579d23017',
      'unique_stg_customers_customer_id.c7614daada',
    ])
  })

  it('orders the parents of a node: sources first, then as read, the tested model last in relationships', () => {
    const { nodes } = open()
    const parents = (name: string) => test(nodes, name).depends_on.nodes
    expect(parents('assert_source_ok')).toEqual(['source.shop_cmp.raw.customers', 'model.shop_cmp.customers'])
    expect(parents('relationships_stg_customers_customer_id__id__ref_country_codes_')).toEqual([
      'seed.shop_cmp.country_codes',
      'model.shop_cmp.stg_customers',
    ])
    expect(parents('relationships_customers_customer_id__customer_id__source_raw_customers_')).toEqual([
      'source.shop_cmp.raw.customers',
      'model.shop_cmp.customers',
    ])
    expect(parents('source_relationships_raw_customers_customer_id__customer_id__ref_stg_customers_')).toEqual([
      'source.shop_cmp.raw.customers',
      'model.shop_cmp.stg_customers',
    ])
  })

  it('gives tests the tags, groups and settings that dbt gives them', () => {
    const { nodes } = open()
    const reading = (name: string) => {
      const { tags, group, column_name, attached_node, config } = test(nodes, name)
      return { tags, group, column_name, attached_node, severity: config['severity'], limit: config['limit'] }
    }
    const model = 'model.shop_cmp.stg_customers'
    expect(reading('unique_stg_customers_customer_id')).toEqual({
      tags: ['keycol', 'checked'],
      group: null,
      column_name: 'customer_id',
      attached_node: model,
      severity: 'ERROR',
      limit: 100,
    })
    expect(test(nodes, 'unique_stg_customers_customer_id').config['tags']).toEqual(['checked'])
    // The test of a source has the tags of the source and is attached to nothing.
    expect(reading('source_unique_raw_customers_customer_id')).toMatchObject({
      tags: ['rawtag', 'custtag', 'checked'],
      attached_node: null,
    })
    // A column among the arguments is not the column that the test stands at.
    expect(reading('is_even_stg_orders_order_id__1')).toMatchObject({ column_name: null })
    expect(reading('not_null_stg_customers__country_')).toMatchObject({ column_name: '"country"' })
    // The definition is stronger than project.yml, the entry is stronger than both.
    expect(reading('always_error_customers_n')).toMatchObject({ severity: 'ERROR', tags: ['coltag', 'checked'] })
    expect(reading('positive_rows_stg_orders_')).toMatchObject({ severity: 'warn', tags: ['checked', 'gen_default'] })
    const long = test(nodes, 'a_test_with_a_quite_long_name_indeed_revenue_one_two_three__a__b__c__1__2_5__True__None')
    expect(long).toMatchObject({
      group: 'finance',
      alias: 'a_test_with_a_quite_long_name__95a231ea830d930b026a1ff90abcc1c5',
      unrendered_config: { alias: 'a_test_with_a_quite_long_name__95a231ea830d930b026a1ff90abcc1c5' },
      config: { severity: 'warn', group: null },
    })
    const stored = test(nodes, 'accepted_values_stg_orders_status__placed__shipped__completed__returned_and_then_some')
    expect(stored).toMatchObject({
      schema: 'main_dbt_test__audit',
      relation_name: '"shop"."main_dbt_test__audit"."accepted_values_stg_orders_f51ec8b7200e56e06f2b99becba287c1"',
      config: { store_failures: true, store_failures_as: 'table' },
    })
  })

  it('keeps to the schema', () => {
    const { nodes, sources } = open()
    expect(schemaFaults('manifest', open().manifest)).toEqual([])
    const long = test(nodes, 'a_test_with_a_quite_long_name_indeed_revenue_one_two_three__a__b__c__1__2_5__True__None')
    expect(entryFaults('GenericTest', long)).toEqual([])
    expect(entryFaults('Model', nodes['model.shop_cmp.orders'])).toEqual([])
    expect(entryFaults('SourceDefinition', sources['source.shop_cmp.raw.customers'])).toEqual([])
    expect(sources['source.shop_cmp.raw.customers']).toMatchObject({
      meta: { sm: 1, srcmeta: 'x', t: 1 },
      tags: ['rawtag', 'custtag'],
      config: { static_analysis: null },
    })
  })
})

describe('a selection like that of dbt', () => {
  it.each([
    ['group:finance', ['shop_cmp.marts.finance.deep.deeper.deep_model', 'shop_cmp.marts.finance.revenue']],
    ['config.severity:error', []],
    ['config.severity:warn', []],
    ['config.unique_key:order_id', ['shop_cmp.marts.core.orders']],
    ['config.meta.pii:true', ['shop_cmp.staging.shop.stg_customers']],
    ['tag:rawtag', ['source:shop_cmp.raw.customers', 'source:shop_cmp.raw.orders']],
    ['0+orders', ['shop_cmp.marts.core.orders']],
    ['marts.finance.deep', ['shop_cmp.marts.finance.deep.deeper.deep_model']],
    [
      '@stg_countries',
      [
        'shop_cmp.country_codes',
        'shop_cmp.marts.core.customers',
        'shop_cmp.staging.shop.stg_customers',
        'shop_cmp.staging.stg_countries',
        'source:shop_cmp.raw.customers',
      ],
    ],
  ])('finds for %s the same nodes', (spec, expected) => {
    const request = { select: [spec], indirectSelection: 'empty', excludeResourceTypes: ['test'] } as const
    expect(open().ls(request)).toEqual(expected)
  })

  it('takes the tests of a source by its tag, but not those of a group by the group', () => {
    const { ls } = open()
    expect(ls({ select: ['tag:custtag'], indirectSelection: 'empty' })).toEqual([
      'shop_cmp.staging.source_relationships_raw_customers_customer_id__customer_id__ref_stg_customers_',
      'shop_cmp.staging.source_unique_raw_customers_customer_id',
      'source:shop_cmp.raw.customers',
    ])
    expect(ls({ select: ['group:finance'], indirectSelection: 'empty', resourceTypes: ['test'] })).toEqual([])
  })

  it('knows `default` as the name of all types', () => {
    const { ls } = open()
    expect(ls({ resourceTypes: ['default'] })).toEqual(ls({}))
  })
})
