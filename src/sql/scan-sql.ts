/** What a stretch of SQL is. `word` is a bare identifier or keyword, `name` a quoted identifier. */
export type TokenKind = 'space' | 'comment' | 'string' | 'name' | 'word' | 'number' | 'symbol'

export interface Token {
  readonly kind: TokenKind
  /** UTF-16 offsets, `end` exclusive. */
  readonly start: number
  readonly end: number
}

const SPACE = /[\s\u00a0\ufeff]+/y
const WORD = /[\p{L}_][\p{L}\p{N}\p{M}_$]*/uy
const NUMBER = /0[xX][\da-fA-F]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y
const DOLLAR = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy
const SYMBOL = /::|->>|->|<=|>=|<>|!=|\|\||:=|==|\/\/|\*\*|[\s\S]/y

/** What an ASCII character may begin: most text is decided without a regular expression. */
const START = new Uint8Array(128)
for (const c of ' \t\n\r\f\v') START[c.charCodeAt(0)] = 1
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') START[c.charCodeAt(0)] = 2
for (const c of '0123456789') START[c.charCodeAt(0)] = 3

/** The end of the run of characters of one kind; stops at the first character that is not ASCII. */
function asciiRunEnd(text: string, at: number, kind: 1 | 2): number {
  let i = at
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i)
    const start = c < 128 ? START[c] : 0
    if (start !== kind && !(kind === 2 && (start === 3 || c === 36))) break
  }
  return i
}

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  const found = pattern.exec(text)
  return found === null ? at : pattern.lastIndex
}

/** The end of a quoted text that begins at `at`; doubled quotes stay inside. An unclosed one reaches to the end. */
function quotedEnd(text: string, at: number, quote: string, backslash = false): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i]
    if (backslash && c === '\\') i++
    else if (c === quote) {
      if (text[i + 1] !== quote) return i + 1
      i++
    }
  }
  return text.length
}

/** The end of a block comment at `at`. Comments nest, as both engines read them. */
function blockCommentEnd(text: string, at: number): number {
  let depth = 0
  for (let i = at; i < text.length; i++) {
    if (text[i] === '/' && text[i + 1] === '*') {
      depth++
      i++
    } else if (text[i] === '*' && text[i + 1] === '/') {
      depth--
      i++
      if (depth === 0) return i + 1
    }
  }
  return text.length
}

function lineEnd(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 10 || c === 13) return i
  }
  return text.length
}

function scanOne(text: string, at: number): Token {
  const code = text.charCodeAt(at)
  const start = code < 128 ? START[code] : 0
  if (start === 1) return { kind: 'space', start: at, end: asciiRunEnd(text, at, 1) }
  if (start === 2 && text.charCodeAt(at + 1) !== 39) {
    const end = asciiRunEnd(text, at, 2)
    if (end >= text.length || text.charCodeAt(end) < 128) return { kind: 'word', start: at, end }
  }
  return scanOther(text, at)
}

function scanOther(text: string, at: number): Token {
  const c = text[at]!
  const next = text[at + 1]
  if (c === "'") return { kind: 'string', start: at, end: quotedEnd(text, at, "'") }
  if (c === '"') return { kind: 'name', start: at, end: quotedEnd(text, at, '"') }
  if (c === '-' && next === '-') return { kind: 'comment', start: at, end: lineEnd(text, at) }
  if (c === '/' && next === '*') return { kind: 'comment', start: at, end: blockCommentEnd(text, at) }
  if ((c === 'e' || c === 'E') && next === "'")
    return { kind: 'string', start: at, end: quotedEnd(text, at + 1, "'", true) }
  if (c === '$') {
    const open = match(DOLLAR, text, at)
    if (open > at) {
      const close = text.indexOf(text.slice(at, open), open)
      return { kind: 'string', start: at, end: close < 0 ? text.length : close + (open - at) }
    }
  }
  const space = match(SPACE, text, at)
  if (space > at) return { kind: 'space', start: at, end: space }
  const word = match(WORD, text, at)
  if (word > at) return { kind: 'word', start: at, end: word }
  const number = match(NUMBER, text, at)
  if (number > at) return { kind: 'number', start: at, end: number }
  const symbol = match(SYMBOL, text, at)
  const end = symbol - at === 1 && text.codePointAt(at)! > 0xffff ? at + 2 : symbol
  return { kind: 'symbol', start: at, end }
}

/**
 * The tokens of a statement, blanks and comments included, without gaps. Never fails: text that no engine accepts comes
 * out as symbols, an unclosed quote as one long token.
 */
export function* scanSql(text: string, from = 0): Generator<Token, void> {
  let at = from
  while (at < text.length) {
    const token = scanOne(text, at)
    yield token
    at = token.end
  }
}

/** The tokens that mean something. */
export function* significantTokens(text: string, from = 0): Generator<Token, void> {
  for (const token of scanSql(text, from)) if (token.kind !== 'space' && token.kind !== 'comment') yield token
}

/**
 * The token at an offset; a name with dots counts as one when the offset is at its first part. At the end of the text,
 * the last token. Undefined when the text holds none.
 */
export function tokenAt(text: string, offset: number): { start: number; end: number } | undefined {
  let last: Token | undefined
  let start: number | undefined
  let end = 0
  let dotted = false
  for (const token of significantTokens(text)) {
    if (start !== undefined) {
      const dot = text[token.start] === '.' && token.end - token.start === 1
      if (token.start === end && (dotted ? token.kind === 'word' || token.kind === 'name' : dot)) {
        end = token.end
        dotted = dot
        continue
      }
      return { start, end: dotted ? end - 1 : end }
    }
    if (token.end > offset) {
      if (token.kind !== 'word' && token.kind !== 'name') return { start: token.start, end: token.end }
      start = token.start
      end = token.end
    }
    last = token
  }
  if (start !== undefined) return { start, end: dotted ? end - 1 : end }
  return last === undefined ? undefined : { start: last.start, end: last.end }
}

/**
 * The only place where an identifier is used (without regard to case); undefined when it stands nowhere or more often. What stands behind `as`
 * gives the name and does not count, unless there is no other place.
 */
export function findIdentifier(text: string, name: string): { start: number; end: number } | undefined {
  const wanted = name.toLowerCase()
  const used: Token[] = []
  const given: Token[] = []
  let afterAs = false
  for (const token of significantTokens(text)) {
    const named = afterAs
    afterAs = token.kind === 'word' && text.slice(token.start, token.end).toLowerCase() === 'as'
    if (token.kind !== 'word' && token.kind !== 'name') continue
    const written = text.slice(token.start, token.end)
    const plain = token.kind === 'name' ? written.slice(1, -1).replaceAll('""', '"') : written
    if (plain.toLowerCase() === wanted) (named ? given : used).push(token)
  }
  const [only, ...others] = used.length > 0 ? used : given
  return only === undefined || others.length > 0 ? undefined : { start: only.start, end: only.end }
}
