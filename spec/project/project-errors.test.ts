import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { load, mistakes, type Tree, writeTree } from './project-tree.ts'

const model = 'select 1 as id'

describe('mistakes of a project', () => {
  it.each<[string, Tree, string[]]>([
    [
      'every unknown ref of a file',
      {
        'models/stg_orders.sql': model,
        'models/b.sql': 'select * from {{ref "stg_order"}}\njoin {{ref "nothing_like_it"}}',
      },
      ['graph/unknown-ref models/b.sql:1:21 "stg_order"', 'graph/unknown-ref models/b.sql:2:12 "nothing_like_it"'],
    ],
    [
      'a ref to a disabled model',
      { 'models/a.sql': '{{config enabled=false}}select 1', 'models/b.sql': 'select * from {{ref "a"}}' },
      ['graph/disabled-ref models/b.sql:1:21 "a"'],
    ],
    ['a ref to itself', { 'models/a.sql': 'select * from {{ref "a"}}' }, ['graph/self-ref models/a.sql:1:21 "a"']],
    [
      'a ref to a package',
      { 'models/a.sql': 'select * from {{ref "core" "a"}}' },
      ['graph/unknown-ref models/a.sql:1:28 "a"'],
    ],
    [
      'a ref to a version',
      { 'models/a.sql': model, 'models/b.sql': 'select * from {{ref "a" v=2}}' },
      ['graph/unknown-version models/b.sql:1:21 "a"'],
    ],
    [
      'an unknown source table',
      {
        'models/a.sql': 'select * from {{source "crm" "order"}}',
        'models/s.yml': 'sources: [{name: crm, tables: [{name: orders}]}]',
      },
      ['graph/unknown-source models/a.sql:1:30 "order"'],
    ],
    [
      'a quarantine of a table that is not loaded',
      {
        'models/a.sql': 'select * from {{quarantine "crm" "orders"}}',
        'models/s.yml': 'sources: [{name: crm, tables: [{name: orders}]}]',
      },
      ['graph/quarantine-without-files models/a.sql:1:34 "orders"'],
    ],
    [
      'two models of one name',
      { 'models/a/x.sql': model, 'models/b/x.sql': model },
      ['project/duplicate-name models/b/x.sql:1:1'],
    ],
    [
      'a model and a seed of one name',
      { 'models/x.sql': model, 'seeds/x.csv': 'a\n1\n' },
      ['project/duplicate-name seeds/x.csv'],
    ],
    [
      'two models for one table',
      { 'models/a.sql': model, 'models/b.sql': '{{config alias="A"}}select 1 as id' },
      ['project/duplicate-relation models/b.sql:1:1'],
    ],
    [
      'a source table twice',
      {
        'models/a.yml': 'sources: [{name: s, tables: [{name: t}]}]',
        'models/b.yml': 'sources: [{name: s, tables: [{name: t}]}]',
      },
      ['project/duplicate-source models/b.yml:1:37 t'],
    ],
    [
      'an empty model',
      { 'models/a.sql': '\n', 'models/b.sql': '-- later\n{{config materialized="table"}}\n' },
      ['project/empty-model models/a.sql:1:1', 'project/empty-model models/b.sql:1:1'],
    ],
    [
      'a file that is not UTF-8',
      { 'models/a.sql': new Uint8Array([0x73, 0xe4, 0x20]) },
      ['config/not-utf8 models/a.sql:1:1'],
    ],
    ['a name with a blank', { 'models/my model.sql': model }, ['project/bad-name models/my model.sql:1:1']],
    [
      'a definition in a model',
      { 'models/a.sql': 'select 1 as id{{#*macro m}}x{{/macro}}' },
      ['project/definition-in-model models/a.sql:1:25 m'],
    ],
    [
      'an unknown configuration',
      { 'models/a.sql': '{{config materialised="table"}}select 1 as id' },
      ['config/unknown-key models/a.sql:1:10 materialised'],
    ],
    [
      'an unknown materialization',
      { 'models/a.sql': '{{config materialized="tabel"}}select 1 as id' },
      ['config/wrong-value models/a.sql:1:23 "tabel"'],
    ],
    [
      'properties of nothing',
      { 'models/orders.sql': model, 'models/m.yml': 'models: [{name: order}]\nseeds: [{name: orders}]' },
      [
        'project/unknown-node (warning) models/m.yml:1:17 order',
        'project/unknown-node (warning) models/m.yml:2:16 orders',
      ],
    ],
    [
      'properties twice',
      { 'models/a.sql': model, 'models/m.yml': 'models: [{name: a}, {name: a}]' },
      ['project/duplicate-properties models/m.yml:1:28 a'],
    ],
    [
      'an unknown test',
      { 'models/a.sql': model, 'models/m.yml': 'models: [{name: a, columns: [{name: id, tests: [uniqe]}]}]' },
      ['project/unknown-test models/m.yml:1:49 uniqe'],
    ],
    [
      'a test twice',
      { 'models/a.sql': model, 'models/m.yml': 'models: [{name: a, columns: [{name: id, tests: [unique, unique]}]}]' },
      ['project/duplicate-test models/m.yml:1:57 unique'],
    ],
    [
      'arguments that are missing or unknown',
      {
        'models/a.sql': model,
        'models/m.yml': 'models: [{name: a, columns: [{name: id, tests: [accepted_values, unique: {vales: 1}]}]}]',
      },
      [
        'project/missing-test-argument models/m.yml:1:49 accepted_values',
        'project/unknown-test-argument models/m.yml:1:75 vales',
      ],
    ],
    [
      'a test of no column',
      { 'models/a.sql': model, 'models/m.yml': 'models: [{name: a, tests: [unique]}]' },
      ['project/column-test-on-model models/m.yml:1:28 unique'],
    ],
    [
      'an argument that is there twice',
      {
        'models/a.sql': model,
        'models/m.yml':
          'models: [{name: a, columns: [{name: id, tests: [{accepted_values: {values: [1], arguments: {values: [2]}}}]}]}]',
      },
      ['config/duplicate-key models/m.yml:1:93 values'],
    ],
    [
      'a macro that is not there, in a description and in a model',
      {
        'macros/m.sql': '{{#*macro twice x}}{{x}}{{/macro}}',
        'macros/m.yml': 'macros: [{name: twise}]',
        'models/a.sql': 'select {{twise 1}} as id',
      },
      ['project/unknown-node (warning) macros/m.yml:1:17 twise', 'template/unknown-name models/a.sql:1:10 twise'],
    ],
    [
      'a mistake in a macro, once',
      {
        'macros/m.sql': '{{#*macro m}}{{nothing}}{{/macro}}',
        'models/a.sql': 'select {{m}} as id',
        'models/b.sql': 'select {{m}} as id',
      },
      ['template/unknown-name macros/m.sql:1:16 nothing'],
    ],
    [
      'relationships to nothing',
      {
        'models/a.sql': model,
        'models/m.yml':
          "models: [{name: a, columns: [{name: id, tests: [{relationships: {to: ref('b'), field: id}}, {relationships: {to: b, field: id}}]}]}]",
      },
      ["graph/unknown-ref models/m.yml:1:70 ref('b')", 'graph/bad-reference models/m.yml:1:114 b'],
    ],
    [
      'folders without models',
      {
        'project.yml': 'name: shop\nmodels:\n  shop: {stagng: {+tags: x}}\nseeds:\n  shop: {+tags: x}\n',
        'models/staging/a.sql': model,
      },
      ['config/unknown-folder (warning) project.yml:3:10 stagng'],
    ],
    [
      'a mistake in a hook of the project',
      { 'project.yml': 'name: shop\non-run-end: "select * from {{ref \'a\'}}"\n' },
      ["graph/unknown-ref project.yml:2:34 'a'"],
    ],
    [
      'an environment variable that is not set',
      { 'project.yml': 'name: shop\nmodels:\n  shop: {+schema: \'{{env_var "SCHEMA"}}\'}\n', 'models/a.sql': model },
      ['template/missing-environment project.yml:3:30 "SCHEMA"'],
    ],
    [
      'a secret outside of profiles',
      {
        'models/a.sql': model,
        'models/m.yml': 'models: [{name: a, config: {schema: \'{{env_var "TSDBT_SECRET_X"}}\'}}]',
      },
      ['project/secret-outside-profiles models/m.yml:1:48 "TSDBT_SECRET_X"'],
    ],
    [
      'files of later kinds, once each',
      { 'models/b.py': 'x', 'models/c.py': 'x' },
      ['project/unsupported-file (warning) models/b.py'],
    ],
  ])('%s', (_name, tree, expected) => {
    expect(mistakes(load(tree))).toEqual(expected)
  })

  it('offers the nearest name', () => {
    const project = load({ 'models/stg_orders.sql': model, 'models/b.sql': 'select * from {{ref "stg_order"}}' })
    expect(project.diagnostics[0]).toMatchObject({
      message: '`b` refers to `stg_order`, which does not exist',
      hints: ['did you mean `stg_orders`?'],
    })
  })

  it('shows both places of a name that is there twice', () => {
    const [diagnostic] = load({ 'models/a/x.sql': model, 'models/b/x.sql': model }).diagnostics
    expect(diagnostic!.labels).toMatchObject([{ span: { path: 'models/a/x.sql' } }])
  })

  it('names the offset of a byte that is not UTF-8', () => {
    const bytes = new Uint8Array([...Buffer.from('é'.repeat(40)), 0xff, 0x20])
    const [diagnostic] = load({ 'models/a.sql': bytes }).diagnostics
    expect(diagnostic!.message).toContain('offset 80')
  })

  it('refuses a folder that leads out of the project', () => {
    const elsewhere = writeTree({ 'a.sql': model })
    const root = writeTree({ 'project.yml': 'name: shop\nmodel-paths: [models]\n' })
    symlinkSync(elsewhere, join(root, 'models'))
    expect(mistakes(load({}, { root }))).toEqual(['project/link-outside project.yml:2:15 models'])
  })

  it.each<[string, Tree, string]>([
    ['no project file', { 'a.txt': '' }, 'config/project-file-missing'],
    ['two project files', { 'project.yml': 'name: a', 'dbt_project.yml': 'name: a' }, 'config/two-project-files'],
  ])('%s stops the reading', (_name, tree, code) => {
    const root = writeTree(tree)
    expect(() => load({}, { root })).toThrow(UserError)
    expect(() => load({}, { root })).toThrow(code)
  })

  it('still loads what is sound', () => {
    const project = load({
      'models/a.sql': 'select {{#if x}}',
      'models/b.sql': 'select * from {{ref "a"}}',
      'models/m.yml': 'models: [',
    })
    expect(project.models.map((m) => m.name)).toEqual(['a', 'b'])
    expect(mistakes(project).map((m) => m.split(' ')[0])).toEqual(['template/unclosed-block', 'config/yaml-syntax'])
  })
})
