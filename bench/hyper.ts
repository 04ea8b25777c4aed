// `.hyper` extracts of 5,000,000 rows by the built command, in pairs with the same by hand; and the rate out of Postgres.
//   npm run bench -- hyper
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { startScratchServer } from '../spec/scratch-server.ts'
import { locateHyperd } from '../src/exports/hyper/locate-hyperd.ts'
import { median, pair, timeProcess } from './measure.mjs'

const [root, cli] = process.argv.slice(2) as [string, string]
const rows = Number(process.env['TSDBT_BENCH_ROWS'] ?? 5_000_000)
const folder = mkdtempSync(join(tmpdir(), 'tsdbt-bench-hyper-'))
const project = join(folder, 'project')
const select = `select i as id, cast(date '2020-01-01' + cast(i % 1000 as integer) as date) as day,
  timestamp '2020-01-01' + i * interval '1 second' as at, cast(i % 7 as integer) as quantity,
  cast((i * 7919 % 1000000) / 100.0 as decimal(18,2)) as amount, (i % 1000) / 3.0e0 as score,
  'country ' || (i % 40) as country, 'a note, number ' || i as note`

function writeProject(target: string): void {
  mkdirSync(join(project, 'models'), { recursive: true })
  writeFileSync(join(project, 'project.yml'), 'name: bench\nversion: "1"\nprofile: bench\n')
  writeFileSync(join(project, 'profiles.yml'), `bench: { target: dev, outputs: { dev: ${target} } }\n`)
  writeFileSync(
    join(project, 'models/exports.yml'),
    `sources:
  - name: main
    tables: [{ name: facts }]
exports:
  - name: facts
    from: source('main', 'facts')
    to: facts.hyper
`,
  )
}

function run(): { seconds: number; peakMiB: number } {
  return timeProcess(process.execPath, [cli, 'export', '--project-dir', project, '--quiet'], { peak: true })
}

async function onDuckDb(): Promise<void> {
  const database = join(project, 'bench.duckdb')
  writeProject(`{ type: duckdb, path: bench.duckdb, schema: main }`)
  const instance = await DuckDBInstance.create(database)
  const connection = await instance.connect()
  await connection.run(`create table facts as ${select} from range(${rows}) as r(i)`)
  connection.closeSync()
  instance.closeSync()
  const { path: hyperd } = await locateHyperd({ env: {}, projectRoot: root })
  const peaks: number[] = []
  const raw = join(folder, 'raw.hyper')
  const own = () => {
    const { seconds, peakMiB } = run()
    peaks.push(peakMiB)
    return seconds
  }
  const byHand = () => {
    rmSync(raw, { force: true })
    return timeProcess(process.execPath, [join(root, 'bench/raw-hyper.mjs'), database, 'facts', raw, hyperd]).seconds
  }
  const p = pair(Number(process.env['TSDBT_BENCH_PAIRS'] ?? 3), own, byHand)
  const words = `${p.ratio.toFixed(2)} x (${p.low.toFixed(2)} to ${p.high.toFixed(2)}); ${p.a.toFixed(2)} s against ${p.b.toFixed(2)} s`
  const peak = `peak ${median(peaks).toFixed(0)} MiB`
  console.log(
    `${rows.toLocaleString('en-US')} rows, DuckDB to .hyper, against the same by hand\t${words}; ${peak}\t1.3 x, 300 MB`,
  )
}

async function onPostgres(): Promise<void> {
  chmodSync(folder, 0o755)
  const server = await startScratchServer(join(folder, 'server'), {})
  try {
    const { host, port, user } = server
    const client = new pg.Client({ host, port, user, database: 'postgres' })
    // The end of the server is no news here.
    client.on('error', () => undefined)
    await client.connect()
    await client.query('create schema main')
    await client.query(`create table main.facts as ${select} from generate_series(0::bigint, ${rows - 1}) as r(i)`)
    await client.end()
    writeProject(`{ type: postgres, host: "${host}", port: ${port}, user: ${user}, dbname: postgres, schema: main }`)
    const { seconds, peakMiB } = run()
    const rate = (rows / seconds / 1e6).toFixed(2)
    console.log(
      `${rows.toLocaleString('en-US')} rows, Postgres to .hyper, streamed\t${seconds.toFixed(2)} s, ${rate} million rows/s; peak ${peakMiB.toFixed(0)} MiB\t300 MB`,
    )
  } finally {
    await server.stop()
  }
}

try {
  await onDuckDb()
  await onPostgres()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
