// Compares the load of a source file with the engine's own `read_csv` into the same table (with `_file`, `_line` and
// `_loaded_at`, but without knowing the lines), in pairs in one process; and with `read_csv` into the ten columns alone.
//   npx esbuild bench/load.ts --bundle --platform=node --format=esm --packages=external --outfile=node_modules/.cache/load.mjs
//   node node_modules/.cache/load.mjs [rows] [pairs]
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { parseDuckDbProfile } from '../src/adapters/duckdb/duckdb-profile.ts'
import { openDuckDb } from '../src/adapters/duckdb/open-duckdb.ts'
import type { LoadRequest } from '../src/adapters/load.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
const pairs = Number(process.argv[3] ?? 5)
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

function request(run: number): LoadRequest {
  const target = { database: 'bench', schema: 'main', identifier: `orders_${run}` }
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
const profile = parseDuckDbProfile({ values: { type: 'duckdb', path: 'bench.duckdb' }, spanOf: () => span })
const adapter = await openDuckDb(profile, { baseDir: folder, threads: 1, runId: '0123abcd', waitMs: 0 })
const session = await adapter.acquire()
const columns = Object.entries(types).map(([name, type]) => `${name}: '${type}'`)
const typed = `read_csv('${file}', columns={${columns.join(', ')}}, auto_detect=false, header=true, delim=',', quote='"', escape='"')`
const bare = `select * from ${typed}`
const same = `select *, 'orders.csv' as _file, 0::bigint as _line, now() as _loaded_at from ${typed}`
console.log(`${rows} rows, ${(statSync(file).size / 1e6).toFixed(0)} MB, ${Object.keys(types).length} columns`)

async function timeRaw(query: string): Promise<number> {
  const started = performance.now()
  await session.execute(`create table raw as ${query}`)
  const took = performance.now() - started
  await session.execute('drop table raw')
  return took
}

async function timeLoad(run: number): Promise<number> {
  const started = performance.now()
  const staged = await session.stageLoad(request(run))
  await session.begin()
  await session.publishLoad(staged)
  await session.commit()
  const took = performance.now() - started
  if (staged.result.rowsAccepted !== rows) throw new Error(`${staged.result.rowsAccepted} rows arrived`)
  await session.execute(`drop table orders_${run}`)
  return took
}

const ratios: number[] = []
const bareRatios: number[] = []
await timeRaw(bare)
for (let run = 0; run < pairs; run++) {
  // The order changes, so that what one leaves behind for the next does not favour one of them.
  const first = run % 2 === 0 ? await timeRaw(same) : undefined
  const load = await timeLoad(run)
  const own = first ?? (await timeRaw(same))
  const alone = await timeRaw(bare)
  ratios.push(own / load)
  bareRatios.push(alone / load)
  console.log(
    `read_csv ${own.toFixed(0)} ms (${alone.toFixed(0)} ms without the three columns), load ${load.toFixed(0)} ms`,
  )
}
const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1]!.toFixed(2)
console.log(`median ratio ${median(ratios)} (0.7 is wanted), ${median(bareRatios)} without the three columns`)
await session.release()
await adapter.close()
rmSync(folder, { recursive: true, force: true })
