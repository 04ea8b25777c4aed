import type { Span } from '../../base/span.ts'
import { entryOf, type YamlMap, type YamlNode } from '../yaml-node.ts'
import { isNothing, type YamlReader } from '../yaml-reader.ts'
import { wrongOption } from './errors.ts'

/** What the engine that writes files puts in a place; `-` leaves out a leading zero. */
const STRFTIME = /^%(?:-?[dmyHIMSj]|[aAwbBYpfgnzZUWcxXuGV%])$/

/** A column that an option names. */
export interface NamedColumn {
  readonly name: string
  readonly span: Span
}

/** A column that rows are sorted by. */
export interface SortColumn extends NamedColumn {
  readonly descending: boolean
}

/** Reads the options of a format one by one. What is missing or wrong is undefined; a mistake is reported at its place. */
export class OptionReader {
  readonly #reader: YamlReader
  readonly #map: YamlMap

  constructor(reader: YamlReader, map: YamlMap, known: { readonly where: string; readonly keys: readonly string[] }) {
    reader.map(map, `\`options\` of ${known.where}`, known.keys)
    this.#reader = reader
    this.#map = map
  }

  #node(key: string): YamlNode | undefined {
    const entry = entryOf(this.#map, key)
    return entry === undefined || isNothing(entry.value) ? undefined : entry.value
  }

  has(key: string): boolean {
    return this.#node(key) !== undefined
  }

  choice<T extends string>(key: string, words: readonly T[]): T | undefined {
    const node = this.#node(key)
    return node === undefined ? undefined : this.#reader.choice(node, `\`${key}\``, words)
  }

  text(key: string): string | undefined {
    return this.#reader.optionalText(this.#map, key, `\`${key}\``)
  }

  boolean(key: string): boolean | undefined {
    return this.#reader.optionalBoolean(this.#map, key, `\`${key}\``)
  }

  integer(key: string, least: number): number | undefined {
    const node = this.#node(key)
    return node === undefined ? undefined : this.#reader.integer(node, `\`${key}\``, least)
  }

  /** One character that can stand in a line. */
  character(key: string): string | undefined {
    const value = this.text(key)
    if (value === undefined) return undefined
    if (value.length === 1 && /[^\r\n\0]/.test(value) && value < '\u0080') return value
    return this.refuse(key, `\`${key}\` is \`${value}\`, and not one ASCII character`, tabHint(value))
  }

  /** A pattern of strftime. */
  pattern(key: string): string | undefined {
    const value = this.text(key)
    if (value === undefined) return undefined
    const unknown = value.match(/%-?[^-]|%/g)?.find((sign) => !STRFTIME.test(sign))
    if (unknown === undefined && value.includes('%')) return value
    const fault = unknown === undefined ? 'not a pattern of strftime' : `strftime knows no \`${unknown}\``
    return this.refuse(key, `\`${key}\` is \`${value}\`, and ${fault}`, 'a day is `%d.%m.%Y`, a time `%H:%M:%S`')
  }

  /** `order_by`: names, each with `desc` behind it or not. */
  sorting(): readonly SortColumn[] {
    const node = this.#node('order_by')
    if (node === undefined) return []
    const items = node.kind === 'list' ? node.items : [node]
    return items.flatMap((item) => {
      const text = this.#reader.text(item, 'a column of `order_by`')
      if (text === undefined) return []
      const [, name, direction] = /^(.*?)(?:\s+(asc|desc))?$/i.exec(text.trim())!
      return [{ name: name!, descending: direction?.toLowerCase() === 'desc', span: this.#reader.span(item) }]
    })
  }

  /** Reports that the value of a key cannot be used. */
  refuse(key: string, what: string, hint?: string): undefined {
    const node = this.#node(key)
    return this.#reader.report(wrongOption({ what, hint }, node === undefined ? {} : { span: this.#reader.span(node) }))
  }
}

function tabHint(value: string): string | undefined {
  return value === '\\t' ? 'in YAML a tab is `"\\t"`, in double quotes' : undefined
}
