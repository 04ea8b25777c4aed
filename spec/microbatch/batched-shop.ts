import { Engine } from '../../src/commands/engine.ts'
import type { EngineOptions, RunOptions } from '../../src/commands/options.ts'
import type { RunReport } from '../../src/commands/outcome.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'
import type { Here } from '../on-each-database.ts'

const sources = `sources:
  - name: raw
    schema: main
    tables:
      - name: events
        config: { event_time: happened_at }
      - name: notes
`

/** A project over a table of events that happen one by one; models are written by the tests. */
export class BatchedShop {
  readonly #here: Here
  readonly project: TemporaryProject

  constructor(here: Here, files: Readonly<Record<string, string | null>> = {}) {
    this.#here = here
    const target = { ...here.database.target, threads: 4 }
    this.project = new TemporaryProject(
      { 'models/stg_orders.sql': null, 'models/sources.yml': sources, ...files },
      target,
    )
  }

  /** Makes the table of events. `rows`: id, time and amount of each. */
  async events(rows: readonly (readonly [id: number, at: string | null, amount: number])[], type = 'timestamp') {
    const values = rows.map(([id, at, amount]) => `(${id}, ${at === null ? 'null' : `'${at}'`}, ${amount})`)
    await this.#here.database.sql(
      'drop table if exists main.events',
      `create table main.events (id integer, happened_at ${type}, amount integer)`,
      ...(values.length === 0 ? [] : [`insert into main.events values ${values.join(', ')}`]),
      'select 1',
    )
  }

  /** Writes a microbatch model of events. `config` is added to that of one batch a day since 2026-01-01. */
  model(
    name: string,
    config = '',
    query = 'select id, happened_at, amount from {{source "raw" "events"}}',
    size = 'batch_size="day" begin="2026-01-01"',
  ): this {
    const head = `{{config materialized="incremental" incremental_strategy="microbatch" event_time="happened_at" ${size} ${config}}}`
    this.project.write({ [`models/${name}.sql`]: `${head}\n${query}\n` })
    return this
  }

  engine(open: EngineOptions = {}): Promise<Engine> {
    return Engine.open({ projectDir: this.project.root, env: {}, ...open })
  }

  /** @param now what counts as now */
  async build(now: string, run: RunOptions = {}, open: EngineOptions = {}): Promise<RunReport> {
    return (await this.engine({ now, ...open })).build(run)
  }

  /** The rows of a query, dates and times as text. */
  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    return this.#here.database.sql(sql)
  }

  /** The ids that a table holds. */
  async ids(table: string): Promise<readonly unknown[]> {
    return (await this.rows(`select id from main.${table} order by id`)).map(([id]) => id)
  }

  remove(): void {
    this.project.remove()
  }
}

/** How the nodes of a run ended, by name. */
export function statuses({ results }: RunReport): Readonly<Record<string, string>> {
  return Object.fromEntries(results.map((r) => [r.uniqueId.split('.')[2], r.status]))
}

/** Of a run's first model with batches: the days on which its windows begin. */
export function batchDays({ results }: RunReport): { successful: string[]; failed: string[] } {
  const { successful, failed } = results.find((r) => r.batchResults !== null)!.batchResults!
  const days = (windows: typeof successful): string[] => windows.map(([start]) => start.replace('T00:00:00+00:00', ''))
  return { successful: days(successful), failed: days(failed) }
}
