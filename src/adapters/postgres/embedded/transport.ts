import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { platform, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { canEnter, own, type ServerUser } from './server-user.ts'

/** Windows has no sockets in folders that one user alone can enter: there a password guards a port of this machine. */
const overTcp = platform() === 'win32'
const LOCAL = '127.0.0.1'
const SOCKET_FOLDER = 'tsdbt-pg-'

/** Settings of a server that only this user (and root) can reach. */
export async function listenSettings(user: ServerUser | undefined): Promise<{ readonly [name: string]: string }> {
  if (overTcp) {
    return { listen_addresses: LOCAL, unix_socket_directories: '', port: String(await freePort()) }
  }
  return { listen_addresses: '', unix_socket_directories: socketFolder(user) }
}

/** A new folder that only the server's user and root can enter. The path of a socket may have about 100 bytes. */
function socketFolder(user: ServerUser | undefined): string {
  const parent = tmpdir().length < 60 && canEnter(tmpdir(), user) ? tmpdir() : '/tmp'
  const folder = mkdtempSync(join(parent, SOCKET_FOLDER))
  own(folder, user)
  return folder
}

/** Removes what `listenSettings` made; `host` is where a server has listened. */
export function removeSocket(host: string | undefined): void {
  if (host !== undefined && basename(host).startsWith(SOCKET_FOLDER)) rmSync(host, { recursive: true, force: true })
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, LOCAL, resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/**
 * What `initdb` is told of who may connect. A password is written to a file beside the data folder that is being made;
 * `keepPassword` moves it in.
 */
export function authentication(data: string): readonly string[] {
  if (!overTcp) return ['--auth=trust']
  writeFileSync(`${data}.password`, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return ['--auth=scram-sha-256', `--pwfile=${data}.password`]
}

/** Moves the password into the data folder, so that it belongs to this data whatever else is made beside it. */
export function keepPassword(data: string): void {
  if (!overTcp) return
  writeFileSync(passwordFile(data), readFileSync(`${data}.password`), { mode: 0o600 })
  rmSync(`${data}.password`)
}

export function readPassword(data: string): string | undefined {
  return overTcp ? readFileSync(passwordFile(data), 'utf8') : undefined
}

function passwordFile(data: string): string {
  return join(data, 'tsdbt-password')
}
