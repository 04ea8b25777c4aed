import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TemporaryProject } from '../../errors/temporary-project.ts'

const page = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')
const example = (name: string): string => /```yaml\n([\s\S]*?)```/.exec(page(name))![1]!

const MODELS = {
  'models/stg_orders.sql': null,
  'models/orders.sql': "select 1 as order_id, 7 as customer_id, date '2024-05-01' as order_date, 20.5 as amount",
  'models/customers.sql': "select 7 as customer_id, 'Ida' as name",
  'models/dim_date.sql': "select date '2024-05-01' as date",
}

it.each([
  ['power-bi.md', 'exports/shop/shop.pbip', (yaml: string) => yaml],
  // The engine of the test has no roles.
  ['looker.md', 'exports/looker.md', (yaml: string) => yaml.replace(', role: looker_reader', '')],
])('the example of %s works', async (name, makes, change) => {
  const project = new TemporaryProject({ ...MODELS, 'models/shop.yml': change(example(name)) })
  try {
    expect(await project.build()).toEqual({ exitCode: 0, found: [] })
    expect(existsSync(join(project.root, makes))).toBe(true)
  } finally {
    project.remove()
  }
})

it('the page names each option', () => {
  const options = ['source', 'mode', 'data_folder', 'server', 'database', 'report', 'date_table', 'culture']
  for (const option of options) expect(page('power-bi.md')).toMatch(new RegExp(`^\\| .*\`${option}\``, 'm'))
  for (const option of ['schema', 'role', 'login', 'labels'])
    expect(page('looker.md')).toMatch(new RegExp(`^\\| \`${option}\``, 'm'))
})
