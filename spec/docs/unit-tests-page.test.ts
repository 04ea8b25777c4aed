import { readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { onEachDatabase } from '../on-each-database.ts'

const page = readFileSync(new URL('../../docs/unit-tests.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((m) => m[1]!)
const [whole, rows, increment] = blocks as [string, string, string]

const orders =
  "select 1 as id, cast('2024-01-01' as date) as ordered_on, cast(1 as decimal(18, 2)) as amount, 'paid' as status"
const files = {
  'models/stg_orders.sql': orders,
  'models/daily_revenue.sql': `select ordered_on, sum(case when status <> 'cancelled' then amount else 0 end) as revenue
from {{ref "stg_orders"}} group by ordered_on`,
  'models/stg_daily.sql': "select cast('2024-01-01' as date) as day, 1 as conversions",
  'models/fct_daily.sql':
    '{{config materialized="incremental" unique_key="day"}}\nselect day, conversions from {{ref "stg_daily"}}',
  'models/joined.sql':
    'select o.id, o.status from {{ref "stg_orders"}} as o cross join {{ref "countries"}} cross join {{source "crm" "contacts"}}',
  'seeds/countries.csv': 'code,name\nDE,Germany\n',
  'tests/fixtures/two_countries.csv': 'code,name\nDE,Germany\nFR,France\n',
}

onEachDatabase((here) => {
  let project: TemporaryProject | undefined
  afterEach(() => project?.remove())

  it('shows unit tests that run', async () => {
    const formats = `  - name: formats\n    model: joined\n    given:\n${rows}    expect:\n      rows: [{id: 1, status: paid}, {id: 1, status: paid}, {id: 2, status: null}, {id: 2, status: null}]\n`
    const sources = 'sources: [{name: crm, tables: [{name: contacts}]}]\n'
    project = new TemporaryProject(
      { ...files, 'models/m.yml': `${sources}${whole}${increment}${formats}` },
      here.database.target,
    )
    const engine = await Engine.open({ projectDir: project.root, env: {} })
    const report = await engine.test()
    expect(report.diagnostics).toEqual([])
    expect(report.results.map((r) => r.status)).toEqual(['pass', 'pass', 'pass'])
  })
})
