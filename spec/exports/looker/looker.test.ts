import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { Engine } from '../../../src/commands/engine.ts'
import { TemporaryProject } from '../../errors/temporary-project.ts'
import { type Here, onEachDatabase } from '../../on-each-database.ts'

const ORDERS = "select 1 as order_id, 'DE' as country, 20 as amount union all select 2, 'FR', 10"

const properties = (options: string, from = "[ref('orders'), ref('customers')]"): string => `models:
  - name: orders
    description: One row an order.
    columns:
      - { name: order_id, tests: [unique, not_null], description: Number of the order. }
      - { name: amount, meta: { looker: { label: Amount paid } } }
exports:
  - name: charts
    from: ${from}
    format: looker
    options: ${options}
`

const FILES = {
  'models/stg_orders.sql': null,
  'models/orders.sql': `{{config materialized="table"}}\n${ORDERS}`,
  'models/customers.sql': "select 7 as customer_id, 'Ida' as name",
  'models/shop.yml': properties('{}'),
}

const projects: TemporaryProject[] = []
afterEach(() => {
  for (const project of projects.splice(0)) project.remove()
})

function shop(here: Here, files: Readonly<Record<string, string | null>> = {}): TemporaryProject {
  const project = new TemporaryProject({ ...FILES, ...files }, here.database.target)
  projects.push(project)
  return project
}

async function build(project: TemporaryProject) {
  const report = await (await Engine.open({ projectDir: project.root, env: {} })).build()
  const of = (id: string) => {
    const result = report.results.find((r) => r.uniqueId === id)
    return `${result?.status}: ${result?.message}`
  }
  return { of, exitCode: report.exitCode, told: report.diagnostics.map((d) => `${d.code}: ${d.message}`) }
}

const EXPORT = 'export.shop.charts'

/** Names of the views that stand. */
async function viewsOf(here: Here): Promise<readonly string[]> {
  const rows = await here.database.sql(
    "select table_name from information_schema.tables where table_schema = 'main_looker' order by table_name",
  )
  return rows.map(([name]) => String(name))
}

describe('views for Looker Studio', () => {
  onEachDatabase((here) => {
    it('are flat, described and called as people call things', async () => {
      const project = shop(here)
      const { of, told } = await build(project)
      expect(told).toEqual([])
      expect(of(EXPORT)).toBe('success: 2 relations exported')
      expect(await viewsOf(here)).toEqual(['customers', 'orders'])
      expect(
        await here.database.sql('select "Order ID", "Country", "Amount paid" from main_looker.orders order by 1'),
      ).toEqual([
        [1, 'DE', 20],
        [2, 'FR', 10],
      ])
      const adapter = await here.database.open()
      const [details] = await adapter.details([
        { database: here.database.name, schema: 'main_looker', identifier: 'orders' },
      ])
      expect(details!.comment).toBe('One row an order.\n\n[made by tsdbt for export.shop.charts]')
      expect(details!.columns.map((c) => c.comment)).toEqual(['Number of the order.', null, null])
    })

    it('follow their models, and go when they are exported no more', async () => {
      const project = shop(here)
      await build(project)
      project.write({
        'models/orders.sql': `{{config materialized="table"}}\nselect 3 as order_id, 5 as amount, 'new' as state`,
        'models/shop.yml': properties('{ labels: false }', "ref('orders')"),
      })
      const { of, exitCode, told } = await build(project)
      expect(told).toEqual([])
      expect([exitCode, of('model.shop.orders').split(':')[0]]).toEqual([0, 'success'])
      expect(await viewsOf(here)).toEqual(['orders'])
      expect(await here.database.sql('select order_id, amount, state from main_looker.orders')).toEqual([[3, 5, 'new']])
      await build(project)
      const left = "select table_name from information_schema.tables where table_name like '%__tsdbt_%'"
      expect(await here.database.sql(left)).toEqual([])
    })

    it('of several exports stand side by side, made at the same time', async () => {
      const charts = properties('{ labels: false }', "ref('orders')")
      const several = Array.from({ length: 6 }, (_, i) =>
        charts.slice(charts.indexOf('  - name: charts')).replaceAll(/charts|orders/g, (w) => `${w}_${i}`),
      )
      const models = Object.fromEntries(several.map((_, i) => [`models/orders_${i}.sql`, ORDERS]))
      const project = shop(here, { ...models, 'models/shop.yml': `exports:\n${several.join('')}` })
      const { exitCode, told } = await build(project)
      expect([exitCode, told]).toEqual([0, []])
      expect(await viewsOf(here)).toEqual(several.map((_, i) => `orders_${i}`))
    })

    it('stay as they were when a test fails', async () => {
      const project = shop(here)
      await build(project)
      project.write({ 'models/orders.sql': FILES['models/orders.sql'].replace('select 2', 'select 1') })
      const { exitCode, of } = await build(project)
      expect([exitCode, of(EXPORT)]).toEqual([1, 'skipped: skipped because `orders` failed'])
      expect(await here.database.sql('select count(distinct "Order ID") from main_looker.orders')).toEqual([[2]])
    })

    it('of two exports with one name are refused before anything runs', async () => {
      const of = (name: string) => `  - {name: ${name}, from: ref('orders'), format: looker}\n`
      const project = shop(here, { 'models/shop.yml': `exports:\n${of('one')}${of('two')}` })
      const { exitCode, told } = await build(project)
      expect([exitCode, told]).toEqual([
        2,
        ['project/export-view-twice: the view `orders` in `main_looker` is made by two exports: `one` and `two`'],
      ])
      expect(await viewsOf(here)).toEqual([])
    })

    it('leave alone what somebody else made, and a schema of models', async () => {
      const project = shop(here)
      await here.database.sql('create schema main_looker', 'create view main_looker.orders as select 1 as mine')
      const { exitCode, told } = await build(project)
      expect(exitCode).toBe(1)
      expect(told[0]).toMatch(/^exports\/looker-name-taken: .*orders.* stands where a view of the export belongs/)
      expect(await viewsOf(here)).toEqual(['orders'])
      expect(await here.database.sql('select mine from main_looker.orders')).toEqual([[1]])
      project.write({
        'models/customers.sql': `{{config schema="looker"}}\n${FILES['models/customers.sql']}`,
      })
      expect((await build(project)).told[0]).toMatch(
        /^exports\/looker-schema-shared: the views would stand in `main_looker`/,
      )
    })

    it('come with a page that says how to connect', async () => {
      const withPage = (to: string) =>
        properties('{ schema: charts }').replace('    format:', `    to: ${to}\n    format:`)
      const project = shop(here, { 'models/shop.yml': withPage('out/looker.md') })
      expect((await build(project)).of(EXPORT)).toBe('success: 3 rows to out/looker.md')
      const page = readFileSync(join(project.root, 'out/looker.md'), 'utf8')
      expect(page).toContain('# charts: views for Looker Studio, made by tsdbt')
      expect(page).toContain('## main_charts.orders\n\nOne row an order.')
      expect(page).toMatch(/\| Order ID \| \w+ \| Number of the order\. \| order_id \|/)
      expect(page).toContain(here.engine.name === 'postgres' ? 'PostgreSQL' : 'This warehouse is a file')
      project.write({ 'models/shop.yml': withPage('out/looker.sql') })
      await build(project)
      const script = readFileSync(join(project.root, 'out/looker.sql'), 'utf8')
      expect(script).toContain('"order_id" as "Order ID"')
      // It is SQL that does what was done.
      await here.database.sql('drop view main_charts.orders')
      await here.database.sql(
        ...script
          .trim()
          .split(/;(?:\n|$)/)
          .filter((statement) => statement !== ''),
      )
      expect(await here.database.sql('select count(*) from main_charts.orders')).toEqual([[2]])
    })

    it('have a reader who sees nothing else', async () => {
      const role = `looker_${process.pid}_${Date.now()}`
      const project = shop(here, { 'models/shop.yml': properties(`{ role: ${role}, login: true }`) })
      if (here.engine.name === 'duckdb') {
        expect((await build(project)).told).toEqual([
          `exports/looker-no-roles: there are no roles on this engine, so \`${role}\` cannot be made`,
        ])
        expect(existsSync(join(project.root, 'out'))).toBe(false)
        return
      }
      try {
        expect((await build(project)).told).toEqual([])
        expect(await seenBy(here, role)).toEqual(['main_looker.customers', 'main_looker.orders'])
        expect(await asked(here, role, 'select "Amount paid" from main_looker.orders order by 1')).toBe('2 rows')
        expect(await asked(here, role, 'select * from main.orders')).toBe('permission denied for schema main')
        expect(await asked(here, role, 'delete from main_looker.orders')).toBe('permission denied for view orders')
        expect(await asked(here, role, 'create view main_looker.x as select 1')).toBe(
          'permission denied for schema main_looker',
        )
        project.write({ 'models/shop.yml': properties(`{ role: ${role} }`, "ref('orders')") })
        expect((await build(project)).told).toEqual([])
        expect(await seenBy(here, role)).toEqual(['main_looker.orders'])
        const second = properties(`{ role: ${role} }`, "ref('customers')")
          .replace(/^[\s\S]*exports:\n/, '')
          .replace('charts', 'more')
        project.write({ 'models/shop.yml': properties(`{ role: ${role} }`, "ref('orders')") + second })
        await here.database.sql(`revoke all on schema main_looker from "${role}"`)
        expect((await build(project)).told).toEqual([])
        expect((await build(project)).told).toEqual([])
        expect(await seenBy(here, role)).toEqual(['main_looker.customers', 'main_looker.orders'])
      } finally {
        await here.database.sql(`drop owned by "${role}"`, `drop role "${role}"`)
      }
    })
  })
})

async function asked(here: Here, user: string, sql: string): Promise<string> {
  const { host, port, dbname } = here.database.target as { host: string; port: number; dbname: string }
  const client = new pg.Client({ host, port, user, database: dbname })
  await client.connect()
  try {
    return `${(await client.query(sql)).rows.length} rows`
  } catch (error) {
    return (error as Error).message
  } finally {
    await client.end()
  }
}

/** Every relation that the role may read, apart from the catalog. */
async function seenBy(here: Here, role: string): Promise<readonly string[]> {
  const rows = await here.database.sql(`select n.nspname || '.' || c.relname from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'v', 'm', 'p', 'f')
      and has_schema_privilege('${role}', n.oid, 'usage') and has_table_privilege('${role}', c.oid, 'select')
    order by 1`)
  return rows.map(([name]) => String(name))
}
