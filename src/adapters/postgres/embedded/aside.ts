import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isAlive } from '../../../base/is-alive.ts'

/**
 * A new name beside `path`, for a folder that is made there and then renamed to it, so that others see all of it or nothing.
 * Removes what killed processes have left of the kind.
 */
export function asideOf(path: string): string {
  const prefix = `${basename(path)}.aside-`
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(prefix) || isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue
    rmSync(join(dirname(path), name), { recursive: true, force: true })
  }
  return join(dirname(path), `${prefix}${process.pid}-${randomBytes(4).toString('hex')}`)
}
