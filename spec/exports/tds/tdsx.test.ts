import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { HyperService } from '../../../src/exports/hyper/hyper-service.ts'
import { openHyper } from '../../../src/exports/hyper/open-hyper.ts'
import { openZip } from '../../../src/exports/zip/open-zip.ts'
import { runCli } from '../../cli/run-cli.ts'
import { TemporaryProject } from '../../errors/temporary-project.ts'
import { type Here, onEachDatabase } from '../../on-each-database.ts'
import { type HandMadeEntry, handMadeZip } from './hand-made-zip.ts'

const SALES = `select cast(1 as bigint) as sale_id, 'DE' as country, date '2026-01-02' as sold_on,
  cast(20.5 as double precision) as revenue, cast(12345678.25 as decimal(12, 2)) as budget
union all select 2, null, date '2026-01-03', 7.25, null`

const YAML = `models:
  - name: sales
    meta:
      tableau:
        calculations: [{ name: per_sale, formula: 'SUM([revenue]) / COUNT([sale_id])', format: number 2 }]
    columns:
      - { name: sale_id, data_tests: [unique, not_null] }
exports:
  - name: sales
    from: ref('sales')
    to: out/sales.tdsx
`

const into = (options: string): string =>
  YAML.replace('out/sales.tdsx\n', `out/fresh.tdsx\n    options: { ${options} }\n`)

type Packed = { readonly [name: string]: Buffer }

async function unpacked(path: string): Promise<Packed> {
  const zip = await openZip(path)
  const found: Record<string, Buffer> = {}
  for (const entry of zip.entries) found[entry.fileName] = await buffer(await zip.stream(entry))
  zip.close()
  return found
}

describe('packaged data sources', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tsdbt-spec-tdsx-'))
  let hyper: HyperService
  let count = 0
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

  function shop(here: Here, yaml: string, sql = SALES): TemporaryProject {
    const files = { 'models/stg_orders.sql': null, 'models/sales.sql': sql, 'models/sales.yml': yaml }
    const project = new TemporaryProject(files, here.database.target)
    projects.push(project)
    return project
  }

  /** Rows of a table of an extract, read by a Hyper of our own. */
  async function rowsOf(extract: Buffer, table: string): Promise<readonly (readonly (string | null)[])[]> {
    const path = join(folder, `${count++}.hyper`)
    writeFileSync(path, extract)
    const connection = await hyper.connect({ path })
    try {
      return await connection.query(`select * from ${table} order by 1`)
    } finally {
      await connection.close()
    }
  }

  const ROWS = [
    ['1', 'DE', '2026-01-02', '20.5', '12345678.25'],
    ['2', null, '2026-01-03', '7.25', null],
  ]

  /** A package as somebody saved it: another name of the extract and of its table, an image, a field of their own. */
  async function saveByHand(
    project: TemporaryProject,
    change: (entries: HandMadeEntry[]) => HandMadeEntry[] = (e) => e,
  ) {
    const made = await unpacked(join(project.root, 'out/sales.tdsx'))
    const path = join(folder, `${count++}.hyper`)
    writeFileSync(path, made['Data/Extracts/sales.hyper']!)
    const connection = await hyper.connect({ path })
    await connection.execute('alter table "Extract"."Extract" rename to "Sales ""2026"""')
    await connection.close()
    const extract = readFileSync(path)
    const document = made['sales.tds']!.toString('utf8')
      .replace('Data/Extracts/sales.hyper', 'Data/Extracts/federated_1x.hyper')
      .replaceAll('[Extract].[Extract]', '[Extract].[Sales "2026"]')
      .replaceAll('<parent-name>[Extract]<', '<parent-name>[Sales "2026"]<')
      .replace("caption='Country'", "caption='Land'")
    mkdirSync(join(project.root, 'tableau'), { recursive: true })
    const entries: HandMadeEntry[] = change([
      { name: 'Sales by hand.tds', bytes: document },
      { name: 'Image/logo.png', bytes: Buffer.from([137, 80, 78, 71, 0, 1, 2, 3]), stored: true, comment: 'ours' },
      { name: 'Data/Extracts/federated_1x.hyper', bytes: extract, streamed: true },
      { name: 'Notes.txt', bytes: 'mine' },
    ])
    writeFileSync(join(project.root, 'tableau/hand.tdsx'), handMadeZip(entries, 'by hand'))
  }

  onEachDatabase((here) => {
    it('hold the document and an extract that equals the model, the same bytes of the document in every run', async () => {
      const project = shop(here, YAML)
      const { exitCode, found } = await project.build()
      expect(found).toEqual([])
      expect(exitCode).toBe(0)
      const made = await unpacked(join(project.root, 'out/sales.tdsx'))
      expect(Object.keys(made)).toEqual(['Data/Extracts/sales.hyper', 'sales.tds'])
      expect(await rowsOf(made['Data/Extracts/sales.hyper']!, '"Extract"."Extract"')).toEqual(ROWS)
      const document = made['sales.tds']!.toString('utf8')
      expect(document).toContain("dbname='Data/Extracts/sales.hyper'")
      expect(document).toContain("formula='SUM([revenue]) / COUNT([sale_id])'")
      expect(readdirSync(join(project.root, 'out')).sort()).toEqual(['sales.tdsx', 'sales.tdsx.manifest.json'])
      await project.run((engine) => engine.export())
      expect((await unpacked(join(project.root, 'out/sales.tdsx')))['sales.tds']!.toString('utf8')).toBe(document)
    })

    it('made by hand get fresh rows and keep everything else', async () => {
      const project = shop(here, YAML)
      await project.build()
      await saveByHand(project)
      const before = readFileSync(join(project.root, 'tableau/hand.tdsx'))
      const changed = SALES.replace('20.5', '99.5').replace(' as budget', ' as budget, 7 as more')
      project.write({
        'models/sales.sql': changed.replace('7.25, null', '7.25, null, 8'),
        'models/sales.yml': into('into: tableau/hand.tdsx'),
      })
      const { exitCode, found } = await project.build()
      expect(found).toEqual([])
      expect(exitCode).toBe(0)
      const [old, fresh] = [
        await unpacked(join(project.root, 'tableau/hand.tdsx')),
        await unpacked(join(project.root, 'out/fresh.tdsx')),
      ]
      expect(Object.keys(fresh)).toEqual(Object.keys(old))
      for (const name of ['Sales by hand.tds', 'Image/logo.png', 'Notes.txt'])
        expect(fresh[name]!.equals(old[name]!)).toBe(true)
      expect(await rowsOf(fresh['Data/Extracts/federated_1x.hyper']!, '"Extract"."Sales ""2026"""')).toEqual([
        ['1', 'DE', '2026-01-02', '99.5', '12345678.25', '7'],
        ['2', null, '2026-01-03', '7.25', null, '8'],
      ])
      expect(readFileSync(join(project.root, 'tableau/hand.tdsx')).equals(before)).toBe(true)
      expect(JSON.parse(readFileSync(join(project.root, 'out/fresh.tdsx.manifest.json'), 'utf8')).facts).toMatchObject({
        into: 'tableau/hand.tdsx',
        extract: 'Data/Extracts/federated_1x.hyper',
      })
    })

    it('are refreshed in place when they are workbooks, and say which sheet would break', async () => {
      const project = shop(here, YAML)
      await project.build()
      await saveByHand(project, (entries) => {
        const plain = String(entries[0]!.bytes).replace(/^<\?.*\n/, '')
        const source = plain.replace('<datasource ', "<datasource name='federated.1' ")
        const used =
          "<datasource-dependencies datasource='federated.1'><column name='[revenue]'/></datasource-dependencies>"
        const sheet = `<worksheet name='Takings'><table><view>${used}</view></table></worksheet>`
        const workbook = `<workbook><datasources>${source}</datasources><worksheets>${sheet}</worksheets></workbook>`
        return [{ name: 'By hand.twb', bytes: workbook }, ...entries.slice(1)]
      })
      const twbx = join(project.root, 'tableau/board.twbx')
      renameSync(join(project.root, 'tableau/hand.tdsx'), twbx)
      const yaml = YAML.replace('out/sales.tdsx\n', 'tableau/board.twbx\n    options: { into: tableau/board.twbx }\n')
      const sql = SALES.replace('7.25', '8.5').replace(' as country', ' as land')
      project.write({ 'models/sales.yml': yaml, 'models/sales.sql': sql })
      const before = await unpacked(twbx)
      const refreshed = await project.build()
      expect(refreshed.found).toMatchObject([{ code: 'tableau/into-column-unused' }])
      expect(refreshed.exitCode).toBe(0)
      const after = await unpacked(twbx)
      expect(Object.keys(after)).toEqual(Object.keys(before))
      expect(after['By hand.twb']!.equals(before['By hand.twb']!)).toBe(true)
      const rows = await rowsOf(after['Data/Extracts/federated_1x.hyper']!, '"Extract"."Sales ""2026"""')
      expect(rows.map((row) => row[3])).toEqual(['20.5', '8.5'])
      const bytes = readFileSync(twbx)
      project.write({
        'models/sales.yml': yaml
          .replace(/ {4}meta[\s\S]*?(?= {4}columns)/, '')
          .replace('options:', 'on_schema_change: allow\n    options:'),
        'models/sales.sql': SALES.replace('as revenue', 'as takings'),
      })
      const broken = await project.build()
      expect(broken.exitCode).toBe(1)
      expect(broken.found[0]).toMatchObject({
        code: 'tableau/into-column-gone',
        text: expect.stringContaining('it is used by the sheet `Takings`, the calculated field `Per Sale`'),
      })
      expect(readFileSync(twbx).equals(bytes)).toBe(true)
    })

    it('come out of the program as it is installed', async () => {
      const project = shop(here, YAML)
      const built = await runCli(['build'], { cwd: project.root })
      expect(built.stderr + built.stdout).toMatch(/2 rows to out\/sales.tdsx/)
      project.write({ 'models/sales.yml': into('into: out/sales.tdsx') })
      const refreshed = await runCli(['export'], { cwd: project.root })
      expect(refreshed.stderr + refreshed.stdout).toMatch(/2 rows to out\/fresh.tdsx/)
      const fresh = await unpacked(join(project.root, 'out/fresh.tdsx'))
      expect(await rowsOf(fresh['Data/Extracts/sales.hyper']!, '"Extract"."Extract"')).toEqual(ROWS)
    })

    it('are refused where their document would miss a column, and nothing is written', async () => {
      const project = shop(here, YAML)
      await project.build()
      await saveByHand(project)
      const without = SALES.replace('as revenue', 'as turnover')
        .replace("'DE' as country", '49 as country')
        .replace('null, date', '33, date')
      project.write({
        'models/sales.sql': without,
        'models/sales.yml': into('into: tableau/hand.tdsx').replace(/ {4}meta[\s\S]*?(?= {4}columns)/, ''),
      })
      const { exitCode, found } = await project.build()
      expect(exitCode).toBe(1)
      expect(found.map(({ code, text }) => `${code} ${text}`)).toEqual([
        expect.stringMatching(
          /^tableau\/into-column-gone .*uses the column `revenue`.*\n.*the field `Revenue`, the calculated field `Per Sale`/,
        ),
        expect.stringMatching(
          /^tableau\/into-column-retyped .*uses `country` as text, and `sales` has it as a whole number\n.*the field `Land`/,
        ),
      ])
      expect(readdirSync(join(project.root, 'out'))).not.toContain('fresh.tdsx')
    })
  })

  describe('packages that cannot be refreshed are told apart', () => {
    onEachDatabase((here) => {
      it('one by one', async () => {
        const project = shop(here, YAML)
        await project.build()
        const at = join(project.root, 'tableau/hand.tdsx')
        const attempt = async (options = 'into: tableau/hand.tdsx', more = ''): Promise<string> => {
          project.write({ 'models/sales.yml': into(options) + more })
          const { exitCode, found } = await project.run((engine) => engine.export())
          expect(exitCode).toBe(1)
          expect(readdirSync(join(project.root, 'out'))).not.toContain('fresh.tdsx')
          return found.map(({ code, text }) => `${code} ${text}`).join('\n')
        }
        expect(await attempt()).toContain(
          'tableau/into-missing the package `tableau/hand.tdsx` cannot be read: it does not exist',
        )
        await saveByHand(project)
        const whole = readFileSync(at)
        const refused = async (bytes: Uint8Array, options?: string): Promise<string> => {
          writeFileSync(at, bytes)
          return attempt(options)
        }
        expect(await refused(Buffer.from('no zip'))).toContain(
          'is no package that can be refreshed: it has no directory',
        )
        expect(await refused(whole.subarray(0, whole.length - 100))).toContain('it may have been cut off')
        const secret = { name: 'a.tds', bytes: '<datasource/>', encrypted: true }
        expect(await refused(handMadeZip([secret]))).toContain('`a.tds` is encrypted')
        expect(await refused(handMadeZip([{ name: '../a.tds', bytes: 'x' }]))).toContain('leads out of it: ../a.tds')
        expect(await refused(handMadeZip([{ name: 'a.twb', bytes: 'x' }]))).toContain('holds no `.tds`')
        expect(await refused(handMadeZip([{ name: 'a.tds', bytes: '<datasource' }]))).toContain(
          '`a.tds` is no XML: Unclosed start tag',
        )
        const live =
          "<datasource><connection class='federated'><named-connections><named-connection><connection class='postgres'/></named-connection></named-connections></connection></datasource>"
        expect(await refused(handMadeZip([{ name: 'a.tds', bytes: live }]))).toContain('its data is live (postgres)')
        const old = [
          { name: 'a.tds', bytes: live },
          { name: 'Data/a.tde', bytes: 'x' },
        ]
        expect(await refused(handMadeZip(old))).toContain('only Tableau itself can replace: `Data/a.tde`')
        const two = [...old, { name: 'Data/a.hyper', bytes: 'x' }, { name: 'Data/b.hyper', bytes: 'y' }]
        expect(await refused(handMadeZip(two))).toMatch(
          /2 extracts: `Data\/a.hyper`, `Data\/b.hyper`\n.*`extract: a.hyper`/,
        )
        expect(await refused(handMadeZip(two), 'into: tableau/hand.tdsx, extract: c')).toContain(
          'holds no single extract `c`',
        )
        expect(await refused(handMadeZip(two), 'into: tableau/hand.tdsx, extract: b')).toContain(
          'into-unreadable `tableau/hand.tdsx` is no package that can be refreshed: its `Data/b.hyper` is no extract',
        )
        writeFileSync(join(folder, 'outside.tdsx'), whole)
        expect(await attempt(`into: ${join(folder, 'outside.tdsx')}`)).toContain('lies outside the project')
      })
    })
  })
})
