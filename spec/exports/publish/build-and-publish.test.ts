import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Engine } from '../../../src/commands/engine.ts'
import type { RunOptions } from '../../../src/commands/options.ts'
import type { ExportManifest } from '../../../src/exports/export-manifest.ts'
import { TemporaryProject } from '../../errors/temporary-project.ts'
import { onEachDatabase } from '../../on-each-database.ts'
import { failure, ProtocolServer } from './protocol-server.ts'

const exportsYml = `models:
  - name: orders
    columns:
      - {name: id, data_tests: [unique, not_null]}
exports:
  - name: trends
    from: ref('orders')
    to: out/trends.parquet
    publish:
      project: /Marketing/EMEA
      name: Campaign trends
      overwrite: true
  - name: quiet
    from: ref('orders')
    to: out/quiet.parquet
`

let server: ProtocolServer
let projects: TemporaryProject[]

beforeEach(async () => {
  server = await ProtocolServer.start()
  projects = []
})

afterEach(async () => {
  for (const project of projects) {
    // Whatever was written: no secret is in it.
    for (const file of ['target/run_results.json', 'target/manifest.json', 'out/trends.parquet.manifest.json']) {
      const path = join(project.root, file)
      if (existsSync(path)) expect(readFileSync(path, 'utf8')).not.toMatch(/s3cr3t|\w{32}\|/)
    }
    project.remove()
  }
  await server.stop()
  expect(server.violations).toEqual([])
  expect(server.tokens.size).toBe(0)
})

onEachDatabase((here) => {
  const shop = (files: Readonly<Record<string, string>> = {}): TemporaryProject => {
    const orders = "select 1 as id, 'DE' as country union all select 2, 'FR'"
    const all = {
      'models/stg_orders.sql': null,
      'models/orders.sql': orders,
      'models/exports.yml': exportsYml,
      ...files,
    }
    const project = new TemporaryProject(all, here.database.target)
    projects.push(project)
    return project
  }

  const nameOf = ({ uniqueId }: { readonly uniqueId: string }) => uniqueId.split('.').at(-1)

  async function run(project: TemporaryProject, verb: 'build' | 'export', options: RunOptions, env = {}) {
    const account = {
      TABLEAU_SERVER: server.url,
      TABLEAU_SITE: 'Samples',
      TABLEAU_PAT_NAME: 'ci',
      TABLEAU_PAT_SECRET: server.secret,
    }
    const said: string[] = []
    const engine = await Engine.open({
      projectDir: project.root,
      env: { ...account, ...env },
      on: (event) => said.push(JSON.stringify(event)),
    })
    const report = await engine[verb](options)
    expect(said.join('\n')).not.toMatch(/s3cr3t|\w{32}\|/)
    expect(JSON.stringify(report.diagnostics)).not.toContain('s3cr3t')
    const results = report.results.filter((r) => r.uniqueId.startsWith('export.'))
    return {
      report,
      exitCode: report.exitCode,
      told: results.map((r) => `${nameOf(r)} ${r.status}: ${r.message}`).sort(),
      results,
    }
  }

  const bytes = (project: TemporaryProject) => readFileSync(join(project.root, 'out/trends.parquet'))
  const manifest = (project: TemporaryProject): ExportManifest =>
    JSON.parse(readFileSync(join(project.root, 'out/trends.parquet.manifest.json'), 'utf8'))

  it('protocol check: publishes the new file when it is asked to, and keeps what became of it', async () => {
    const project = shop()
    const without = await run(project, 'build', {})
    expect([without.exitCode, server.requests.length]).toEqual([0, 0])
    expect(manifest(project).published).toBeUndefined()

    const planned = await run(project, 'export', { publish: true, dryRun: true }, { TABLEAU_SERVER: undefined })
    expect(planned.report.exportPlan.map((p) => p.notes)).toEqual([
      ['publish to /Marketing/EMEA as the data source `Campaign trends`'],
      [],
    ])
    expect(server.requests).toEqual([])

    const done = await run(project, 'build', { publish: true })
    expect(done.exitCode).toBe(0)
    expect(done.told).toEqual([
      'quiet success: 2 rows to out/quiet.parquet',
      'trends success: 2 rows to out/trends.parquet, published to /Marketing/EMEA as the data source `Campaign trends`',
    ])
    expect(server.content.map((c) => [c.name, c.query])).toEqual([
      ['Campaign trends', { datasourceType: 'parquet', overwrite: 'true' }],
    ])
    const { id } = server.content[0]!
    expect(server.content[0]!.bytes.equals(bytes(project))).toBe(true)
    const url = `${server.url}/#/site/Samples/datasources/7`
    expect(manifest(project).published).toMatchObject({ kind: 'datasource', id, project: '/Marketing/EMEA', url })
    expect(done.results.find((r) => nameOf(r) === 'trends')!.adapterResponse).toMatchObject({
      published_as: 'datasource',
      published_id: id,
      published_to: '/Marketing/EMEA/Campaign trends',
      published_url: url,
    })
    expect(server.sent('POST /datasources')).toHaveLength(1)
    expect(server.sent('POST /auth/signin')).toHaveLength(1)
  })

  it('protocol check: a failure is that of the export; the file is new and the site has what it had', async () => {
    const project = shop()
    await run(project, 'build', { publish: true })
    const [before] = server.content
    project.write({ 'models/orders.sql': "select 3 as id, 'IT' as country" })
    server.once('POST /datasources', {
      kind: 'answer',
      status: 403,
      body: failure(403, '403004', 'Forbidden', 'No right.').body,
    })
    const failed = await run(project, 'build', { publish: true })
    expect(failed.exitCode).toBe(1)
    expect(failed.told).toEqual([
      'quiet success: 1 row to out/quiet.parquet',
      'trends error: publishing the data source `Campaign trends` is not allowed: Forbidden: No right. (403004)',
    ])
    const diagnostic = failed.report.diagnostics.find((d) => d.code === 'publish/forbidden')
    expect(diagnostic?.notes).toEqual(['`out/trends.parquet` is new; the site has what it had before'])
    expect(diagnostic?.span?.path).toBe('models/exports.yml')
    expect(server.content).toEqual([before])
    expect(before!.bytes.equals(bytes(project))).toBe(false)
    expect(manifest(project).tables[0]!.rows).toBe(1)
    expect(manifest(project).published).toBeUndefined()

    // A model that its tests reject changes neither the file nor the site.
    const standing = bytes(project)
    project.write({ 'models/orders.sql': "select null as id, 'IT' as country" })
    const sent = server.sent('POST /datasources').length
    const rejected = await run(project, 'build', { publish: true })
    expect(rejected.exitCode).toBe(1)
    expect(rejected.told[1]).toMatch(/^trends skipped: .*; out\/trends.parquet stays as it was/)
    expect(bytes(project).equals(standing)).toBe(true)
    expect(server.sent('POST /datasources')).toHaveLength(sent)
  })

  it('tells of mistakes before anything is built', async () => {
    const project = shop()
    const unset = await run(project, 'build', { publish: true }, { TABLEAU_PAT_SECRET: '' })
    expect([unset.exitCode, unset.report.results, unset.report.diagnostics.map((d) => d.code)]).toEqual([
      2,
      [],
      ['publish/no-account'],
    ])
    const none = await run(project, 'build', { publish: true, select: ['orders'] })
    expect(none.report.diagnostics.map((d) => d.code)).toEqual(['commands/nothing-to-publish'])
    const second = exportsYml.replace(
      'to: out/quiet.parquet',
      'to: out/quiet.parquet\n    publish: {project: /marketing/EMEA, name: campaign Trends}',
    )
    const twice = await run(shop({ 'models/exports.yml': second }), 'build', {})
    expect([twice.exitCode, twice.report.diagnostics.map((d) => d.code)]).toEqual([
      2,
      ['project/export-published-twice'],
    ])
    const secret = { 'models/orders.sql': `select '{{env_var "TABLEAU_PAT_SECRET"}}' as id` }
    const read = await run(shop(secret), 'build', {})
    expect(read.report.diagnostics.map((d) => d.code)).toContain('compile/secret-outside-profiles')
    expect(server.requests).toEqual([])
  })
})
