import { UserError } from '../../base/errors.ts'
import { SourceFile } from '../../base/source-file.ts'
import { parseYaml } from '../../config/parse-yaml.ts'
import { entryOf, type YamlMap, type YamlNode } from '../../config/yaml-node.ts'
import { addPackageForm, cannotAddPackage } from './errors.ts'

export type PackageSource = 'git' | 'npm' | 'local'

/** What `--add-package` says: which package, and which version or revision of it. */
export interface PackageWish {
  readonly source: PackageSource
  readonly name: string
  readonly version: string | null
}

/** Reads `name@version`. Without a source it is told by its form. Raises `UserError`. */
export function readPackageWish(text: string, source: PackageSource | undefined): PackageWish {
  // An `@` before the last `/` or at the beginning belongs to the name: `git@host:a/b.git`, `@acme/models`.
  const at = text.lastIndexOf('@')
  const versioned = at > 0 && at > text.lastIndexOf('/')
  const name = (versioned ? text.slice(0, at) : text).trim()
  const version = versioned ? text.slice(at + 1).trim() : ''
  if (name === '' || name.startsWith('-')) throw new UserError(addPackageForm({ text }))
  return { source: source ?? sourceOf(name), name, version: version === '' ? null : version }
}

function sourceOf(name: string): PackageSource {
  if (/^\.{0,2}\//.test(name) || name === '..' || name === '.') return 'local'
  return /:\/\/|^[\w.-]+@[\w.-]+:|\.git$/.test(name) ? 'git' : 'npm'
}

/** The text of a packages file with the package in it: a new entry, or a new version in the one that is there. */
export function addPackage(file: SourceFile, wish: PackageWish): SourceFile {
  const { text } = file
  const { root } = parseYaml(file)
  const section = root?.kind === 'map' ? entryOf(root, 'packages') : undefined
  const list = section?.value
  if (list === undefined || (list.kind === 'scalar' && list.value === null)) {
    const lines = `packages:\n${entryText(wish, '  ')}`
    if (section === undefined)
      return changed(file, `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${lines}`)
    return changed(
      file,
      `${text.slice(0, section.keyStart)}${lines}${text.slice(section.keyEnd + 1).replace(/^[^\n]*\n?/, '')}`,
    )
  }
  if (list.kind !== 'list') throw new UserError(cannotAddPackage({ path: file.path }))
  const there = list.items.find((item) => isSame(item, wish))
  if (there !== undefined) return changed(file, replaceVersion(text, there as YamlMap, wish))
  if (list.items.length === 0)
    return changed(
      file,
      `${text.slice(0, section!.keyStart)}packages:\n${entryText(wish, '  ')}${text.slice(list.end).replace(/^[^\n]*\n?/, '')}`,
    )
  const first = list.items[0]!
  const lineStart = text.lastIndexOf('\n', first.start - 1) + 1
  const lead = /^(\s*)-/.exec(text.slice(lineStart, first.start))
  if (lead === null) throw new UserError(cannotAddPackage({ path: file.path }))
  const lineEnd = text.indexOf('\n', list.items.at(-1)!.end - 1)
  const end = lineEnd < 0 ? text.length : lineEnd + 1
  const before = text.slice(0, end)
  return changed(
    file,
    `${before.endsWith('\n') ? before : `${before}\n`}${entryText(wish, lead[1]!)}${text.slice(end)}`,
  )
}

function changed(file: SourceFile, text: string): SourceFile {
  return new SourceFile(file.path, text)
}

function isSame(item: YamlNode, { source, name }: PackageWish): boolean {
  const entry = item.kind === 'map' ? entryOf(item, source) : undefined
  return entry?.value.kind === 'scalar' && entry.value.value === name
}

const versionKeys: Readonly<Record<PackageSource, string | null>> = { git: 'revision', npm: 'version', local: null }

function replaceVersion(text: string, item: YamlMap, { source, version }: PackageWish): string {
  const key = versionKeys[source]
  if (key === null || version === null) return text
  const entry = entryOf(item, key)
  if (entry !== undefined)
    return text.slice(0, entry.value.start) + JSON.stringify(version) + text.slice(entry.value.end)
  const named = entryOf(item, source)!
  const column = named.keyStart - (text.lastIndexOf('\n', named.keyStart - 1) + 1)
  const added = `\n${' '.repeat(column)}${key}: ${JSON.stringify(version)}`
  return text.slice(0, named.value.end) + added + text.slice(named.value.end)
}

function entryText({ source, name, version }: PackageWish, indent: string): string {
  const key = versionKeys[source]
  const second = key === null || version === null ? '' : `${indent}  ${key}: ${JSON.stringify(version)}\n`
  const outside = source === 'local' && /^(?:\.\.|\/)/.test(name) ? `${indent}  outside_project: true\n` : ''
  return `${indent}- ${source}: ${JSON.stringify(name)}\n${second}${outside}`
}
