/**
 * A reader of TMDL, written from its documentation and not from our writer: objects and properties by indentation with tabs,
 * names in single quotes, text in double quotes, expressions behind `=` or two steps deeper below it, `///` descriptions.
 */
export interface TmdlNode {
  readonly type: string
  readonly name: string | null
  /** Behind `=`. */
  readonly value: string | null
  readonly description: string
  readonly properties: ReadonlyMap<string, string | true>
  readonly children: readonly TmdlNode[]
}

/** Types of objects; whatever else begins a line is a property. */
const OBJECTS = [
  'database',
  'model',
  'table',
  'column',
  'measure',
  'partition',
  'relationship',
  'expression',
  'annotation',
]

interface Line {
  readonly depth: number
  readonly text: string
  readonly number: number
}

export function readTmdl(file: string): readonly TmdlNode[] {
  if (file.startsWith('\ufeff')) throw new Error('a byte order mark')
  if (file.includes('\r')) throw new Error('a carriage return')
  const lines = file.split('\n').map((raw, i) => {
    const depth = raw.length - raw.replace(/^\t+/, '').length
    return { depth, text: raw.slice(depth), number: i + 1 }
  })
  const reader = new Reader(lines)
  const nodes = reader.objects(0)
  reader.end()
  return nodes
}

/** The name at the start of a text, and what follows it. */
function nameAt(text: string): { readonly name: string; readonly rest: string } {
  const quoted = /^'((?:[^']|'')*)'/.exec(text)
  if (quoted !== null) return { name: quoted[1]!.replaceAll("''", "'"), rest: text.slice(quoted[0].length) }
  const bare = /^[^\s.=:']+/.exec(text)
  if (bare === null) throw new Error(`no name at: ${text}`)
  return { name: bare[0], rest: text.slice(bare[0].length) }
}

/** `Table.'A column'` as its two names. */
export function readColumnReference(text: string): readonly [table: string, column: string] {
  const table = nameAt(text)
  if (!table.rest.startsWith('.')) throw new Error(`no column in: ${text}`)
  const column = nameAt(table.rest.slice(1))
  if (column.rest !== '') throw new Error(`text behind a reference: ${text}`)
  return [table.name, column.name]
}

class Reader {
  readonly #lines: readonly Line[]
  #at = 0

  constructor(lines: readonly Line[]) {
    this.#lines = lines
  }

  end(): void {
    this.#skipBlank()
    const line = this.#lines[this.#at]
    if (line !== undefined) throw new Error(`line ${line.number} belongs to nothing: ${line.text}`)
  }

  objects(depth: number): TmdlNode[] {
    const nodes: TmdlNode[] = []
    for (;;) {
      this.#skipBlank()
      const line = this.#lines[this.#at]
      if (line === undefined || line.depth < depth) return nodes
      if (line.depth > depth) throw new Error(`line ${line.number} is too deep: ${line.text}`)
      nodes.push(this.#object(depth))
    }
  }

  #object(depth: number): TmdlNode {
    const description: string[] = []
    for (; this.#lines[this.#at]?.text.startsWith('///'); this.#at++)
      description.push(this.#lines[this.#at]!.text.slice(3).replace(/^ /, ''))
    const line = this.#lines[this.#at]!
    if (line.depth !== depth) throw new Error(`line ${line.number}: a description belongs to the next line`)
    this.#at++
    const word = /^(ref )?(\w+)/.exec(line.text)
    if (word === null || !OBJECTS.includes(word[2]!)) throw new Error(`line ${line.number} is no object: ${line.text}`)
    let rest = line.text.slice(word[0].length).trimStart()
    let name: string | null = null
    if (rest !== '') {
      const found = nameAt(rest)
      name = found.name
      rest = found.rest.trimStart()
    }
    if (rest !== '' && !rest.startsWith('=')) throw new Error(`line ${line.number}: ${rest}`)
    const value = rest === '' ? null : this.#value(rest.slice(1), depth)
    const properties = this.#properties(depth + 1)
    const children = this.objects(depth + 1)
    return { type: word[0], name, value, description: description.join('\n').trim(), properties, children }
  }

  /** Properties stand before the objects within. */
  #properties(depth: number): Map<string, string | true> {
    const found = new Map<string, string | true>()
    for (;;) {
      const line = this.#lines[this.#at]
      if (line === undefined || line.depth !== depth || line.text === '' || line.text.startsWith('///')) return found
      const [, key, sign = '', rest = ''] = /^(\w+)(?:(:| ?=)(.*))?$/.exec(line.text) ?? []
      if (key === undefined) return found
      if (found.has(key)) throw new Error(`line ${line.number}: ${key} stands twice`)
      this.#at++
      if (sign === '') {
        const below = this.#properties(depth + 1)
        found.set(key, true)
        for (const [inner, value] of below) found.set(`${key}.${inner}`, value)
      } else found.set(key, sign === ':' ? textOf(rest) : this.#value(rest, depth))
    }
  }

  /** The rest of the line, or the lines below that are two steps deeper. */
  #value(rest: string, depth: number): string {
    if (rest.trim() !== '') return rest.trim()
    const lines: string[] = []
    for (;;) {
      const line = this.#lines[this.#at]
      if (line === undefined || (line.depth < depth + 2 && line.text !== '')) break
      const raw = '\t'.repeat(line.depth) + line.text
      if (line.text === '' && line.depth < depth + 2) break
      lines.push(raw.slice(depth + 2))
      this.#at++
    }
    return lines.join('\n').trim()
  }

  #skipBlank(): void {
    while (this.#lines[this.#at]?.text.trim() === '') this.#at++
  }
}

function textOf(rest: string): string {
  const text = rest.trim()
  return /^".*"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text
}
