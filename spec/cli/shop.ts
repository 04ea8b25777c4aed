import type { SpecDatabase } from '../engines.ts'

type Files = Readonly<Record<string, string>>

/** A small project whose nodes end in every way that a summary counts, by path. */
export const shop: Readonly<Record<string, string>> = {
  'project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': 'shop:\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb, schema: main, threads: 1}\n',
  'seeds/raw_orders.csv': 'id,status,amount\n1,done,10\n2,open,\n3,open,5\n',
  'models/orders.sql': `{{config materialized="table"}}\nselect id, status, amount from {{ref "raw_orders"}}\n`,
  'models/totals.sql': `select status, sum(amount) as total from {{ref "orders"}} group by status\n`,
  'models/models.yml': `models:
  - name: orders
    columns:
      - name: id
        tests: [unique]
      - name: amount
        tests:
          - not_null: {severity: warn}
`,
}

/** The same, with an error-severity test that fails. */
export const failingShop: Readonly<Record<string, string>> = {
  ...shop,
  'models/models.yml': `models:
  - name: orders
    columns:
      - name: amount
        tests: [not_null]
`,
}

/** A project with its target in the given database; `more` is added to the target. */
export function on(database: SpecDatabase, files: Files = shop, more: SpecDatabase['target'] = {}): Files {
  const target = { ...database.target, threads: 1, ...more }
  return { ...files, 'profiles.yml': `shop:\n  outputs:\n    dev: ${JSON.stringify(target)}\n` }
}
