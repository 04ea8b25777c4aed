import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { CancelledError, UserError } from '../../../base/errors.ts'
import { isAlive } from '../../../base/is-alive.ts'
import { asideOf } from './aside.ts'
import type { Binaries } from './binaries.ts'
import { embeddedFailed } from './errors.ts'
import { isServer } from './is-server.ts'
import { asUser, own, type ServerUser } from './server-user.ts'
import { authentication, keepPassword, listenSettings, removeSocket } from './transport.ts'

/** The superuser of an embedded server. */
export const SERVER_USER = 'postgres'

/** Programs and the account that they run as. */
export interface Programs {
  readonly binaries: Binaries
  readonly user: ServerUser | undefined
}

/** Where a server keeps its files. */
export interface ClusterFiles {
  readonly data: string
  readonly log: string
}

/** What `postmaster.pid` says of a running server. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  /** The socket's folder, or `127.0.0.1`. */
  readonly host: string
  readonly ready: boolean
}

const POLL_MS = 10

/**
 * Makes a new data folder, at once or not at all; when another process was faster, its folder stays. Text sorts by code
 * point, as on DuckDB, and is folded by Unicode's rules.
 */
export async function makeCluster({ binaries, user }: Programs, data: string): Promise<void> {
  const aside = asideOf(data)
  mkdirSync(aside, { mode: 0o700 })
  own(aside, user)
  const locale =
    Number(binaries.major) >= 17
      ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
      : [`--locale=${platform() === 'linux' ? 'C.UTF-8' : 'C'}`]
  // Nobody has seen the folder yet: what a crash destroys here is made again.
  const flags = ['--encoding=UTF8', '--no-sync', ...authentication(aside)]
  const args = ['-D', aside, '-U', SERVER_USER, ...locale, ...flags]
  const { code, output } = await finished(spawn(binaries.initdb, args, asUser(user)))
  if (code !== 0) {
    rmSync(aside, { recursive: true, force: true })
    const what = 'the data folder of the embedded server could not be made'
    throw new UserError(embeddedFailed({ what, reason: lastWords(output) }))
  }
  keepPassword(aside)
  try {
    renameSync(aside, data)
  } catch {
    rmSync(aside, { recursive: true, force: true })
  }
}

/**
 * Starts a server over a data folder, detached, so that it outlives this process for the others that use it. Resolves when
 * it takes connections, which after a crash can be a while.
 */
export async function startCluster(
  { binaries, user }: Programs,
  { data, log }: ClusterFiles,
  settings: { readonly [name: string]: string },
  signal?: AbortSignal,
): Promise<Postmaster> {
  const all = { ...(await listenSettings(user)), ...settings }
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const out = openSync(log, 'w')
  const child = spawn(binaries.postgres, ['-D', data, ...args], {
    ...asUser(user),
    detached: true,
    stdio: ['ignore', out, out],
  })
  closeSync(out)
  let ended: string | undefined
  child.once('exit', (code, cause) => {
    ended = `it ended with ${code ?? cause}`
  })
  child.once('error', (error) => {
    ended = error.message
  })
  child.unref()
  for (;;) {
    const running = readPostmaster(data)
    if (running?.pid === child.pid && running?.ready) return running
    if (signal?.aborted === true) child.kill('SIGINT')
    if (ended !== undefined) {
      removeSocket(all['unix_socket_directories'])
      if (signal?.aborted === true) throw new CancelledError()
      const reason = lastWords(readFileSync(log, 'utf8')) || ended
      throw new UserError(embeddedFailed({ what: 'the embedded server did not start', reason }))
    }
    await delay(POLL_MS)
  }
}

/** Ends a server at once (its clients are thrown out, its data is safe) and waits until it has gone. */
export async function stopCluster({ binaries, user }: Programs, data: string): Promise<void> {
  const running = readPostmaster(data)
  if (running === undefined) return
  if (isServer(running.pid)) {
    if (platform() === 'win32') {
      await promisify(execFile)(binaries.pgCtl, ['stop', '-D', data, '-m', 'fast', '-w'], asUser(user))
    } else {
      process.kill(running.pid, 'SIGINT')
      while (isAlive(running.pid) && readPostmaster(data)?.pid === running.pid) await delay(POLL_MS)
      // Its last act is to end, which is not seen where nobody collects the dead.
      for (let waits = 0; isAlive(running.pid) && waits < 50; waits++) await delay(POLL_MS)
    }
  }
  removeSocket(running.host)
}

/** The server that has a data folder, as its pid file says; undefined when there is none. */
export function readPostmaster(data: string): Postmaster | undefined {
  let lines: string[]
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const [pid, , , port, socket, address, , status] = lines
  return {
    pid: Math.abs(Number(pid)),
    port: Number(port),
    host: socket || address || '127.0.0.1',
    ready: status?.trim() === 'ready',
  }
}

async function finished(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, output: error.message }))
    child.once('close', (code) => resolve({ code, output }))
  })
}

/** The lines that say what went wrong. */
function lastWords(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const telling = lines.filter((line) => /\b(error|fatal|panic|hint)\b/i.test(line))
  return (telling.length > 0 ? telling : lines).slice(-3).join(' ')
}
