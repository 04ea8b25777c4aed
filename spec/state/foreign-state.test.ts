import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { StateProject } from './state-project.ts'

interface Manifest {
  metadata: Record<string, unknown> & { env: Record<string, string> }
  nodes: Record<string, { raw_code: string; unrendered_config: Record<string, unknown>; checksum: object }>
  [section: string]: unknown
}

const models = {
  'models/models.yml': 'sources: [{name: crm, tables: [{name: contacts}]}]\n',
  'models/marts/customers.sql': null,
  'project.yml': 'name: shop\nprofile: shop\n',
  'models/orders.sql':
    '{{config materialized="table"}}\nselect id from {{ref "raw_orders"}}, {{source "crm" "contacts"}}\n',
  'models/plain.sql': 'select 1 as a\n',
  'models/listed.sql': 'select {{#each (list 1 2) sep="," as |x|}}{{x}} as c{{x}}{{/each}}\n',
}

/** A project whose state is its own manifest of now, after `change`. */
async function withState(change: (manifest: Manifest) => void) {
  const project = new StateProject()
  project.write({
    ...models,
    'models/stg_orders.sql': null,
    'tests/no_negative.sql': null,
    'models/marts/revenue.sql': null,
  })
  await (await project.open()).parse()
  const manifest = JSON.parse(readFileSync(project.path('target/manifest.json'), 'utf8')) as Manifest
  change(manifest)
  project.write({ 'state/manifest.json': JSON.stringify(manifest) })
  return { project, state: project.path('state') }
}

describe('a manifest of dbt', () => {
  const asDbt = (manifest: Manifest) => {
    delete manifest.metadata.env['TSDBT_VERSION']
    manifest.metadata['dbt_version'] = '1.10.2'
    manifest['macros'] = {}
    for (const node of Object.values(manifest.nodes)) {
      node.raw_code = node.raw_code
        .replace('{{config materialized="table"}}', "{{ config(materialized='table') }}")
        .replace('{{ref "raw_orders"}}', "{{ ref('raw_orders') }}")
        .replace('{{source "crm" "contacts"}}', '{{ source("crm","contacts") }}')
        .replace(/\{\{#each.*\{\{\/each\}\}/, '{% for x in [1, 2] %}{{ x }} as c{{ x }},{% endfor %}')
        .trim()
      node.unrendered_config = { ...node.unrendered_config, meta: {} }
    }
  }

  it('compares by what both languages share, and says so once', async () => {
    const { project, state } = await withState(asDbt)
    const modified = await project.ls('state:modified', { state })
    expect(modified.exitCode).toBe(0)
    expect(modified.nodes.map((node) => node.name)).toEqual(['listed', 'orders'])
    expect(modified.diagnostics.map((d) => [d.code, d.severity])).toEqual([['artifacts/state-by-dbt', 'warning']])
    expect(await project.names('state:new', { state })).toEqual([])
    project.write({ 'models/plain.sql': 'select 2 as a\n', 'models/fresh.sql': 'select 1 as a\n' })
    expect(await project.names('state:modified', { state })).toEqual(['fresh', 'listed', 'orders', 'plain'])
    expect(await project.names('state:new', { state })).toEqual(['fresh'])
  })

  it('knows a large seed by its path, as dbt does', async () => {
    const { project, state } = await withState((manifest) => {
      asDbt(manifest)
      manifest.nodes['seed.shop.raw_orders']!.checksum = { name: 'path', checksum: 'seeds/raw_orders.csv' }
    })
    expect(await project.names('state:modified.body', { state })).toEqual(['listed', 'orders'])
  })
})

describe('a state that cannot be compared with', () => {
  it.each<[string, (manifest: Manifest) => void, string]>([
    [
      'another version',
      ({ metadata }) => {
        metadata['dbt_schema_version'] = 'https://schemas.getdbt.com/dbt/manifest/v10.json'
      },
      'artifacts/state-version: `state/manifest.json` is manifest v10, and manifest v12 is read',
    ],
    [
      'another artifact',
      ({ metadata }) => {
        metadata['dbt_schema_version'] = 'https://schemas.getdbt.com/dbt/catalog/v1.json'
      },
      'artifacts/state-version: `state/manifest.json` is catalog v1, and manifest v12 is read',
    ],
    [
      'another project',
      ({ metadata }) => {
        metadata['project_name'] = 'mart'
      },
      'artifacts/state-of-another-project: `state/manifest.json` is of the project `mart`, and this is `shop`',
    ],
    [
      'no head',
      (manifest) => {
        manifest.metadata = { env: {} }
      },
      'artifacts/state-damaged: `state/manifest.json` cannot be read: it has no `metadata.dbt_schema_version`',
    ],
    [
      'no nodes',
      (manifest) => {
        manifest.nodes = [] as never
      },
      'artifacts/state-damaged: `state/manifest.json` cannot be read: it has no `nodes`',
    ],
  ])('%s', async (_, change, message) => {
    const { project, state } = await withState(change)
    const { exitCode, diagnostics } = await project.ls('state:modified+ state:new', { state })
    expect(exitCode).toBe(2)
    expect(diagnostics.map((d) => `${d.code}: ${d.message.replace(state, 'state')}`)).toEqual([message])
    expect(diagnostics[0]!.hints!.length).toBeGreaterThan(0)
    expect(diagnostics[0]!.span).toBeDefined()
  })

  it('no file, half a file, nothing in it', async () => {
    const { project, state } = await withState(() => undefined)
    const told = async (select: string, folder = state) => {
      const { exitCode, diagnostics } = await project.ls(select, { state: folder })
      return [exitCode, ...diagnostics.map((d) => `${d.code}: ${d.message.replace(state, 'state')}`)]
    }
    expect(await told('result:error')).toEqual([
      2,
      'artifacts/state-missing: there is no `state/run_results.json`, which `result:` needs',
    ])
    expect((await told('source_status:fresher'))[1]).toContain('`state/sources.json`, which `source_status:` needs')
    project.write({ 'state/manifest.json': '' })
    expect(await told('state:new')).toEqual([
      2,
      'artifacts/state-damaged: `state/manifest.json` cannot be read: it is empty',
    ])
    project.write({ 'state/manifest.json': '{"metadata": {"dbt' })
    expect((await told('state:new'))[1]).toMatch(/^artifacts\/state-damaged: .*JSON/)
    expect(await told('state:modifed')).toEqual([2, 'graph/selector-value: `state:` does not know `modifed`'])
    expect(await told('result:eror')).toEqual([2, 'graph/selector-value: `result:` does not know `eror`'])
    // What nobody asks for is not read.
    expect(await told('orders')).toEqual([2, expect.stringContaining('artifacts/state-damaged')])
    expect((await (await project.open({ state })).ls({ select: ['orders'] })).exitCode).toBe(0)
  })
})
