import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import type { EngineOptions } from '../../src/commands/options.ts'
import type { ListOutcome, RunReport } from '../../src/commands/outcome.ts'
import type { SpecDatabase, Target } from '../engines.ts'

export type Files = Readonly<Record<string, string | null>>

/** One resource of each kind, so that each kind of change has something to change. */
export const shopFiles: Files = {
  'project.yml': `name: shop
profile: shop
vars: {since: '2024-01-01'}
models:
  shop:
    marts:
      +materialized: table
`,
  'seeds/raw_orders.csv': 'id,status,amount\n1,done,10\n2,open,20\n',
  'macros/money.sql': '{{#*macro cents column}}{{rounded column}}{{/macro}}\n',
  'macros/rounded.sql': '{{#*macro rounded column}}round({{column}}, 2){{/macro}}\n',
  'models/stg_orders.sql': 'select\n  id,\n  status,\n  amount\nfrom {{ref "raw_orders"}}\n',
  'models/marts/revenue.sql': `select status, sum({{cents "amount"}}) as total
from {{ref "stg_orders"}}
where '{{var "since"}}' < '2030-01-01'
group by status
`,
  'models/marts/customers.sql': 'select 1 as customer_id\n',
  'models/models.yml': `sources:
  - name: crm
    schema: '{{env_var "CRM_SCHEMA" "crm"}}'
    tables:
      - name: contacts
models:
  - name: stg_orders
    columns:
      - name: id
        tests: [unique]
  - name: customers
    description: One row a customer.
    config:
      persist_docs: {relation: true}
    columns:
      - {name: customer_id, data_type: integer}
`,
  'tests/no_negative.sql': 'select * from {{ref "revenue"}} where total < 0\n',
}

const FILE: Target = { type: 'duckdb', path: 'shop.duckdb', schema: 'main', threads: 2 }

/** A project in a folder of its own, whose commands run in this process. */
export class StateProject {
  readonly root = mkdtempSync(join(tmpdir(), 'tsdbt-state-'))

  constructor(files: Files = shopFiles, outputs: Readonly<Record<string, Target>> = { dev: FILE }) {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }))
    const profiles = JSON.stringify({ shop: { target: 'dev', outputs } })
    this.write({ ...files, 'profiles.yml': profiles })
  }

  /** Null takes a file away. */
  write(files: Files): void {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.root, path)
      if (text === null) rmSync(file, { force: true })
      else {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, text)
      }
    }
  }

  path(path: string): string {
    return join(this.root, path)
  }

  /** Copies the artifacts of the last command to a folder of the project, and says where it is. */
  keepArtifacts(folder = 'earlier'): string {
    cpSync(this.path('target'), this.path(folder), { recursive: true })
    return this.path(folder)
  }

  open(options: EngineOptions = {}): Promise<Engine> {
    return Engine.open({ projectDir: this.root, env: {}, ...options })
  }

  async build(select: readonly string[] = [], options: EngineOptions = {}): Promise<RunReport> {
    return (await this.open(options)).build({ select })
  }

  async ls(select: string, options: EngineOptions = {}): Promise<ListOutcome> {
    return (await this.open(options)).ls({ select: [select], indirectSelection: 'empty', why: true })
  }

  /** Names of the nodes that a selection gives, sorted. */
  async names(select: string, options: EngineOptions = {}): Promise<readonly string[]> {
    return (await this.ls(select, options)).nodes.map((node) => node.name).sort()
  }
}

/** Targets `dev` (schema `main`) and `prod` (schema `prod`) of one database. */
export function devAndProd({ target }: SpecDatabase): Readonly<Record<string, Target>> {
  return { dev: { ...target, threads: 2 }, prod: { ...target, schema: 'prod', threads: 2 } }
}

/** How each node of a run ended, by its name. */
export function endings({ results }: RunReport): Readonly<Record<string, string>> {
  return Object.fromEntries(results.map((result) => [result.uniqueId.split('.')[2]!, result.status]))
}
