import { execFile } from 'node:child_process'
import { hostname } from 'node:os'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import type { LockHolder } from '../errors.ts'

const run = promisify(execFile)

/** Reads who holds the file from DuckDB's message, and asks the operating system for the user and the start. */
export async function lockHolder(message: string): Promise<LockHolder> {
  const match = /Conflicting lock is held in (?:(.+?) )?\(PID (\d+)\)/.exec(message)
  if (match === null) return {}
  const pid = Number(match[2])
  const program = match[1] === undefined ? undefined : basename(match[1])
  try {
    const { stdout } = await run('ps', ['-o', 'user=,lstart=', '-p', String(pid)], { timeout: 2000 })
    const found = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout)
    if (found !== null) return { host: hostname(), pid, program, user: found[1], since: found[2] }
  } catch {
    // No `ps`, or the process belongs to another host: what DuckDB said is all that is known.
  }
  return { pid, program }
}
