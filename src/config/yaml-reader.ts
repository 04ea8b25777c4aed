import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { nearestName } from '../base/nearest.ts'
import type { SourceFile } from '../base/source-file.ts'
import type { Span } from '../base/span.ts'
import type { FindDoc } from './doc-block.ts'
import { missingKey, unknownKey, wrongType, wrongValue } from './errors.ts'
import type { ConfigValue } from './node-config.ts'
import {
  describeScalar,
  describeYaml,
  entryOf,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from './yaml-node.ts'

/**
 * Evaluates a scalar that holds `{{`. One whole expression keeps its type. `span` covers the text; when `exact` is
 * false its offsets are not those of the text (escapes, folding) and errors should point at the whole. Throws `UserError`.
 */
export type EvaluateScalar = (text: string, span: Span, exact: boolean) => ConfigValue

/**
 * Reads values out of a YAML tree and reports what does not fit at its place. Templates are evaluated when a value is
 * read, so a part that nothing reads is never evaluated. After a report the reader hands back `undefined`.
 */
export class YamlReader {
  readonly file: SourceFile
  readonly #diagnostics: Diagnostic[]
  readonly #evaluate: EvaluateScalar
  readonly findDoc: FindDoc
  readonly #known = new WeakMap<YamlScalar, { readonly value: ConfigValue | undefined }>()

  /** `findDoc`: how descriptions find their doc blocks; without it there are none. */
  constructor(
    file: SourceFile,
    diagnostics: Diagnostic[],
    evaluate: EvaluateScalar,
    findDoc: FindDoc = () => ({ known: [] }),
  ) {
    this.file = file
    this.#diagnostics = diagnostics
    this.#evaluate = evaluate
    this.findDoc = findDoc
  }

  /** Runs a reader of something; `clean`: without a report, so that checks of the whole do not repeat a mistake. */
  noting<T>(read: () => T): { readonly value: T; readonly clean: boolean } {
    const before = this.#diagnostics.length
    const value = read()
    return { value, clean: this.#diagnostics.length === before }
  }

  report(diagnostic: Diagnostic): undefined {
    this.#diagnostics.push(diagnostic)
    return undefined
  }

  span(place: { readonly start: number; readonly end: number }): Span {
    return { path: this.file.path, start: place.start, end: place.end }
  }

  keySpan(entry: YamlEntry): Span {
    return { path: this.file.path, start: entry.keyStart, end: entry.keyEnd }
  }

  /** The value with templates evaluated; undefined after an error in one of them. */
  value(node: YamlNode): ConfigValue | undefined {
    if (node.kind === 'scalar') return this.#scalar(node)
    if (node.kind === 'list') {
      const items: ConfigValue[] = []
      for (const item of node.items) {
        const value = this.value(item)
        if (value === undefined) return undefined
        items.push(value)
      }
      return items
    }
    const object: Record<string, ConfigValue> = {}
    for (const entry of node.entries) {
      const value = this.value(entry.value)
      if (value === undefined) return undefined
      setOwn(object, entry.key, value)
    }
    return object
  }

  /** The value as it stands in the file. */
  raw(node: YamlNode): ConfigValue {
    return rawValue(node)
  }

  #scalar(node: YamlScalar): ConfigValue | undefined {
    if (typeof node.value !== 'string' || !node.value.includes('{{')) return node.value
    const known = this.#known.get(node)
    if (known !== undefined) return known.value
    const value = this.#evaluated(node, node.value)
    this.#known.set(node, { value })
    return value
  }

  #evaluated(node: YamlScalar, text: string): ConfigValue | undefined {
    const span = node.exact
      ? { path: this.file.path, start: node.textStart, end: node.textStart + text.length }
      : this.span(node)
    try {
      return this.#evaluate(text, span, node.exact)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      for (const d of error.diagnostics) this.report(d.span === undefined && d.data === undefined ? { ...d, span } : d)
      return undefined
    }
  }

  /** Checks that the node is a mapping with known keys only. `hint` may explain an unknown key. */
  map(
    node: YamlNode,
    where: string,
    known: readonly string[] | undefined,
    hint?: (key: string) => string | undefined,
  ): YamlMap | undefined {
    if (node.kind !== 'map')
      return this.report(
        wrongType({ what: where, expected: 'a mapping', got: describeYaml(node) }, { span: this.span(node) }),
      )
    if (known === undefined) return node
    for (const entry of node.entries) {
      if (known.includes(entry.key)) continue
      this.report(
        unknownKey(
          { key: entry.key, where, known, hint: hint?.(entry.key) ?? quoteHint(entry) },
          { span: this.keySpan(entry) },
        ),
      )
    }
    return node
  }

  /** The items of a list; nothing counts as an empty list. */
  list(node: YamlNode | undefined, what: string): readonly YamlNode[] {
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return []
    if (node.kind === 'list') return node.items
    this.report(wrongType({ what, expected: 'a list', got: describeYaml(node) }, { span: this.span(node) }))
    return []
  }

  /** Text. Numbers and booleans are refused: YAML would have changed their form. */
  text(node: YamlNode, what: string): string | undefined {
    const value = this.#read(node)
    if (value === undefined || typeof value === 'string') return value
    return this.#mismatch(node, value, what, 'text', typeof value === 'object' ? undefined : 'put it in quotes')
  }

  /** Text, or undefined when the key is missing or has no value. */
  optionalText(map: YamlMap, key: string, what: string): string | undefined {
    const entry = entryOf(map, key)
    if (entry === undefined || isNothing(entry.value)) return undefined
    return this.text(entry.value, what)
  }

  requiredText(map: YamlMap, key: string, where: string, example?: string): string | undefined {
    const entry = entryOf(map, key)
    if (entry !== undefined && !isNothing(entry.value)) return this.text(entry.value, `\`${key}\` in ${where}`)
    if (this.misspelt(map, key)) return undefined
    const place =
      entry === undefined
        ? { start: map.start, end: Math.min(map.end, map.start + 1) }
        : { start: entry.keyStart, end: entry.keyEnd }
    return this.report(missingKey({ key, where, example }, { span: this.span(place) }))
  }

  /** Whether a missing key seems to stand there in another spelling, which is reported as unknown: one mistake is told once. */
  misspelt(map: YamlMap, key: string): boolean {
    return entryOf(map, key) === undefined && map.entries.some((e) => nearestName(e.key, [key]) !== undefined)
  }

  boolean(node: YamlNode, what: string): boolean | undefined {
    const value = this.#read(node)
    if (value === undefined || typeof value === 'boolean') return value
    const words = typeof value === 'string' && /^(yes|no|on|off|y|n|true|false)$/i.test(value)
    return this.#mismatch(
      node,
      value,
      what,
      '`true` or `false`',
      words ? 'YAML 1.2 knows `true` and `false` only, without quotes' : undefined,
    )
  }

  optionalBoolean(map: YamlMap, key: string, what: string): boolean | undefined {
    const entry = entryOf(map, key)
    return entry === undefined || isNothing(entry.value) ? undefined : this.boolean(entry.value, what)
  }

  /** A whole number that is not below `least`. */
  integer(node: YamlNode, what: string, least: number): number | undefined {
    const value = this.#read(node)
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value
    const digits = typeof value === 'string' && /^\d+$/.test(value)
    return this.#mismatch(
      node,
      value,
      what,
      least > 0 ? `a whole number from ${least} on` : 'a whole number that is not negative',
      digits ? 'write it without quotes' : undefined,
    )
  }

  /** One of a few words. */
  choice<T extends string>(node: YamlNode, what: string, allowed: readonly T[]): T | undefined {
    const value = this.#read(node)
    if (value === undefined) return undefined
    if (typeof value !== 'string')
      return this.#mismatch(node, value, what, `one of ${allowed.map((a) => `\`${a}\``).join(', ')}`)
    if ((allowed as readonly string[]).includes(value)) return value as T
    return this.report(wrongValue({ what, value, allowed }, { span: this.span(node) }))
  }

  /** A list of texts; a single text counts as a list of one. */
  texts(node: YamlNode, what: string): readonly string[] | undefined {
    if (node.kind === 'scalar') {
      const value = this.#read(node)
      if (value === undefined) return undefined
      if (typeof value === 'string') return [value]
      if (Array.isArray(value) && value.every((v) => typeof v === 'string')) return value as readonly string[]
      return this.#mismatch(node, value, what, 'text or a list of texts')
    }
    if (node.kind === 'map') return this.#mismatch(node, {}, what, 'text or a list of texts')
    const texts: string[] = []
    for (const item of node.items) {
      const text = this.text(item, `an entry of ${what}`)
      if (text === undefined) return undefined
      texts.push(text)
    }
    return texts
  }

  #read(node: YamlNode): ConfigValue | undefined {
    return node.kind === 'scalar' ? this.#scalar(node) : rawValue(node)
  }

  #mismatch(node: YamlNode, value: ConfigValue, what: string, expected: string, hint?: string): undefined {
    const got = node.kind !== 'scalar' ? describeYaml(node) : describeValue(value)
    return this.report(wrongType({ what, expected, got, hint }, { span: this.span(node) }))
  }
}

export function isNothing(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null
}

/** `a list`, `text` … of plain data, for messages. */
export function describeValue(value: ConfigValue): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a mapping'
  return describeScalar(value as null | boolean | number | string)
}

/** A tree as plain data, templates as they stand. */
export function rawValue(node: YamlNode): ConfigValue {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(rawValue)
  const object: Record<string, ConfigValue> = {}
  for (const entry of node.entries) setOwn(object, entry.key, rawValue(entry.value))
  return object
}

/** Assigns without touching prototypes: `__proto__` in a file is a key like any other. */
export function setOwn<T>(object: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true })
  else object[key] = value
}

/** A key of several words without a value is mostly the rest of a text that a comma cut off. */
function quoteHint({ key, value }: YamlEntry): string | undefined {
  if (!isNothing(value) || !/\s|\.$/.test(key)) return undefined
  return 'inside `{ }` a comma ends a value: put a text with a comma in quotes'
}
