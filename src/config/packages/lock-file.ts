import type { Diagnostic } from '../../base/diagnostic.ts'
import type { SourceFile } from '../../base/source-file.ts'
import type { Span } from '../../base/span.ts'
import { parseYaml } from '../parse-yaml.ts'
import { entryOf, type YamlMap, type YamlNode } from '../yaml-node.ts'
import { type EvaluateScalar, YamlReader } from '../yaml-reader.ts'
import { brokenLock } from './errors.ts'

export const LOCK_FILE = 'package-lock.yml'

/** One package as the lock file pins it. */
export type LockedPackage = LockedLocal | LockedGit | LockedNpm

interface Locked {
  /** Of its project file. */
  readonly name: string
  /** Of its entry in the lock file. */
  readonly span: Span
}

/** Is read where it lies, so that nothing of it but its requirements is pinned. */
export interface LockedLocal extends Locked {
  readonly kind: 'local'
  /** Relative to the project, or absolute. */
  readonly path: string
  /** Hash of its own `packages.yml`. */
  readonly requires: string
}

export interface LockedGit extends Locked {
  readonly kind: 'git'
  readonly url: string
  readonly rawUrl: string
  /** The commit. */
  readonly revision: string
  /** The revision that `packages.yml` names. */
  readonly requested: string | null
  readonly subdirectory: string | null
  /** Over all files. */
  readonly sha256: string
}

export interface LockedNpm extends Locked {
  readonly kind: 'npm'
  readonly npmName: string
  readonly version: string
  readonly sha256: string
}

export interface LockFile {
  /** `PackagesFile.hash` at the time of writing. */
  readonly hash: string
  /** By name. */
  readonly packages: readonly LockedPackage[]
}

/** Reads `package-lock.yml`; undefined when it is none of ours, which is then told in `diagnostics`. */
export function readLockFile(
  file: SourceFile,
  evaluate: EvaluateScalar,
): { readonly lock: LockFile | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const { root, diagnostics: syntax } = parseYaml(file)
  const diagnostics: Diagnostic[] = [...syntax]
  const reader = new YamlReader(file, diagnostics, evaluate)
  const refuse = (message: string, span?: Span) => ({
    lock: undefined,
    diagnostics: [brokenLock({ message }, { span: span ?? { path: file.path, start: 0, end: 0 } })],
  })
  if (syntax.length > 0) return refuse(`\`${file.path}\` cannot be read`, syntax[0]?.span)
  if (root?.kind !== 'map' || entryOf(root, 'packages_hash') === undefined)
    return refuse(`\`${file.path}\` was not written by tsdbt`)
  const hash = reader.text(entryOf(root, 'packages_hash')!.value, '`packages_hash`')
  const items = reader.list(entryOf(root, 'packages')?.value, '`packages`')
  const packages = items.map((item) => readLocked(reader, item))
  const bad = packages.indexOf(undefined)
  if (bad >= 0) return refuse('an entry of the lock file is not complete', reader.span(items[bad]!))
  if (hash === undefined || diagnostics.length > 0) return { lock: undefined, diagnostics }
  return { lock: { hash, packages: packages as LockedPackage[] }, diagnostics }
}

function readLocked(reader: YamlReader, item: YamlNode): LockedPackage | undefined {
  if (item.kind !== 'map') return undefined
  const span = reader.span(item)
  const text = (key: string): string | undefined => textIn(reader, item, key)
  const name = text('name')
  const sha256 = text('sha256')
  const [path, url, npmName] = [text('local'), text('git'), text('npm')]
  if (name === undefined) return undefined
  if (path !== undefined) return { kind: 'local', name, span, path, requires: text('requires') ?? '' }
  if (sha256 === undefined) return undefined
  const revision = text('revision')
  if (url !== undefined && revision !== undefined) {
    const raw = entryOf(item, 'git')!.value
    const rawUrl = raw.kind === 'scalar' ? String(raw.value) : url
    const [requested, subdirectory] = [text('requested') ?? null, text('subdirectory') ?? null]
    return { kind: 'git', name, span, url, rawUrl, revision, requested, subdirectory, sha256 }
  }
  const version = text('version')
  if (npmName !== undefined && version !== undefined) return { kind: 'npm', name, span, npmName, version, sha256 }
  return undefined
}

function textIn(reader: YamlReader, map: YamlMap, key: string): string | undefined {
  const entry = entryOf(map, key)
  return entry === undefined ? undefined : reader.text(entry.value, `\`${key}\``)
}

/** The text of the lock file. JSON's strings are YAML's, too. */
export function lockText(hash: string, packages: readonly LockedPackage[]): string {
  const lines = ['# Written by `tsdbt deps`. Keep it in version control; do not edit it.', 'packages:']
  for (const locked of packages) {
    const fields = Object.entries(fieldsOf(locked)).filter(([, value]) => value !== null)
    for (const [i, [key, value]] of fields.entries())
      lines.push(`${i === 0 ? '  - ' : '    '}${key}: ${JSON.stringify(value)}`)
  }
  if (packages.length === 0) lines[1] = 'packages: []'
  lines.push(`packages_hash: ${JSON.stringify(hash)}`, '')
  return lines.join('\n')
}

function fieldsOf(locked: LockedPackage): Record<string, string | null> {
  const { name } = locked
  if (locked.kind === 'local') return { name, local: locked.path, requires: locked.requires }
  if (locked.kind === 'npm') return { name, npm: locked.npmName, version: locked.version, sha256: locked.sha256 }
  const { rawUrl, revision, requested, subdirectory, sha256 } = locked
  return { name, git: rawUrl, revision, requested, subdirectory, sha256 }
}
