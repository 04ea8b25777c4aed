import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { findBinaries } from '../src/adapters/postgres/embedded/binaries.ts'
import { isAlive, makeCluster, own, startCluster, stopCluster } from '../src/adapters/postgres/embedded/cluster.ts'
import { serverUser } from '../src/adapters/postgres/embedded/server-user.ts'

/** How specs reach the server of the run. */
export interface PostgresServer {
  readonly host: string
  readonly port: number
  readonly user: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: PostgresServer
  }
}

interface Running {
  readonly server: PostgresServer
  stop(): Promise<void>
}

const PREFIX = 'tsdbt-spec-postgres-'
const KEY = Symbol.for('tsdbt.spec.postgres')
const shared = globalThis as { [KEY]?: { users: number; running: Promise<Running> } }

/** One Postgres for all specs of a run, whatever project of vitest they belong to; gone when the run ends. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared[KEY] ??= { users: 0, running: start() }
  const entry = shared[KEY]
  entry.users += 1
  const { server, stop } = await entry.running
  project.provide('postgres', server)
  return async () => {
    entry.users -= 1
    if (entry.users > 0) return
    delete shared[KEY]
    await stop()
  }
}

async function start(): Promise<Running> {
  await removeLeftovers()
  const folder = join(tmpdir(), `${PREFIX}${process.pid}`)
  mkdirSync(folder)
  chmodSync(folder, 0o755)
  const user = serverUser(folder)
  const programs = { user, binaries: await findBinaries(fileURLToPath(new URL('..', import.meta.url)), folder, user) }
  own(folder, user)
  const data = join(folder, 'data')
  await makeCluster(programs, data)
  const { host, port } = await startCluster(programs, data, join(folder, 'log'), {
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    max_connections: '200',
    autovacuum: 'off',
    max_locks_per_transaction: '256',
  })
  const stop = async () => {
    await stopCluster(data)
    rmSync(folder, { recursive: true, force: true })
  }
  return { server: { host, port, user: 'postgres' }, stop }
}

/** A run that was killed leaves its server; the folder's name tells whose it was. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX) || isAlive(Number(name.slice(PREFIX.length)))) continue
    await stopCluster(join(tmpdir(), name, 'data'))
    rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}
