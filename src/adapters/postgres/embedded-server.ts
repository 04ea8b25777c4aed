import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { CancelledError, UserError } from '../../base/errors.ts'
import { findBinaries } from './embedded/binaries.ts'
import {
  makeCluster,
  type Programs,
  readPostmaster,
  SERVER_USER,
  startCluster,
  stopCluster,
} from './embedded/cluster.ts'
import { embeddedFailed } from './embedded/errors.ts'
import { isServer } from './embedded/is-server.ts'
import { type Address, Presence } from './embedded/presence.ts'
import { checkVersion, type ServerHome, serverHome } from './embedded/server-home.ts'
import { serverUser } from './embedded/server-user.ts'
import { disownPidFile } from './embedded/stale-pid.ts'
import { readPassword, removeSocket } from './embedded/transport.ts'

/** How to reach a development server, and how to leave it. */
export interface EmbeddedServer {
  /** The folder of its socket; on Windows `127.0.0.1`. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string | undefined
  /** To be called after the own connections are closed: ends the server unless another process uses it. */
  stop(): Promise<void>
}

/** Modest, as it runs beside everything else on a developer's machine. Its data is meant to last: `fsync` stays on. */
const SETTINGS = {
  shared_buffers: '64MB',
  maintenance_work_mem: '128MB',
  max_connections: '60',
  // Nothing is replicated, so what is loaded into a new table need not be written twice.
  wal_level: 'minimal',
  max_wal_senders: '0',
}
const POLL_MS = 50
const PATIENCE_MS = 30_000

/**
 * Starts the development server of a project, or joins the one that runs, and makes the database when it is missing.
 * @param folder absolute; the server's files are kept in `.tsdbt/postgres` below it
 */
export async function startEmbeddedServer(options: {
  readonly folder: string
  readonly database: string
  readonly signal?: AbortSignal | undefined
}): Promise<EmbeddedServer> {
  const { folder, database, signal } = options
  const user = serverUser(folder)
  const home = serverHome(folder, user)
  const importers = [join(folder, 'package.json'), import.meta.url]
  const programs: Programs = { binaries: await findBinaries(importers, home.folder, user), user }
  if (!existsSync(home.data)) await makeCluster(programs, home.data)
  checkVersion(home.data, programs.binaries.major)
  const { address, presence } = await joined(programs, home, signal)
  const stop = () => presence.leave(() => stopCluster(programs, home.data))
  try {
    await presence.makeDatabase(database)
  } catch (error) {
    await stop()
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(embeddedFailed({ what: `the database \`${database}\` could not be made`, reason }))
  }
  const { host, port, password } = address
  return { host, port, user: SERVER_USER, password, stop }
}

/** Joins the server that has the data folder, starting it when there is none; waits while one comes up or goes down. */
async function joined(programs: Programs, home: ServerHome, signal: AbortSignal | undefined) {
  let reason = 'it does not answer'
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await delay(POLL_MS)) {
    if (signal?.aborted === true) throw new CancelledError()
    const address = await running(programs, home, signal)
    if (address === undefined) continue
    try {
      const presence = await Presence.enter(address)
      if (presence !== null) return { address, presence }
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
  }
  throw new UserError(embeddedFailed({ what: 'the embedded server cannot be reached', reason }))
}

/** Where the server listens; undefined while it is not clear what becomes of it. */
async function running(
  programs: Programs,
  home: ServerHome,
  signal: AbortSignal | undefined,
): Promise<Address | undefined> {
  const found = readPostmaster(home.data)
  if (found !== undefined && isServer(found.pid))
    return found.ready ? { ...found, password: readPassword(home.data) } : undefined
  try {
    if (found !== undefined) disownPidFile(home.data, found.pid)
    removeSocket(found?.host)
    return { ...(await startCluster(programs, home, SETTINGS, signal)), password: readPassword(home.data) }
  } catch (error) {
    const other = readPostmaster(home.data)
    if (other !== undefined && isServer(other.pid)) return undefined
    throw error
  }
}
