import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '../../../base/is-alive.ts'

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
