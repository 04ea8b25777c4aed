import { describe, expect, it } from 'vitest'
import { buildManifest, manifestText } from '../../src/artifacts/manifest.ts'
import type { ManifestInput } from '../../src/artifacts/manifest-input.ts'
import { buildGraph } from '../../src/graph/build-graph.ts'
import { entryFaults, entrySchema, schemaFaults } from './dbt-schema.ts'
import { column, HandBuiltProject } from './hand-built-project.ts'

/** As much of an entry as the tests read. */
interface Entry {
  readonly unique_id: string
  readonly resource_type: string
  readonly test_metadata?: unknown
  readonly depends_on: { readonly nodes: readonly string[]; readonly macros: readonly string[] }
  readonly refs: readonly { readonly name: string }[]
  readonly meta: unknown
  readonly config: { readonly meta: unknown }
}

function shop(): HandBuiltProject {
  return new HandBuiltProject()
    .macro('macro.shop.cents', '{{#*macro cents x}}round({{x}}, 2){{/macro}}')
    .macro('macro.tsdbt.test_unique', '{{#*test unique model column_name}}…{{/test}}', 'test')
    .macro('macro.tsdbt.test_not_null', '{{#*test not_null model column_name}}…{{/test}}', 'test')
    .macro('macro.tsdbt.test_relationships', '{{#*test relationships model column_name to field}}…{{/test}}', 'test')
    .macro('macro.tsdbt.date_trunc', 'never called')
    .source('crm', 'contacts', { columns: [column('id', { dataType: 'bigint' })] })
    .source('ads', 'daily', { loaded: true, config: { audit: 'after', meta: { owner: 'ann' } } })
    .seed('countries', { config: { column_types: { code: 'varchar' } } })
    .model('stg_contacts', ['crm.contacts'], {
      folder: 'staging',
      patchPath: 'models/staging/_models.yml',
      macros: ['macro.shop.cents'],
    })
    .ephemeral('latest', ['stg_contacts'])
    .model('customers', ['stg_contacts', 'latest', 'countries'], {
      folder: 'marts',
      description: 'One row a customer.',
      config: {
        materialized: 'incremental',
        alias: 'dim_customer',
        unique_key: ['id'],
        tags: ['nightly'],
        incremental_predicates: ['x > 1'],
        contract: { enforced: true, alias_types: true },
        'post-hook': [{ sql: 'analyze', transaction: false }],
      },
      columns: [
        column('id', {
          dataType: 'bigint',
          tags: ['key'],
          meta: { pii: false },
          constraints: [
            {
              type: 'not_null',
              name: null,
              expression: null,
              columns: [],
              to: null,
              to_columns: [],
              warn_unenforced: true,
              warn_unsupported: true,
              span: { path: 'models/_models.yml', start: 0, end: 0 },
            },
          ],
        }),
        column('name', { dataType: 'text', quote: true }),
      ],
    })
    .disabledModel('old')
    .test('unique', ['customers'], { column: 'id' })
    .test('not_null', ['customers'], { column: 'id' })
    .test('relationships', ['stg_contacts', 'customers'], {
      column: 'id',
      config: { severity: 'warn', where: 'id > 0' },
    })
    .test('unique', ['crm.contacts'], { column: 'id' })
    .singularTest('no_loss', ['customers'], { config: { store_failures: true } })
}

function input(project: HandBuiltProject = shop()): ManifestInput {
  const built = project.build()
  const { graph } = buildGraph(built)
  return {
    project: built,
    graph,
    compiled: new Map([
      [
        'model.shop.customers',
        {
          sql: { text: 'select 1 as id' },
          extraCtes: [{ id: 'model.shop.latest', sql: ' __dbt__cte__latest as (select 1)' }],
        },
      ],
      [project.id('unique_customers_id'), { sql: { text: 'select id' } }],
    ]),
    executed: new Set(['model.shop.customers']),
    invocation: {
      id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
      startedAt: '2024-05-01T10:00:00.000Z',
      generatedAt: '2024-05-01T10:00:01.000Z',
    },
    adapterType: 'duckdb',
    target: { database: 'dev', schema: 'main' },
    relationName: (r) => `"${r.database}"."${r.schema}"."${r.identifier}"`,
  }
}

const manifest = () => buildManifest(input()) as Record<string, Record<string, Entry>>
const entry = (name: string): Entry => manifest()['nodes']![shop().id(name)]!

describe('manifest', () => {
  it('is valid against the schema, whole and node by node', () => {
    const built = manifest()
    expect(schemaFaults('manifest', built)).toEqual([])
    const titles: Record<string, string> = { model: 'Model', seed: 'Seed' }
    for (const node of Object.values(built['nodes']!)) {
      const title = titles[node.resource_type] ?? (node.test_metadata === undefined ? 'SingularTest' : 'GenericTest')
      expect(entryFaults(title, node), node.unique_id).toEqual([])
    }
  })

  it('writes every key of the schema but those that dbt leaves out itself', () => {
    const built = manifest()
    const left = new Set(['config_call_dict', 'unrendered_config_call_dict', '_pre_injected_sql'])
    const expectAll = (title: string, found: Entry) => {
      const missing = Object.keys(entrySchema(title).properties!).filter((key) => !(key in found) && !left.has(key))
      expect(missing, title).toEqual([])
    }
    expectAll('Model', entry('customers'))
    expectAll('Seed', entry('countries'))
    expectAll('GenericTest', entry('unique_customers_id'))
    expectAll('SingularTest', entry('no_loss'))
    expectAll('SourceDefinition', built['sources']!['source.shop.crm.contacts']!)
    expectAll('Macro', built['macros']!['macro.shop.cents']!)
  })

  it('has the same text piece by piece', () => {
    const whole = input()
    expect(JSON.parse([...manifestText(whole)].join(''))).toEqual(JSON.parse(JSON.stringify(buildManifest(whole))))
  })

  it('says who wrote it', () => {
    expect(manifest()['metadata']).toMatchObject({
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
      dbt_version: expect.stringMatching(/^1\.\d+\.\d+$/),
      project_name: 'shop',
      project_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      adapter_type: 'duckdb',
      invocation_id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    })
  })

  it('describes a model', () => {
    expect(entry('customers')).toMatchObject({
      database: 'dev',
      schema: 'main',
      alias: 'dim_customer',
      name: 'customers',
      relation_name: '"dev"."main"."dim_customer"',
      fqn: ['shop', 'marts', 'customers'],
      path: 'marts/customers.sql',
      original_file_path: 'models/marts/customers.sql',
      raw_code: shop()
        .build()
        .models.find((m) => m.name === 'customers')!.template.file.text,
      depends_on: { nodes: ['model.shop.stg_contacts', 'model.shop.latest', 'seed.shop.countries'] },
      refs: [
        { name: 'stg_contacts', package: null, version: null },
        { name: 'latest', package: null, version: null },
        { name: 'countries', package: null, version: null },
      ],
      compiled: true,
      compiled_code: 'select 1 as id',
      compiled_path: 'target/compiled/shop/models/marts/customers.sql',
      build_path: 'target/run/shop/models/marts/customers.sql',
      extra_ctes: [{ id: 'model.shop.latest', sql: ' __dbt__cte__latest as (select 1)' }],
      primary_key: ['id'],
      contract: { enforced: true, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) },
      config: {
        materialized: 'incremental',
        unique_key: ['id'],
        incremental_predicates: ['x > 1'],
        'post-hook': [{ sql: 'analyze', transaction: false, index: null }],
      },
      columns: {
        id: {
          constraints: [{ type: 'not_null', to: null }],
          tags: ['key'],
          config: { tags: ['key'], meta: { pii: false } },
        },
      },
    })
    expect(entry('latest')).toMatchObject({
      relation_name: null,
      compiled: false,
      compiled_code: null,
      compiled_path: null,
    })
    expect(entry('stg_contacts')).toMatchObject({ patch_path: 'shop://models/staging/_models.yml' })
  })

  it('puts the tested model last in relationships and first elsewhere', () => {
    const id = shop().id('relationships_customers_id')
    const expected = ['model.shop.stg_contacts', 'model.shop.customers']
    expect(entry('relationships_customers_id').depends_on.nodes).toEqual(expected)
    expect(entry('relationships_customers_id').refs.map((r) => r.name)).toEqual(['stg_contacts', 'customers'])
    expect(manifest()['parent_map']![id]).toEqual([...expected].sort())
  })

  it('describes a declared test', () => {
    expect(entry('relationships_customers_id')).toMatchObject({
      raw_code:
        '{{ test_relationships(**_dbt_generic_test_kwargs) }}{{ config(materialized="test",severity="warn",where="id > 0") }}',
      column_name: 'id',
      attached_node: 'model.shop.customers',
      file_key_name: 'models.customers',
      checksum: { name: 'none', checksum: '' },
      relation_name: null,
      config: { materialized: 'test', severity: 'warn', schema: 'dbt_test__audit' },
      test_metadata: {
        name: 'relationships',
        namespace: null,
        kwargs: {
          to: "ref('stg_contacts')",
          field: 'id',
          column_name: 'id',
          model: "{{ get_where_subquery(ref('customers')) }}",
        },
      },
    })
    expect(entry('unique_customers_id')).toMatchObject({
      config: { severity: 'ERROR' },
      compiled_path: 'target/compiled/shop/models/models.yml/unique_customers_id.sql',
    })
    expect(entry('unique_crm_contacts_id')).toMatchObject({
      sources: [['crm', 'contacts']],
      refs: [],
      file_key_name: 'sources.crm',
      test_metadata: { kwargs: { model: "{{ get_where_subquery(source('crm', 'contacts')) }}" } },
    })
    expect(entry('no_loss')).toMatchObject({
      relation_name: '"dev"."main_dbt_test__audit"."no_loss"',
      raw_code: 'select * from no_loss',
    })
  })

  it('links every resource in both maps', () => {
    const built = manifest()
    const ids = [...Object.keys(built['nodes']!), ...Object.keys(built['sources']!)].sort()
    expect(Object.keys(built['parent_map']!).sort()).toEqual(ids)
    expect(Object.keys(built['child_map']!).sort()).toEqual(ids)
    expect(built['parent_map']!['seed.shop.countries']).toEqual([])
    expect(built['child_map']!['seed.shop.countries']).toEqual(['model.shop.customers'])
  })

  it('has every macro that a node names, the own ones, and no other built-in', () => {
    const built = manifest()
    for (const node of Object.values(built['nodes']!))
      for (const id of node.depends_on.macros) expect(Object.keys(built['macros']!)).toContain(id)
    expect(Object.keys(built['macros']!)).not.toContain('macro.tsdbt.date_trunc')
    expect(built['macros']!['macro.shop.cents']).toMatchObject({
      name: 'cents',
      macro_sql: '{{#*macro cents x}}round({{x}}, 2){{/macro}}',
    })
  })

  it('keeps own settings in meta, and lists disabled nodes and the overview', () => {
    const built = manifest()
    const source = built['sources']!['source.shop.ads.daily']!
    expect(source.meta).toMatchObject({ owner: 'ann', tsdbt: { audit: 'after', files: { format: 'csv' } } })
    expect(source.config.meta).toEqual(source.meta)
    expect(built['disabled']!['model.shop.old']).toMatchObject([{ name: 'old', config: { enabled: false } }])
    expect(Object.keys(built['docs']!)).toEqual(['doc.shop.__overview__'])
  })
})
