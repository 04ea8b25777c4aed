import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { workbookPictures } from '../../scripts/pictures/workbook-pictures.ts'
import { openHyper } from '../../src/exports/hyper/open-hyper.ts'
import { readHyper } from '../exports/hyper/read-hyper.ts'
import { brokenNames } from '../exports/workbook/check-twb.ts'
import { SCHEMAS, schemaErrors } from '../exports/workbook/validate-twb.ts'
import { BuiltWarehouse } from './built-warehouse.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const warehouse = new BuiltWarehouse([])
const hyper = openHyper({ env: {}, projectRoot: root, folders: () => [warehouse.folder] })
const MARTS = ['mart_ab_test', 'mart_campaign_trends', 'mart_cohort_retention', 'mart_funnel', 'mart_geo_emea']

beforeAll(async () => {
  const { code, stdout, stderr } = await warehouse.run('build')
  expect(code, stdout + stderr).toBe(0)
}, 300_000)

afterAll(async () => {
  await hyper.close()
  warehouse.remove()
})

/** The files of a package that the build made. */
const packaged = (name: string) => unzipSync(readFileSync(join(warehouse.folder, 'exports/dev', name)))

/** Rows without an order. Numbers are compared as such, for the two write them differently. */
function comparable(rows: readonly (readonly (string | null)[])[]): readonly string[] {
  const cell = (text: string | null): string | number | null => {
    if (text === null || text === '') return text
    if (text === 't' || text === 'f') return text === 't' ? 'true' : 'false'
    return Number.isNaN(Number(text)) ? text : Number(Number(text).toPrecision(12))
  }
  return rows.map((row) => JSON.stringify(row.map(cell))).sort()
}

it('leave the warehouse with a manifest beside each', () => {
  const made = [...warehouse.results()].filter(([id]) => id.startsWith('export.')).map(([, result]) => result)
  const files = readdirSync(join(warehouse.folder, 'exports/dev')).filter((name) => !name.endsWith('.manifest.json'))
  const exported = made.filter((result) => result.adapter_response['path'] !== undefined)
  expect(exported.map((result) => String(result.adapter_response['path'])).sort()).toEqual(
    files.map((name) => `exports/dev/${name}`).sort(),
  )
  for (const name of files)
    expect(existsSync(join(warehouse.folder, `exports/dev/${name}.manifest.json`)), name).toBe(true)
})

it('hold a workbook that both schemas of Tableau accept and whose names all mean something', async () => {
  const files = packaged('ad_performance.twbx')
  expect(Object.keys(files).sort()).toEqual([
    ...MARTS.map((mart) => `Data/Extracts/${mart}.hyper`),
    'ad_performance.twb',
  ])
  const document = strFromU8(files['ad_performance.twb']!)
  for (const schema of SCHEMAS)
    expect(await schemaErrors(schema, { workbook: document }), schema).toEqual({ workbook: [] })
  expect(brokenNames(document)).toEqual([])
  const tabs = [...document.matchAll(/<dashboard [^>]*name='([^']+)'/g)].map(([, name]) => name)
  expect(tabs).toEqual(['Campaign Trends', 'A/B Test', 'Customer Lifecycle', 'Geo EMEA'])
})

it('hold the rows of the marts, read back by Hyper cell by cell', async () => {
  const files = packaged('ad_performance.twbx')
  const source = packaged('campaign_trends.tdsx')
  const unpacked = join(warehouse.folder, 'unpacked')
  mkdirSync(unpacked)
  const extracts = {
    ...Object.fromEntries(MARTS.map((mart) => [mart, files[`Data/Extracts/${mart}.hyper`]!])),
    campaign_trends: source['Data/Extracts/campaign_trends.hyper']!,
  }
  for (const [name, bytes] of Object.entries(extracts)) {
    const path = join(unpacked, `${name}.hyper`)
    writeFileSync(path, bytes)
    const { version, tables } = await readHyper(hyper, path)
    const extract = tables['Extract.Extract']!
    const mart = name === 'campaign_trends' ? 'mart_campaign_trends' : name
    const rows = await warehouse.query(`select * from dev_analytics.${mart}`)
    expect(version).toBe(2)
    expect(extract.columns.map((column) => column.split(' ')[0])).toEqual(Object.keys(rows[0]!))
    expect(comparable(extract.rows)).toEqual(comparable(rows.map((row) => Object.values(row))))
  }
})

it('are drawn as they are described now, with the rows of now (`npm run pictures` draws them anew)', async () => {
  const pictures = await workbookPictures(root, warehouse.folder)
  expect(readdirSync(join(root, 'docs/pictures')).sort()).toEqual([...pictures.keys()].sort())
  for (const [name, svg] of pictures) {
    expect(readFileSync(join(root, 'docs/pictures', name), 'utf8') === svg, `docs/pictures/${name} is another`).toBe(
      true,
    )
    expect(svg.length, name).toBeLessThan(150_000)
  }
})
