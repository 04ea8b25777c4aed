import { Engine } from '../../src/commands/engine.ts'
import type { RunOptions } from '../../src/commands/options.ts'
import type { SpecDatabase } from '../engines.ts'
import { type Found, TemporaryProject } from '../errors/temporary-project.ts'

export interface Taken {
  readonly exitCode: number
  readonly found: readonly Found[]
}

type Files = Readonly<Record<string, string | null>>

const declared = `sources:
  - name: app
    schema: main
    tables: [{ name: customers }]
`

/** A project with one snapshot, `history`, over a table that the test fills: `app.customers`. */
export class HistoryProject {
  readonly project: TemporaryProject
  readonly #database: SpecDatabase

  /** @param config the snapshot's `config:`, as YAML in one line */
  constructor(database: SpecDatabase, config: string, files: Files = {}) {
    this.#database = database
    this.project = new TemporaryProject({ 'models/sources.yml': declared, ...files }, database.target)
    this.configure(config)
  }

  configure(config: string, more = ''): void {
    const text = `snapshots:\n  - name: history\n    relation: source('app', 'customers')\n    config: {${config}}\n${more}`
    this.project.write({ 'snapshots/history.yml': text })
  }

  /** Fills the source anew with the rows of a query. */
  async source(query: string): Promise<void> {
    await this.#database.sql(
      'drop table if exists main.customers',
      `create table main.customers as ${query}`,
      'select 1',
    )
  }

  /** Rows `(id, country, updated_at)`, the country as SQL. */
  rows(...rows: readonly (readonly [id: number | null, country: string, at: string])[]): Promise<void> {
    const values = rows.map(
      ([id, country, at]) => `(cast(${id} as integer), cast(${country} as varchar), cast('${at}' as timestamp))`,
    )
    return this.source(`select * from (values ${values.join(', ')}) as t (id, country, updated_at)`)
  }

  /** Builds everything, at the given time when there is one. */
  take(options: RunOptions = {}): Promise<Taken> {
    return this.project.build(options)
  }

  /** `tsdbt snapshot`. */
  async snapshot(options: RunOptions = {}): Promise<number> {
    const engine = await Engine.open({ projectDir: this.project.root, env: {} })
    return (await engine.snapshot(options)).exitCode
  }

  /** The history as lines: `1 DE 2024-01-01..2024-02-01`; times at midnight without it. */
  async history(columns = 'id, country', extra = ''): Promise<string[]> {
    const short = (value: unknown): string => (value === null ? '-' : String(value).replace(' 00:00:00', ''))
    const rows = await this.#database.sql(
      `select dbt_valid_from, dbt_valid_to, ${columns}${extra} from main.history order by id, dbt_valid_from, country`,
    )
    return rows.map(
      ([from, to, ...values]) => `${values.map(short).join(' ')} ${short(from)}..${to === null ? '' : short(to)}`,
    )
  }

  sql(...statements: readonly string[]): Promise<readonly (readonly unknown[])[]> {
    return this.#database.sql(...statements)
  }

  remove(): void {
    this.project.remove()
  }
}
