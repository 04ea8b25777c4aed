import { expect, it } from 'vitest'
import { load, mistakes, type Tree } from './project-tree.ts'

const TABLE = 'config: {materialized: table, contract: {enforced: true}}'

/** A model `a` with an enforced contract; `b` is there to be referred to, `e` is ephemeral. */
const contract = (text: string, more: Tree = {}): Tree => ({
  'models/a.sql': 'select 1 as id',
  'models/b.sql': '{{config materialized="table"}}select 1 as id',
  'models/e.sql': '{{config materialized="ephemeral"}}select 1 as id',
  'models/m.yml': `models:\n  - name: a\n    ${text}\n`,
  ...more,
})

const column = (constraint: string): string =>
  `${TABLE}\n    columns: [{name: id, data_type: int, constraints: [${constraint}]}]`

it.each<[string, Tree, string[]]>([
  ['a contract without columns', contract(TABLE), ['project/contract-without-columns models/a.sql:1:1']],
  [
    'a column without a type, and a number without precision',
    contract(`${TABLE}\n    columns: [{name: id}, {name: n, data_type: numeric}]`),
    [
      'project/contract-without-type models/m.yml:4:22 id',
      'project/unspecific-numeric (warning) models/m.yml:4:48 numeric',
    ],
  ],
  [
    'a column of all versions without a type',
    {
      'models/d_v1.sql': 'select 1 as id',
      'models/d_v2.sql': 'select 1 as id',
      'models/m.yml': `models:\n  - name: d\n    ${TABLE}\n    columns: [{name: id}]\n    versions: [{v: 1}, {v: 2}]\n`,
    },
    ['project/contract-without-type models/m.yml:4:22 id'],
  ],
  [
    'an incremental model that ignores new columns',
    contract(
      'config: {materialized: incremental, contract: {enforced: true}}\n    columns: [{name: id, data_type: int}]',
    ),
    ['project/contract-schema-change models/a.sql:1:1'],
  ],
  [
    'a contract of an ephemeral model, with a constraint',
    contract(
      'config: {materialized: ephemeral, contract: {enforced: true}}\n    columns: [{name: id, data_type: int, constraints: [{type: unique}, {type: not_null, warn_unenforced: false}]}]',
    ),
    [
      'project/contract-of-ephemeral (warning) models/a.sql:1:1',
      'project/constraint-not-enforced (warning) models/m.yml:4:63 unique',
    ],
  ],
  [
    'constraints without a contract',
    contract('constraints: [{type: unique, columns: [id]}]'),
    ['project/constraints-without-contract (warning) models/m.yml:3:26 unique'],
  ],
  ['an unknown type of constraint', contract(column('{type: uniq}')), ['config/wrong-value models/m.yml:4:63 uniq']],
  [
    'a check without a condition, and a foreign key without columns',
    contract(column("{type: check}, {type: foreign_key, to: ref('b')}")),
    [
      'config/constraint-incomplete models/m.yml:4:63 check',
      'config/constraint-incomplete models/m.yml:4:78 foreign_key',
    ],
  ],
  [
    'foreign keys to what is not there, no reference, and ephemeral',
    contract(
      column(
        "{type: foreign_key, to: ref('bb'), to_columns: [id]}, {type: foreign_key, to: b, to_columns: [id]}, {type: foreign_key, to: ref('e'), to_columns: [id]}",
      ),
    ),
    [
      'graph/unknown-ref models/m.yml:4:63 foreign_key',
      'graph/bad-reference models/m.yml:4:117 foreign_key',
      'project/foreign-key-to-nothing models/m.yml:4:163 foreign_key',
    ],
  ],
  [
    'two primary keys, and a column that is not there',
    contract(`constraints: [{type: primary_key, columns: [di]}]\n    ${column('{type: primary_key}')}`),
    [
      'project/second-primary-key models/m.yml:3:26 primary_key',
      'project/unknown-constraint-column models/m.yml:3:26 primary_key',
    ],
  ],
])('%s', (_, files, expected) => {
  expect(mistakes(load(files))).toEqual(expected)
})

it('lets a model wait for the relation that its foreign key refers to, but not for itself', () => {
  const keys = `{type: foreign_key, to: ref('b'), to_columns: [id]}, {type: foreign_key, to: ref('a'), to_columns: [id]}`
  const project = load(contract(column(keys)))
  expect(mistakes(project)).toEqual([])
  expect(project.models.find((m) => m.name === 'a')!.dependsOn).toEqual(['model.shop.b'])
})
