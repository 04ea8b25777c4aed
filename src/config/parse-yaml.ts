import type { Alias, Pair, Scalar, YAMLMap, YAMLSeq, Node as YamlPackageNode } from 'yaml'
import { isAlias, isMap, isPair, isScalar, parseDocument } from 'yaml'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source-file.ts'
import { badKey, duplicateKey, tooManyAliases, unknownAnchor, yamlSyntax } from './errors.ts'
import { readPlainYaml } from './plain-yaml.ts'
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts'

/** Aliases that one file may expand, counted with the aliases inside of what they repeat. */
const ALIAS_LIMIT = 1000

export interface ParsedYaml {
  /** Undefined when the file is empty or not readable. */
  readonly root: YamlNode | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads one YAML 1.2 document (core schema: `on` and `off` are text). Of syntax errors the first is reported and the
 * file counts as empty; duplicate keys and bad aliases are all reported and the rest is read.
 */
export function parseYaml(file: SourceFile): ParsedYaml {
  const plain = readPlainYaml(file.text)
  return plain === undefined ? parseFullYaml(file) : { root: plain, diagnostics: [] }
}

/** As `parseYaml`, always with the full parser. */
export function parseFullYaml(file: SourceFile): ParsedYaml {
  const document = parseDocument(file.text, {
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
    logLevel: 'error',
  })
  const first = document.errors[0]
  if (first !== undefined) return { root: undefined, diagnostics: [syntaxError(file, first)] }
  if (document.contents === null) return { root: undefined, diagnostics: [] }
  const conversion = new Conversion(file)
  const root = conversion.node(document.contents as YamlPackageNode)
  return { root, diagnostics: conversion.diagnostics }
}

function syntaxError(file: SourceFile, error: { code: string; message: string; pos: readonly number[] }): Diagnostic {
  const start = Math.min(error.pos[0] ?? 0, file.text.length)
  const end = Math.min(Math.max(error.pos[1] ?? start, start), file.text.length)
  const nextLine = file.text.indexOf('\n', start)
  const span = { path: file.path, start, end: nextLine > start ? Math.min(end, nextLine) : end }
  const words = WORDS.find(([said]) => error.message.startsWith(said))
  return yamlSyntax(
    { message: words?.[1] ?? lowerFirst(error.message), hint: words === undefined ? HINTS[error.code] : words[2] },
    { span },
  )
}

/** How the parser's messages begin, and what is said instead. */
const WORDS: readonly (readonly [said: string, message: string, hint: string])[] = [
  [
    'Source contains multiple documents',
    'the file holds several documents',
    'put the documents into files of their own, without `---`',
  ],
  [
    'Nested mappings are not allowed in compact mappings',
    'a value cannot hold another `key: value` on its line',
    'put a value that holds `: ` in quotes, or look at the indentation of the next line',
  ],
  [
    'A block sequence may not be used as an implicit map key',
    'a list cannot stand here',
    'indent it as the lines around it',
  ],
  [
    'Sequence item without - indicator',
    'this line stands neither in the list above it nor below one of its items',
    'indent it as the lines around it, or begin it with `- `',
  ],
  [
    'All mapping items must start at the same column',
    'the keys of a mapping must begin in one column',
    'indent them alike',
  ],
  [
    'All sequence items must start at the same column',
    'the items of a list must begin in one column',
    'indent them alike',
  ],
]

const HINTS: Readonly<Record<string, string | undefined>> = {
  TAB_AS_INDENT: 'indent with blanks',
  BLOCK_AS_IMPLICIT_KEY: 'put a value that holds `: ` in quotes',
  MISSING_CHAR: 'close the quote or the bracket',
  BAD_SCALAR_START: 'put a value that begins with `@`, `%` or a backtick in quotes',
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

interface Anchored {
  readonly node: YamlNode
  /** Aliases that this node expands, itself not counted. */
  readonly aliases: number
}

class Conversion {
  readonly diagnostics: Diagnostic[] = []
  readonly #file: SourceFile
  readonly #anchors = new Map<string, Anchored>()
  #aliases = 0
  #overLimit = false

  constructor(file: SourceFile) {
    this.#file = file
  }

  node(source: YamlPackageNode | null): YamlNode | undefined {
    if (source === null) return undefined
    if (isAlias(source)) return this.#alias(source)
    const before = this.#aliases
    const node = isScalar(source)
      ? this.#scalar(source)
      : isMap(source)
        ? this.#map(source)
        : this.#list(source as YAMLSeq)
    const anchor = (source as { anchor?: string }).anchor
    if (anchor !== undefined) this.#anchors.set(anchor, { node, aliases: this.#aliases - before })
    return node
  }

  #alias(source: Alias): YamlNode {
    const [start, end] = rangeOf(source)
    const found = this.#anchors.get(source.source)
    if (found === undefined) {
      this.#report(unknownAnchor({ name: source.source, known: [...this.#anchors.keys()] }, this.#at(start, end)))
      return nothing(start)
    }
    this.#aliases += 1 + found.aliases
    if (this.#aliases <= ALIAS_LIMIT) return found.node
    if (!this.#overLimit) this.#report(tooManyAliases({ limit: ALIAS_LIMIT }, this.#at(start, end)))
    this.#overLimit = true
    return nothing(start)
  }

  #scalar(source: Scalar): YamlScalar {
    const [start, end] = rangeOf(source)
    const value = plainValue(source)
    if (typeof value !== 'string' || source.type === 'PLAIN' || source.type === undefined) {
      const exact = typeof value !== 'string' || this.#file.text.startsWith(value, start)
      return { kind: 'scalar', value, exact, textStart: start, start, end }
    }
    if (source.type === 'QUOTE_DOUBLE' || source.type === 'QUOTE_SINGLE') {
      const exact = this.#file.text.startsWith(value, start + 1)
      return { kind: 'scalar', value, exact, textStart: start + 1, start, end }
    }
    const textStart = this.#file.text.indexOf(value.split('\n', 1)[0] ?? '', start + 1)
    return { kind: 'scalar', value, exact: this.#file.text.startsWith(value, textStart), textStart, start, end }
  }

  #list(source: YAMLSeq): YamlNode {
    const [start, end] = rangeOf(source)
    const items = source.items.map((item) => {
      if (isPair(item)) return this.#pairMap(item as Pair)
      return this.node(item as YamlPackageNode) ?? nothing(end)
    })
    return { kind: 'list', items, start, end: blockEnd(source, items.at(-1), end) }
  }

  #pairMap(pair: Pair): YamlNode {
    const entry = this.#entry(pair)
    const start = entry?.keyStart ?? 0
    return { kind: 'map', entries: entry === undefined ? [] : [entry], start, end: entry?.value.end ?? start }
  }

  #map(source: YAMLMap): YamlMap {
    const [start, end] = rangeOf(source)
    const entries: YamlEntry[] = []
    const merged: YamlEntry[] = []
    const seen = new Set<string>()
    for (const pair of source.items) {
      const entry = this.#entry(pair as Pair)
      if (entry === undefined) continue
      if (entry.key === '<<') merged.push(...mergedEntries(entry.value))
      else if (seen.has(entry.key))
        this.#report(duplicateKey({ key: entry.key }, this.#at(entry.keyStart, entry.keyEnd)))
      else {
        seen.add(entry.key)
        entries.push(entry)
      }
    }
    for (const entry of merged) {
      if (seen.has(entry.key)) continue
      seen.add(entry.key)
      entries.push(entry)
    }
    return { kind: 'map', entries, start, end: blockEnd(source, entries.at(-1)?.value, end) }
  }

  #entry(pair: Pair): YamlEntry | undefined {
    const key = pair.key as YamlPackageNode
    const [keyStart, keyEnd] = rangeOf(key)
    if (!isScalar(key)) {
      const template = this.#file.text.startsWith('{{', keyStart - 1) || this.#file.text.startsWith('{{', keyStart)
      this.#report(badKey({ template }, this.#at(Math.max(template ? keyStart - 1 : keyStart, 0), keyEnd)))
      return undefined
    }
    const written = pair.value as YamlPackageNode | null
    const value = written === null || isOmitted(written) ? nothing(keyEnd) : (this.node(written) ?? nothing(keyEnd))
    return { key: keyText(key), keyStart, keyEnd, value }
  }

  #at(start: number, end: number): { span: { path: string; start: number; end: number } } {
    return { span: { path: this.#file.path, start, end } }
  }

  #report(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic)
  }
}

function rangeOf(node: { range?: readonly [number, number, number] | null | undefined }): readonly [number, number] {
  return [node.range?.[0] ?? 0, node.range?.[1] ?? 0]
}

/** The parser counts the line break after a block collection to it; here it ends with its last value. */
function blockEnd(source: YAMLMap | YAMLSeq, last: YamlNode | undefined, end: number): number {
  return source.flow === true || last === undefined ? end : last.end
}

function isOmitted(node: YamlPackageNode): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '' && node.anchor === undefined
}

function nothing(at: number): YamlScalar {
  return { kind: 'scalar', value: null, exact: true, textStart: at, start: at, end: at }
}

/** Integers that a double cannot hold stay text, so that no digit is lost. */
function plainValue(source: Scalar): null | boolean | number | string {
  const { value } = source
  if (value === null || value === undefined) return null
  if (typeof value === 'number') {
    const tooLong = Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(source.source ?? '')
    return tooLong ? source.source! : value
  }
  if (typeof value === 'boolean' || typeof value === 'string') return value
  return String(value)
}

function keyText(key: Scalar): string {
  if (typeof key.value === 'string') return key.value
  return key.source ?? String(key.value)
}

function mergedEntries(value: YamlNode): readonly YamlEntry[] {
  if (value.kind === 'map') return value.entries
  if (value.kind === 'list') return value.items.flatMap((item) => mergedEntries(item))
  return []
}
