import { accessSync, chownSync, constants, readFileSync, statSync } from 'node:fs'
import { dirname, parse } from 'node:path'

/** An account of the operating system. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/**
 * Postgres refuses to run as root. Root's server runs as the owner of the project when that is an ordinary account, else as
 * `postgres` or `nobody`: accounts that are there anyway, so the machine stays as it is. Undefined: as the user that runs tsdbt.
 */
export function serverUser(folder: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readAccounts()
  const owner = statSync(folder).uid
  return (
    accounts.find((a) => a.uid === owner && a.uid !== 0) ??
    accounts.find((a) => a.name === 'postgres') ??
    accounts.find((a) => a.name === 'nobody')
  )
}

/** `initdb` looks its account up, so only those that are listed can be taken. */
function readAccounts(): readonly (ServerUser & { readonly name: string })[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((parts) => parts.length >= 4)
      .map(([name, , uid, gid]) => ({ name: name!, uid: Number(uid), gid: Number(gid) }))
  } catch {
    return []
  }
}

/** Whether the user can enter a folder: search rights on it and on every folder above it. */
export function canEnter(folder: string, user: ServerUser | undefined): boolean {
  if (user === undefined) return accessible(folder)
  for (let at = folder; ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (at === dirname(at)) return true
  }
}

function accessible(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Makes a user the owner of a file or folder; nothing to do when the server runs as this process does. */
export function own(path: string, user: ServerUser | undefined): void {
  if (user !== undefined) chownSync(path, user.uid, user.gid)
}

/** How to spawn a program as a user. The working folder may be one that the user cannot enter. */
export function asUser(user: ServerUser | undefined): { cwd: string; uid?: number; gid?: number } {
  const cwd = parse(process.cwd()).root
  return user === undefined ? { cwd } : { uid: user.uid, gid: user.gid, cwd }
}
