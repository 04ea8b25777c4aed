import grammar from 'handlebars/dist/cjs/handlebars/compiler/parser.js'

/** One `{{…}}` as it stands in the text. */
export interface Tag {
  readonly start: number
  end: number
  /** `{{~` and `~}}`. */
  trimLeft: boolean
  trimRight: boolean
  readonly kind: 'block' | 'close' | 'else' | 'comment' | 'output' | 'other'
  /** First word inside, for a mustache with more than that word. */
  name: string | undefined
  words: number
}

export interface TokenPlace {
  readonly first_line: number
  readonly last_line: number
  /** UTF-16 offsets into the file, not columns: the grammar only carries them. */
  readonly first_column: number
  readonly last_column: number
}

/** Blocks and parentheses inside each other. */
export const nestingLimit = 200

const T = grammar.symbols_ as { readonly [symbol: string]: number }
const EOF = T['EOF']!
const CONTENT = T['CONTENT']!
const COMMENT = T['COMMENT']!
const ID = T['ID']!
const CLOSE = T['CLOSE']!
const INVERSE = T['INVERSE']!

const inverse = /\{\{~?(?:\^\s*|\s*else\s*)~?\}\}/y
const inverseChain = /\{\{~?\s*else\b/y
const blockParameters = /as\s+\|/y
const word = /[^\s!"#%-,./;->@[-^`{-~]+(?=[=~}\s/.)|])/y
const bracketed = /\[(\\\]|[^\]])*\]/y
const dot = /\.(?=[=~}\s/.)|])/y
const keyword = /(?:true|false|undefined|null)(?=[~}\s)])/y
const numeral = /-?[0-9]+(?:\.[0-9]+)?(?=[~}\s)])/y
const doubleQuoted = /"(\\["]|[^"])*"/y
const singleQuoted = /'(\\[']|[^'])*'/y
const commentEnd = /--~?\}\}/g
const rawClose = /\{\{\{\{\/[^\s!"#%-,./;->@[-^`{-~]+\}\}\}\}/y

function isBlank(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13)
  return /\s/.test(String.fromCharCode(code))
}

/**
 * The lexer of Handlebars, written by hand: it gives the same tokens as the package's own (which tries forty regular
 * expressions a token and knows lines only), with UTF-16 offsets, and keeps the tags for whitespace and diagnostics.
 * One deviation: `a.0` is a path, as its documentation says.
 */
export class Lexer {
  yytext = ''
  yyleng = 0
  yylineno = 0
  yylloc: TokenPlace = { first_line: 1, last_line: 1, first_column: 0, last_column: 0 }
  yy: unknown
  readonly tags: Tag[] = []
  /** Start of each quoted string of the tag that is being read. */
  strings: number[] = []
  tokenStart = 0
  /** Set when nesting passes the limit: deeper stacks make the grammar slow and whatever walks the tree fail. */
  tooDeep = false
  #text = ''
  #position = 0
  #base = 0
  #mode: 'content' | 'escaped' | 'tag' | 'raw' = 'content'
  #rawDepth = 0
  #afterSeparator = false
  #parentheses = 0
  #blocks = 0

  /** Offsets of all tokens are `base` higher than in `text`. */
  constructor(base: number) {
    this.#base = base
  }

  setInput(text: string): void {
    this.#text = text
    this.#position = 0
  }

  /** The tag that is being read, when the lexer stands inside one. */
  get openTag(): Tag | undefined {
    return this.#mode === 'tag' ? this.tags.at(-1) : undefined
  }

  lex(): number | string {
    if (this.#mode === 'content') {
      const token = this.#content()
      if (token !== undefined) return token
    }
    if (this.#mode === 'escaped') return this.#escaped()
    if (this.#mode === 'raw') return this.#raw()
    return this.#inTag()
  }

  /** One level more; `INVALID` past the limit. */
  #deeper(level: number, token: string): string {
    if (level <= nestingLimit) return token
    this.tooDeep = true
    return 'INVALID'
  }

  #token(kind: number | string, end: number, text: string = this.#text.slice(this.#position, end)): number | string {
    this.tokenStart = this.#position + this.#base
    this.yylloc = { first_line: 1, last_line: 1, first_column: this.tokenStart, last_column: end + this.#base }
    this.yytext = text
    this.yyleng = text.length
    this.#position = end
    return kind
  }

  #content(): number | string | undefined {
    const text = this.#text
    const start = this.#position
    if (start >= text.length) return this.#token(EOF, start, '')
    const open = text.indexOf('{{', start)
    if (open < 0) return this.#token(CONTENT, text.length)
    let end = open
    this.#mode = 'tag'
    if (open > start && text.charCodeAt(open - 1) === 92) {
      end = open - 1
      if (open - 2 < start || text.charCodeAt(open - 2) !== 92) this.#mode = 'escaped'
    }
    if (end > start) {
      const token = this.#token(CONTENT, end)
      this.#position = open
      return token
    }
    this.#position = open
    return undefined
  }

  /** Text after a backslash: from its `{{` to the next one. */
  #escaped(): number | string {
    const text = this.#text
    let end = text.indexOf('{{', this.#position + 2)
    if (end < 0) end = text.length
    else {
      const floor = this.#position + 2
      if (end - 1 >= floor && text.charCodeAt(end - 1) === 92) end--
      if (end - 1 >= floor && text.charCodeAt(end - 1) === 92 && text.charCodeAt(end) === 92) end--
    }
    this.#mode = 'content'
    return this.#token(CONTENT, end)
  }

  #raw(): number | string {
    const text = this.#text
    const start = this.#position
    if (start >= text.length) return this.#token(EOF, start, '')
    if (text.startsWith('{{{{', start)) {
      if (text.charCodeAt(start + 4) !== 47) {
        this.#rawDepth++
        return this.#token(CONTENT, start + 4)
      }
      rawClose.lastIndex = start
      if (rawClose.test(text)) {
        const end = rawClose.lastIndex
        this.#rawDepth--
        if (this.#rawDepth > 0) return this.#token(CONTENT, end)
        this.#mode = 'content'
        this.#pushTag('other', start).end = end + this.#base
        return this.#token('END_RAW_BLOCK', end, text.slice(start + 5, end - 4))
      }
      return this.#token('INVALID', start + 4)
    }
    let end = text.indexOf('{{{{', start)
    if (end < 0) end = text.length
    return this.#token(CONTENT, end)
  }

  #pushTag(kind: Tag['kind'], start: number): Tag {
    const trimLeft = this.#text.charCodeAt(start + 2) === 126
    if (kind === 'block') this.#blocks++
    if (kind === 'close') this.#blocks--
    this.#parentheses = 0
    const tag: Tag = { start: start + this.#base, end: -1, trimLeft, trimRight: false, kind, name: undefined, words: 0 }
    this.tags.push(tag)
    this.strings = []
    return tag
  }

  #closeTag(end: number, closing: number): void {
    const tag = this.tags.at(-1)!
    tag.end = end + this.#base
    tag.trimRight = this.#text.charCodeAt(end - closing - 1) === 126
    this.#mode = 'content'
  }

  #inTag(): number | string {
    const text = this.#text
    let at = this.#position
    while (at < text.length && isBlank(text.charCodeAt(at))) at++
    this.#position = at
    if (at >= text.length) return this.#token(EOF, at, '')
    const afterSeparator = this.#afterSeparator
    this.#afterSeparator = false
    const code = text.charCodeAt(at)
    if (code === 123 && text.charCodeAt(at + 1) === 123) return this.#opening(at)
    const closed = code === 125 || code === 126 ? this.#closing(at, code) : undefined
    if (closed !== undefined) return closed
    const tag = this.tags.at(-1)
    if (tag !== undefined && !afterSeparator) tag.words++
    switch (code) {
      case 40:
        return this.#token(this.#deeper(++this.#parentheses, 'OPEN_SEXPR'), at + 1)
      case 41:
        this.#parentheses--
        return this.#token('CLOSE_SEXPR', at + 1)
      case 61:
        return this.#token('EQUALS', at + 1)
      case 64:
        return this.#token('DATA', at + 1)
      case 124:
        return this.#token('CLOSE_BLOCK_PARAMS', at + 1)
      case 34:
      case 39:
        return this.#string(code === 34 ? doubleQuoted : singleQuoted, code === 34 ? /\\"/g : /\\'/g)
      case 46:
      case 47:
        if (text.startsWith('..', at)) return this.#token(ID, at + 2)
        if (this.#matches(dot)) return this.#token(ID, at + 1)
        this.#afterSeparator = true
        return this.#token('SEP', at + 1)
      default:
        return this.#word(tag, afterSeparator)
    }
  }

  #matches(pattern: RegExp): number {
    pattern.lastIndex = this.#position
    return pattern.test(this.#text) ? pattern.lastIndex : 0
  }

  #string(pattern: RegExp, escaped: RegExp): number | string {
    const end = this.#matches(pattern)
    this.strings.push(this.#position + this.#base)
    if (end === 0) return this.#token('INVALID', this.#position + 1)
    const inner = this.#text.slice(this.#position + 1, end - 1)
    return this.#token('STRING', end, inner.includes('\\') ? inner.replace(escaped, (m) => m[1]!) : inner)
  }

  #word(tag: Tag | undefined, afterSeparator: boolean): number | string {
    let end = 0
    if (!afterSeparator) {
      end = this.#matches(keyword)
      if (end > 0) {
        const text = this.#text.slice(this.#position, end)
        return this.#token(text === 'null' ? 'NULL' : text === 'undefined' ? 'UNDEFINED' : 'BOOLEAN', end, text)
      }
      end = this.#matches(numeral)
      if (end > 0) return this.#token('NUMBER', end)
      end = this.#matches(blockParameters)
      if (end > 0) return this.#token('OPEN_BLOCK_PARAMS', end)
    }
    end = this.#matches(word)
    if (end > 0) {
      if (tag?.words === 1 && !afterSeparator) tag.name = this.#text.slice(this.#position, end)
      return this.#token(ID, end)
    }
    end = this.#matches(bracketed)
    if (end > 0) {
      const text = this.#text.slice(this.#position, end)
      return this.#token(ID, end, text.replace(/\\([\\\]])/g, '$1'))
    }
    return this.#token('INVALID', this.#position + 1)
  }

  #closing(at: number, code: number): number | string | undefined {
    const text = this.#text
    if (text.startsWith('}}}}', at)) {
      this.#closeTag(at + 4, 4)
      this.#mode = 'raw'
      this.#rawDepth = 1
      return this.#token('CLOSE_RAW_BLOCK', at + 4)
    }
    if (code === 125) {
      const unescaped = text.startsWith('}}}', at) ? at + 3 : text.startsWith('}~}}', at) ? at + 4 : 0
      if (unescaped > 0) {
        this.#closeTag(unescaped, 2)
        return this.#token('CLOSE_UNESCAPED', unescaped)
      }
      if (!text.startsWith('}}', at)) return undefined
      this.#closeTag(at + 2, 2)
      return this.#token(CLOSE, at + 2)
    }
    if (!text.startsWith('~}}', at)) return undefined
    this.#closeTag(at + 3, 2)
    return this.#token(CLOSE, at + 3)
  }

  #opening(at: number): number | string {
    const text = this.#text
    // A second opening inside a tag is a mistake: the grammar refuses it, and the open tag is kept for the message.
    const nested = this.tags.at(-1)?.end === -1
    const open = (kind: Tag['kind'], token: string, end: number): number | string => {
      if (!nested) this.#pushTag(kind, at)
      return this.#token(token, end)
    }
    if (text.startsWith('{{{{', at)) return open('other', 'OPEN_RAW_BLOCK', at + 4)
    let next = at + 2
    if (text.charCodeAt(next) === 126) next++
    const code = text.charCodeAt(next)
    if (code === 62) return open('other', 'OPEN_PARTIAL', next + 1)
    if (code === 35) {
      if (text.charCodeAt(next + 1) === 62) return open('other', 'OPEN_PARTIAL_BLOCK', next + 2)
      return open(
        'block',
        this.#deeper(this.#blocks + 1, 'OPEN_BLOCK'),
        text.charCodeAt(next + 1) === 42 ? next + 2 : next + 1,
      )
    }
    if (code === 47) return open('close', 'OPEN_ENDBLOCK', next + 1)
    if (code === 33) return this.#comment(at, next)
    const whole = this.#matches(inverse)
    if (whole > 0) {
      if (!nested) {
        this.#pushTag('else', at)
        this.#closeTag(whole, 2)
      }
      return this.#token(INVERSE, whole)
    }
    if (code === 94) return open('block', 'OPEN_INVERSE', next + 1)
    const chain = this.#matches(inverseChain)
    if (chain > 0) return open('else', 'OPEN_INVERSE_CHAIN', chain)
    if (code === 123) return open('output', 'OPEN_UNESCAPED', next + 1)
    if (code === 38) return open('output', 'OPEN', next + 1)
    return open('output', 'OPEN', code === 42 ? next + 1 : next)
  }

  #comment(at: number, bang: number): number | string {
    const text = this.#text
    let end = 0
    if (text.startsWith('!--', bang)) {
      commentEnd.lastIndex = bang + 3
      if (commentEnd.test(text)) end = commentEnd.lastIndex
    } else {
      const close = text.indexOf('}}', bang)
      if (close >= 0) end = close + 2
    }
    const tag = this.#pushTag('comment', at)
    if (end === 0) return this.#token('INVALID', at + 2)
    this.#closeTag(end, 2)
    tag.end = end + this.#base
    return this.#token(COMMENT, end)
  }
}
