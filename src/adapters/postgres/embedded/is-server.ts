import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { platform } from 'node:os'
import { isAlive } from '../../../base/is-alive.ts'

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
