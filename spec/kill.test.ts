import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines, type SpecDatabase, type SpecEngine, type Target } from './engines.ts'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const tables = Array.from({ length: 8 }, (_, i) => `t${i}`)
const relations = [...tables, 'events', 'v', 'grown']
const rowsPerTable = 20_000
const rowsOfHistory = 500
const rounds = 12

/** What a published relation holds: the generations of its rows, and how many there are. */
interface Published {
  readonly generations: readonly number[]
  readonly rows: number
}

/** A project in which every row says in which generation it was made. */
class Generations {
  readonly #root = mkdtempSync(join(tmpdir(), 'tsdbt-kill-'))
  readonly #database: SpecDatabase

  /** @param more keys of the target */
  constructor(database: SpecDatabase, more: Target = {}) {
    this.#database = database
    this.#write('project.yml', 'name: kill\nprofile: kill\nvars: { generation: 0 }\n')
    const target = { ...database.target, threads: 4, ...more }
    this.#write('profiles.yml', JSON.stringify({ kill: { target: 'dev', outputs: { dev: target } } }))
    const rows = `select g.id, {{var "generation"}} as generation from generate_series(1, ${rowsPerTable}) as g(id)\n`
    for (const name of tables) this.#write(`models/${name}.sql`, `{{config materialized="table"}}\n${rows}`)
    this.#write('models/v.sql', 'select id, generation from {{source "raw" "events"}}\n')
    this.#write(
      'models/grown.sql',
      `{{config materialized="incremental" unique_key="id" incremental_strategy="delete+insert"}}
select id, generation from {{ref "t0"}}\n`,
    )
    this.#write(
      'snapshots/history.sql',
      `{{config strategy="check" unique_key="id" check_cols=(list "generation")}}
select id, generation from {{ref "t1"}} where id <= ${rowsOfHistory}
`,
    )
    const keys = 'columns: [{ name: id, tests: [unique, not_null] }]'
    this.#write(
      'models/models.yml',
      `models:\n${[...tables, 'v', 'grown'].map((name) => `  - { name: ${name}, ${keys} }\n`).join('')}
sources:
  - name: raw
    schema: raw
    tables:
      - name: events
        files: { location: data/events.csv, format: csv }
        columns: [{ name: id, data_type: bigint, tests: [unique] }, { name: generation, data_type: integer }]
`,
    )
  }

  build(generation: number): ChildProcess {
    const lines = Array.from({ length: 2_000 }, (_, i) => `${i},${generation}`)
    this.#write('data/events.csv', `id,generation\n${lines.join('\n')}\n`)
    const vars = `{generation: ${generation}}`
    return spawn(process.execPath, [cli, 'build', '--quiet', '--threads', '4', '--vars', vars], {
      cwd: this.#root,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  }

  async published(): Promise<ReadonlyMap<string, Published>> {
    const query = relations
      .map((name) => {
        const relation = name === 'events' ? 'main_raw.events' : `main.${name}`
        return `select '${name}', min(generation), max(generation), count(*) from ${relation}`
      })
      .join(' union all ')
    const rows = await this.#database.sql(query)
    return new Map(
      rows.map(([name, low, high, n]) => [
        String(name),
        { generations: [...new Set([Number(low), Number(high)])], rows: Number(n) },
      ]),
    )
  }

  /** Every relation is as one run left it, whichever that was. */
  async expectWhole(when: string): Promise<void> {
    const state = await this.published()
    for (const name of [...tables, 'grown']) {
      expect(state.get(name)!.generations, `${name} mixes generations after ${when}`).toHaveLength(1)
      expect(state.get(name)!.rows, name).toBe(rowsPerTable)
    }
    // The view and the source that it reads are published together.
    expect(state.get('events')!.generations).toHaveLength(1)
    expect(state.get('events')!.rows).toBe(2_000)
    expect(state.get('v')).toEqual(state.get('events'))
    await this.#expectHistory(when)
  }

  /** Each generation that entered the history is there whole, and each version ends where the next begins. */
  async #expectHistory(when: string): Promise<void> {
    const counts = await this.#database.sql(
      'select generation, count(*), count(*) - count(dbt_valid_to) from main.history group by generation order by generation',
    )
    const last = counts.at(-1)
    for (const line of counts) {
      const [generation, rows, current] = line.map(Number)
      expect([generation, rows, current], `history after ${when}`).toEqual([
        generation,
        rowsOfHistory,
        line === last ? rowsOfHistory : 0,
      ])
    }
    const gaps = await this.#database.sql(
      `select count(*) from (
        select dbt_valid_to, lead(dbt_valid_from) over (partition by id order by dbt_valid_from) as next_from from main.history
      ) as versions where dbt_valid_to is distinct from next_from`,
    )
    expect(
      gaps.map((row) => row.map(Number)),
      `history after ${when}`,
    ).toEqual([[0]])
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true })
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(join(this.#root, path)), { recursive: true })
    writeFileSync(join(this.#root, path), text)
  }
}

/** Resolves to the exit code (null when killed) and what the process said. */
function ended(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = ''
  child.stderr!.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })))
}

const STRAYS = "select table_name from information_schema.tables where table_name like '%\\_\\_tsdbt\\_%' escape '\\'"

/** Lets `harm` be done at some moment of `rounds` runs; what is published must be whole after each, and a last run mends all. */
async function disturb(
  { project, database }: { readonly project: Generations; readonly database: SpecDatabase },
  harm: (child: ChildProcess) => Promise<void>,
): Promise<readonly { code: number | null; said: string }[]> {
  const began = performance.now()
  expect((await ended(project.build(1))).code).toBe(0)
  const duration = performance.now() - began
  const ends: { code: number | null; said: string }[] = []
  for (let round = 0; round < rounds; round++) {
    const child = project.build(round + 2)
    const end = ended(child)
    // Spread over the whole run, the later part twice as dense: that is where relations are published.
    const moment = duration * Math.sqrt(Math.random())
    let harmed: Promise<void> | undefined
    const timer = setTimeout(() => {
      harmed = harm(child)
    }, moment)
    ends.push(await end)
    clearTimeout(timer)
    await harmed
    await project.expectWhole(`a disturbance at ${moment.toFixed(0)} ms`)
  }
  expect(await ended(project.build(99))).toEqual({ code: 0, said: '' })
  for (const [name, { generations }] of await project.published()) expect(generations, name).toEqual([99])
  expect(await database.sql(STRAYS)).toEqual([])
  return ends
}

/** A database with a project that was built once. */
function prepared(engine: SpecEngine, more?: Target): { database: SpecDatabase; project: Generations } {
  const made = {} as { database: SpecDatabase; project: Generations }
  beforeAll(async () => {
    made.database = await engine.create()
    made.project = new Generations(made.database, more)
    expect(await ended(made.project.build(0))).toEqual({ code: 0, said: '' })
  })
  afterAll(async () => {
    made.project?.remove()
    await made.database?.drop()
  })
  return made
}

describe.each(engines)('on $name', (engine) => {
  const made = prepared(engine)

  it('a kill at any moment leaves every published relation whole, old or new', { timeout: 240_000 }, async () => {
    const ends = await disturb(made, async (child) => void child.kill('SIGKILL'))
    const killed = ends.filter(({ code }) => code === null).length
    expect(killed, 'no run was interrupted: the moments miss the run').toBeGreaterThan(5)
  })
})

describe('on a server', () => {
  const made = prepared(engines.find(({ name }) => name === 'postgres')!, { application_name: 'disturbed' })

  it('so does the loss of connections, which a run survives or tells of', { timeout: 240_000 }, async () => {
    const lose = `select count(pg_terminate_backend(pid)) from pg_stat_activity
where datname = current_database() and application_name like 'disturbed%' and random() < 0.7`
    const ends = await disturb(made, async () => void (await made.database.sql(lose)))
    for (const { code, said } of ends) {
      expect([0, 1, 2]).toContain(code)
      if (code !== 0) expect(said).toMatch(/connection/)
      expect(said).not.toMatch(/internal|\bat .*\.(js|ts):\d/)
    }
  })
})
