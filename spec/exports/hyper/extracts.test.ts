import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { isAlive } from '../../../src/base/is-alive.ts'
import { Engine } from '../../../src/commands/engine.ts'
import type { RunReport } from '../../../src/commands/outcome.ts'
import type { HyperService } from '../../../src/exports/hyper/hyper-service.ts'
import { openHyper } from '../../../src/exports/hyper/open-hyper.ts'
import { TemporaryProject } from '../../errors/temporary-project.ts'
import { onEachDatabase } from '../../on-each-database.ts'
import { readHyper } from './read-hyper.ts'

const MODELS = {
  'models/customers.sql': "select 1 as id, 'Zoë' as name union all select 2, 'Bo'",
  'models/orders.sql':
    "select 10 as order_id, 1 as customer_id, cast('2024-05-06' as date) as day, cast(5.5 as decimal(9,2)) as amount",
  'models/models.yml': `models:
  - name: customers
    columns:
      - {name: id, data_tests: [unique, not_null]}
  - name: orders
    columns:
      - {name: order_id, data_tests: [unique, not_null]}
      - name: customer_id
        data_tests:
          - relationships: {to: ref('customers'), field: id}
      - {name: amount, description: "Net, in €"}
`,
}

const extract = (more = '', name = 'sales') => `exports:
  - name: ${name}
    from: [ref('orders'), ref('customers')]
    to: out/${name}.hyper
${more}`

describe('exports to .hyper', () => {
  let hyper: HyperService
  const projects: TemporaryProject[] = []
  beforeAll(() => {
    hyper = openHyper({ env: {}, projectRoot: process.cwd(), folders: () => [tmpdir()] })
  })
  afterAll(() => hyper.close())
  afterEach(() => {
    for (const project of projects.splice(0)) project.remove()
  })

  async function run(
    project: TemporaryProject,
    options: { readonly env?: Record<string, string>; readonly build?: boolean } = {},
  ): Promise<RunReport> {
    const engine = await Engine.open({ projectDir: project.root, env: options.env ?? {} })
    return options.build === true ? engine.build() : engine.export()
  }
  const told = (report: RunReport) => report.results.map((r) => `${r.status}: ${r.message}`)
  const servers = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`tsdbt-hyper-${process.pid}-`))

  onEachDatabase((here) => {
    const shop = (files: Readonly<Record<string, string | null>>): TemporaryProject => {
      const project = new TemporaryProject({ 'models/stg_orders.sql': null, ...MODELS, ...files }, here.database.target)
      projects.push(project)
      return project
    }

    test('hold what was published, with descriptions and keys', async () => {
      const project = shop({ 'models/exports.yml': extract() })
      const before = servers()
      const built = await run(project, { build: true })
      expect(told(built).at(-1)).toBe('success: 3 rows to out/sales.hyper')
      expect(built.exitCode).toBe(0)
      expect(servers()).toEqual(before)
      const read = await readHyper(hyper, join(project.root, 'out/sales.hyper'))
      expect(read).toEqual({
        version: 2,
        tables: {
          'Extract.customers': {
            columns: ['id integer not null', 'name text'],
            comments: {},
            rows: [
              ['1', 'Zoë'],
              ['2', 'Bo'],
            ],
            keys: ['primary key (id)'],
          },
          'Extract.orders': {
            columns: ['order_id integer not null', 'customer_id integer', 'day date', 'amount numeric(9,2)'],
            comments: { amount: 'Net, in €' },
            rows: [['10', '1', '2024-05-06', '5.50']],
            keys: ['foreign key (customer_id) to Extract.customers', 'primary key (order_id)'],
          },
        },
      })
      const manifest = JSON.parse(readFileSync(join(project.root, 'out/sales.hyper.manifest.json'), 'utf8'))
      expect(manifest.facts).toMatchObject({ hyper_version: 2 })
    })

    test('stay as they were when hyperd dies, and nothing else is left', async () => {
      const project = shop({ 'models/exports.yml': extract() })
      await run(project, { build: true })
      const file = join(project.root, 'out/sales.hyper')
      const old = readFileSync(file)
      const { path } = await hyper.locate()
      // Reads of the staged rows, or the first of the stream, end the server as the system would.
      const deadly = join(project.root, 'deadly')
      writeFileSync(
        deadly,
        `#!/bin/sh
if [ "$1" != run ]; then exec "${path}" "$@"; fi
"${path}" "$@" & pid=$!
echo $pid > "${project.root}/pid"
while ! ls ${join(project.root, 'out')}/.tsdbt-*/sales.hyper >/dev/null 2>&1; do sleep 0.01; done
kill -9 $pid; wait $pid
kill -9 $$
`,
      )
      chmodSync(deadly, 0o755)
      const before = servers()
      const failed = await run(project, { env: { TSDBT_HYPERD: deadly } })
      expect(failed.exitCode).toBe(1)
      expect(failed.diagnostics.map((d) => d.code)).toEqual(['exports/hyperd-died'])
      expect(told(failed).at(-1)).toMatch(
        /^error: `hyperd` ended in the middle of its work .*; out\/sales\.hyper stays as it was/,
      )
      expect(readFileSync(file).equals(old)).toBe(true)
      expect(readdirSync(join(project.root, 'out')).sort()).toEqual(['sales.hyper', 'sales.hyper.manifest.json'])
      expect(isAlive(Number(readFileSync(join(project.root, 'pid'), 'utf8')))).toBe(false)
      expect(servers()).toEqual(before)
    })

    test('need hyperd, and one that is it: otherwise they say so before anything is written', async () => {
      const project = shop({ 'models/exports.yml': extract() })
      const report = await run(project, { build: true, env: { TSDBT_HYPERD: '/nowhere' } })
      expect(report.exitCode).toBe(1)
      expect(report.results.filter((r) => r.status === 'success').length).toBeGreaterThan(1)
      expect(report.diagnostics.map((d) => d.message)).toEqual([
        '`/nowhere` (from TSDBT_HYPERD) is not Tableau’s Hyper: there is no such file or folder',
      ])
      expect(existsSync(join(project.root, 'out/sales.hyper'))).toBe(false)
    })

    test('name the row that has no place, and are one server for many', async () => {
      const many = ['a', 'b', 'c'].map((name) => extract('', name).replace('exports:\n', '')).join('')
      const project = shop({
        'models/exports.yml': `exports:\n${many}`,
        'models/orders.sql': MODELS['models/orders.sql'].replace("'2024-05-06'", "'10000-01-01'"),
      })
      const report = await run(project, { build: true })
      const words = 'row 1 of `orders`: `day` is `10000-01-01`; Tableau knows the years 0001 to 9999'
      expect(report.diagnostics.map((d) => d.message)).toEqual([words, words, words])
      project.write({
        'models/exports.yml': `exports:\n${many}`.replaceAll('.hyper\n', '.hyper\n    options: {out_of_range: null}\n'),
      })
      const nulled = await run(project, { build: true })
      expect(nulled.exitCode).toBe(0)
      expect(nulled.diagnostics.map((d) => d.message)).toEqual(
        Array(3).fill('1 value of `day` in `orders` was written as null: Tableau knows the years 0001 to 9999'),
      )
    })
  })
})
