// Compares the load of a source file with the engine's own `read_csv` into the same table (with `_file`, `_line` and
// `_loaded_at`, but without knowing the lines), in pairs in one process; and with `read_csv` into the ten columns alone.
//   npx esbuild bench/load.ts --bundle --platform=node --format=esm --packages=external --outfile=node_modules/.cache/load.mjs
//   node node_modules/.cache/load.mjs [rows] [pairs] [duckdb|postgres]
// With `postgres` (a server of its own), compares it with COPY of the same file into the ten columns alone.
import { chmodSync, createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { startScratchServer } from '../spec/scratch-server.ts'
import type { Adapter } from '../src/adapters/adapter.ts'
import { parseDuckDbProfile } from '../src/adapters/duckdb/duckdb-profile.ts'
import { openDuckDb } from '../src/adapters/duckdb/open-duckdb.ts'
import type { LoadRequest } from '../src/adapters/load.ts'
import { openPostgres } from '../src/adapters/postgres/open-postgres.ts'
import { parsePostgresProfile } from '../src/adapters/postgres/postgres-profile.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
const pairs = Number(process.argv[3] ?? 5)
const engine = process.argv[4] ?? 'duckdb'
const folder = mkdtempSync(join(tmpdir(), 'tsdbt-bench-load-'))
const span = { path: 'bench', start: 0, end: 0 }
const types = {
  order_id: 'bigint',
  customer_id: 'integer',
  ordered_on: 'date',
  ordered_at: 'timestamp',
  amount: 'decimal(18,2)',
  quantity: 'integer',
  is_new: 'boolean',
  channel: 'varchar',
  note: 'varchar',
  score: 'double',
}

async function writeFile(): Promise<string> {
  const file = join(folder, 'orders.csv')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`copy (select range as order_id, range % 50000 as customer_id,
    date '2020-01-01' + (range % 1000)::int as ordered_on, timestamp '2020-01-01' + interval (range) second as ordered_at,
    ((range * 7919) % 1000000) / 100 as amount, range % 7 as quantity, range % 2 = 0 as is_new,
    ['search', 'social', 'direct'][range % 3 + 1] as channel, 'a note, number ' || range as note, random() as score
    from range(${rows})) to '${file}' (header)`)
  connection.closeSync()
  instance.closeSync()
  return file
}

function request(run: number, database: string): LoadRequest {
  const target = { database, schema: 'main', identifier: `orders_${run}` }
  return {
    uniqueId: `source.bench.raw.orders_${run}`,
    target,
    quarantine: { ...target, identifier: `${target.identifier}__quarantine` },
    files: {
      location: ['orders.csv'],
      outsideProject: false,
      format: 'csv',
      delimiter: ',',
      quote: '"',
      escape: '"',
      header: true,
      skipHeaderLines: 0,
      skipFooterLines: 0,
      decimal: '.',
      dateFormats: [],
      timestampFormats: [],
      nullValues: [''],
      undeclared: 'keep',
      deduplicate: 'none',
      onBadRows: 'quarantine',
      maxBadRows: { share: 0.01 },
      onRemovedFiles: 'keep',
      locationSpan: span,
      span,
    },
    columns: Object.entries(types).map(([name, dataType]) => ({ name, dataType, quote: false, required: true, span })),
    projectRoot: folder,
    runId: '0123abcd',
    loadedAt: new Date().toISOString(),
    fullRefresh: false,
    declaration: 'bench',
  }
}

const file = await writeFile()
const context = { baseDir: folder, threads: 1, runId: '0123abcd', waitMs: 0 }
const spanOf = () => span
console.log(`${rows} rows, ${(statSync(file).size / 1e6).toFixed(0)} MB, ${Object.keys(types).length} columns`)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function timeLoad(adapter: Adapter, run: number, database: string): Promise<number> {
  const session = await adapter.acquire()
  const took = await timed(async () => {
    const staged = await session.stageLoad(request(run, database))
    await session.begin()
    await session.publishLoad(staged)
    await session.commit()
    if (staged.result.rowsAccepted !== rows) throw new Error(`${staged.result.rowsAccepted} rows arrived`)
  })
  await session.execute(`drop table main.orders_${run}`)
  await session.release()
  return took
}

/** The order changes, so that what one leaves behind for the next does not favour one of them. */
async function inPairs(raw: () => Promise<number>, load: (run: number) => Promise<number>): Promise<readonly number[]> {
  const ratios: number[] = []
  await raw()
  for (let run = 0; run < pairs; run++) {
    const first = run % 2 === 0 ? await raw() : undefined
    const own = await load(run)
    const other = first ?? (await raw())
    ratios.push(other / own)
    console.log(`the engine alone ${other.toFixed(0)} ms, load ${own.toFixed(0)} ms`)
  }
  return ratios
}

const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1]!.toFixed(2)

async function onDuckDb(): Promise<void> {
  const profile = parseDuckDbProfile({ values: { type: 'duckdb', path: 'bench.duckdb' }, spanOf })
  const adapter = await openDuckDb(profile, context)
  const session = await adapter.acquire()
  const columns = Object.entries(types).map(([name, type]) => `${name}: '${type}'`)
  const typed = `read_csv('${file}', columns={${columns.join(', ')}}, auto_detect=false, header=true, delim=',', quote='"', escape='"')`
  const same = `select *, 'orders.csv' as _file, 0::bigint as _line, now() as _loaded_at from ${typed}`
  const timeRaw = async (query: string) => {
    const took = await timed(() => session.execute(`create table raw as ${query}`))
    await session.execute('drop table raw')
    return took
  }
  const bare: number[] = []
  await session.release()
  const ratios = await inPairs(
    () => timeRaw(same),
    async (run) => {
      const took = await timeLoad(adapter, run, 'bench')
      bare.push((await timeRaw(`select * from ${typed}`)) / took)
      return took
    },
  )
  console.log(`median ratio ${median(ratios)} (0.7 is wanted), ${median(bare)} without the three columns`)
  await adapter.close()
}

async function onPostgres(): Promise<void> {
  chmodSync(folder, 0o755)
  const server = await startScratchServer(join(folder, 'server'), {})
  const { host, port, user } = server
  const client = new pg.Client({ host, port, user, database: 'postgres' })
  await client.connect()
  await client.query('create schema main')
  const columns = Object.entries(types).map(([name, type]) => `${name} ${type.replace('double', 'double precision')}`)
  const copy = async () => {
    await client.query(`create table raw (${columns.join(', ')})`)
    const took = await timed(async () => {
      const into = client.query(copyFrom('copy raw from stdin (format csv, header)', { highWaterMark: 1 << 20 }))
      await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), into)
    })
    await client.query('drop table raw')
    return took
  }
  const values = { type: 'postgres', host, port, user, dbname: 'postgres', schema: 'main' }
  const adapter = await openPostgres(parsePostgresProfile({ values, spanOf }), context)
  const ratios = await inPairs(copy, (run) => timeLoad(adapter, run, 'postgres'))
  console.log(`median ratio ${median(ratios)} of COPY of the same file (0.6 is wanted)`)
  await adapter.close()
  await client.end()
  await server.stop()
}

await (engine === 'postgres' ? onPostgres() : onDuckDb())
rmSync(folder, { recursive: true, force: true })
