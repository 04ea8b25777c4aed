import { readdirSync, readFileSync } from 'node:fs'
import { InternalError } from '../base/errors.ts'
import { SourceFile, type SourceSet } from '../base/source-file.ts'
import { builtinPackage } from './builtins.ts'
import type { MacroLibrary } from './macro-registry.ts'
import { parseTemplate } from './parse-template.ts'
import type { MacroDefinition } from './template.ts'

interface LibraryFile {
  readonly file: SourceFile
  /** Undefined until a name of the file is asked for. */
  definitions: readonly MacroDefinition[] | undefined
}

interface Entry {
  readonly kind: 'macro' | 'test'
  readonly name: string
  readonly engine: string
  readonly from: LibraryFile
}

/** The folder of the library: beside `template/` in the sources, beside the bundle's chunks or in its own folder. */
function readFolder(): readonly SourceFile[] {
  for (const place of ['../macros/', './macros/']) {
    const folder = new URL(place, import.meta.url)
    let names: readonly string[]
    try {
      names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      throw error
    }
    const sorted = [...names].sort()
    return sorted.map((name) => new SourceFile(`<tsdbt>/macros/${name}`, readFileSync(new URL(name, folder), 'utf8')))
  }
  throw new InternalError('the folder of the built-in macros is missing')
}

/** Names that a file defines, found by their opening tags alone. */
function entriesOf(from: LibraryFile): readonly Entry[] {
  const opening = /\{\{~?#\*(macro|test)\s+(?:(\w+)\.)?(\w+)/g
  return [...from.file.text.matchAll(opening)].map((match) => ({
    kind: match[1] as 'macro' | 'test',
    engine: match[2] ?? '',
    name: match[3]!,
    from,
  }))
}

let read: readonly Entry[] | undefined

function definitionsOf(from: LibraryFile): readonly MacroDefinition[] {
  if (from.definitions === undefined) {
    const { template, diagnostics } = parseTemplate(from.file, { packageName: builtinPackage })
    const [mistake] = diagnostics
    if (mistake !== undefined || template === undefined) {
      const { line } = from.file.position(mistake?.span?.start ?? 0)
      throw new InternalError(`${from.file.path}:${line}: ${mistake?.message}`)
    }
    from.definitions = template.definitions
  }
  return from.definitions
}

/**
 * The macros that come with tsdbt. Files are read once a process and parsed when a name of theirs is asked for;
 * `files` gets them, so that diagnostics can show their lines.
 */
export function loadMacroLibrary(files: SourceSet): MacroLibrary {
  read ??= readFolder().flatMap((file) => entriesOf({ file, definitions: undefined }))
  const index = new Map<string, Entry>()
  for (const entry of read) {
    files.add(entry.from.file)
    index.set(`${entry.kind} ${entry.engine} ${entry.name}`, entry)
  }
  const definitionOf = (entry: Entry): MacroDefinition => {
    const found = definitionsOf(entry.from).find(
      (d) => d.kind === entry.kind && d.name === entry.name && (d.engine ?? '') === entry.engine,
    )
    if (found === undefined) throw new InternalError(`no definition of ${entry.name} in ${entry.from.file.path}`)
    return found
  }
  const entries = read
  return {
    find: (kind, name, engine) => {
      const entry = index.get(`${kind} ${engine} ${name}`) ?? index.get(`${kind}  ${name}`)
      return entry === undefined ? undefined : definitionOf(entry)
    },
    enginesOf: (kind, name) =>
      entries.filter((e) => e.kind === kind && e.name === name && e.engine !== '').map((e) => e.engine),
    // Names that begin with an underscore are the library's own business.
    names: (kind) => [...new Set(entries.filter((e) => e.kind === kind && !e.name.startsWith('_')).map((e) => e.name))],
    all: () => [...new Set(entries.map((e) => e.from))].flatMap(definitionsOf),
  }
}
