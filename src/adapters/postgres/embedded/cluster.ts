import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { UserError } from '../../../base/errors.ts'
import type { Binaries } from './binaries.ts'
import { embeddedFailed } from './errors.ts'
import { canEnter, type ServerUser } from './server-user.ts'

/** The superuser of an embedded server. */
export const SERVER_USER = 'postgres'

/** Programs and the account that they run as. */
export interface Programs {
  readonly binaries: Binaries
  readonly user: ServerUser | undefined
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
 * Makes a new data folder at `data`, at once or not at all; when another process was faster, its folder stays.
 * Sorting is by code point, as on DuckDB.
 */
export async function makeCluster(programs: Programs, data: string): Promise<void> {
  const aside = `${data}.${process.pid}`
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { mode: 0o700 })
  own(aside, programs.user)
  const { initdb, major } = programs.binaries
  const locale =
    Number(major) >= 17
      ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
      : [`--locale=${process.platform === 'linux' ? 'C.UTF-8' : 'C'}`]
  const args = ['-D', aside, '-U', SERVER_USER, '--auth=trust', '--encoding=UTF8', '--no-sync', '-N', ...locale]
  const { code, output } = await finished(spawn(initdb, args, { ...identity(programs.user), stdio: 'pipe' }))
  if (code !== 0) {
    rmSync(aside, { recursive: true, force: true })
    const what = 'the data folder of the embedded server could not be made'
    throw new UserError(embeddedFailed({ what, reason: lastWords(output) }))
  }
  try {
    renameSync(aside, data)
  } catch {
    rmSync(aside, { recursive: true, force: true })
  }
}

/** Starts a server over a data folder, detached, so that it outlives this process for the others that use it. */
export async function startCluster(
  programs: Programs,
  data: string,
  log: string,
  settings: { readonly [name: string]: string },
): Promise<Postmaster> {
  const socket = socketFolder(programs.user)
  const all = { listen_addresses: '', unix_socket_directories: socket, ...settings }
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const out = openSync(log, 'w')
  const child = spawn(programs.binaries.postgres, ['-D', data, ...args], {
    ...identity(programs.user),
    detached: true,
    stdio: ['ignore', out, out],
  })
  closeSync(out)
  let ended: number | string | undefined
  child.once('exit', (code, signal) => {
    ended = code ?? signal ?? 'unknown'
  })
  child.once('error', (error) => {
    ended = error.message
  })
  child.unref()
  for (;;) {
    const running = readPostmaster(data)
    if (running?.pid === child.pid && running?.ready) return running
    if (ended !== undefined) {
      rmSync(socket, { recursive: true, force: true })
      const reason = lastWords(readFileSync(log, 'utf8')) || `it ended with ${ended}`
      throw new UserError(embeddedFailed({ what: 'the embedded server did not start', reason }))
    }
    await delay(POLL_MS)
  }
}

/** Ends a server at once (its clients are thrown out, its data is safe) and waits until it has gone. */
export async function stopCluster(data: string): Promise<void> {
  const running = readPostmaster(data)
  if (running === undefined) return
  try {
    process.kill(running.pid, 'SIGINT')
  } catch {
    // It has ended already.
  }
  while (isAlive(running.pid) && readPostmaster(data) !== undefined) await delay(POLL_MS)
  if (running.host.startsWith('/')) rmSync(running.host, { recursive: true, force: true })
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

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A new folder that only the server's user and root can enter. The names of sockets may have about 100 bytes. */
function socketFolder(user: ServerUser | undefined): string {
  const parent = tmpdir().length < 60 && canEnter(tmpdir(), user) ? tmpdir() : '/tmp'
  const folder = mkdtempSync(join(parent, 'tsdbt-pg-'))
  own(folder, user)
  return folder
}

/** Makes a user the owner of a file or folder; nothing to do when the server runs as this process does. */
export function own(path: string, user: ServerUser | undefined): void {
  if (user !== undefined) chownSync(path, user.uid, user.gid)
}

/** The working folder may be one that the server's user cannot enter. */
function identity(user: ServerUser | undefined) {
  return user === undefined ? { cwd: '/' } : { uid: user.uid, gid: user.gid, cwd: '/' }
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
