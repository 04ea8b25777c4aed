import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { isAlive } from '../../base/is-alive.ts'
import { hyperTemporary } from './errors.ts'

const PREFIX = 'tsdbt-hyper-'
/** Sockets have paths of at most 103 bytes on macOS, 107 on Linux; the socket's name and the random end are in it, too. */
const LONGEST = 60

/**
 * A new folder that only this user can enter, with a short path, for the socket of a server. Folders of processes that were
 * killed before they could remove theirs are removed. Raises `UserError` where no folder can be made.
 */
export function makePrivateFolder(): string {
  const wanted = tmpdir()
  try {
    const own = realpathSync(wanted)
    const base = platform() !== 'win32' && Buffer.byteLength(own) > LONGEST ? '/tmp' : own
    removeLeftovers(base)
    const folder = mkdtempSync(join(base, `${PREFIX}${process.pid}-`))
    chmodSync(folder, 0o700)
    return folder
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === '') throw error
    throw new UserError(hyperTemporary({ folder: wanted, why: FAULTS[code] ?? `the system says ${code}` }))
  }
}

const FAULTS: { readonly [code: string]: string } = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is no folder',
  EACCES: 'you may not write into it',
  EPERM: 'you may not write into it',
  EROFS: 'its disk can only be read',
  ENOSPC: 'its disk is full',
}

/** The folder's name tells whose it was. */
function removeLeftovers(base: string): void {
  for (const name of readdirSync(base)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    const folder = join(base, name)
    // Another user's are for that user to remove.
    if (statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.())
      rmSync(folder, { recursive: true, force: true })
  }
}
