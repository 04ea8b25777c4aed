import { describe, expect, it } from 'vitest'
import { buildGraph } from '../../src/graph/build-graph.ts'
import { select } from '../../src/graph/selection/select.ts'
import { load, mistakes, type Tree } from './project-tree.ts'

const model = 'select 1 as id'
const NOW = new Date('2026-06-01T00:00:00Z')

function versions(text: string, more: Tree = {}): Tree {
  return {
    'models/dim_v1.sql': model,
    'models/dim_v2.sql': model,
    'models/dim.yml': `models:\n  - name: dim\n${text}`,
    ...more,
  }
}

describe('versions of a model', () => {
  const tree = versions(
    `    latest_version: 2
    description: all
    columns: [{name: id, data_type: bigint, data_tests: [unique]}, {name: old}]
    versions:
      - v: 1
        defined_in: dim_first
        deprecation_date: 2026-01-31
      - v: 2
        description: second
        config: {materialized: table, latest_version_pointer: {enabled: true}}
        columns: [{include: all, exclude: [old]}, {name: fresh}]
        data_tests: []
      - v: 3
        config: {alias: dim_next}
`,
    {
      'models/dim_v1.sql': '',
      'models/a/dim_first.sql': model,
      'models/dim.sql': model,
      'models/dim_v2.sql': '',
      'models/dim_v3.sql': model,
      'models/latest.sql': 'select * from {{ref "dim"}}',
      'models/pinned.sql': 'select * from {{ref "dim" v=1}} join {{ref "shop" "dim" version=3}} using (id)',
    },
  )
  const files = Object.fromEntries(Object.entries(tree).filter(([, text]) => text !== ''))

  it('are nodes of their own, of which a ref without version reads the latest', () => {
    const project = load(files, { now: NOW })
    expect(mistakes(project)).toEqual([
      'project/deprecated-model (warning) models/a/dim_first.sql:1:1',
      'graph/deprecated-ref (warning) models/pinned.sql:1:21 "dim"',
    ])
    const dims = project.models.filter((m) => m.name === 'dim').sort((a, b) => (a.uniqueId < b.uniqueId ? -1 : 1))
    expect(dims.map((m) => [m.uniqueId, m.relation.identifier, m.fqn.slice(1).join('.'), m.originalFilePath])).toEqual([
      ['model.shop.dim.v1', 'dim_v1', 'a.dim.v1', 'models/a/dim_first.sql'],
      ['model.shop.dim.v2', 'dim_v2', 'dim.v2', 'models/dim.sql'],
      ['model.shop.dim.v3', 'dim_next', 'dim.v3', 'models/dim_v3.sql'],
    ])
    const [first, second] = dims
    expect(first!.columns.map((c) => c.name)).toEqual(['id', 'old'])
    expect([second!.description, second!.config.materialized]).toEqual(['second', 'table'])
    expect(second!.columns.map((c) => c.name)).toEqual(['id', 'fresh'])
    expect(second!.version?.pointer?.identifier).toBe('dim')
    expect(first!.version).toEqual({ id: 1, latest: 2, pointer: null })
    expect(first!.deprecationDate).toBe('2026-01-31T00:00:00+00:00')
    const parents = (name: string) => project.models.find((m) => m.name === name)!.dependsOn
    expect(parents('latest')).toEqual(['model.shop.dim.v2'])
    expect(parents('pinned')).toEqual(['model.shop.dim.v1', 'model.shop.dim.v3'])
    expect(project.tests.map((t) => t.name)).toEqual(['unique_dim_v1_id', 'unique_dim_v2_id', 'unique_dim_v3_id'])
  })

  it('are selected by the spellings of dbt', () => {
    const project = load(files, { now: NOW })
    const { graph } = buildGraph(project)
    const found = (text: string) => {
      const { ids } = select(graph, project, { select: [text], resourceTypes: ['model'] })
      return [...ids].map((id) => id.replace('model.shop.', '')).sort()
    }
    expect(found('dim')).toEqual(['dim.v1', 'dim.v2', 'dim.v3'])
    expect(found('dim.v2')).toEqual(['dim.v2'])
    expect(found('dim_v1')).toEqual(['dim.v1'])
    expect(found('version:latest')).toEqual(['dim.v2'])
    expect(found('version:old')).toEqual(['dim.v1'])
    expect(found('version:prerelease')).toEqual(['dim.v3'])
    expect(found('version:none')).toEqual(['latest', 'pinned'])
  })

  it.each<[string, Tree, string[]]>([
    [
      'a version without its file',
      versions('    versions: [{v: 1}, {v: 2}, {v: 3}]\n'),
      ['project/version-without-file (warning) models/dim.yml:3:36 3'],
    ],
    [
      'an unknown latest version',
      versions('    latest_version: 4\n    versions: [{v: 1}, {v: 2}]\n'),
      ['config/unknown-latest-version models/dim.yml:3:21 4'],
    ],
    [
      'an unknown latest version of a model whose file has its own name',
      {
        ...versions('    latest_version: 4\n    versions: [{v: 1}, {v: 3}]\n'),
        'models/dim.sql': model,
      },
      ['config/unknown-latest-version models/dim.yml:3:21 4'],
    ],
    [
      'a version twice',
      versions('    versions: [{v: 1}, {v: 2}, {v: "2"}]\n'),
      ['config/duplicate-version models/dim.yml:3:36 "2"'],
    ],
    [
      'numbers and words',
      versions('    versions: [{v: 1}, {v: next}]\n', {
        'models/dim_vnext.sql': model,
        'models/dim_v2.sql': ' select 2',
      }),
      ['config/unordered-versions models/dim.yml:3:28 next'],
    ],
    [
      'a version that is not there',
      versions('    versions: [{v: 1}, {v: 2}]\n', { 'models/x.sql': 'select * from {{ref "dim" v=5}}' }),
      ['graph/unknown-version models/x.sql:1:21 "dim"'],
    ],
    [
      'a version of a model without versions',
      { 'models/a.sql': model, 'models/b.sql': 'select * from {{ref "a" v=2}}' },
      ['graph/unknown-version models/b.sql:1:21 "a"'],
    ],
    [
      'columns that the model does not have',
      versions(
        '    columns: [{name: id}]\n    versions: [{v: 1, columns: [{include: [ids]}]}, {v: 2, columns: [{include: "*", exclude: [name]}]}]\n',
      ),
      [
        'config/unknown-column-of-version models/dim.yml:4:44 ids',
        'config/unknown-column-of-version models/dim.yml:4:95 name',
      ],
    ],
    [
      'include and exclude of listed columns, and a bad date',
      versions(
        '    deprecation_date: tomorrow\n    columns: [{name: id}]\n    versions: [{v: 1, columns: [{include: [id], exclude: [id]}]}, {v: 2}]\n',
      ),
      ['config/wrong-type models/dim.yml:3:23 tomorrow', 'config/wrong-type models/dim.yml:5:49 exclude'],
    ],
    [
      'a version without v',
      versions('    versions: [{v: 1}, {v: 2}, {description: third}]\n'),
      ['config/missing-key models/dim.yml:3:32 {'],
    ],
    [
      'a pointer where another model stands',
      versions(
        '    config: {latest_version_pointer: {enabled: true, alias: other}}\n    versions: [{v: 1}, {v: 2}]\n',
        {
          'models/other.sql': model,
        },
      ),
      ['project/duplicate-relation models/dim_v2.sql:1:1'],
    ],
  ])('%s', (_, files, expected) => {
    const found = mistakes(load(files, { now: NOW })).filter(
      (m) => !(m.includes('dim_v2.sql') && m.includes('unknown-node')),
    )
    expect(found).toEqual(expected)
  })
})

describe('groups and access', () => {
  const groups =
    'groups:\n  - name: finance\n    owner: {name: Ann, email: [a@shop.example, b@shop.example]}\n    config: {meta: {slack: "#f"}}\n  - {name: sales, owner: {email: s@shop.example}}\n'
  const access = `models:
  - {name: ledger, config: {group: finance, access: private}, columns: [{name: id, data_tests: [not_null]}]}
  - {name: inside, config: {group: finance}}
`

  it('are read, and the tests of a private model are its own', () => {
    const project = load({
      'models/groups.yml': groups,
      'models/m.yml': access,
      'models/ledger.sql': model,
      'models/inside.sql': 'select * from {{ref "ledger"}}',
    })
    expect(mistakes(project)).toEqual([])
    expect(project.groups).toMatchObject([
      { uniqueId: 'group.shop.finance', owner: { name: 'Ann', email: ['a@shop.example', 'b@shop.example'] } },
      { uniqueId: 'group.shop.sales', owner: { name: null, email: 's@shop.example' }, meta: {} },
    ])
    expect(project.groups[0]!.meta).toEqual({ slack: '#f' })
  })

  it.each<[string, Tree, string[]]>([
    [
      'a private model is read from outside',
      {
        'models/outside.sql': 'select * from {{ref "ledger"}}',
        'models/sales.sql': '{{config group="sales"}}select * from {{ref "ledger"}}',
        'tests/t.sql': 'select * from {{ref "ledger"}}',
      },
      [
        'graph/private-ref models/outside.sql:1:21 "ledger"',
        'graph/private-ref models/sales.sql:1:45 "ledger"',
        'graph/private-ref tests/t.sql:1:21 "ledger"',
      ],
    ],
    [
      'an unknown group',
      { 'models/x.sql': '{{config group="finances"}}select 1 as id' },
      ['project/unknown-group models/x.sql:1:16 "finances"'],
    ],
    [
      'an unknown group of a private model that others read',
      {
        'models/m.yml': 'models: [{name: ledger, config: {group: finances, access: private}}]\n',
        'models/inside.sql': '{{config group="finance"}}select * from {{ref "ledger"}}',
      },
      ['project/unknown-group models/m.yml:1:41 finances'],
    ],
    [
      'an unknown access',
      { 'models/x.sql': '{{config access="hidden"}}select 1 as id' },
      ['config/wrong-value models/x.sql:1:17 "hidden"'],
    ],
    [
      'a group twice, and an unknown key',
      { 'models/more.yml': 'groups:\n  - {name: sales, owners: {}}\n' },
      ['config/unknown-key models/more.yml:2:19 owners', 'project/duplicate-properties models/more.yml:2:12 sales'],
    ],
  ])('%s', (_, files, expected) => {
    const project = load({
      'models/groups.yml': groups,
      'models/m.yml': access,
      'models/ledger.sql': model,
      'models/inside.sql': model,
      ...files,
    })
    expect(mistakes(project).sort()).toEqual([...expected].sort())
  })
})
