// A snapshot of 1,000,000 rows: the first run, a run without changes, and one with 1 % of the rows changed.
//   node scripts/build.mjs && node bench/snapshot.mjs [rows] [duckdb|postgres] [timestamp|check]
// With `postgres` on the embedded server.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const rows = Number(process.argv[2] ?? 1_000_000)
const engine = process.argv[3] ?? 'duckdb'
const strategy = process.argv[4] ?? 'timestamp'
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'tsdbt-bench-snapshot-'))
const target =
  engine === 'duckdb' ? 'type: duckdb, path: bench.duckdb' : 'type: postgres, embedded: true, dbname: bench'
const compares = strategy === 'check' ? 'check_cols: all' : 'updated_at: updated_at'
const files = {
  'project.yml': 'name: bench\nprofile: bench\n',
  'profiles.yml': `bench:\n  target: dev\n  outputs:\n    dev: { ${target}, schema: main, threads: 2 }\n`,
  'models/customers.yml': 'sources:\n  - { name: app, schema: main, tables: [{ name: customers }] }\n',
  'snapshots/history.yml': `snapshots:
  - name: history
    relation: source('app', 'customers')
    config: { strategy: ${strategy}, unique_key: id, ${compares}, hard_deletes: invalidate }
`,
}

function tsdbt(...args) {
  const began = performance.now()
  const { status, stdout, stderr } = spawnSync('node', [cli, ...args], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`)
  return (performance.now() - began) / 1000
}

const series = engine === 'duckdb' ? `range(1, ${rows + 1}) as t (n)` : `generate_series(1, ${rows}) as t (n)`
const fill = (at, changed) => `create table main.customers as select cast(n as bigint) as id, 'customer ' || n as name,
  'mail' || n || '@example.com' as email, case when ${changed} then 'FR' else 'DE' end as country, n % 7 as grade,
  case when ${changed} then timestamp '${at}' else timestamp '2024-01-01' end as updated_at from ${series}`

try {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  tsdbt('run-operation', '--sql', 'create schema if not exists main')
  tsdbt('run-operation', '--sql', fill('2024-01-01', 'false'))
  const seconds = { first: tsdbt('snapshot'), unchanged: tsdbt('snapshot') }
  tsdbt('run-operation', '--sql', 'drop table main.customers')
  tsdbt('run-operation', '--sql', fill('2024-02-01', 'n % 100 = 0'))
  seconds.changed = tsdbt('snapshot')
  console.log(
    engine,
    strategy,
    rows,
    Object.entries(seconds)
      .map(([what, s]) => `${what} ${s.toFixed(2)} s`)
      .join(', '),
  )
} finally {
  rmSync(root, { recursive: true, force: true })
}
