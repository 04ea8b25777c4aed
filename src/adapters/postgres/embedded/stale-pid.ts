import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { isAlive } from './cluster.ts'

/** Whether a process lives and is a Postgres: a number may have been given to another program since. */
export function isServer(pid: number): boolean {
  if (!isAlive(pid)) return false
  try {
    if (platform() === 'linux') return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres'
    if (platform() === 'win32') return true
    return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).includes('postgres')
  } catch {
    return isAlive(pid)
  }
}

/**
 * Lets a new server start over a data folder whose last one was killed. Postgres takes a pid file for a living server's when
 * its number has been given to any program of the same account; a file that names the new server's parent it takes for stale.
 * The file itself must stay: with what else it says, Postgres makes sure that no part of the old server still runs.
 */
export function disownPidFile(data: string, pid: number): void {
  const file = join(data, 'postmaster.pid')
  if (!isAlive(pid)) return
  const [first, ...rest] = readFileSync(file, 'utf8').split('\n')
  if (Number(first) === pid) writeFileSync(file, [process.pid, ...rest].join('\n'))
}
