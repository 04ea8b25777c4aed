import { expect, it } from 'vitest'
import { dashboardPicture } from '../../scripts/pictures/dashboard-picture.ts'
import type { MartTable } from '../../scripts/pictures/mart-table.ts'
import { SourceFile } from '../../src/base/source-file.ts'
import { readWorkbook } from '../../src/config/exports/workbook/read-workbook.ts'
import { parseYaml } from '../../src/config/parse-yaml.ts'
import { YamlReader } from '../../src/config/yaml-reader.ts'

const days = ['2026-01-05', '2026-01-20', '2026-02-03', '2026-02-17']
const rows = ['Alpha', 'Beta', 'Gamma'].flatMap((team, i) =>
  days.map((day, j) => ({ team, day, sold: (i + 1) * 100 + j, cost: j === 0 ? null : 40 + 10 * i, land: 'FR' })),
)
const table: MartTable = { name: 'sales', columns: new Map(), measures: new Map(), rows }
const COUNTRIES = 'country_code,iso_alpha3,m49_code\nFR,FRA,250\n'

/** A dashboard of one sheet as a picture. */
function draw(sheet: string): Promise<string> {
  const text = `
sheets: [{ name: S, ${sheet} }]
dashboards:
  - name: D
    size: { width: 600, height: 400 }
    layout: { rows: [{ sheet: S, show_title: false }] }
`
  const file = new SourceFile('w.yml', text)
  const reader = new YamlReader(file, [], (value) => value)
  const spec = readWorkbook(reader, parseYaml(file).root!)!
  return dashboardPicture(spec.dashboards[0]!, { spec, tables: new Map([['sales', table]]), countries: COUNTRIES })
}

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)

it.each([
  [
    'kind: kpi, values: [{ field: sum(sold), title: Sold }, { field: sum(sold) / sum(cost), title: Ratio, format: "0.0x" }]',
    ['Sold', '2,418', 'Ratio', '5.4x'],
  ],
  [
    'kind: bar, columns: team, rows: sum(sold), label: { field: sum(sold), format: "#,##0" }',
    ['406', '806', '1,206', 'Alpha', 'Beta', 'Gamma'],
  ],
  [
    'kind: bar, rows: team, columns: { field: sum(sold), axis: false }, label: sum(sold), sort: { field: team, by: sum(sold) }, top: { of: team, by: sum(sold), count: 2 }',
    ['Gamma', 'Beta', '1,206', '806'],
  ],
  [
    'kind: bar, rows: land, columns: { field: sum(sold), axis: false }, color: team, label: team, stack: percent',
    ['FR', 'Alpha', 'Beta', 'Gamma'],
  ],
  [
    'kind: area, columns: { field: month(day), format: MMM }, rows: { field: sum(sold), axis: false }, color: team',
    ['Jan', 'Feb'],
  ],
  [
    'kind: line, columns: { field: week(day), format: d MMM }, rows: { field: sum(sold), axis: false }, markers: true',
    ['1 Feb'],
  ],
  [
    'kind: scatter, columns: sum(cost), rows: sum(sold), detail: team, label: team, size: sum(sold)',
    ['Alpha', 'Beta', 'Gamma'],
  ],
  [
    'kind: text, rows: team, values: [avg(cost), count(cost), median(sold)], totals: rows',
    ['Alpha', '40', '3', '101.50', 'Total', '50', '9'],
  ],
  [
    'kind: highlight, rows: team, columns: { field: month(day), format: MMM yyyy, discrete: true }, color: sum(sold)',
    ['Jan 2026', 'Feb 2026', '201', '205'],
  ],
  ['kind: funnel, steps: team, value: sum(sold)', ['Gamma', 'Beta', 'Alpha', '1,206']],
  [
    'kind: interval, rows: team, value: avg(sold), from: min(sold), to: max(sold), label: avg(sold)',
    ['Alpha', '101.50', '0', '303'],
  ],
  ['kind: map, location: land, color: sum(sold)', []],
] as const)('a sheet with %s', async (sheet, expected) => {
  const svg = await draw(sheet)
  expect(texts(svg)).toEqual(expect.arrayContaining([...expected]))
  expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  expect(await draw(sheet)).toBe(svg)
})

it('fills the countries that have rows and leaves the others as they are', async () => {
  const svg = await draw("kind: map, location: land, color: '#123456'")
  expect(svg.match(/fill="#123456"/g)).toHaveLength(1)
  expect(svg.match(/fill="#e8e8ed"/g)!.length).toBeGreaterThan(50)
})
