import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { TemporaryProject } from '../../errors/temporary-project.ts'
import { onEachDatabase } from '../../on-each-database.ts'

const SALES = `select cast(1 as bigint) as sale_id, 'DE' as country, date '2026-01-02' as sold_on,
  cast(20.5 as double precision) as revenue, cast(4 as double precision) as spend, true as is_new`

const YAML = `models:
  - name: sales
    description: One row a sale
    meta:
      tableau:
        hierarchies: { Place and time: [country, sold_on] }
        calculations:
          - name: roas
            caption: ROAS
            format: number 1
            formula: SUM([Net revenue]) / SUM([spend])
    columns:
      - { name: sale_id, data_tests: [unique, not_null] }
      - { name: country, description: 'Where the buyer <lives>' }
      - { name: revenue, meta: { tableau: { caption: Net revenue, format: currency EUR, folder: Money } } }
exports:
  - name: sales_live
    label: Sales & more
    from: ref('sales')
    to: out/sales.tds
    options: { server: warehouse.example.com, username: reader }
`

/** What stands in the file at the place of a mistake. */
function textAt(yaml: string, found: { readonly at: string } | undefined): string {
  const [, line, column] = /:(\d+):(\d+)$/.exec(found?.at ?? '') ?? []
  return yaml.split('\n')[Number(line) - 1]?.slice(Number(column) - 1) ?? ''
}

const projects: TemporaryProject[] = []
afterEach(() => {
  for (const project of projects.splice(0)) project.remove()
})

function shop(yaml: string, target?: ConstructorParameters<typeof TemporaryProject>[1]): TemporaryProject {
  const files = { 'models/stg_orders.sql': null, 'models/sales.sql': SALES, 'models/sales.yml': yaml }
  const project = target === undefined ? new TemporaryProject(files) : new TemporaryProject(files, target)
  projects.push(project)
  return project
}

describe('a live data source', () => {
  onEachDatabase((here) => {
    it('connects to the published table with what the project says, where there is a server', async () => {
      const project = shop(YAML, here.database.target)
      const file = join(project.root, 'out/sales.tds')
      const { exitCode, found } = await project.build()
      if (here.engine.name === 'duckdb') {
        expect(exitCode).toBe(1)
        expect(found).toMatchObject([{ code: 'tableau/tds-needs-server', text: expect.stringContaining('tdsx') }])
        expect(textAt(YAML, found[0])).toBe('sales_live')
        expect(existsSync(file)).toBe(false)
        return
      }
      expect(found).toEqual([])
      expect(exitCode).toBe(0)
      const text = readFileSync(file, 'utf8')
      expect(text).toContain("formatted-name='Sales &#x26; more'")
      expect(text).toMatch(
        /<connection authentication='username-password' class='postgres' dbname='[^']+' odbc-native-protocol='yes' one-time-sql='' port='\d+' schema='main' server='warehouse.example.com' sslmode='(require)?' username='reader' \/>/,
      )
      expect(text).toMatch(
        /<relation connection='postgres\.[0-9a-z]{28}' name='sales' table='\[main\]\.\[sales\]' type='table' \/>/,
      )
      expect(text).toContain(
        "<column aggregation='Count' caption='Sale ID' datatype='integer' name='[sale_id]' role='dimension' type='ordinal' />",
      )
      expect(text).toContain('<run>Where the buyer &#x3C;lives></run>')
      expect(text).toContain('default-format=\'c"€"#,##0.00;-"€"#,##0.00\'')
      expect(text).toContain("<calculation class='tableau' formula='SUM([revenue]) / SUM([spend])' />")
      expect(text).toContain("<drill-path name='Place and time'>")
      expect(text).not.toMatch(/folder|password=/)
      expect(JSON.parse(readFileSync(`${file}.manifest.json`, 'utf8'))).toMatchObject({
        format: 'tds',
        tables: [{ name: 'sales', rows: 1 }],
        facts: { connection: 'live' },
      })
      await project.run((engine) => engine.export())
      expect(readFileSync(file, 'utf8')).toBe(text)
    })

    it('keeps its old file when a formula names a column that is not there', async () => {
      if (here.engine.name === 'duckdb') return
      const project = shop(YAML, here.database.target)
      expect((await project.build()).exitCode).toBe(0)
      const before = readFileSync(join(project.root, 'out/sales.tds'))
      project.write({ 'models/sales.yml': YAML.replace('SUM([spend])', 'SUM([spent])') })
      const { exitCode, found } = await project.build()
      expect(exitCode).toBe(1)
      expect(found).toMatchObject([{ code: 'tableau/unknown-field', text: expect.stringContaining('`spend`') }])
      expect(textAt(YAML.replace('[spend]', '[spent]'), found[0])).toMatch(/^\[spent\]/)
      expect(readFileSync(join(project.root, 'out/sales.tds')).equals(before)).toBe(true)
    })
  })
})

describe('mistakes that the files tell are found before anything runs', () => {
  const option = (text: string): string => YAML.replace('{ server: warehouse.example.com, username: reader }', text)

  it.each<[what: string, yaml: string, at: string, text: RegExp]>([
    ['an unknown option', option('{ sever: x }'), 'sever', /unknown key `sever`.*\n.*`server`/],
    ['a port that is none', option('{ port: many }'), 'many', /`port` must be a whole number/],
    ['a password', option('{ password: x }'), 'password', /unknown key `password`/],
    ['a key of a column', YAML.replace('folder:', 'foldr:'), 'foldr', /unknown key `foldr`.*\n.*`folder`/],
    ['a format', YAML.replace('currency EUR', 'money'), 'money', /`money` is no format/],
    ['a formula', YAML.replace('SUM([spend])', 'SUM([spend]'), '([spend]', /`\(` is not closed/],
    ['a hierarchy that is no list', YAML.replace('[country, sold_on]', 'country'), 'country }', /must be a list/],
    [
      'an end of the name',
      YAML.replace('sales.tds', 'sales.tsd\n    format: tds'),
      'out/sales.tsd',
      /`out\/sales.tds`/,
    ],
  ])('%s', async (_, yaml, at, text) => {
    const { exitCode, found } = await shop(yaml).run((engine) => engine.parse())
    expect(found[0]?.text).toMatch(text)
    expect(textAt(yaml, found[0]).startsWith(at)).toBe(true)
    expect(exitCode).toBe(2)
  })
})
