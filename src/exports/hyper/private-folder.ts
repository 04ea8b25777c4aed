import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../../base/is-alive.ts'

const PREFIX = 'tsdbt-hyper-'
/** Sockets have paths of at most 103 bytes on macOS, 107 on Linux; the socket's name and the random end are in it, too. */
const LONGEST = 60

/**
 * A new folder that only this user can enter, with a short path, for the socket of a server. Folders of processes that were
 * killed before they could remove theirs are removed.
 */
export function makePrivateFolder(): string {
  const own = realpathSync(tmpdir())
  const base = platform() !== 'win32' && Buffer.byteLength(own) > LONGEST ? '/tmp' : own
  removeLeftovers(base)
  const folder = mkdtempSync(join(base, `${PREFIX}${process.pid}-`))
  chmodSync(folder, 0o700)
  return folder
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
