// Timings against a Postgres of its own (in a folder under the system's temporary one), in pairs with the raw work.
//   npm run bench -- postgres
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startScratchServer } from '../spec/scratch-server.ts'
import { openPostgres } from '../src/adapters/postgres/open-postgres.ts'
import { parsePostgresProfile } from '../src/adapters/postgres/postgres-profile.ts'

const [root, cli, project] = process.argv.slice(2) as [string, string, string]
const folder = mkdtempSync(join(tmpdir(), 'tsdbt-bench-postgres-'))
chmodSync(folder, 0o755)

interface Pair {
  readonly ratio: number
  readonly a: number
  readonly b: number
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}

async function pair(times: number, a: () => Promise<number>, b: () => Promise<number>): Promise<Pair> {
  const seconds: [number, number][] = []
  for (let i = 0; i < times; i++) seconds.push([await a(), await b()])
  return {
    ratio: median(seconds.map(([x, y]) => x / y)),
    a: median(seconds.map(([x]) => x)),
    b: median(seconds.map(([, y]) => y)),
  }
}

async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

mkdirSync(join(folder, 'project'))
// As many locks and connections as a server of production has, and its durability: only the work differs.
const server = await startScratchServer(join(folder, 'server'), { max_locks_per_transaction: '512' })

async function client(database: string): Promise<pg.Client> {
  const made = new pg.Client({ host: server.host, port: server.port, user: 'postgres', database })
  // The end of the server is no news here.
  made.on('error', () => undefined)
  await made.connect()
  return made
}

async function fresh(database: string): Promise<void> {
  const admin = await client('postgres')
  await admin.query(`drop database if exists ${database} with (force)`)
  await admin.query(`create database ${database}`)
  await admin.end()
}

function writeProfile(database: string): void {
  writeFileSync(
    join(project, 'profiles.yml'),
    `bench:\n  target: dev\n  outputs:\n    dev: { type: postgres, host: "${server.host}", port: ${server.port}, user: postgres, dbname: ${database}, schema: bench, threads: 4 }\n`,
  )
}

function build(): void {
  execFileSync(process.execPath, [cli, 'build', '--project-dir', project, '--threads', '4', '--quiet'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** What `tsdbt build` compiled, in its order: one simple statement after the other on one connection. */
function rawPlan(): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(project, 'target/manifest.json'), 'utf8'))
  const { results } = JSON.parse(readFileSync(join(project, 'target/run_results.json'), 'utf8')) as {
    results: { unique_id: string }[]
  }
  const isTest = ({ unique_id: id }: { unique_id: string }) => id.startsWith('test.')
  const order = [...results.filter((r) => !isTest(r)), ...results.filter(isTest)]
  const statements = order.flatMap(({ unique_id: id }) => {
    const node = manifest.nodes[id]
    if (node.resource_type === 'seed') {
      const lines = readFileSync(join(project, node.original_file_path), 'utf8').trim().split('\n').slice(1)
      const rows = lines.map((line) => `(${line.replaceAll(/[^,\d-]+|\d{4}-\d\d-\d\d/g, (text) => `'${text}'`)})`)
      return [
        `create table ${node.relation_name} (id bigint, customer_id bigint, event_date date, amount_cents bigint, status text)`,
        `insert into ${node.relation_name} values ${rows.join(',')}`,
      ]
    }
    if (node.resource_type === 'test') return [`select count(*) from (${node.compiled_code}\n) as t`]
    const kind = node.config.materialized === 'view' ? 'view' : 'table'
    return [`create ${kind} ${node.relation_name} as (${node.compiled_code}\n)`]
  })
  // The raw run has a database of its own.
  return ['create schema bench', ...statements].map((sql) => sql.replaceAll('"bench"."bench".', '"bench".'))
}

function raw(plan: string): void {
  const script = join(root, 'bench/raw-postgres.mjs')
  const { host, port } = server
  execFileSync(process.execPath, [script, plan, host, String(port), 'raw'], { stdio: ['ignore', 'ignore', 'inherit'] })
}

async function benchBuild(): Promise<void> {
  writeProfile('bench')
  await fresh('bench')
  build()
  const plan = join(folder, 'plan.json')
  writeFileSync(plan, JSON.stringify(rawPlan()))
  const first = await pair(
    5,
    async () => {
      await fresh('bench')
      return timed(build)
    },
    async () => {
      await fresh('raw')
      return timed(() => raw(plan))
    },
  )
  console.log(
    `build of 1,000 models, 4 threads, against the same statements\t${first.ratio.toFixed(2)} x; ${first.a.toFixed(2)} s against ${first.b.toFixed(2)} s\t1.5 x`,
  )
  const again = await timed(build)
  console.log(`the same build again, replacing every table\t${again.toFixed(2)} s\t-`)
}

async function benchCatalog(): Promise<void> {
  await fresh('catalog')
  const connection = await client('catalog')
  await connection.query('create schema wide')
  for (let chunk = 0; chunk < 5; chunk++)
    await connection.query(
      `do $$ begin for i in ${chunk * 1000}..${chunk * 1000 + 999} loop execute format('create ${chunk % 2 === 0 ? 'table' : 'view'} wide.r_%s as select 1 as a, now() as b', i); end loop; end $$`,
    )
  await connection.query('analyze')
  await connection.end()
  const profile = parsePostgresProfile({
    values: {
      type: 'postgres',
      host: server.host,
      port: server.port,
      user: 'postgres',
      dbname: 'catalog',
      schema: 'wide',
    },
    spanOf: () => ({ path: 'bench', start: 0, end: 0 }),
  })
  const adapter = await openPostgres(profile, { baseDir: folder, threads: 1, runId: '0badcafe', waitMs: 0 })
  const schemas = [{ database: 'catalog', schema: 'wide' }]
  await adapter.relations([])
  const seconds: number[] = []
  for (let i = 0; i < 7; i++) seconds.push(await timed(() => adapter.relations(schemas)))
  const found = await adapter.relations(schemas)
  await adapter.close()
  console.log(
    `catalog query of ${found.length} relations\t${(median(seconds) * 1000).toFixed(0)} ms, the first ${(seconds[0]! * 1000).toFixed(0)} ms\t300 ms`,
  )
}

/** How long the publishing of a rebuilt table keeps its readers out: the longest wait of one that reads in a loop. */
async function benchLocks(): Promise<void> {
  await fresh('locks')
  const models = join(folder, 'project')
  mkdirSync(join(models, 'models'))
  writeFileSync(join(models, 'project.yml'), 'name: locks\nversion: "1"\nprofile: bench\n')
  writeFileSync(
    join(models, 'profiles.yml'),
    `bench: { target: dev, outputs: { dev: { type: postgres, host: "${server.host}", port: ${server.port}, user: postgres, dbname: locks, schema: public } } }\n`,
  )
  for (const replace of ['swap', 'in_place']) {
    writeFileSync(
      join(models, 'models', `${replace}.sql`),
      `{{config materialized="table" replace="${replace}"}}\nselect i as id, md5(i::text) as text from generate_series(1, 500000) as g(i)\n`,
    )
    const run = () =>
      execFileSync(process.execPath, [cli, 'run', '--project-dir', models, '--select', replace, '--quiet'])
    run()
    const reader = await client('locks')
    let reading = true
    let longest = 0
    const reads = (async () => {
      while (reading)
        longest = Math.max(longest, await timed(() => reader.query(`select id from public.${replace} limit 1`)))
    })()
    const { spawn } = await import('node:child_process')
    for (let i = 0; i < 5; i++)
      await new Promise<void>((resolve, reject) => {
        const child = spawn(process.execPath, [cli, 'run', '--project-dir', models, '--select', replace, '--quiet'])
        child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`run ended with ${code}`))))
      })
    reading = false
    await reads
    await reader.end()
    console.log(
      `longest wait of a reader while 500,000 rows are replaced 5 times (${replace})\t${(longest * 1000).toFixed(0)} ms\tmilliseconds`,
    )
  }
}

try {
  await benchBuild()
  await benchCatalog()
  await benchLocks()
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
