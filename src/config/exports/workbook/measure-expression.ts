export const AGGREGATIONS = [
  'sum',
  'avg',
  'median',
  'min',
  'max',
  'count',
  'count_distinct',
  'stdev',
  'variance',
] as const

export type Aggregation = (typeof AGGREGATIONS)[number]

/** Arithmetic over aggregates. A division by zero is null, and so is all that is made of null. */
export type Expression =
  | { readonly kind: 'aggregate'; readonly aggregation: Aggregation; readonly column: string }
  | { readonly kind: 'calculation'; readonly name: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'negative'; readonly of: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: '+' | '-' | '*' | '/'
      readonly left: Expression
      readonly right: Expression
    }

/** What a text for a field says before anybody knows what its names stand for. */
export type Term =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly function: string; readonly argument: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'negative'; readonly of: Term }
  | { readonly kind: 'binary'; readonly operator: '+' | '-' | '*' | '/'; readonly left: Term; readonly right: Term }

/** `at`: offset in the text where it stops making sense. */
export type ParsedTerm =
  | { readonly ok: true; readonly term: Term }
  | { readonly ok: false; readonly at: number; readonly problem: string }

interface Token {
  readonly kind: 'name' | 'number' | 'sign' | 'end'
  readonly text: string
  readonly at: number
}

const TOKEN = /\s*(?:([\p{L}_][\p{L}\p{N}_$]*)|\[((?:[^\]]|\]\])+)\]|(\d+(?:\.\d+)?)|([-+*/()]))/uy

class TermSyntaxError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

/**
 * Reads `spend`, `[Order ID]`, `month(date)` or arithmetic as `sum(value) / sum(spend)`: `*` and `/` bind closer than `+`
 * and `-`, `]` inside brackets is written twice.
 */
export function parseTerm(text: string): ParsedTerm {
  try {
    return { ok: true, term: new TermParser(tokenize(text)).whole() }
  } catch (error) {
    if (error instanceof TermSyntaxError) return { ok: false, at: error.at, problem: error.message }
    throw error
  }
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) {
      const at = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0)
      throw new TermSyntaxError(`\`${text.slice(at, at + 1)}\` means nothing here`, at)
    }
    const at = from + match[0].length - match[0].trimStart().length
    if (match[1] !== undefined) tokens.push({ kind: 'name', text: match[1], at })
    else if (match[2] !== undefined) tokens.push({ kind: 'name', text: match[2].replaceAll(']]', ']'), at })
    else if (match[3] !== undefined) tokens.push({ kind: 'number', text: match[3], at })
    else tokens.push({ kind: 'sign', text: match[4]!, at })
  }
  return [...tokens, { kind: 'end', text: '', at: end }]
}

class TermParser {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Term {
    const term = this.#sum()
    if (this.#token.kind !== 'end') throw this.#unexpected('an operator or the end')
    return term
  }

  get #token(): Token {
    return this.#tokens[this.#next]!
  }

  #unexpected(expected: string): TermSyntaxError {
    const { kind, text, at } = this.#token
    return new TermSyntaxError(`${kind === 'end' ? 'it ends' : `\`${text}\` stands`} where ${expected} is expected`, at)
  }

  #takes(signs: string): string | undefined {
    const { kind, text } = this.#token
    if (kind !== 'sign' || !signs.includes(text)) return undefined
    this.#next++
    return text
  }

  #sum(): Term {
    let left = this.#product()
    for (let sign = this.#takes('+-'); sign !== undefined; sign = this.#takes('+-'))
      left = { kind: 'binary', operator: sign as '+' | '-', left, right: this.#product() }
    return left
  }

  #product(): Term {
    let left = this.#single()
    for (let sign = this.#takes('*/'); sign !== undefined; sign = this.#takes('*/'))
      left = { kind: 'binary', operator: sign as '*' | '/', left, right: this.#single() }
    return left
  }

  #single(): Term {
    if (this.#takes('-') !== undefined) return { kind: 'negative', of: this.#single() }
    if (this.#takes('(') !== undefined) {
      const inner = this.#sum()
      this.#close()
      return inner
    }
    const token = this.#token
    if (token.kind !== 'name' && token.kind !== 'number') throw this.#unexpected('a column, an aggregation or a number')
    this.#next++
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) }
    if (this.#takes('(') === undefined) return { kind: 'name', name: token.text }
    const argument = this.#token
    if (argument.kind !== 'name') throw this.#unexpected('a column')
    this.#next++
    this.#close()
    return { kind: 'call', function: token.text, argument: argument.text }
  }

  #close(): void {
    if (this.#takes(')') === undefined) throw this.#unexpected('`)`')
  }
}

/** The columns and calculations that an expression reads. */
export function readBy(expression: Expression): {
  readonly columns: readonly string[]
  readonly calculations: readonly string[]
} {
  switch (expression.kind) {
    case 'aggregate':
      return { columns: [expression.column], calculations: [] }
    case 'calculation':
      return { columns: [], calculations: [expression.name] }
    case 'number':
      return { columns: [], calculations: [] }
    case 'negative':
      return readBy(expression.of)
    case 'binary': {
      const [left, right] = [readBy(expression.left), readBy(expression.right)]
      return {
        columns: [...left.columns, ...right.columns],
        calculations: [...left.calculations, ...right.calculations],
      }
    }
  }
}
