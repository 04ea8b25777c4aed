import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const tables = Array.from({ length: 8 }, (_, i) => `t${i}`)
const rowsPerTable = 20_000
let root: string

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** The input of one generation: every row says which generation it is. */
function writeGeneration(generation: number): void {
  const lines = Array.from({ length: 2_000 }, (_, i) => `${i},${generation}`)
  write('data/events.csv', `id,generation\n${lines.join('\n')}\n`)
}

function build(generation: number): ChildProcess {
  writeGeneration(generation)
  return spawn(process.execPath, [cli, 'build', '--quiet', '--threads', '4', '--vars', `{generation: ${generation}}`], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

/** Resolves to the exit code (null when killed) and what the process said. */
function ended(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = ''
  child.stderr!.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })))
}

/** The generations that each published relation holds, with its number of rows. */
async function published(): Promise<Record<string, { generations: number[]; rows: number }>> {
  const instance = await DuckDBInstance.create(join(root, 'kill.duckdb'))
  const connection = await instance.connect()
  const found: Record<string, { generations: number[]; rows: number }> = {}
  for (const name of [...tables, 'events', 'v', 'grown']) {
    const reader = await connection.runAndReadAll(
      `select list(distinct generation order by generation) as g, count(*) as n from ${name === 'events' ? 'main_raw.events' : name}`,
    )
    const [row] = reader.getRowsJson() as [[number[], string]]
    found[name] = { generations: row[0].map(Number), rows: Number(row[1]) }
  }
  connection.closeSync()
  instance.closeSync()
  return found
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tsdbt-kill-'))
  write('project.yml', 'name: kill\nprofile: kill\nvars: { generation: 0 }\n')
  write(
    'profiles.yml',
    'kill:\n  target: dev\n  outputs:\n    dev: { type: duckdb, path: kill.duckdb, schema: main, threads: 4 }\n',
  )
  for (const name of tables) {
    write(
      `models/${name}.sql`,
      `{{config materialized="table"}}\nselect r.range as id, {{var "generation"}} as generation from range(${rowsPerTable}) as r\n`,
    )
  }
  write('models/v.sql', 'select id, generation from {{source "raw" "events"}}\n')
  write(
    'models/grown.sql',
    `{{config materialized="incremental" unique_key="id" incremental_strategy="delete+insert"}}
select id, generation from {{ref "t0"}}\n`,
  )
  const keys = 'columns: [{ name: id, tests: [unique, not_null] }]'
  write(
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
  const first = await ended(build(0))
  expect(first).toEqual({ code: 0, said: '' })
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

it('a kill at any moment leaves every published relation complete, old or new', { timeout: 240_000 }, async () => {
  const began = performance.now()
  expect((await ended(build(1))).code).toBe(0)
  const duration = performance.now() - began
  let killed = 0
  for (let round = 0; round < 20; round++) {
    const generation = round + 2
    const child = build(generation)
    const end = ended(child)
    // Spread over the whole run, the later part twice as dense: that is where relations are published.
    const moment = duration * Math.sqrt(Math.random())
    const timer = setTimeout(() => child.kill('SIGKILL'), moment)
    if ((await end).code === null) killed++
    clearTimeout(timer)
    const state = await published()
    for (const name of [...tables, 'grown']) {
      expect(state[name]!.generations, `${name} mixes generations after a kill at ${moment} ms`).toHaveLength(1)
      expect(state[name]!.rows, name).toBe(rowsPerTable)
    }
    // The view and the source it reads are published together.
    expect(state['events']!.generations).toHaveLength(1)
    expect(state['events']!.rows).toBe(2_000)
    expect(state['v']).toEqual(state['events'])
  }
  expect(killed, 'no run was interrupted: the moments miss the run').toBeGreaterThan(5)

  expect((await ended(build(99))).code).toBe(0)
  const state = await published()
  for (const name of [...tables, 'events', 'v', 'grown']) expect(state[name]!.generations).toEqual([99])
  const instance = await DuckDBInstance.create(join(root, 'kill.duckdb'))
  const connection = await instance.connect()
  const strays = await connection.runAndReadAll(
    "select table_name from information_schema.tables where regexp_matches(table_name, '__tsdbt_[0-9a-f]{8}$')",
  )
  expect(strays.getRows()).toEqual([])
  connection.closeSync()
  instance.closeSync()
})
