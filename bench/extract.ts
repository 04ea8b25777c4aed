// Compares what files take with the engine's own COPY of the same rows (eight columns), in pairs in one process, and tells the
// peak memory of the process. On Postgres the raw work is COPY to the client, which keeps nothing.
//   npx esbuild bench/extract.ts --bundle --platform=node --format=esm --packages=external --outfile=node_modules/.cache/extract.mjs
//   node node_modules/.cache/extract.mjs [rows] [pairs] [duckdb|postgres] [parquet|csv|rows]
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { startScratchServer } from '../spec/scratch-server.ts'
import type { Adapter } from '../src/adapters/adapter.ts'
import { parseDuckDbProfile } from '../src/adapters/duckdb/duckdb-profile.ts'
import { openDuckDb } from '../src/adapters/duckdb/open-duckdb.ts'
import type { ExtractFile } from '../src/adapters/extraction.ts'
import { openPostgres } from '../src/adapters/postgres/open-postgres.ts'
import { parsePostgresProfile } from '../src/adapters/postgres/postgres-profile.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
const pairs = Number(process.argv[3] ?? 5)
const engine = process.argv[4] ?? 'duckdb'
const format = process.argv[5] ?? 'parquet'
const folder = mkdtempSync(join(tmpdir(), 'tsdbt-bench-extract-'))
chmodSync(folder, 0o755)
const spanOf = () => ({ path: 'bench', start: 0, end: 0 })
const context = { baseDir: folder, threads: 2, runId: '0123abcd', waitMs: 0 }

const MADE = `select n as order_id, n % 50000 as customer_id, date '2020-01-01' + cast(n % 1000 as integer) as ordered_on,
  cast(n % 1000000 as decimal(18, 2)) / 100 as amount, n % 2 = 0 as is_new, concat('channel ', n % 7) as channel,
  concat('a note, number ', n) as note, cast(n as double precision) / 7 as score from generate_series(1, ${rows}) as t(n)`

const CSV = {
  format: 'csv',
  delimiter: ',',
  quote: '"',
  escape: '"',
  header: true,
  nullText: '',
  quoteAll: false,
  decimal: '.',
  lineEnd: '\n',
  dateFormat: null,
  timestampFormat: null,
  compression: 'none',
} as const

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

function fileOf(path: string): ExtractFile {
  return format === 'csv' ? { ...CSV, path } : { path, format: 'parquet', compression: 'zstd' }
}

interface Place {
  readonly adapter: Adapter
  raw(): Promise<unknown>
  close(): Promise<void>
}

async function openFile(): Promise<Place> {
  const values = { type: 'duckdb', path: join(folder, 'bench.duckdb'), schema: 'main' }
  const adapter = await openDuckDb(parseDuckDbProfile({ values, spanOf }), context)
  const session = await adapter.acquire()
  const how = format === 'csv' ? 'format csv, header' : 'format parquet, compression zstd'
  const raw = () => session.execute(`copy orders to '${join(folder, 'raw')}' (${how})`)
  return { adapter, raw, close: () => session.release() }
}

async function openServer(): Promise<Place> {
  const server = await startScratchServer(join(folder, 'server'), {})
  const values = {
    type: 'postgres',
    host: server.host,
    port: server.port,
    user: 'postgres',
    dbname: 'postgres',
    schema: 'public',
  }
  const adapter = await openPostgres(parsePostgresProfile({ values, spanOf }), context)
  const client = new pg.Client({ host: server.host, port: server.port, user: 'postgres', database: 'postgres' })
  client.on('error', () => undefined)
  await client.connect()
  const raw = async () => {
    for await (const _ of client.query(copyTo('copy orders to stdout (format csv)')));
  }
  const close = async () => {
    await client.end()
    await server.stop()
  }
  return { adapter, raw, close }
}

const place = engine === 'postgres' ? await openServer() : await openFile()
try {
  const session = await place.adapter.acquire()
  await session.execute(`create table orders as ${MADE}`)
  const whole = async () => {
    if (format !== 'rows') return session.extraction.toFile('select * from orders', fileOf(join(folder, 'out')))
    for await (const _ of session.extraction.rows('select * from orders'));
  }
  const own: number[] = []
  const raw: number[] = []
  for (let i = 0; i < pairs; i++) {
    own.push(await timed(whole))
    raw.push(await timed(() => place.raw()))
  }
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!
  const ratio = median(own.map((seconds, i) => seconds / raw[i]!))
  const peak = process.resourceUsage().maxRSS / 1024
  console.log(
    `${ratio.toFixed(2)} x; ${median(own).toFixed(2)} s against ${median(raw).toFixed(2)} s, peak ${peak.toFixed(0)} MiB`,
  )
  await session.release()
} finally {
  await place.close()
  await place.adapter.close()
  rmSync(folder, { recursive: true, force: true })
}
process.exit()
