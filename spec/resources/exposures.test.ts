import { afterEach, describe, expect, it } from 'vitest'
import { buildManifest } from '../../src/artifacts/manifest.ts'
import { Engine } from '../../src/commands/engine.ts'
import { buildGraph } from '../../src/graph/build-graph.ts'
import { select } from '../../src/graph/selection/select.ts'
import type { Project } from '../../src/project/project.ts'
import { schemaFaults } from '../artifacts/dbt-schema.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { load, mistakes } from '../project/project-tree.ts'

const FILES = {
  'project.yml': `name: shop
profile: shop
exposures:
  shop:
    marts: {+tags: [bi]}
analyses: {+tags: ad_hoc}
`,
  'models/orders.sql': 'select 1 as id, 20 as amount',
  'models/marts/exposures.yml': `exposures:
  - name: weekly
    label: Weekly report
    type: dashboard
    url: https://example.com/weekly
    maturity: high
    description: Read on Monday.
    tags: [exec]
    meta: {tier: 1}
    owner: {name: Ann, email: [ann@example.com, bi@example.com], channel: "#bi"}
    depends_on: [ref('orders'), "ref('shop', 'orders')", "source('crm', 'contacts')"]
  - name: old_report
    type: notebook
    owner: {email: a@example.com}
    config: {enabled: false}
`,
  'models/sources.yml': 'sources: [{name: crm, tables: [{name: contacts}]}]\n',
  'analyses/deep/best.sql': 'select * from {{ref "orders"}}',
  'analyses/analyses.yml': `analyses:
  - name: best
    description: The best orders
    columns: [{name: id, description: The key}]
    config: {tags: [asked], meta: {for: board}}
`,
}

function manifestOf(project: Project): ReturnType<typeof buildManifest> {
  const { graph } = buildGraph(project)
  return buildManifest({
    project,
    graph,
    compiled: new Map(),
    executed: new Set(),
    invocation: { id: '00000000-0000-4000-8000-000000000000', startedAt: '2026-01-01T00:00:00.000Z', generatedAt: '' },
    adapterType: 'duckdb',
    target: { database: 'shop', schema: 'main' },
    relationName: (r) => `"${r.database}"."${r.schema}"."${r.identifier}"`,
  })
}

function selected(project: Project, ...texts: readonly string[]): readonly string[] {
  const { ids, diagnostics } = select(buildGraph(project).graph, project, { select: texts })
  return [...[...ids].sort(), ...diagnostics.flatMap((d) => [d.message, ...(d.hints ?? [])])]
}

describe('exposures and analyses', () => {
  it('are read with their configuration and what they depend on', () => {
    const project = load(FILES)
    expect(mistakes(project)).toEqual([])
    const [weekly] = project.exposures
    expect(weekly).toMatchObject({
      uniqueId: 'exposure.shop.weekly',
      fqn: ['shop', 'marts', 'weekly'],
      tags: ['bi', 'exec'],
      meta: { tier: 1 },
      dependsOn: ['source.shop.crm.contacts', 'model.shop.orders'],
      owner: { name: 'Ann', email: ['ann@example.com', 'bi@example.com'], more: { channel: '#bi' } },
    })
    expect(project.disabled.map((n) => n.uniqueId)).toEqual(['exposure.shop.old_report'])
    expect(project.analyses).toMatchObject([
      {
        uniqueId: 'analysis.shop.best',
        fqn: ['shop', 'analysis', 'deep', 'best'],
        originalFilePath: 'analyses/deep/best.sql',
        tags: ['ad_hoc', 'asked'],
        dependsOn: ['model.shop.orders'],
      },
    ])
  })

  it('stand in the manifest as dbt writes them', () => {
    const manifest = manifestOf(load(FILES)) as Record<string, Record<string, Record<string, unknown>>>
    expect(schemaFaults('manifest', manifest).filter((f) => !f.startsWith('/metadata'))).toEqual([])
    expect(manifest['exposures']!['exposure.shop.weekly']).toMatchObject({
      label: 'Weekly report',
      maturity: 'high',
      url: 'https://example.com/weekly',
      depends_on: { macros: [], nodes: ['source.shop.crm.contacts', 'model.shop.orders'] },
      refs: [
        { name: 'orders', package: null, version: null },
        { name: 'orders', package: 'shop', version: null },
      ],
      sources: [['crm', 'contacts']],
      owner: { name: 'Ann', channel: '#bi' },
      config: { enabled: true, tags: ['bi', 'exec'], meta: { tier: 1 } },
    })
    expect(manifest['child_map']!['model.shop.orders']).toEqual(['analysis.shop.best', 'exposure.shop.weekly'])
    expect(manifest['parent_map']!['exposure.shop.weekly']).toEqual(['model.shop.orders', 'source.shop.crm.contacts'])
    expect(Object.keys(manifest['disabled']!)).toEqual(['exposure.shop.old_report'])
    expect(manifest['nodes']!['analysis.shop.best']).toMatchObject({ path: 'analysis/deep/best.sql', compiled: false })
  })

  it.each([
    ['exposure:weekly', ['exposure.shop.weekly']],
    ['exposure:shop.week*', ['exposure.shop.weekly']],
    ['weekly', ['exposure.shop.weekly']],
    ['+exposure:weekly', ['exposure.shop.weekly', 'model.shop.orders', 'source.shop.crm.contacts']],
    ['resource_type:exposure', ['exposure.shop.weekly']],
    ['config.meta.tier:1', ['exposure.shop.weekly']],
    ['tag:bi', ['exposure.shop.weekly']],
    ['analysis.deep', ['analysis.shop.best']],
    ['resource_type:analysis', ['analysis.shop.best']],
    ['exposure:wekly', ['the selector `exposure:wekly` matches nothing', 'did you mean `weekly`?']],
    [
      'metric:revenue',
      [
        'the selector `metric:revenue` matches nothing',
        'there are no metrics in this version; name models, or the exposures that show them',
      ],
    ],
  ])('are selected by %s', (text, found) => expect(selected(load(FILES), text)).toEqual(found))
})

const exposure = (text: string) => ({ 'models/orders.sql': 'select 1 as id', 'models/e.yml': `exposures:\n${text}` })
const good = 'type: dashboard\n    owner: {name: Ann}\n'

describe('mistakes in exposures and analyses', () => {
  it.each<[string, Record<string, string>, string]>([
    ['no name', exposure(`  - ${good}`), 'config/missing-key models/e.yml:2:5 t'],
    [
      'a name with blanks',
      exposure(`  - name: Weekly report\n    ${good}`),
      'config/bad-exposure-name models/e.yml:2:11 Weekly report',
    ],
    [
      'a wrong type',
      exposure('  - name: w\n    type: dashbord\n    owner: {name: A}'),
      'config/wrong-value models/e.yml:3:11 dashbord',
    ],
    ['no type', exposure('  - name: w\n    owner: {name: A}'), 'config/missing-key models/e.yml:2:5 n'],
    ['no owner', exposure('  - name: w\n    type: ml'), 'config/missing-key models/e.yml:2:5 n'],
    [
      'an owner without name and e-mail',
      exposure('  - name: w\n    type: ml\n    owner: {channel: bi}'),
      'config/owner-missing models/e.yml:4:12 {channel: bi}',
    ],
    [
      'a wrong maturity',
      exposure(`  - name: w\n    maturity: done\n    ${good}`),
      'config/wrong-value models/e.yml:3:15 done',
    ],
    ['an unknown key', exposure(`  - name: w\n    urls: x\n    ${good}`), 'config/unknown-key models/e.yml:3:5 urls'],
    [
      'a bare name as dependency',
      exposure(`  - name: w\n    depends_on: [orders]\n    ${good}`),
      'config/not-a-reference models/e.yml:3:18 orders',
    ],
    [
      'a metric',
      exposure(`  - name: w\n    depends_on: ["metric('revenue')"]\n    ${good}`),
      `config/metric-reference models/e.yml:3:18 "metric('revenue')"`,
    ],
    [
      'an unknown model',
      exposure(`  - name: w\n    depends_on: [ref('order')]\n    ${good}`),
      `graph/unknown-ref models/e.yml:3:18 ref('order')`,
    ],
    [
      'two of one name',
      exposure(`  - name: w\n    ${good}  - name: w\n    ${good}`),
      'project/duplicate-properties models/e.yml:5:11 w',
    ],
    [
      'a configuration that it cannot have',
      exposure(`  - name: w\n    config: {materialized: table}\n    ${good}`),
      'config/unknown-key models/e.yml:3:14 materialized',
    ],
    [
      'an entry for no analysis',
      { 'analyses/best.sql': 'select 1', 'models/a.yml': 'analyses: [{name: bst}]' },
      'project/unknown-node (warning) models/a.yml:1:19 bst',
    ],
    ['an empty analysis', { 'analyses/best.sql': '-- later' }, 'project/empty-model analyses/best.sql:1:1'],
    [
      'an analysis of an unknown model',
      { 'analyses/best.sql': 'select * from {{ref "order"}}' },
      'graph/unknown-ref analyses/best.sql:1:21 "order"',
    ],
    [
      'a folder that holds no exposure',
      {
        'project.yml': 'name: shop\nprofile: shop\nexposures: {shop: {marts: {+tags: a}}}',
        'models/e.yml': `exposures: [{name: w, type: ml, owner: {name: A}}]`,
      },
      'config/unknown-folder (warning) project.yml:3:20 marts',
    ],
  ])('%s', (_, files, expected) => expect(mistakes(load(files))).toEqual([expected]))
})

onEachDatabase((here) => {
  let project: TemporaryProject
  afterEach(() => project.remove())

  const files = {
    'models/broken.sql': 'select nothing from {{ref "stg_orders"}}',
    'models/above.sql': '{{config materialized="ephemeral"}}\nselect * from {{ref "broken"}}',
    'analyses/best.sql': 'select amount * 2 as double from {{ref "stg_orders"}}',
    'models/e.yml': `exposures:
  - {name: good, type: dashboard, owner: {name: A}, depends_on: [ref('stg_orders')]}
  - {name: bad, type: dashboard, owner: {name: A}, depends_on: [ref('stg_orders'), ref('above')]}
`,
  }

  it('reports exposures as no-op, and those over a failed node as skipped', async () => {
    project = new TemporaryProject(files, { ...here.database.target, threads: 1 })
    const engine = await Engine.open({ projectDir: project.root, env: {} })
    const all = await engine.build()
    const statuses = Object.fromEntries(all.results.map((r) => [r.uniqueId.split('.')[2], r.status]))
    expect(statuses).toEqual({ stg_orders: 'success', broken: 'error', good: 'no-op', bad: 'skipped' })
    expect(all.exitCode).toBe(1)
    expect((await engine.show({ select: ['exposure:good'] })).diagnostics.map((d) => d.code)).toContain(
      'graph/selection-empty',
    )
    const alone = await engine.build({ select: ['exposure:*'] })
    expect(alone.results.map((r) => r.status)).toEqual(['no-op', 'no-op'])
    expect(alone.exitCode).toBe(0)
  })

  it('compiles and shows analyses, and never builds them', async () => {
    project = new TemporaryProject(files, { ...here.database.target, threads: 1 })
    const engine = await Engine.open({ projectDir: project.root, env: {} })
    await engine.build({ select: ['stg_orders', 'best'] })
    const { nodes } = await engine.compile({ select: ['best'] })
    expect(nodes.map((n) => n.sql)).toEqual([expect.stringContaining('amount * 2')])
    expect((await engine.show({ select: ['best'] })).tables[0]!.rows.rows).toEqual([[40]])
    const listed = async (resourceTypes?: readonly string[]) =>
      (await engine.ls({ select: ['*'], resourceTypes })).nodes.map((n) => n.selector)
    expect(await listed()).not.toContain('shop.analysis.best')
    expect(await listed()).toContain('exposure:shop.good')
    expect(await listed(['analysis'])).toEqual(['shop.analysis.best'])
    expect(await listed(['all'])).toContain('shop.analysis.best')
    expect(await here.database.sql(`select count(*) from information_schema.tables where table_name = 'best'`)).toEqual(
      [[0]],
    )
  })
})
