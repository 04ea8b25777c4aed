// The work of an export to `.hyper` done by hand: DuckDB writes Parquet, hyperd loads it.
//   node bench/raw-hyper.mjs <database> <table> <file.hyper> <hyperd>
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'

const [database, table, file, hyperd] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'raw-hyper-'))
const parquet = join(folder, 'rows.parquet')
const instance = await DuckDBInstance.create(database, { access_mode: 'READ_ONLY' })
const connection = await instance.connect()
await connection.run(`copy ${table} to '${parquet}' (format parquet)`)

const callback = createServer()
await new Promise((resolve) => callback.listen(join(folder, 'back'), resolve))
const called = new Promise((resolve) =>
  callback.once('connection', (socket) => socket.once('data', () => resolve(socket))),
)
const server = spawn(
  hyperd,
  [
    'run',
    `--callback-connection=tab.domain://${folder}/domain/back`,
    `--listen-connection=tab.domain://${folder}/domain/.s.PGSQL.5432`,
    '--init-user=tableau_internal_user',
    '--log-config=',
    '--no-password',
    '--skip-license',
  ],
  { stdio: 'ignore', cwd: folder },
)
const lifeline = await called
callback.close()

async function onFile(name, ...statements) {
  const client = new pg.Client({ host: folder, user: 'tableau_internal_user', database: name })
  await client.connect()
  for (const sql of statements) await client.query(sql)
  await client.end()
}

await onFile('', `create database "${file}"`)
const columns = (await connection.runAndReadAll(`describe ${table}`)).getRows().map(([name, type]) => [name, type])
const types = { VARCHAR: 'text', DOUBLE: 'double precision', 'DECIMAL(18,2)': 'numeric(18,2)' }
await onFile(
  file,
  'create schema "Extract"',
  `create table "Extract"."Extract" (${columns.map(([name, type]) => `"${name}" ${types[type] ?? type}`).join(', ')})`,
  `insert into "Extract"."Extract" select * from external('${parquet}', format => 'parquet')`,
  `detach database "${file}"`,
)
const ended = new Promise((resolve) => server.once('exit', resolve))
lifeline.end()
await ended
rmSync(folder, { recursive: true })
