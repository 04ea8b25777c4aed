import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Engine } from '../../../src/commands/engine.ts'
import type { EngineOptions, RunOptions } from '../../../src/commands/options.ts'
import type { RunReport } from '../../../src/commands/outcome.ts'
import type { ExportManifest } from '../../../src/exports/export-manifest.ts'
import { TemporaryProject } from '../../errors/temporary-project.ts'
import { type Here, onEachDatabase } from '../../on-each-database.ts'

const ORDERS = "select 1 as id, 'DE' as country, 20.5 as amount union all select 2, 'FR', 10.25"

const EXPORTS = `models:
  - name: orders
    columns:
      - {name: id, data_tests: [unique, not_null]}
exports:
  - name: orders_file
    description: For the planners
    from: ref('orders')
    to: out/orders.parquet
    owner: {name: Planning, email: plan@example.com}
    tags: [nightly]
`

type Files = Readonly<Record<string, string | null>>

function makeShop(here: Here, files: Files): TemporaryProject {
  return new TemporaryProject(
    { 'models/stg_orders.sql': null, 'models/orders.sql': ORDERS, 'models/exports.yml': EXPORTS, ...files },
    here.database.target,
  )
}

async function run(
  project: TemporaryProject,
  command: (engine: Engine) => Promise<RunReport> = (engine) => engine.build(),
): Promise<{
  exitCode: number
  results: RunReport['results']
  of: (id: string) => string
  codes: readonly string[]
  report: RunReport
}> {
  const report = await command(await Engine.open({ projectDir: project.root, env: {} }))
  return {
    exitCode: report.exitCode,
    results: report.results,
    report,
    of: (id) => {
      const result = report.results.find((r) => r.uniqueId === id)
      return result === undefined ? 'none' : `${result.status}: ${result.message}`
    },
    codes: report.diagnostics.map((d) => d.code),
  }
}

const build = (options: RunOptions) => (engine: Engine) => engine.build(options)
const manifestOf = (project: TemporaryProject, file: string): ExportManifest =>
  JSON.parse(readFileSync(join(project.root, `${file}.manifest.json`), 'utf8'))
const bytesOf = (project: TemporaryProject, file: string): Buffer => readFileSync(join(project.root, file))
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describe('exports', () => {
  const projects: TemporaryProject[] = []
  afterEach(() => {
    for (const project of projects.splice(0)) project.remove()
  })
  onEachDatabase((here) => {
    const shop = (files: Files = {}): TemporaryProject => {
      const project = makeShop(here, files)
      projects.push(project)
      return project
    }

    it('are made by a build after what they read was published, with a manifest beside them', async () => {
      const project = shop()
      const built = await run(project)
      expect(built.exitCode).toBe(0)
      expect(built.of('export.shop.orders_file')).toBe('success: 2 rows to out/orders.parquet')
      expect(built.results.at(-1)!.uniqueId).toBe('export.shop.orders_file')
      const manifest = manifestOf(project, 'out/orders.parquet')
      const bytes = bytesOf(project, 'out/orders.parquet')
      expect(manifest).toMatchObject({
        export: 'export.shop.orders_file',
        project: 'shop',
        format: 'parquet',
        engine: here.engine.name,
        tables: [{ name: 'orders', node: 'model.shop.orders', rows: 2 }],
        files: [{ path: 'orders.parquet', bytes: bytes.length, sha256: hashOf(bytes) }],
      })
      expect(manifest.tables[0]!.columns.map((c) => c.name)).toEqual(['id', 'country', 'amount'])
      expect(readdirSync(join(project.root, 'out')).sort()).toEqual(['orders.parquet', 'orders.parquet.manifest.json'])
      const again = await run(project, (engine) => engine.export())
      expect(again.results.map((r) => r.uniqueId)).toEqual(['export.shop.orders_file'])
      expect(manifestOf(project, 'out/orders.parquet').run_id).not.toBe(manifest.run_id)
    })

    it('keep their old file when a test of what they read fails, and say so', async () => {
      const project = shop()
      expect((await run(project)).exitCode).toBe(0)
      const before = bytesOf(project, 'out/orders.parquet')
      const of = manifestOf(project, 'out/orders.parquet').generated_at
      project.write({ 'models/orders.sql': `${ORDERS} union all select 2, 'IT', 1.0` })
      const failed = await run(project)
      expect(failed.exitCode).toBe(1)
      expect(failed.of('export.shop.orders_file')).toBe(
        `skipped: skipped because \`orders\` failed; out/orders.parquet stays as it was (of ${of})`,
      )
      expect(bytesOf(project, 'out/orders.parquet').equals(before)).toBe(true)
      // What is published has passed its tests: asked for alone, it is exported again.
      const alone = await run(project, (engine) => engine.export())
      expect(alone.of('export.shop.orders_file')).toBe('success: 2 rows to out/orders.parquet')
    })

    it('wait for tests that are decided only with a later model', async () => {
      const project = shop({
        'models/countries.sql': 'select \'DE\' as code /* after {{ref "orders"}} */',
        'models/exports.yml': `${EXPORTS}
  - name: never
    from: ref('orders')
    to: out/never.parquet
`.replace(
          '- {name: id, data_tests: [unique, not_null]}',
          "- {name: country, data_tests: [{relationships: {to: ref('countries'), field: code}}]}",
        ),
      })
      const built = await run(project)
      expect(built.exitCode).toBe(1)
      expect(built.of('export.shop.never')).toMatch(/^skipped: skipped because /)
      expect(existsSync(join(project.root, 'out'))).toBe(false)
    })

    it('are selected by name, by graph operators, type and tag, and listed', async () => {
      const project = shop()
      const list = async (select: string): Promise<readonly string[]> =>
        (await (await Engine.open({ projectDir: project.root, env: {} })).ls({ select: [select] })).nodes.map(
          (n) => n.unique_id,
        )
      expect(await list('export:orders_file')).toEqual(['export.shop.orders_file'])
      expect(await list('+export:orders_file')).toContain('model.shop.orders')
      expect(await list('orders+1')).toContain('export.shop.orders_file')
      expect(await list('resource_type:export')).toEqual(['export.shop.orders_file'])
      expect(await list('tag:nightly')).toEqual(['export.shop.orders_file'])
      const nodes = (await (await Engine.open({ projectDir: project.root, env: {} })).ls({ select: ['export:*'] }))
        .nodes
      expect(nodes[0]).toMatchObject({
        selector: 'export:shop.orders_file',
        resource_type: 'export',
        depends_on: { nodes: ['model.shop.orders'] },
      })
      expect((await run(project, build({ exclude: ['export:*'] }))).of('export.shop.orders_file')).toBe('none')
      const only = await run(project, build({ select: ['export:orders_file'] }))
      expect(only.results.map((r) => r.uniqueId)).toEqual(['export.shop.orders_file'])
    })

    it('are told of when none is selected', async () => {
      const project = shop()
      const none = await run(project, (engine) => engine.export({ select: ['orders'] }))
      expect(none.report.diagnostics.map((d) => `${d.code}: ${d.message}`)).toEqual([
        'commands/nothing-to-export: nothing is exported: the selection has no exports',
      ])
      project.write({ 'models/exports.yml': null })
      const empty = await run(project, (engine) => engine.export({ publish: true }))
      expect(empty.report.diagnostics.map((d) => d.message)).toEqual([
        'nothing is exported: the project has no exports',
      ])
    })

    it('are exposures in the manifest', async () => {
      const project = shop()
      await run(project)
      const manifest = JSON.parse(readFileSync(join(project.root, 'target/manifest.json'), 'utf8'))
      expect(manifest.exposures['export.shop.orders_file']).toMatchObject({
        resource_type: 'exposure',
        type: 'application',
        owner: { name: 'Planning', email: 'plan@example.com' },
        depends_on: { nodes: ['model.shop.orders'] },
        meta: { tsdbt: { export: { format: 'parquet', to: 'out/orders.parquet' } } },
      })
      expect(manifest.child_map['model.shop.orders']).toContain('export.shop.orders_file')
      const results = JSON.parse(readFileSync(join(project.root, 'target/run_results.json'), 'utf8'))
      const result = results.results.find((r: { unique_id: string }) => r.unique_id === 'export.shop.orders_file')
      expect(result).toMatchObject({
        status: 'success',
        adapter_response: { rows_exported: 2, path: 'out/orders.parquet' },
      })
    })

    it('show in a dry run what they would write, and write nothing', async () => {
      const project = shop()
      const dry = await run(project, (engine) => engine.build({ dryRun: true }))
      expect(dry.report.exportPlan).toEqual([
        {
          uniqueId: 'export.shop.orders_file',
          name: 'orders_file',
          format: 'parquet',
          to: 'out/orders.parquet',
          replaces: false,
          tables: [{ name: 'orders', columns: null }],
          notes: [],
        },
      ])
      await run(project, build({ exclude: ['export:*'] }))
      const later = await run(project, (engine) => engine.export({ dryRun: true }))
      expect(later.report.exportPlan[0]!.tables).toEqual([{ name: 'orders', columns: ['id', 'country', 'amount'] }])
      expect(existsSync(join(project.root, 'out'))).toBe(false)
    })

    it('refuse columns that are gone or retyped since the last time, unless that is allowed', async () => {
      const project = shop()
      await run(project)
      const before = bytesOf(project, 'out/orders.parquet')
      project.write({ 'models/orders.sql': "select 1 as id, 'x' as amount, 1 as extra" })
      const refused = await run(project)
      expect(refused.exitCode).toBe(1)
      expect(refused.codes).toEqual(['exports/schema-changed'])
      expect(refused.of('export.shop.orders_file')).toMatch(
        /^error: the columns of `out\/orders\.parquet` would change: `country` is gone, `amount` was \S+ and is \S+; out\/orders\.parquet stays as it was/,
      )
      expect(bytesOf(project, 'out/orders.parquet').equals(before)).toBe(true)
      project.write({ 'models/exports.yml': `${EXPORTS}    on_schema_change: allow\n` })
      expect((await run(project)).exitCode).toBe(0)
      expect(manifestOf(project, 'out/orders.parquet').tables[0]!.columns.map((c) => c.name)).toEqual([
        'id',
        'amount',
        'extra',
      ])
    })

    it('take the promised columns in their order, and hold their types', async () => {
      const project = shop({
        'models/exports.yml': `${EXPORTS}    columns: [country, {name: id, data_type: integer}]\n`,
      })
      expect((await run(project)).exitCode).toBe(0)
      expect(manifestOf(project, 'out/orders.parquet').tables[0]!.columns.map((c) => c.name)).toEqual(['country', 'id'])
      const places = async (columns: string): Promise<readonly string[]> => {
        project.write({ 'models/exports.yml': `${EXPORTS}    columns: ${columns}\n` })
        const { report } = await run(project)
        return report.diagnostics.map((d) => `${d.code} ${d.message} ${(d.hints ?? []).join('; ')}`)
      }
      expect(await places('[countri, id]')).toEqual([
        'exports/column-missing `orders` has no column `countri`, which the export promises did you mean `country`?',
      ])
      expect((await places('[{name: id, data_type: text}]'))[0]).toMatch(
        /^exports\/column-type the column `id` is integer; the export promises text/i,
      )
      expect((await places('[{name: id, data_type: nonsense}]'))[0]).toMatch(
        /^exports\/unknown-type `nonsense` is no type here/,
      )
    })

    it('leave what was there when the file cannot be put in its place', async () => {
      const project = shop()
      mkdirSync(join(project.root, 'out/orders.parquet'), { recursive: true })
      expect((await run(project)).codes).toEqual(['exports/place-is-folder'])
      rmSync(join(project.root, 'out'), { recursive: true })
      mkdirSync(join(project.root, 'out/orders.parquet.manifest.json'), { recursive: true })
      expect((await run(project)).codes).toEqual(['exports/place-is-folder'])
      expect(readdirSync(join(project.root, 'out'))).toEqual(['orders.parquet.manifest.json'])
      rmSync(join(project.root, 'out'), { recursive: true })
      writeFileSync(join(project.root, 'out'), 'a file')
      expect((await run(project)).codes).toEqual(['exports/cannot-write'])
      rmSync(join(project.root, 'out'))
      const elsewhere = new TemporaryProject()
      projects.push(elsewhere)
      symlinkSync(elsewhere.root, join(project.root, 'out'))
      expect((await run(project)).codes).toEqual(['exports/outside-project'])
      expect(readdirSync(elsewhere.root)).not.toContain('orders.parquet')
    })

    it('do not write one file twice when links lead two of them there', async () => {
      const second = '  - {name: second, from: "ref(\'orders\')", to: link/orders.parquet}\n'
      const project = shop({ 'models/exports.yml': `${EXPORTS}${second}` })
      mkdirSync(join(project.root, 'out'))
      symlinkSync('out', join(project.root, 'link'))
      const { report } = await run(project)
      expect(report.exitCode).toBe(1)
      expect(report.diagnostics.map((d) => d.code)).toEqual(['exports/place-taken'])
      expect(report.diagnostics[0]!.message).toMatch(
        /out\/orders\.parquet, which the export `\w+` writes in the same run/,
      )
      rmSync(join(project.root, 'link'))
      symlinkSync('link', join(project.root, 'link'))
      const turning = await run(project, (engine) => engine.export({ select: ['export:second'] }))
      expect(turning.of('export.shop.second')).toBe(
        'error: `link/orders.parquet` cannot be written: its links lead in a circle',
      )
    })

    it('clear away what a dead run left, and nothing of a run that lives', async () => {
      const project = shop()
      mkdirSync(join(project.root, 'out'))
      const dead = '.tsdbt-999999999-0123abcd-orders.parquet'
      const other = '.tsdbt-999999999-0123abcd-customers.parquet'
      const alive = `.tsdbt-${process.pid}-0123abcd-orders.parquet`
      for (const name of [dead, other, alive]) {
        mkdirSync(join(project.root, 'out', name))
        writeFileSync(join(project.root, 'out', name, 'half'), '')
      }
      await run(project)
      expect(readdirSync(join(project.root, 'out')).sort()).toEqual(
        [other, alive, 'orders.parquet', 'orders.parquet.manifest.json'].sort(),
      )
    })

    it('are made again by retry when they failed', async () => {
      const project = shop()
      mkdirSync(join(project.root, 'out/orders.parquet'), { recursive: true })
      expect((await run(project)).exitCode).toBe(1)
      rmSync(join(project.root, 'out'), { recursive: true })
      const retried = await Engine.retry({ projectDir: project.root, env: {} })
      expect(retried.results.map((r) => `${r.uniqueId} ${r.status}`)).toEqual(['export.shop.orders_file success'])
    })

    it('stay as they are when only a part of the rows was read', async () => {
      const project = shop()
      await run(project)
      const before = bytesOf(project, 'out/orders.parquet')
      const messages: string[] = []
      const engine = await Engine.open({
        projectDir: project.root,
        env: {},
        on: (event) => event.type === 'message' && messages.push(event.text),
      })
      const report = await engine.build({ empty: true })
      expect(report.exitCode).toBe(0)
      expect(report.results.map((r) => r.uniqueId)).not.toContain('export.shop.orders_file')
      expect(messages).toContain('Exports stay as they are, because `--empty` does not read all rows: orders_file')
      expect(bytesOf(project, 'out/orders.parquet').equals(before)).toBe(true)
    })

    it('end at once when the run is stopped, and leave nothing behind', async () => {
      const project = shop({ 'models/orders.sql': 'select * from generate_series(1, 3000000) as t(id)' })
      await run(project, build({ exclude: ['export:*'] }))
      const controller = new AbortController()
      const engine = await Engine.open({
        projectDir: project.root,
        env: {},
        signal: controller.signal,
        on: (event) => {
          if (event.type === 'node.executing') controller.abort()
        },
      })
      const report = await engine.export()
      expect(report.exitCode).toBe(130)
      expect(report.results).toMatchObject([
        { uniqueId: 'export.shop.orders_file', status: 'skipped', message: 'cancelled' },
      ])
      expect(existsSync(join(project.root, 'out')) ? readdirSync(join(project.root, 'out')) : []).toEqual([])
    })

    it('count as modified when their place or their format changes', async () => {
      const project = shop()
      await run(project)
      const modified = async (): Promise<readonly string[]> =>
        (await (await Engine.open({ projectDir: project.root, env: {} })).ls({ select: ['state:modified'] })).nodes.map(
          (n) => n.unique_id,
        )
      expect(await modified()).toEqual([])
      project.write({ 'models/exports.yml': EXPORTS.replace('out/orders', 'out/all_orders') })
      expect(await modified()).toEqual(['export.shop.orders_file'])
      project.write({ 'models/exports.yml': `${EXPORTS}    options: {compression: gzip}\n` })
      expect(await modified()).toEqual(['export.shop.orders_file'])
    })

    it('count as modified when they read another version of a model', async () => {
      const versions = (v: number): string => `models:
  - {name: orders, latest_version: 1, versions: [{v: 1}, {v: 2}]}
exports:
  - {name: orders_file, from: "ref('orders', v=${v})", to: out/orders.csv}
`
      const project = shop({
        'models/orders.sql': null,
        'models/orders_v1.sql': ORDERS,
        'models/orders_v2.sql': ORDERS,
        'models/exports.yml': versions(1),
      })
      expect((await run(project)).exitCode).toBe(0)
      project.write({ 'models/exports.yml': versions(2) })
      const engine = await Engine.open({ projectDir: project.root, env: {} })
      expect((await engine.ls({ select: ['state:modified'] })).nodes.map((n) => n.unique_id)).toEqual([
        'export.shop.orders_file',
      ])
    })

    it('tell once which files are old when the run is over', async () => {
      const project = shop()
      await run(project)
      const of = manifestOf(project, 'out/orders.parquet').generated_at
      project.write({ 'models/orders.sql': `${ORDERS} union all select 2, 'IT', 1.0` })
      for (const options of [{}, { allOrNothing: true }]) {
        const texts: string[] = []
        const on: EngineOptions['on'] = (event) => event.type === 'message' && texts.push(event.text)
        const engine = await Engine.open({ projectDir: project.root, env: {}, on })
        expect((await engine.build(options)).exitCode).toBe(1)
        expect(texts).toContain(`Left as it was: out/orders.parquet (of ${of})`)
      }
    })

    it('tell a source that is missing from a model that was not built', async () => {
      const project = shop({
        'models/exports.yml': `sources:
  - {name: raw, schema: ${here.database.target.schema}, tables: [{name: nowhere}]}
exports:
  - {name: a, from: "source('raw', 'nowhere')", to: a.csv}
  - {name: b, from: "ref('orders')", to: b.csv}
`,
      })
      const { report } = await run(project, (engine) => engine.export())
      expect(report.diagnostics.map((d) => `${d.code}: ${d.hints?.join()}`).sort()).toEqual([
        'exports/relation-missing: build it first: `tsdbt build --select +orders`',
        'exports/source-missing: load it first, or correct `database`, `schema` and `identifier` of the source',
      ])
    })

    it('are the place of mistakes that no file has', async () => {
      const project = shop({ 'models/exports.yml': EXPORTS.replace('orders.parquet', 'orders.hyper') })
      const env = { TSDBT_HYPERD: '/nowhere/hyperd' }
      const report = await (await Engine.open({ projectDir: project.root, env })).build()
      expect(report.diagnostics.map(({ code, span }) => `${code} ${span?.path} ${span?.start}`)).toEqual([
        `exports/hyperd-unfit models/exports.yml ${EXPORTS.indexOf('orders_file')}`,
      ])
    })
  })
})
