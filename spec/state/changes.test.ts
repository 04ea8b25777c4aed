import { describe, expect, it } from 'vitest'
import type { Reason } from '../../src/commands/explain-selection.ts'
import { type Files, StateProject, shopFiles } from './state-project.ts'

const yml = shopFiles['models/models.yml']!

const loaded = `sources:
  - name: finance
    tables:
      - name: budgets
        files: {location: data/*.csv, format: csv}
        columns: [{name: amount, data_type: integer, description: Of a sheet.}]
`

interface Case {
  readonly change: string
  /** Before anything is compared. */
  readonly first?: Files
  readonly files: Files
  /** What each `state:` selector gives, by the name of the nodes; selectors that give nothing are left out. */
  readonly gives: Readonly<Record<string, readonly string[]>>
  /** The reasons of the nodes of `state:modified`, as text. */
  readonly why?: readonly string[]
}

const cases: readonly Case[] = [
  { change: 'nothing', files: {}, gives: {} },
  {
    change: 'a line of a model',
    files: {
      'models/stg_orders.sql': 'select\n  id,\n  lower(status) as status,\n  amount\nfrom {{ref "raw_orders"}}\n',
    },
    gives: { 'state:modified': ['stg_orders'], 'state:modified.body': ['stg_orders'] },
    why: ['body: from line 3', '-   status,', '+   lower(status) as status,'],
  },
  {
    change: 'line breaks and blank ends of a model and of a seed',
    files: {
      'models/stg_orders.sql': `${shopFiles['models/stg_orders.sql']!.replaceAll('\n', '\r\n')}\r\n`,
      'seeds/raw_orders.csv': `${shopFiles['seeds/raw_orders.csv']!.replaceAll('\n', '\r\n')}\n\n`,
    },
    gives: {},
  },
  {
    change: 'a row of a seed',
    files: { 'seeds/raw_orders.csv': 'id,status,amount\n1,done,11\n' },
    gives: { 'state:modified': ['raw_orders'], 'state:modified.body': ['raw_orders'] },
    why: ['body: the rows of the file'],
  },
  {
    change: 'a macro that is called through another',
    files: { 'macros/rounded.sql': '{{#*macro rounded column}}round({{column}}, 4){{/macro}}\n' },
    gives: { 'state:modified': ['revenue'], 'state:modified.macros': ['revenue'] },
    why: [
      'macros: rounded differs from line 1, through cents',
      '- {{#*macro rounded column}}round({{column}}, 2){{/macro}}',
      '+ {{#*macro rounded column}}round({{column}}, 4){{/macro}}',
    ],
  },
  {
    change: 'a macro that takes the place of a built-in one',
    files: { 'macros/unique.sql': '{{#*test unique model column_name}}select 1 as a where false{{/test}}\n' },
    gives: { 'state:modified': ['unique_stg_orders_id'], 'state:modified.macros': ['unique_stg_orders_id'] },
    why: ['macros: test_unique is new'],
  },
  {
    change: 'a configuration key of a folder',
    files: { 'project.yml': shopFiles['project.yml']!.replace('materialized: table', 'materialized: view') },
    gives: { 'state:modified': ['customers', 'revenue'], 'state:modified.configs': ['customers', 'revenue'] },
    why: ['configs: materialized: table -> view', 'configs: materialized: table -> view'],
  },
  {
    change: 'a hook of a folder, under a model that has one of its own',
    first: { 'models/marts/customers.sql': '{{config pre_hook="select 1"}}\nselect 1 as customer_id\n' },
    files: { 'project.yml': `${shopFiles['project.yml']}      +pre-hook: select 2\n` },
    gives: { 'state:modified': ['customers', 'revenue'], 'state:modified.configs': ['customers', 'revenue'] },
  },
  {
    change: 'tags and a group',
    files: { 'models/stg_orders.sql': `{{config tags="daily"}}\n${shopFiles['models/stg_orders.sql']}` },
    gives: { 'state:modified': ['stg_orders'], 'state:modified.body': ['stg_orders'] },
  },
  {
    change: 'tags in YAML',
    files: {
      'models/models.yml': yml.replace('  - name: stg_orders\n', '  - name: stg_orders\n    config: {tags: [daily]}\n'),
    },
    gives: {},
  },
  {
    change: 'an alias',
    files: {
      'models/models.yml': yml.replace('  - name: stg_orders\n', '  - name: stg_orders\n    config: {alias: s}\n'),
    },
    gives: { 'state:modified': ['stg_orders'], 'state:modified.relation': ['stg_orders'] },
    why: ['relation: alias: unset -> s'],
  },
  {
    change: 'a persisted description',
    files: { 'models/models.yml': yml.replace('One row a customer.', 'A customer.') },
    gives: { 'state:modified': ['customers'], 'state:modified.persisted_descriptions': ['customers'] },
    why: ['persisted_descriptions: description: One row a customer. -> A customer.'],
  },
  {
    change: 'a description that is not persisted',
    files: {
      'models/models.yml': yml.replace('  - name: stg_orders\n', '  - name: stg_orders\n    description: Hello.\n'),
    },
    gives: {},
  },
  {
    change: 'the folder of a model',
    files: { 'models/stg_orders.sql': null, 'models/staging/stg_orders.sql': shopFiles['models/stg_orders.sql']! },
    gives: { 'state:modified': ['stg_orders'] },
    why: ['fqn: moved: shop.stg_orders -> shop.staging.stg_orders'],
  },
  {
    change: 'the schema of a source as it is written',
    files: { 'models/models.yml': yml.replace('CRM_SCHEMA" "crm"', 'CRM_SCHEMA" "crm2"') },
    gives: { 'state:modified': ['contacts'], 'state:modified.relation': ['contacts'] },
    why: ['relation: schema: {{env_var "CRM_SCHEMA" "crm"}} -> {{env_var "CRM_SCHEMA" "crm2"}}'],
  },
  {
    change: 'the type that a column of a source is loaded as',
    first: { 'models/sources.yml': loaded },
    files: { 'models/sources.yml': loaded.replace('integer', 'bigint').replace('Of a sheet.', 'Of a file.') },
    gives: { 'state:modified': ['budgets'] },
    why: ['definition: columns.amount.data_type: integer -> bigint'],
  },
  {
    change: 'new nodes',
    files: {
      'models/extra.sql': 'select 1 as a\n',
      'models/models.yml': yml.replace('      - name: contacts\n', '      - name: contacts\n      - name: leads\n'),
    },
    gives: {
      'state:new': ['extra', 'leads'],
      'state:modified': ['extra'],
      'state:modified.body': ['extra'],
      'state:modified.configs': ['extra'],
      'state:modified.relation': ['extra'],
      'state:modified.persisted_descriptions': ['extra'],
      'state:modified.macros': ['extra'],
      'state:modified.contract': ['extra'],
    },
    why: ['new: is not in the state'],
  },
]

const words = [
  'new',
  'modified',
  ...['body', 'configs', 'relation', 'persisted_descriptions', 'macros', 'contract'].map((part) => `modified.${part}`),
]

function reasonText(reason: Reason): readonly string[] {
  return [`${reason.part}: ${reason.text}`, ...('lines' in reason ? (reason.lines ?? []) : [])]
}

describe('what each change is', () => {
  it.each(cases)('$change', async ({ first, files, gives, why }) => {
    const project = new StateProject()
    if (first !== undefined) project.write(first)
    await (await project.open()).parse()
    const state = project.keepArtifacts()
    project.write(files)
    const engine = await project.open({ state })
    const found: Record<string, readonly string[]> = {}
    for (const word of words) {
      const { nodes, exitCode } = await engine.ls({ select: [`state:${word}`], indirectSelection: 'empty' })
      expect(exitCode).toBe(0)
      if (nodes.length > 0) found[`state:${word}`] = nodes.map((node) => node.name).sort()
    }
    expect(found).toEqual(gives)
    if (why === undefined) return
    const { nodes } = await engine.ls({ select: ['state:modified'], indirectSelection: 'empty', why: true })
    expect(nodes.flatMap((node) => (node['why'] as readonly Reason[]).flatMap(reasonText))).toEqual(why)
  })

  it('is of all nodes either modified or unmodified', async () => {
    const project = new StateProject()
    await (await project.open()).parse()
    const state = project.keepArtifacts()
    project.write({ 'models/stg_orders.sql': 'select 1 as id, 2 as amount, 3 as status\n' })
    const both = await project.names('state:modified state:unmodified', { state })
    const all = await (await project.open()).ls()
    expect(both).toEqual(all.nodes.map((node) => node.name).sort())
    expect(await project.names('state:old', { state })).toEqual(both)
  })

  it('counts variables when the project says so, with their values', async () => {
    const flags = `${shopFiles['project.yml']}flags: {state_modified_compare_vars: true}\n`
    const project = new StateProject({ ...shopFiles, 'project.yml': flags })
    await (await project.open()).parse()
    const state = project.keepArtifacts()
    const options = { state, vars: { since: '2025-01-01' } }
    expect(await project.names('state:modified.vars', options)).toEqual(['revenue'])
    expect(await project.names('state:modified', options)).toEqual(['revenue'])
    const { nodes } = await project.ls('state:modified', options)
    expect(nodes[0]!['why']).toEqual([
      { part: 'vars', text: 'since: 2024-01-01 -> 2025-01-01', old: '2024-01-01', new: '2025-01-01' },
    ])
    project.write({ 'project.yml': shopFiles['project.yml']! })
    expect(await project.names('state:modified', options)).toEqual([])
  })
})
