import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts'

/**
 * Reads the plain part of YAML that nearly all property files keep to: block mappings and lists, scalars and flow
 * collections of one line, comments. Gives undefined for everything else (anchors, block scalars, several lines of one
 * scalar, escapes, mistakes …), which the full parser then reads. It is about ten times faster, and where it gives a
 * tree, the tree is the same.
 */
export function readPlainYaml(text: string): YamlNode | undefined {
  if (/[\t\r\u0085\u2028\u2029\ufeff]/.test(text)) return undefined
  const lines = splitLines(text)
  if (lines === undefined || lines.length === 0) return undefined
  const reading = new PlainReading(text, lines)
  try {
    return reading.document()
  } catch (error) {
    if (error === NOT_PLAIN) return undefined
    throw error
  }
}

/** Thrown where the text leaves the plain part. */
const NOT_PLAIN = Symbol('not plain')

interface Line {
  /** Columns before the content; grows when the content of a list item is read as a mapping. */
  indent: number
  /** Offset of the first character that is no blank. */
  start: number
  readonly end: number
}

/** Lines with content; undefined when there are marks of documents or directives. */
function splitLines(text: string): Line[] | undefined {
  const lines: Line[] = []
  for (let at = 0; at < text.length; ) {
    let end = text.indexOf('\n', at)
    if (end < 0) end = text.length
    let start = at
    while (start < end && text.charCodeAt(start) === 32) start++
    const first = text.charCodeAt(start)
    if (start === at && (first === 37 || text.startsWith('---', at) || text.startsWith('...', at))) return undefined
    if (start < end && first !== 35) lines.push({ indent: start - at, start, end })
    at = end + 1
  }
  return lines
}

const KEY = /([A-Za-z0-9_+][\w.+-]*):(?= |$)/my
const FLOW_KEY = /([A-Za-z0-9_+][\w.+-]*): /y
const WORDS = new Map<string, null | boolean>(
  ['null', 'Null', 'NULL', '~']
    .map((w): [string, null | boolean] => [w, null])
    .concat(
      ['true', 'True', 'TRUE'].map((w): [string, boolean] => [w, true]),
      ['false', 'False', 'FALSE'].map((w): [string, boolean] => [w, false]),
    ),
)

class PlainReading {
  readonly #text: string
  readonly #lines: readonly Line[]
  #at = 0

  constructor(text: string, lines: readonly Line[]) {
    this.#text = text
    this.#lines = lines
  }

  document(): YamlNode {
    const node = this.#block(this.#lines[0]!.indent)
    if (this.#at < this.#lines.length) throw NOT_PLAIN
    return node
  }

  #block(indent: number): YamlNode {
    return this.#isItem(this.#lines[this.#at]!) ? this.#list(indent) : this.#map(indent)
  }

  #isItem(line: Line): boolean {
    return (
      this.#text.charCodeAt(line.start) === 45 &&
      (line.start + 1 === line.end || this.#text.charCodeAt(line.start + 1) === 32)
    )
  }

  #map(indent: number): YamlMap {
    const entries: YamlEntry[] = []
    const { start } = this.#lines[this.#at]!
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at]!
      if (line.indent < indent) break
      if (line.indent > indent) throw NOT_PLAIN
      if (this.#isItem(line)) break
      KEY.lastIndex = line.start
      const key = KEY.exec(this.#text)?.[1]
      if (key === undefined) throw NOT_PLAIN
      for (const entry of entries) if (entry.key === key) throw NOT_PLAIN
      const keyEnd = line.start + key.length
      const keyStart = line.start
      this.#at++
      entries.push({ key, keyStart, keyEnd, value: this.#value(keyEnd + 1, line, indent, keyEnd) })
    }
    return { kind: 'map', entries, start, end: entries.at(-1)!.value.end }
  }

  /** What stands behind a colon: on the line, or on the lines below it. */
  #value(from: number, line: Line, indent: number, keyEnd: number): YamlNode {
    const at = this.#skipBlanks(from, line.end)
    const next = this.#lines[this.#at]
    if (at < line.end && !this.#isComment(at)) {
      // A deeper line would belong to this scalar.
      if (next !== undefined && next.indent > indent) throw NOT_PLAIN
      return this.#inline(at, line.end)
    }
    if (next !== undefined && (next.indent > indent || (next.indent === indent && this.#isItem(next))))
      return this.#block(next.indent)
    return { kind: 'scalar', value: null, exact: true, textStart: keyEnd, start: keyEnd, end: keyEnd }
  }

  #list(indent: number): YamlNode {
    const items: YamlNode[] = []
    const { start } = this.#lines[this.#at]!
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at]!
      if (line.indent < indent) break
      if (line.indent > indent) throw NOT_PLAIN
      if (!this.#isItem(line)) break
      const at = this.#skipBlanks(line.start + 1, line.end)
      if (at >= line.end || this.#isComment(at)) throw NOT_PLAIN
      KEY.lastIndex = at
      if (KEY.test(this.#text)) {
        line.indent += at - line.start
        line.start = at
        items.push(this.#map(line.indent))
      } else {
        this.#at++
        const next = this.#lines[this.#at]
        if (next !== undefined && next.indent > indent) throw NOT_PLAIN
        items.push(this.#inline(at, line.end))
      }
    }
    return { kind: 'list', items, start, end: items.at(-1)!.end }
  }

  /** A scalar or a flow collection that fills the rest of the line. */
  #inline(at: number, end: number): YamlNode {
    const first = this.#text.charCodeAt(at)
    if (first === 39 || first === 34 || first === 91 || first === 123) {
      const node = first === 39 || first === 34 ? this.#quoted(at, end) : this.#flow(at, end)
      const rest = this.#skipBlanks(node.end, end)
      if (rest < end && !(rest > node.end && this.#isComment(rest))) throw NOT_PLAIN
      return node
    }
    // Searching the line alone: the whole text would be searched once for each of its lines.
    const rest = this.#text.slice(at, end)
    const comment = rest.indexOf(' #')
    const written = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd()
    if (written.includes(': ') || written.endsWith(':')) throw NOT_PLAIN
    const stop = at + written.length
    return this.#plain(at, stop)
  }

  #quoted(at: number, end: number): YamlScalar {
    const quote = this.#text.charAt(at)
    let close = at + 1
    let doubled = false
    for (; ; close++) {
      if (close >= end) throw NOT_PLAIN
      const c = this.#text.charAt(close)
      if (c === '\\' && quote === '"') throw NOT_PLAIN
      if (c !== quote) continue
      if (quote !== "'" || this.#text.charAt(close + 1) !== "'") break
      doubled = true
      close++
    }
    const raw = this.#text.slice(at + 1, close)
    return {
      kind: 'scalar',
      value: doubled ? raw.replaceAll("''", "'") : raw,
      exact: !doubled,
      textStart: at + 1,
      start: at,
      end: close + 1,
    }
  }

  #flow(at: number, end: number): YamlNode {
    const isMap = this.#text.charCodeAt(at) === 123
    const close = isMap ? 125 : 93
    const items: YamlNode[] = []
    const entries: YamlEntry[] = []
    let position = this.#skipBlanks(at + 1, end)
    while (this.#text.charCodeAt(position) !== close) {
      if (position >= end) throw NOT_PLAIN
      let value: YamlNode
      if (isMap) {
        FLOW_KEY.lastIndex = position
        const key = FLOW_KEY.exec(this.#text)?.[1]
        if (key === undefined || entries.some((e) => e.key === key)) throw NOT_PLAIN
        const keyEnd = position + key.length
        value = this.#flowItem(this.#skipBlanks(keyEnd + 1, end), end)
        entries.push({ key, keyStart: position, keyEnd, value })
      } else {
        value = this.#flowItem(position, end)
        items.push(value)
      }
      position = this.#skipBlanks(value.end, end)
      const c = this.#text.charCodeAt(position)
      if (position >= end || (c !== 44 && c !== close)) throw NOT_PLAIN
      if (c === 44) position = this.#skipBlanks(position + 1, end)
    }
    return isMap
      ? { kind: 'map', entries, start: at, end: position + 1 }
      : { kind: 'list', items, start: at, end: position + 1 }
  }

  #flowItem(at: number, end: number): YamlNode {
    const first = this.#text.charCodeAt(at)
    if (first === 39 || first === 34) return this.#quoted(at, end)
    if (first === 91 || first === 123) return this.#flow(at, end)
    let stop = at
    for (; ; stop++) {
      if (stop >= end) throw NOT_PLAIN
      const c = this.#text.charCodeAt(stop)
      if (c === 44 || c === 93 || c === 125) break
      // `:`, `#` and brackets inside of a plain scalar have rules of their own.
      if (c === 58 || c === 35 || c === 91 || c === 123) throw NOT_PLAIN
    }
    while (stop > at && this.#text.charCodeAt(stop - 1) === 32) stop--
    if (stop === at) throw NOT_PLAIN
    return this.#plain(at, stop)
  }

  #plain(start: number, end: number): YamlScalar {
    const text = this.#text.slice(start, end)
    return { kind: 'scalar', value: plainScalar(text), exact: true, textStart: start, start, end }
  }

  #skipBlanks(from: number, end: number): number {
    let at = from
    while (at < end && this.#text.charCodeAt(at) === 32) at++
    return at
  }

  #isComment(at: number): boolean {
    return this.#text.charCodeAt(at) === 35
  }
}

/** The value of a plain scalar in the core schema of YAML 1.2. Forms that are rare are left to the full parser. */
function plainScalar(text: string): null | boolean | number | string {
  const first = text.charAt(0)
  if (/[A-Za-z_(/\u00c0-\uffff]/.test(first)) return WORDS.has(text) ? WORDS.get(text)! : text
  if (/^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text)) return Number(text)
  if (/^\d{4}-\d\d-\d\d$|^\d+(\.\d+)?%$|^\d.* /.test(text)) return text
  throw NOT_PLAIN
}
