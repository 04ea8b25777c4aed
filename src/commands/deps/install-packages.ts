import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import type { LockedPackage } from '../../config/packages/lock-file.ts'
import { RECORD_FILE, readInstalledRecord } from '../../project/packages/installed-record.ts'
import { isBelow } from '../../project/packages/local-folder.ts'
import { differsFromLock, folderTaken } from './errors.ts'
import { copyFiles, hashOfFiles, packageFiles } from './package-files.ts'
import { isFolder } from './package-folder.ts'

export type PinnedPackage = Exclude<LockedPackage, { kind: 'local' }>

export interface Installation {
  /** Absolute folder of the packages. */
  readonly folder: string
  /** The same for readers. */
  readonly shown: string
  readonly pinned: readonly PinnedPackage[]
  /** A folder with the files of a package. */
  readonly filesOf: (locked: PinnedPackage) => Promise<string>
}

/** What was done with a package. */
export interface Installed {
  readonly locked: LockedPackage
  readonly fresh: boolean
}

/**
 * Makes the folder of the packages hold exactly what is pinned. All are fetched and compared before one is replaced.
 * Raises `UserError` when the files are others than the lock file pins, or when a folder is not ours.
 */
export async function installPackages(installation: Installation): Promise<readonly Installed[]> {
  const { folder, pinned } = installation
  const record = readInstalledRecord(folder)
  const staging = join(folder, '.tsdbt-new')
  rmSync(staging, { recursive: true, force: true })
  try {
    const done: Installed[] = []
    for (const locked of pinned) {
      const fresh = hashOfInstalled(folder, locked, record) !== locked.sha256
      if (fresh) await stage(installation, locked, record, staging)
      done.push({ locked, fresh })
    }
    for (const name of record.keys())
      if (!pinned.some((p) => p.name === name)) rmSync(join(folder, name), { recursive: true, force: true })
    for (const { locked, fresh } of done) {
      if (!fresh) continue
      rmSync(join(folder, locked.name), { recursive: true, force: true })
      renameSync(join(staging, locked.name), join(folder, locked.name))
    }
    if (pinned.length > 0 || record.size > 0) writeRecord(folder, pinned)
    return done
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

/** Undefined when the package is not there. */
function hashOfInstalled(
  folder: string,
  { name }: PinnedPackage,
  record: ReadonlyMap<string, string>,
): string | undefined {
  const place = join(folder, name)
  if (!record.has(name) || !isFolder(place)) return undefined
  return hashOfFiles(place, packageFiles(place, `\`${name}\``, undefined))
}

async function stage(
  { folder, shown, filesOf }: Installation,
  locked: PinnedPackage,
  record: ReadonlyMap<string, string>,
  staging: string,
): Promise<void> {
  const { name, sha256, span } = locked
  if (!isBelow(join(folder, name), folder)) throw new UserError(folderTaken({ path: name }, { span }))
  if (isFolder(join(folder, name)) && !record.has(name))
    throw new UserError(folderTaken({ path: `${shown}/${name}` }, { span }))
  const from = await filesOf(locked)
  const what = `the package \`${name}\``
  const files = packageFiles(from, what, span)
  if (hashOfFiles(from, files) !== sha256) throw new UserError(differsFromLock({ what }, { span }))
  mkdirSync(staging, { recursive: true })
  copyFiles(from, files, join(staging, name))
}

function writeRecord(folder: string, pinned: readonly PinnedPackage[]): void {
  mkdirSync(folder, { recursive: true })
  const record = Object.fromEntries(pinned.map((p) => [p.name, p.sha256]))
  const path = join(folder, RECORD_FILE)
  writeFileSync(`${path}.new`, `${JSON.stringify(record, null, 2)}\n`)
  renameSync(`${path}.new`, path)
}
