import { statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { UserError } from '../../base/errors.ts'
import type { SourceSet } from '../../base/source-file.ts'
import type { Span } from '../../base/span.ts'
import { LOCK_FILE, type LockedPackage, type LockFile, readLockFile } from '../../config/packages/lock-file.ts'
import { readTextFile } from '../../config/text-file.ts'
import type { EvaluateScalar } from '../../config/yaml-reader.ts'
import type { PackagePlace } from '../package-place.ts'
import { PROJECT_FILES } from '../project-identity.ts'
import { type DeclaredPackages, readDeclaredPackages } from './declared-packages.ts'
import { lockOutOfDate, notAPackage, otherVersionInstalled, packagesNotInstalled } from './errors.ts'
import { readInstalledRecord } from './installed-record.ts'
import { localFolder, prefixOf } from './local-folder.ts'

/** An installed package that is yet to be read. */
export interface FoundPackage extends PackagePlace {
  /** As the lock file says. */
  readonly name: string
  /** The entry of the lock file. */
  readonly span: Span
}

/** Addresses may hold secrets that only `tsdbt deps` needs, so templates are left as they are. */
const asWritten = (): EvaluateScalar => (text) => text

/**
 * The packages that the project requires, by name. Raises `UserError` when they are not installed as the lock file says:
 * then no reference to them could be understood.
 */
export function findPackages(root: string, packagesPath: string, files: SourceSet): readonly FoundPackage[] {
  const declared = readDeclaredPackages({ root, prefix: '' }, asWritten)
  if (declared === undefined) return []
  files.add(declared.file)
  if (declared.diagnostics.some((d) => d.severity === 'error')) throw new UserError(declared.diagnostics)
  if (declared.specs.length === 0) return []
  const lock = readLock(root, declared, files)
  const record = readInstalledRecord(join(root, packagesPath))
  const missing: LockedPackage[] = []
  const wrong: Diagnostic[] = []
  const found = lock.packages.flatMap((locked): readonly FoundPackage[] => {
    if (locked.kind === 'local') return [localPackage(root, locked, declared)]
    const folder = join(root, packagesPath, locked.name)
    if (!hasProjectFile(folder)) missing.push(locked)
    else if (record.get(locked.name) !== locked.sha256)
      wrong.push(otherVersionInstalled({ name: locked.name }, { span: locked.span }))
    return [{ name: locked.name, root: folder, prefix: prefixOf(root, folder), span: locked.span }]
  })
  if (missing.length > 0) {
    const names = missing.map((locked) => locked.name)
    throw new UserError(packagesNotInstalled({ names, file: declared.file.path }, { span: declared.specs[0]!.span }))
  }
  if (wrong.length > 0) throw new UserError(wrong)
  return found
}

function readLock(root: string, declared: DeclaredPackages, files: SourceSet): LockFile {
  const { file: declaring, specs } = declared
  const place = { span: specs[0]!.span }
  if (statSync(join(root, LOCK_FILE), { throwIfNoEntry: false })?.isFile() !== true)
    throw new UserError(packagesNotInstalled({ names: [], file: declaring.path }, place))
  const { file } = readTextFile(join(root, LOCK_FILE), LOCK_FILE)
  files.add(file)
  const { lock, diagnostics } = readLockFile(file, asWritten())
  if (lock === undefined) throw new UserError(diagnostics)
  if (lock.hash !== declared.hash) throw new UserError(lockOutOfDate({ file: declaring.path }, place))
  return lock
}

function localPackage(
  root: string,
  locked: LockedPackage & { readonly kind: 'local' },
  declared: DeclaredPackages,
): FoundPackage {
  const { path, name, span } = locked
  // A path that leads out was allowed where it is declared; one that stays inside must not be a link out.
  const leadsOut = isAbsolute(path) || path === '..' || path.startsWith('../')
  const spec = declared.specs.find((s) => s.kind === 'local' && s.path === path)
  const folder = localFolder(path, { base: root, within: leadsOut ? null : root, required: false }, spec?.span ?? span)
  if (!hasProjectFile(folder))
    throw new UserError(notAPackage({ what: `\`${path}\``, projects: [] }, { span: spec?.span ?? span }))
  const prefix = prefixOf(root, folder)
  const own = readDeclaredPackages({ root: folder, prefix }, asWritten)
  if ((own?.hash ?? '') !== locked.requires)
    throw new UserError(
      lockOutOfDate({ file: own?.file.path ?? `${prefix}packages.yml` }, { span: spec?.span ?? span }),
    )
  return { name, root: folder, prefix, span }
}

function hasProjectFile(folder: string): boolean {
  return PROJECT_FILES.some((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true)
}
