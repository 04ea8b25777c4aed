import { createHash } from 'node:crypto'
import type { Diagnostic } from '../../base/diagnostic.ts'
import type { SourceFile } from '../../base/source-file.ts'
import type { Span } from '../../base/span.ts'
import { unsupportedKey } from '../errors.ts'
import { parseYaml } from '../parse-yaml.ts'
import { entryOf, type YamlMap, type YamlNode } from '../yaml-node.ts'
import { type EvaluateScalar, isNothing, rawValue, YamlReader } from '../yaml-reader.ts'
import { hubPackage, packageForm, unsupportedPackage } from './errors.ts'

/** The files that may declare packages, dbt's newer one last. */
export const PACKAGE_FILES: readonly string[] = ['packages.yml', 'dependencies.yml']

/** A package that is required, as `packages.yml` writes it. */
export type PackageSpec = LocalSpec | GitSpec | NpmSpec

export interface LocalSpec {
  readonly kind: 'local'
  /** Relative to the package that requires it, or absolute. */
  readonly path: string
  /** The folder may lie outside the project. */
  readonly outsideProject: boolean
  readonly span: Span
}

export interface GitSpec {
  readonly kind: 'git'
  readonly url: string
  /** As written, with its templates: secrets stay out of the lock file. */
  readonly rawUrl: string
  /** A branch, a tag or a commit; null: the default branch. */
  readonly revision: string | null
  readonly subdirectory: string | null
  readonly span: Span
}

export interface NpmSpec {
  readonly kind: 'npm'
  readonly name: string
  /** A range: `^1.2.0`, `>=1 <3`, `*`. */
  readonly version: string
  readonly span: Span
}

export interface PackagesFile {
  readonly specs: readonly PackageSpec[]
  /** SHA-256 over what is required, without comments and layout. */
  readonly hash: string
  readonly diagnostics: readonly Diagnostic[]
}

const KEYS: Readonly<Record<PackageSpec['kind'], readonly string[]>> = {
  local: ['local', 'outside_project'],
  git: ['git', 'revision', 'subdirectory', 'warn-unpinned'],
  npm: ['npm', 'version'],
}
const NOT_OFFERED: readonly string[] = ['tarball', 'private']

/** Reads `packages.yml` or `dependencies.yml`. Wrong entries are reported and left out. */
export function readPackagesFile(file: SourceFile, evaluate: EvaluateScalar): PackagesFile {
  const { root, diagnostics: syntax } = parseYaml(file)
  const diagnostics: Diagnostic[] = [...syntax]
  const reader = new YamlReader(file, diagnostics, evaluate)
  const nothing = { specs: [], hash: hashOf([]), diagnostics }
  if (root === undefined || isNothing(root)) return nothing
  const map = reader.map(root, `\`${file.path}\``, ['packages', 'projects'])
  if (map === undefined) return nothing
  const projects = entryOf(map, 'projects')
  if (projects !== undefined && !isNothing(projects.value)) {
    const reason = 'models of another project are read as a source, or the project is required as a package'
    const where = `\`${file.path}\``
    reader.report(unsupportedKey({ key: 'projects', where, reason }, { span: reader.keySpan(projects) }))
  }
  const items = reader.list(entryOf(map, 'packages')?.value, '`packages`')
  const specs = items.flatMap((item) => readSpec(reader, item) ?? [])
  return { specs, hash: hashOf(items.map(rawValue)), diagnostics }
}

function hashOf(entries: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex')
}

function readSpec(reader: YamlReader, item: YamlNode): PackageSpec | undefined {
  const where = 'an entry of `packages`'
  const map = reader.map(item, where, undefined)
  if (map === undefined) return undefined
  const span = reader.span(item)
  const hub = entryOf(map, 'package')
  if (hub !== undefined) {
    const name = plainText(reader, hub.value, '`package`') ?? 'it'
    return reader.report(hubPackage({ name }, { span: reader.span(hub.value) }))
  }
  const other = map.entries.find((e) => NOT_OFFERED.includes(e.key))
  if (other !== undefined) return reader.report(unsupportedPackage({ key: other.key }, { span: reader.keySpan(other) }))
  const kinds = (['local', 'git', 'npm'] as const).filter((key) => entryOf(map, key) !== undefined)
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) {
    const message =
      kind === undefined ? `${where} names no package` : `${where} is ${kinds.map((k) => `\`${k}\``).join(' and ')}`
    return reader.report(packageForm({ message, hint: 'write one of `local:`, `git:` and `npm:`' }, { span }))
  }
  reader.map(map, `a \`${kind}\` package`, KEYS[kind])
  if (kind === 'local') return readLocal(reader, map, span)
  return kind === 'git' ? readGit(reader, map, span) : readNpm(reader, map, span)
}

function readLocal(reader: YamlReader, map: YamlMap, span: Span): LocalSpec | undefined {
  const path = reader.requiredText(map, 'local', 'a package', 'local: ../shared')
  if (path === undefined) return undefined
  const outside = entryOf(map, 'outside_project')
  const outsideProject = outside !== undefined && reader.boolean(outside.value, '`outside_project`') === true
  return { kind: 'local', path, outsideProject, span: reader.span(entryOf(map, 'local')!.value) ?? span }
}

function readGit(reader: YamlReader, map: YamlMap, span: Span): GitSpec | undefined {
  const url = reader.requiredText(map, 'git', 'a package', 'git: https://example.com/team/models.git')
  const revision = optionalText(reader, map, 'revision')
  const subdirectory = optionalText(reader, map, 'subdirectory')
  if (url === undefined) return undefined
  const entry = entryOf(map, 'git')!.value
  if (revision?.startsWith('-') === true || url.startsWith('-')) {
    const hint = 'write the address of a repository, and a branch, tag or commit'
    return reader.report(packageForm({ message: 'an address or revision cannot begin with `-`', hint }, { span }))
  }
  const parts = subdirectory?.split('/').filter((part) => part !== '' && part !== '.') ?? []
  if (parts.includes('..') || subdirectory?.startsWith('/') === true) {
    const hint = 'write a folder of the repository'
    const place = { span: reader.span(entryOf(map, 'subdirectory')!.value) }
    return reader.report(packageForm({ message: '`subdirectory` leads out of the repository', hint }, place))
  }
  const inside = parts.length === 0 ? null : parts.join('/')
  return { kind: 'git', url, rawUrl: String(rawValue(entry)), revision, subdirectory: inside, span: reader.span(entry) }
}

function readNpm(reader: YamlReader, map: YamlMap, span: Span): NpmSpec | undefined {
  const name = reader.requiredText(map, 'npm', 'a package', 'npm: "@acme/shop-models"')
  const entry = entryOf(map, 'version')
  const written = entry?.value
  const parts =
    written?.kind === 'list'
      ? written.items.map((part) => plainText(reader, part, '`version`'))
      : [written === undefined || isNothing(written) ? '*' : plainText(reader, written, '`version`')]
  if (name === undefined || parts.includes(undefined)) return undefined
  if (!/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name)) {
    const hint = 'it has small letters, for example `@acme/shop-models`; the version stands under `version:`'
    return reader.report(packageForm({ message: `\`${name}\` is no name of an npm package`, hint }, { span }))
  }
  return { kind: 'npm', name, version: parts.join(' '), span: reader.span(entryOf(map, 'npm')!.value) }
}

function optionalText(reader: YamlReader, map: YamlMap, key: string): string | null {
  const entry = entryOf(map, key)
  return entry === undefined || isNothing(entry.value) ? null : (plainText(reader, entry.value, `\`${key}\``) ?? null)
}

/** Text; of a number its digits as they stand, because `1.10` is a version and no number. */
function plainText(reader: YamlReader, node: YamlNode, what: string): string | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'number') return reader.file.text.slice(node.start, node.end)
  return reader.text(node, what)
}
