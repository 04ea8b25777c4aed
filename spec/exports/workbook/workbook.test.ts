import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { HyperService } from '../../../src/exports/hyper/hyper-service.ts'
import { openHyper } from '../../../src/exports/hyper/open-hyper.ts'
import { openZip } from '../../../src/exports/zip/open-zip.ts'
import { TemporaryProject } from '../../errors/temporary-project.ts'
import { type Here, onEachDatabase } from '../../on-each-database.ts'
import { readHyper } from '../hyper/read-hyper.ts'
import { brokenNames } from './check-twb.ts'
import { SCHEMAS, schemaErrors } from './validate-twb.ts'

/** The example of the documentation. */
const EXAMPLE = /## A complete example[\s\S]*?```yaml\n([\s\S]*?)```/.exec(
  readFileSync(join(import.meta.dirname, '../../../docs/workbooks.md'), 'utf8'),
)![1]!

const SALES = `select date '2026-01-01' as sold_on, 'DE' as country, 'search' as channel,
  cast(100.5 as decimal(12, 2)) as revenue, cast(20 as decimal(12, 2)) as spend, 3 as orders
union all select date '2026-02-01', 'FR', 'social', cast(50 as decimal(12, 2)), cast(10 as decimal(12, 2)), 2`

const yaml = (to: string, options: string, from = "ref('sales')"): string => `models:
  - name: sales
    columns: [{ name: orders, data_tests: [not_null] }]
exports:
  - name: sales_dashboard
    from: ${from}
    to: ${to}
    options: ${options}
`
const TWBX = yaml('out/sales.twbx', '{ workbook: dashboards/sales.yml }')

async function unpacked(path: string): Promise<Readonly<Record<string, Buffer>>> {
  const zip = await openZip(path)
  const found: Record<string, Buffer> = {}
  for (const entry of zip.entries) found[entry.fileName] = await buffer(await zip.stream(entry))
  zip.close()
  return found
}

describe('workbooks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tsdbt-spec-twbx-'))
  let hyper: HyperService
  const projects: TemporaryProject[] = []

  beforeAll(() => {
    hyper = openHyper({ env: {}, projectRoot: process.cwd(), folders: () => [folder] })
  })
  afterEach(() => {
    for (const project of projects.splice(0)) project.remove()
  })
  afterAll(async () => {
    await hyper.close()
    rmSync(folder, { recursive: true, force: true })
  })

  function shop(files: Readonly<Record<string, string>>, here?: Here): TemporaryProject {
    const all = { 'models/stg_orders.sql': null, 'models/sales.sql': SALES, ...files }
    const project = here === undefined ? new TemporaryProject(all) : new TemporaryProject(all, here.database.target)
    projects.push(project)
    return project
  }

  onEachDatabase((here) => {
    it('hold their data and are valid, and stay as they were when a test fails', async () => {
      const project = shop({ 'models/sales.yml': TWBX, 'dashboards/sales.yml': EXAMPLE }, here)
      expect(await project.build()).toEqual({ exitCode: 0, found: [] })
      const file = join(project.root, 'out/sales.twbx')
      const first = readFileSync(file)
      const made = await unpacked(file)
      expect(Object.keys(made).sort()).toEqual(['Data/Extracts/sales.hyper', 'sales.twb'])
      const document = made['sales.twb']!.toString('utf8')
      for (const schema of SCHEMAS) expect(await schemaErrors(schema, { document })).toEqual({ document: [] })
      expect(brokenNames(document)).toEqual([])
      expect(document).toContain("<map to='#ff9500'>")
      const extract = join(folder, `${here.engine.name}.hyper`)
      writeFileSync(extract, made['Data/Extracts/sales.hyper']!)
      const { tables } = await readHyper(hyper, extract)
      expect(tables['Extract.Extract']?.rows).toEqual([
        ['2026-01-01', 'DE', 'search', '100.50', '20.00', '3'],
        ['2026-02-01', 'FR', 'social', '50.00', '10.00', '2'],
      ])
      expect(JSON.parse(readFileSync(`${file}.manifest.json`, 'utf8')).facts).toMatchObject({
        sheets: 4,
        dashboards: 1,
      })
      project.write({ 'models/sales.sql': SALES.replace('3 as orders', 'cast(null as integer) as orders') })
      expect((await project.build()).exitCode).toBe(1)
      expect(readFileSync(file).equals(first)).toBe(true)
    })

    it('read a server live where there is one, or a file beside them', async () => {
      const project = shop(
        {
          'models/sales.yml': yaml('out/sales.twb', '{ workbook: dashboards/sales.yml, server: db.example.com }'),
          'dashboards/sales.yml': EXAMPLE,
        },
        here,
      )
      const file = join(project.root, 'out/sales.twb')
      const { exitCode, found } = await project.build()
      if (here.engine.name === 'duckdb') {
        expect([exitCode, found[0]?.code]).toEqual([1, 'tableau/tds-needs-server'])
        expect(existsSync(file)).toBe(false)
      } else {
        expect([exitCode, found]).toEqual([0, []])
        const document = readFileSync(file, 'utf8')
        expect(document).toMatch(/class='postgres' [^>]*server='db\.example\.com'/)
        expect(await schemaErrors(SCHEMAS[0], { document })).toEqual({ document: [] })
      }
      project.write({
        'models/sales.yml': yaml('out/sales.twb', '{ workbook: dashboards/sales.yml, hyper: exports/sales.hyper }'),
      })
      expect(await project.build()).toEqual({ exitCode: 0, found: [] })
      expect(readFileSync(file, 'utf8')).toContain("dbname='../exports/sales.hyper'")
    })
  })

  const one = (sheet: string): string => `sheets:\n  - { name: A, ${sheet} }\n`
  const dashboard = (rest: string): string =>
    `${one('kind: kpi, values: sum(revenue)')}dashboards:\n  - { name: D, ${rest} }\n`

  it.each<readonly [what: string, workbook: string, code: string, place: string, exitCode: number]>([
    ['a kind that is none', one('kind: pie'), 'config/wrong-value', 'pie', 2],
    ['a key of another kind', one('kind: kpi, values: sum(revenue), stack: none'), 'config/unknown-key', 'stack', 2],
    ['a field that cannot be read', one('kind: kpi, values: sum(revenue'), 'config/workbook-field', 'sum(revenue', 2],
    ['an aggregation that is none', one('kind: kpi, values: total(revenue)'), 'config/workbook-function', 'total(', 2],
    ['a measure that is none', one('kind: kpi, values: revenue'), 'config/workbook-aggregate-needed', 'revenue', 2],
    ['no measure', one('kind: bar, rows: country'), 'config/workbook-sheet-needs', 'A,', 2],
    [
      'a format that is none',
      one('kind: kpi, values: { field: sum(spend), format: nice }'),
      'config/workbook-format',
      'nice',
      2,
    ],
    [
      'a palette that is none',
      one('kind: map, location: country, color: { field: channel, palette: pink }'),
      'config/workbook-unknown-name',
      'pink',
      2,
    ],
    ['a sheet that is none', dashboard('layout: { rows: [B] }'), 'config/workbook-unknown-name', 'B]', 2],
    [
      'a filter that is none',
      dashboard('layout: { rows: [A, { filter: channel }] }'),
      'config/workbook-unknown-name',
      'channel',
      2,
    ],
    ['an empty file', '', 'config/workbook-empty', '', 2],
    ['broken YAML', 'sheets:\n  - { name: A', 'config/yaml-syntax', '', 2],
    [
      'a column that is none',
      one('kind: kpi, values: sum(revenues)'),
      'tableau/workbook-unknown-column',
      'sum(revenues',
      1,
    ],
    [
      'a date that is none',
      one('kind: line, columns: month(country), rows: sum(spend)'),
      'tableau/workbook-not-a-date',
      'month(',
      1,
    ],
    ['a sum of text', one('kind: kpi, values: sum(country)'), 'tableau/workbook-not-a-number', 'sum(country', 1],
    [
      'a range of text',
      one('kind: kpi, values: sum(spend), filters: [{ field: country, range: [1, null] }]'),
      'tableau/workbook-filter-misfit',
      'country',
      1,
    ],
    [
      'months of a number',
      one('kind: kpi, values: sum(spend), filters: [{ field: sum(spend), last: { count: 2 } }]'),
      'tableau/workbook-filter-misfit',
      'sum(spend',
      1,
    ],
    ['a place that is none', one('kind: map, location: channel'), 'tableau/workbook-no-geographic-role', 'channel', 1],
    [
      'a table that is none',
      one('data: sale, kind: kpi, values: sum(spend)'),
      'tableau/workbook-unknown-table',
      'A,',
      1,
    ],
  ])('with %s are refused at its place', async (_, workbook, code, place, exitCode) => {
    const project = shop({ 'models/sales.yml': TWBX, 'dashboards/sales.yml': workbook })
    const { exitCode: exit, found } = await project.build()
    const [, line, column] = /^dashboards\/sales\.yml:(\d+):(\d+)$/.exec(found[0]?.at ?? '') ?? []
    const text = workbook.split('\n')[Number(line) - 1]?.slice(Number(column) - 1)
    expect([exit, found[0]?.code, text?.slice(0, place.length)]).toEqual([exitCode, code, place])
    expect(existsSync(join(project.root, 'out/sales.twbx'))).toBe(false)
  })

  it.each([
    ['{ workbook: dashboards/sale.yml }', 'config/workbook-file-missing'],
    ['{ workbook: ../sales.yml }', 'config/workbook-file-outside'],
    ['{}', 'config/workbook-missing'],
    ['{ workbook: dashboards/sales.yml, sheets: [] }', 'config/workbook-twice'],
    ['{ workbook: dashboards/sales.yml, into: hand.twbx }', 'config/workbook-beside-into'],
    ["{ workbook: dashboards/sales.yml, workbook_version: '19' }", 'config/wrong-value'],
  ])('with the options %s are refused before anything runs', async (options, code) => {
    const project = shop({ 'models/sales.yml': yaml('out/sales.twbx', options), 'dashboards/sales.yml': EXAMPLE })
    const { exitCode, found } = await project.build()
    expect([exitCode, found[0]?.code]).toEqual([2, code])
  })
})
