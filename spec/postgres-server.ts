import { readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { isAlive } from '../src/base/is-alive.ts'
import { type ScratchServer, startScratchServer, stopScratchServer } from './scratch-server.ts'

/** How specs reach the server of the run. */
export interface PostgresServer {
  readonly host: string
  readonly port: number
  readonly user: string
  /** The major version: 13 to 18. */
  readonly version: number
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: PostgresServer
  }
}

const PREFIX = 'tsdbt-spec-postgres-'
const KEY = Symbol.for('tsdbt.spec.postgres')
const shared = globalThis as { [KEY]?: { users: number; running: Promise<ScratchServer> } }

/** One Postgres for all specs of a run, whatever project of vitest they belong to; gone when the run ends. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared[KEY] ??= { users: 0, running: start() }
  const entry = shared[KEY]
  entry.users += 1
  const { host, port, user, version, stop } = await entry.running
  project.provide('postgres', { host, port, user, version })
  return async () => {
    entry.users -= 1
    if (entry.users > 0) return
    delete shared[KEY]
    await stop()
  }
}

async function start(): Promise<ScratchServer> {
  await removeLeftovers()
  const server = await startScratchServer(join(tmpdir(), `${PREFIX}${process.pid}`), {
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    autovacuum: 'off',
    max_connections: '200',
    max_locks_per_transaction: '256',
  })
  const { host, port, user } = server
  const client = new pg.Client({ host, port, user, database: 'postgres' })
  await client.connect()
  await client.query('create table free_database (name text primary key)')
  await client.end()
  return server
}

/** A run that was killed leaves its server; the folder's name tells whose it was. */
async function removeLeftovers(): Promise<void> {
  const dead = readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX) && !isAlive(Number(name.slice(PREFIX.length))))
    .map((name) => join(tmpdir(), name))
    // Another user's are for that user to remove.
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.())
  await Promise.all(dead.map(stopScratchServer))
}
