import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import type { Cell } from '../../../src/adapters/adapter.ts'
import { Engine } from '../../../src/commands/engine.ts'
import { openSession } from '../../adapters/open.ts'
import { TemporaryProject } from '../../errors/temporary-project.ts'
import { type Here, onEachDatabase } from '../../on-each-database.ts'
import { partFaults } from './project-schemas.ts'
import { readColumnReference, readTmdl, type TmdlNode } from './read-tmdl.ts'

// A union forgets the digits of a decimal on Postgres.
const ORDERS = `select order_id, order_date, customer_id, cast(amount as decimal(18, 2)) as amount, token, placed_at, discount_rate,
  slot, is_gift, details, waited
from (select 1 as order_id, date '2024-05-01' as order_date, 7 as customer_id, cast(20.5 as decimal(18, 2)) as amount,
  cast('0190c0de-0000-7000-8000-000000000001' as uuid) as token, timestamptz '2024-05-01 12:00:00+02' as placed_at,
  cast(0.5 as double precision) as discount_rate, cast('12:30:00' as time) as slot, true as is_gift,
  cast('{"a": 1}' as json) as details, interval '1 day' as waited
union all select 2, date '2024-05-02', null, null, null, null, null, null, null, null, null) as o`

const PROPERTIES = `models:
  - name: orders
    description: One row an order.
    meta:
      power_bi:
        measures:
          - { name: Revenue, expression: "SUM(orders[Amount paid])", format: currency EUR, description: Of all orders. }
          - name: Revenue a customer
            expression: |
              DIVIDE(
                  [Revenue],
                  DISTINCTCOUNT(orders[customer_id])
              )
    columns:
      - { name: order_id, description: Number of the order., tests: [unique, not_null] }
      - name: order_date
        tests: [{ relationships: { to: ref('dim_date'), field: date } }]
      - name: customer_id
        tests: [{ relationships: { to: ref('customers'), field: customer_id } }]
      - { name: amount, meta: { tableau: { caption: Amount paid, format: currency EUR } } }
  - name: customers
    columns:
      - { name: customer_id, tests: [unique, not_null] }
  - name: dim_date
    columns:
      - { name: date, tests: [unique, not_null] }
exports:
  - name: shop_model
    label: Shop
    from: [ref('orders'), ref('customers'), ref('dim_date')]
    to: out/shop
    format: pbip
`

const FILES = {
  'models/stg_orders.sql': null,
  'models/orders.sql': ORDERS,
  'models/customers.sql': "select 7 as customer_id, 'Ida' as name, 'DE' as country",
  'models/dim_date.sql': "select date '2024-05-01' as date, 5 as month union all select date '2024-05-02', 5",
  'models/shop.yml': PROPERTIES,
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

async function make(project: TemporaryProject) {
  const report = await (await Engine.open({ projectDir: project.root, env: {} })).build()
  const result = report.results.find((r) => r.uniqueId === 'export.shop.shop_model')
  return { report, said: `${result?.status}: ${result?.message}` }
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

const textOf = (project: TemporaryProject, path: string): string =>
  readFileSync(join(project.root, 'out/shop', path), 'utf8')

function modelOf(project: TemporaryProject): {
  tables: readonly TmdlNode[]
  read: (path: string) => readonly TmdlNode[]
} {
  const folder = 'shop.SemanticModel/definition'
  const read = (path: string) => readTmdl(textOf(project, `${folder}/${path}`))
  const names = readdirSync(join(project.root, 'out/shop', folder, 'tables')).sort()
  return { read, tables: names.flatMap((name) => read(`tables/${name}`)) }
}

async function parquetRows(project: TemporaryProject, name: string): Promise<readonly (readonly Cell[])[]> {
  const session = await openSession()
  const file = join(project.root, 'out/shop/data', `${name}.parquet`)
  const described = await session.query(`select column_name, column_type from (describe from read_parquet('${file}'))`)
  const { rows } = await session.query(`from read_parquet('${file}') order by 1`)
  await session.release()
  return [described.rows.map(([column, type]) => `${column} ${type}`), ...rows]
}

describe('a Power BI project', () => {
  onEachDatabase((here) => {
    it('is whole: rows, model, report', async () => {
      const project = shop(here)
      const { report, said } = await make(project)
      expect(report.diagnostics.map((d) => d.message)).toEqual([])
      expect(said).toBe('success: 5 rows to out/shop')
      const root = join(project.root, 'out/shop')
      const files = filesBelow(root)
      expect(files.map((path) => path.replace(/\b[0-9a-f]{20}\b/g, '…'))).toEqual([
        '.gitignore',
        'data/customers.parquet',
        'data/dim_date.parquet',
        'data/orders.parquet',
        'shop.Report/.platform',
        'shop.Report/definition.pbir',
        'shop.Report/definition/pages/…/page.json',
        'shop.Report/definition/pages/…/visuals/…/visual.json',
        'shop.Report/definition/pages/pages.json',
        'shop.Report/definition/report.json',
        'shop.Report/definition/version.json',
        'shop.SemanticModel/.platform',
        'shop.SemanticModel/definition.pbism',
        'shop.SemanticModel/definition/database.tmdl',
        'shop.SemanticModel/definition/expressions.tmdl',
        'shop.SemanticModel/definition/model.tmdl',
        'shop.SemanticModel/definition/relationships.tmdl',
        'shop.SemanticModel/definition/tables/customers.tmdl',
        'shop.SemanticModel/definition/tables/dim_date.tmdl',
        'shop.SemanticModel/definition/tables/orders.tmdl',
        'shop.pbip',
      ])
      for (const path of files.filter((p) => /\.(json|pbip|pbir|pbism)$|\.platform$/.test(p)))
        expect([path, partFaults(JSON.parse(textOf(project, path)))]).toEqual([path, []])
      const orders = await parquetRows(project, 'orders')
      expect(orders[0]).toEqual([
        'order_id INTEGER',
        'order_date DATE',
        'customer_id INTEGER',
        'amount DECIMAL(18,2)',
        'token VARCHAR',
        'placed_at TIMESTAMP',
        'discount_rate DOUBLE',
        'slot TIME',
        'is_gift BOOLEAN',
        'details VARCHAR',
        'waited VARCHAR',
      ])
      expect(orders[1]!.slice(0, 9)).toEqual([
        1,
        '2024-05-01',
        7,
        '20.50',
        '0190c0de-0000-7000-8000-000000000001',
        '2024-05-01 10:00:00',
        0.5,
        '12:30:00',
        true,
      ])
    })

    it('has a model that reads those rows and relates them', async () => {
      const project = shop(here)
      await make(project)
      const { tables, read } = modelOf(project)
      const columns = (
        await Promise.all(['customers', 'dim_date', 'orders'].map((name) => parquetRows(project, name)))
      ).map(([names]) => names!.map((text) => String(text).split(' ')[0]))
      expect(
        tables.map((t) => t.children.filter((c) => c.type === 'column').map((c) => c.properties.get('sourceColumn'))),
      ).toEqual(columns)
      const measures = tables.flatMap((t) => t.children.filter((c) => c.type === 'measure'))
      expect(measures.map((m) => [m.name, m.value, m.properties.get('formatString'), m.description])).toEqual([
        ['Revenue', 'SUM(orders[Amount paid])', '"€"#,##0.00', 'Of all orders.'],
        ['Revenue a customer', 'DIVIDE(\n    [Revenue],\n    DISTINCTCOUNT(orders[customer_id])\n)', undefined, ''],
      ])
      const ends = read('relationships.tmdl').map(({ properties: p }) =>
        [p.get('fromColumn'), p.get('toColumn')].map((end) => readColumnReference(String(end)).join('.')),
      )
      expect(ends).toEqual([
        ['orders.order_date', 'dim_date.date'],
        ['orders.customer_id', 'customers.customer_id'],
      ])
      const folder = read('expressions.tmdl')[0]!
      expect(folder.name).toBe('DataFolder')
      expect(folder.value).toContain('/out/shop/data" meta [IsParameterQuery=true')
      const visual = filesBelow(join(project.root, 'out/shop')).find((path) => path.endsWith('visual.json'))!
      expect(textOf(project, visual)).toContain('"queryRef": "orders.Revenue a customer"')
    })

    it('is made anew, and keeps the report when it is told to', async () => {
      const project = shop(here)
      await make(project)
      const page = 'shop.Report/definition/pages/pages.json'
      const first = textOf(project, 'shop.SemanticModel/definition/tables/orders.tmdl')
      writeFileSync(join(project.root, 'out/shop/shop.Report/mine.json'), '{}')
      writeFileSync(join(project.root, 'out/shop', page), '{"mine": true}')
      project.write({ 'models/shop.yml': `${PROPERTIES}    options: { report: keep, data_folder: 'D:\\rows' }\n` })
      await make(project)
      expect(textOf(project, page)).toBe('{"mine": true}')
      expect(existsSync(join(project.root, 'out/shop/shop.Report/mine.json'))).toBe(true)
      expect(textOf(project, 'shop.SemanticModel/definition/tables/orders.tmdl')).toBe(first)
      expect(modelOf(project).read('expressions.tmdl')[0]!.value).toContain('"D:\\rows" meta')
      rmSync(join(project.root, 'out/shop/shop.Report/definition.pbir'))
      expect((await make(project)).report.diagnostics.map((d) => d.code)).toEqual(['exports/power-bi-report'])
      project.write({ 'models/shop.yml': PROPERTIES })
      await make(project)
      expect(existsSync(join(project.root, 'out/shop/shop.Report/mine.json'))).toBe(false)
      expect(partFaults(JSON.parse(textOf(project, page)))).toEqual([])
    })

    it('stays as it was when its model has a mistake, which points at the line', async () => {
      const project = shop(here)
      await make(project)
      const before = filesBelow(join(project.root, 'out/shop')).map((path) => textOf(project, path))
      project.write({ 'models/shop.yml': PROPERTIES.replace('[Revenue],', '[Revenu],') })
      const { exitCode, found } = await project.build()
      expect(exitCode).toBe(1)
      expect(found.map((f) => [f.code, f.at])).toEqual([['exports/dax-unknown-name', 'models/shop.yml:9:25']])
      project.write({
        'models/shop.yml': PROPERTIES.replace('paid])"', 'paid]"').replace('format:', 'formt:'),
      })
      const early = await project.build()
      expect(early.exitCode).toBe(2)
      expect(early.found.map((f) => [f.code, f.at])).toEqual([
        ['exports/dax-not-closed', 'models/shop.yml:7:42'],
        ['config/unknown-key', 'models/shop.yml:7:69'],
      ])
      expect(filesBelow(join(project.root, 'out/shop')).map((path) => textOf(project, path))).toEqual(before)
    })

    it('reads the tables from the server, where there is one', async () => {
      const live = `${PROPERTIES}    options: { source: postgres, mode: directquery }\n`
      const project = shop(here, { 'models/shop.yml': live })
      const { report, said } = await make(project)
      if (here.engine.name === 'duckdb') {
        expect(report.diagnostics.map((d) => d.code)).toEqual(['exports/power-bi-no-server'])
        expect(existsSync(join(project.root, 'out/shop'))).toBe(false)
        return
      }
      expect(said).toBe('success: 5 rows to out/shop')
      expect(existsSync(join(project.root, 'out/shop/data'))).toBe(false)
      const { tables, read } = modelOf(project)
      const partition = tables.at(-1)!.children.find((c) => c.type === 'partition')!
      expect(partition.properties.get('mode')).toBe('directQuery')
      expect(partition.properties.get('source')).toContain('[Schema = "main", Item = "orders"]')
      expect(read('expressions.tmdl').map((e) => e.name)).toEqual(['Server', 'Database'])
      const { port, dbname } = here.database.target
      // A socket is of no use to another machine.
      const host = String(here.database.target.host).startsWith('/') ? 'localhost' : here.database.target.host
      const values = read('expressions.tmdl').map((e) => e.value!.split(' meta ')[0])
      expect(values).toEqual([`"${host}:${port}"`, `"${dbname}"`])
    })
  })
})

/** Microsoft's Power BI Modeling server, which reads and writes TMDL with the serializer of Power BI; not part of an install. */
const SERVER = process.env.TSDBT_POWERBI_MODELING

describe.skipIf(SERVER === undefined)("Microsoft's serializer (TSDBT_POWERBI_MODELING)", () => {
  onEachDatabase((here) => {
    it('reads the model and writes it back byte for byte', async () => {
      const project = shop(here)
      await make(project)
      const folder = join(project.root, 'out/shop/shop.SemanticModel/definition')
      const back = mkdtempSync(join(tmpdir(), 'tsdbt-tmdl-'))
      try {
        const answers = await modelling(SERVER!, [
          ['connection_operations', { operation: 'ConnectFolder', folderPath: folder }],
          ['database_operations', { operation: 'ExportToTmdlFolder', tmdlFolderPath: back }],
        ])
        expect(answers[0]).toContain('"tablesLoaded":3,"measuresLoaded":2,"relationshipsLoaded":2')
        expect(filesBelow(back)).toEqual(filesBelow(folder))
        for (const path of filesBelow(back))
          expect(readFileSync(join(back, path), 'utf8')).toBe(readFileSync(join(folder, path), 'utf8'))
      } finally {
        rmSync(back, { recursive: true, force: true })
      }
    })
  })
})

/** Calls tools of the server over its standard streams (JSON-RPC, one message a line). */
async function modelling(
  program: string,
  calls: readonly (readonly [tool: string, request: object])[],
): Promise<readonly string[]> {
  const child = spawn(program, ['--start'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let id = 0
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const call = async (method: string, params: object): Promise<string> => {
    send({ id: ++id, method, params })
    for (;;) {
      const { value } = await lines.next()
      const message = JSON.parse(String(value)) as { id?: number; result?: unknown; error?: unknown }
      if (message.id === id) return JSON.stringify(message.result ?? message.error).replaceAll('\\"', '"')
    }
  }
  try {
    await call('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'spec', version: '1' },
    })
    send({ method: 'notifications/initialized', params: {} })
    const answers: string[] = []
    for (const [tool, request] of calls) answers.push(await call('tools/call', { name: tool, arguments: { request } }))
    return answers
  } finally {
    child.kill()
  }
}
