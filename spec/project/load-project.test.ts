import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { load, mistakes, target, writeTree } from './project-tree.ts'

const byId = <T extends { uniqueId: string }>(nodes: readonly T[]): Record<string, T> =>
  Object.fromEntries(nodes.map((n) => [n.uniqueId, n]))

const SHOP = {
  'project.yml': `name: shop
version: 1.0
profile: shop
vars: {days: 7}
models:
  shop:
    +tags: all
    marts: {+materialized: table, +schema: marts}
seeds:
  shop: {+schema: raw}
on-run-end: "select {{var \\"days\\"}} from {{ref \\"orders\\"}}"
`,
  'models/staging/stg_orders.sql': 'select * from {{source "crm" "orders"}}\n',
  'models/marts/orders.sql':
    '{{config tags=(list "daily") alias="orders_v1"}}\n\nselect * from {{ref "stg_orders"}} join {{ref "shop" "countries"}} using (country)\n',
  'models/marts/_marts.yml': `version: 2
models:
  - name: orders
    description: Orders
    config: {unique_key: id, meta: {owner: me}}
    columns:
      - name: id
        description: The key
        data_type: bigint
        tags: [key]
        data_tests: [unique, {not_null: {severity: warn}}]
      - name: customer_id
        data_tests:
          - relationships: {to: ref('stg_orders'), field: customer_id}
          - accepted_values: {values: [placed, shipped, completed, return_pending, returned]}
`,
  'models/staging/_sources.yml': `sources:
  - name: crm
    schema: raw_crm
    tables:
      - name: orders
        columns: [{name: id, tests: [not_null]}]
      - name: leads
        files: {location: data/*.csv}
`,
  'seeds/countries.csv': 'country\nDE\n',
  'tests/totals.sql': 'select * from {{ref "orders"}} where false\n',
  'macros/helpers.sql': '{{#*macro twice x}}({{x}} * 2){{/macro}}\n',
}

describe('loadProject', () => {
  it('turns files into resources', () => {
    const project = load(SHOP)
    expect(mistakes(project)).toEqual([])
    const models = byId(project.models)
    expect(Object.keys(models)).toEqual(['model.shop.orders', 'model.shop.stg_orders'])
    expect(models['model.shop.orders']).toMatchObject({
      name: 'orders',
      path: 'marts/orders.sql',
      originalFilePath: 'models/marts/orders.sql',
      fqn: ['shop', 'marts', 'orders'],
      description: 'Orders',
      patchPath: 'models/marts/_marts.yml',
      relation: { database: 'shop', schema: 'main_marts', identifier: 'orders_v1' },
      dependsOn: ['model.shop.stg_orders', 'seed.shop.countries'],
      tags: ['all', 'daily'],
      meta: { owner: 'me' },
      config: { materialized: 'table', unique_key: 'id', alias: 'orders_v1', schema: 'marts' },
      unrenderedConfig: { materialized: 'table', schema: 'marts', unique_key: 'id', alias: 'orders_v1' },
    })
    expect(models['model.shop.orders']!.columns.map((c) => [c.name, c.dataType, c.description])).toEqual([
      ['id', 'bigint', 'The key'],
      ['customer_id', null, ''],
    ])
    expect(models['model.shop.stg_orders']).toMatchObject({
      relation: { database: 'shop', schema: 'main', identifier: 'stg_orders' },
      dependsOn: ['source.shop.crm.orders'],
      config: { materialized: 'view' },
    })
    expect(byId(project.seeds)['seed.shop.countries']).toMatchObject({
      relation: { database: 'shop', schema: 'main_raw', identifier: 'countries' },
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('gives sources their place: where they are, or where a load puts them', () => {
    const sources = byId(load(SHOP).sources)
    expect(sources['source.shop.crm.orders']).toMatchObject({
      fqn: ['shop', 'staging', 'crm', 'orders'],
      relation: { schema: 'raw_crm', identifier: 'orders' },
      files: null,
    })
    expect(sources['source.shop.crm.leads']).toMatchObject({
      relation: { schema: 'main_raw_crm', identifier: 'leads' },
      quarantine: { schema: 'main_raw_crm', identifier: 'leads__quarantine' },
    })
  })

  it('names tests as dbt does', () => {
    const tests = byId(load(SHOP).tests)
    expect(Object.keys(tests).map((id) => id.replace(/\.[0-9a-f]{10}$/, ''))).toEqual([
      'test.shop.totals',
      'test.shop.unique_orders_id',
      'test.shop.not_null_orders_id',
      'test.shop.relationships_orders_customer_id__customer_id__ref_stg_orders_',
      'test.shop.accepted_values_orders_customer_id__placed__shipped__completed__return_pending__returned',
      'test.shop.source_not_null_crm_orders_id',
    ])
    const named = (part: string) => Object.values(tests).find((t) => t.name.startsWith(part))!
    expect(named('totals')).toMatchObject({
      dependsOn: ['model.shop.orders'],
      fqn: ['shop', 'totals'],
      generic: null,
      hash: null,
    })
    expect(named('not_null_orders')).toMatchObject({
      config: { severity: 'warn', materialized: 'test' },
      fqn: ['shop', 'marts', 'not_null_orders_id'],
      tags: ['key'],
      columnName: 'id',
      attachedNode: 'model.shop.orders',
      dependsOn: ['model.shop.orders'],
    })
    expect(named('relationships')).toMatchObject({
      dependsOn: ['model.shop.stg_orders', 'model.shop.orders'],
      generic: {
        kwargs: { to: "ref('stg_orders')", field: 'customer_id' },
        references: { to: 'model.shop.stg_orders' },
      },
    })
    const long = named('accepted_values')
    expect(long.config.alias).toMatch(/^accepted_values_orders_[0-9a-f]{32}$/)
    expect(long.path).toBe(`${long.config.alias}.sql`)
    expect(long.relation).toEqual({ database: 'shop', schema: 'main_dbt_test__audit', identifier: long.config.alias })
    expect(named('source_not_null')).toMatchObject({
      dependsOn: ['source.shop.crm.orders'],
      attachedNode: 'source.shop.crm.orders',
    })
  })

  it('makes operations of hooks, which may refer to models', () => {
    const [operation] = load(SHOP).operations
    expect(operation).toMatchObject({
      uniqueId: 'operation.shop.shop-on-run-end-0',
      when: 'on-run-end',
      dependsOn: ['model.shop.orders'],
    })
  })

  it('is the same for the same files', () => {
    const strip = (project: ReturnType<typeof load>) =>
      JSON.stringify(
        [project.models, project.tests, project.sources].map((l) =>
          l.map(({ uniqueId, config, dependsOn, relation }) => ({ uniqueId, config, dependsOn, relation })),
        ),
      )
    expect(strip(load(SHOP))).toBe(strip(load(SHOP)))
  })

  it('uses `+schema` alone where the target says so', () => {
    const project = load(SHOP, { target: { ...target, schemaNaming: 'plain' } })
    expect(byId(project.models)['model.shop.orders']!.relation.schema).toBe('marts')
  })

  it('shortens names that the engine would cut, and keeps them apart', () => {
    const long = 'ü'.repeat(40)
    const tree = {
      [`models/${long}.sql`]: 'select 1 as a',
      [`models/${long}b.sql`]: 'select 1 as a',
      'models/c.sql': `{{config alias="${'c'.repeat(63)}" schema="${long}"}}select 1 as a`,
    }
    const project = load(tree, { target: { ...target, maxIdentifierBytes: 63 } })
    expect(mistakes(project)).toEqual([])
    const [c, a, b] = project.models.map((m) => m.relation)
    expect(a!.identifier).toMatch(/^ü{27}_[\da-f]{8}$/)
    expect(b!.identifier).toMatch(/^ü{27}_[\da-f]{8}$/)
    expect(a!.identifier).not.toBe(b!.identifier)
    expect(c).toEqual({
      database: 'shop',
      schema: expect.stringMatching(/^main_ü+_[\da-f]{8}$/),
      identifier: 'c'.repeat(63),
    })
    const taken = load(
      { ...tree, 'models/d.sql': `{{config alias="${a!.identifier}"}}select 1 as a` },
      {
        target: { ...target, maxIdentifierBytes: 63 },
      },
    )
    expect(mistakes(taken)).toEqual([expect.stringContaining('project/duplicate-relation')])
  })

  it('asks the project for names when it defines how', () => {
    const project = load({
      'models/a.sql': '{{config schema="x"}}select 1 as a',
      'models/b.sql': 'select 1 as a',
      'macros/names.sql': `{{#*macro generate_schema_name custom node}}{{#if custom}}{{custom}}_{{node.resource_type}}{{else}}{{target.schema}}{{/if}}{{/macro}}
{{#*macro generate_alias_name custom node}}{{return (upper node.name)}}{{/macro}}`,
    })
    expect(mistakes(project)).toEqual([])
    expect(project.models.map((m) => m.relation)).toEqual([
      { database: 'shop', schema: 'x_model', identifier: 'A' },
      { database: 'shop', schema: 'main', identifier: 'B' },
    ])
  })

  it('lets command-line variables win, in YAML too', () => {
    const tree = {
      'project.yml': 'name: shop\nvars: {s: a, nested: {x: 1}}\nmodels:\n  shop:\n    +schema: \'{{var "s"}}\'\n',
      'models/a.sql': 'select 1 as a',
      'models/a.yml': "models: [{name: a, config: {meta: {x: '{{var \"nested.x\"}}', t: '{{target.name}}'}}}]",
    }
    const project = load(tree, { vars: { s: 'b' } })
    expect(mistakes(project)).toEqual([])
    expect(project.models[0]!.config).toMatchObject({ schema: 'b', meta: { x: 1, t: 'dev' } })
    expect(project.models[0]!.unrenderedConfig).toMatchObject({ schema: '{{var "s"}}' })
    expect(project.vars).toEqual({ s: 'b', nested: { x: 1 } })
  })

  it('keeps disabled nodes and their tests apart', () => {
    const project = load({
      'models/a.sql': '{{config enabled=false}}select * from {{ref "gone"}}',
      'models/b.sql': 'select 1 as id',
      'models/m.yml':
        "models:\n  - {name: a, columns: [{name: id, tests: [unique]}]}\n  - {name: b, columns: [{name: id, tests: [unique, {relationships: {to: ref('a'), field: id}}]}]}\n",
    })
    expect(project.models.map((m) => m.name)).toEqual(['b'])
    expect(project.tests.map((t) => t.name)).toEqual(['unique_b_id'])
    expect(project.disabled.map((n) => n.name)).toEqual(['a', 'unique_a_id', 'relationships_b_id__id__ref_a_'])
    expect(mistakes(project)).toEqual(["graph/disabled-ref (warning) models/m.yml:3:73 ref('a')"])
  })

  it('takes defaults of a test from its definition, and lets `dbt` names mean the built-in ones', () => {
    const project = load({
      'models/a.sql': 'select 1 as id',
      'models/m.yml':
        'models:\n  - name: a\n    columns:\n      - name: id\n        tests: [positive, {positive: {name: strict, severity: error}}, dbt.not_null]\n',
      'tests/generic/positive.sql':
        '{{#*test positive model column_name}}{{config severity="warn"}}select {{column_name}} from {{model}} where {{column_name}} <= 0{{/test}}',
    })
    expect(mistakes(project)).toEqual([])
    expect(project.tests.map((t) => [t.name, t.config.severity, t.generic!.macroId])).toEqual([
      ['positive_a_id', 'warn', 'macro.shop.test_positive'],
      ['strict', 'error', 'macro.shop.test_positive'],
      ['dbt_not_null_a_id', 'error', 'macro.tsdbt.test_not_null'],
    ])
  })

  it('lets hooks and headers make edges, but not to the node itself', () => {
    const project = load({
      'project.yml': "name: shop\nmodels:\n  shop:\n    +post-hook: 'analyze {{this}}'\n",
      'models/log.sql': 'select 1 as id',
      'models/a.sql':
        '{{config pre_hook="delete from {{ref \'log\'}}" post_hook=(dict sql="select {{ref \'a\'}}" transaction=false)}}select 1 as id',
      'models/b.sql': 'select 1 as id',
      'models/m.yml': 'models: [{name: b, config: {sql_header: \'set x = (select 1 from {{ref "log"}});\'}}]',
    })
    expect(mistakes(project)).toEqual([])
    const [a, b] = project.models
    expect(a).toMatchObject({ name: 'a', dependsOn: ['model.shop.log'] })
    expect(a!.config['post-hook']).toMatchObject([
      { sql: 'analyze {{this}}', transaction: true, span: { path: 'project.yml' } },
      { sql: "select {{ref 'a'}}", transaction: false, span: { path: 'models/a.sql' } },
    ])
    expect(b).toMatchObject({ name: 'b', dependsOn: ['model.shop.log'] })
  })

  it('describes macros and generic tests', () => {
    const project = load({
      'macros/m.sql':
        '{{#*macro twice x}}{{x}} * 2{{/macro}}{{#*test even model column_name}}select 1 from {{model}}{{/test}}',
      'macros/m.yml':
        'macros:\n  - {name: twice, description: Two times, arguments: [{name: x, type: int}], meta: {a: 1}}\n  - {name: even, description: No odd ones}\n',
    })
    expect(mistakes(project)).toEqual([])
    expect([...project.macroProperties]).toEqual([
      [
        'macro.shop.twice',
        {
          description: 'Two times',
          arguments: [{ name: 'x', type: 'int', description: '' }],
          meta: { a: 1 },
          patchPath: 'macros/m.yml',
        },
      ],
      ['macro.shop.test_even', { description: 'No odd ones', arguments: [], meta: {}, patchPath: 'macros/m.yml' }],
    ])
  })

  it('finds what a generic test refers to by its arguments', () => {
    const project = load({
      'models/a.sql': 'select 1 as id',
      'models/b.sql': 'select 1 as id',
      'models/m.yml': 'models: [{name: b, data_tests: [{as_many_as: {other: a}}]}]',
      'macros/t.sql':
        '{{#*test as_many_as model other}}select 1 from {{model}} except select 1 from {{ref other}}{{/test}}',
    })
    expect(mistakes(project)).toEqual([])
    expect(project.tests[0]).toMatchObject({ name: 'as_many_as_b_a', dependsOn: ['model.shop.b', 'model.shop.a'] })
  })

  it('reads a project through a folder of links to it', () => {
    const root = writeTree(SHOP)
    const links = writeTree({})
    for (const name of ['project.yml', 'models', 'seeds', 'tests', 'macros'])
      symlinkSync(join(root, name), join(links, name))
    const project = load({}, { root: links })
    expect(mistakes(project)).toEqual([])
    expect(project.models.length).toBe(2)
  })

  it('ignores generated and hidden folders and endless links', () => {
    const root = writeTree({
      'project.yml': 'name: shop\nmodel-paths: ["."]\n',
      'a.sql': 'select 1 as a',
      'target/compiled/a.sql': 'select 2 as a',
      '.git/b.sql': 'x',
      'node_modules/c.sql': 'x',
      'sub/d.sql': 'select 1 as a',
    })
    mkdirSync(join(root, 'sub/deep'))
    symlinkSync(root, join(root, 'sub/deep/loop'))
    expect(load({}, { root }).models.map((m) => m.path)).toEqual(['a.sql', 'sub/d.sql'])
  })
})
