import type { Diagnostic } from '../base/diagnostic.ts'
import {
  blankInTag,
  emptyTag,
  mismatchedBlock,
  nestedTag,
  strayClose,
  strayElse,
  structLiteral,
  syntaxError,
  tooDeep,
  unclosedBlock,
  unclosedTag,
  unterminatedString,
} from './errors.ts'
import type { SyntaxFailure } from './grammar.ts'
import { type Lexer, nestingLimit, type Tag } from './lexer.ts'

/** A text that did not parse, as the lexer left it. */
export interface FailedText {
  readonly text: string
  readonly path: string
  /** Offset of `text[0]` in the file. */
  readonly base: number
  readonly lexer: Lexer
}

const openings = /^OPEN(?!_SEXPR|_BLOCK_PARAMS|_ENDBLOCK)|^INVERSE$|^COMMENT$/

const operators: { readonly [sign: string]: string } = {
  ',': 'arguments are separated by blanks: `{{f a b}}`',
  '+': 'write `(add a b)`',
  '-': 'write `(sub a b)`',
  '*': 'write `(mul a b)`',
  '%': 'write `(mod a b)`',
  '<': 'write `(lt a b)`',
  '>': 'write `(gt a b)`',
  '!': 'write `(not a)` or `(ne a b)`',
  '=': 'write `(eq a b)` to compare, `key=value` without blanks for a named argument',
  '~': 'write `(concat a b)`',
  '|': 'write a call: `{{f x}}`',
  '(': 'arguments follow the name without parentheses: `{{f a b}}`',
}

/** Explains why a text did not parse: one diagnostic at the smallest place that is wrong. */
export function explainFailure(failed: FailedText, failure: SyntaxFailure): Diagnostic {
  const { text, base, lexer } = failed
  const at = lexer.tokenStart
  const span = (start: number, end: number) => ({ span: { path: failed.path, start, end } })
  const char = text[at - base] ?? ''
  if (lexer.tooDeep) return tooDeep({ limit: nestingLimit }, span(at, at + 1))
  const open = lexer.tags.findLast((tag) => tag.end < 0)
  if (open?.kind === 'comment') return unclosedTag({ comment: true }, span(open.start, open.start + 2))
  const string = endlessString(failed, failure.token, char)
  if (string !== undefined) {
    return unterminatedString({ quote: text[string - base]! }, span(string, lineEnd(text, string - base) + base))
  }
  if (open !== undefined) return inTag(failed, failure, open)
  if (failure.token === 'EOF') return unclosed(failed)
  const tag = lexer.tags.at(-1)
  if (failure.token === 'OPEN_ENDBLOCK') return strayEnd(failed, at)
  if (failure.token.includes('INVERSE')) return strayElse({}, span(at, at + Math.max(lexer.yyleng, 2)))
  if (tag !== undefined && failure.token.startsWith('CLOSE')) return badClose(failed, failure, tag)
  return syntaxError({ message: `unexpected \`${char}\`` }, span(at, at + Math.max(lexer.yyleng, 1)))
}

function lineEnd(text: string, offset: number): number {
  const found = text.slice(offset).search(/[\r\n]/)
  return found < 0 ? text.length : offset + found
}

/** The string that swallowed the end of its tag, or that has no end at all. */
function endlessString({ text, base, lexer }: FailedText, token: string, char: string): number | undefined {
  for (const start of lexer.strings) {
    const from = start - base
    const end = text.indexOf(text[from]!, from + 1)
    const inner = end < 0 ? text.slice(from) : text.slice(from, end)
    if (inner.includes('}}')) return start
  }
  return token === 'INVALID' && (char === '"' || char === "'") ? lexer.tokenStart : undefined
}

function inTag(failed: FailedText, failure: SyntaxFailure, open: Tag): Diagnostic {
  const { text, base, lexer } = failed
  const at = lexer.tokenStart
  const place = (start: number, end: number) => ({ span: { path: failed.path, start, end } })
  const before = text.slice(open.start - base, at - base)
  const char = text[at - base] ?? ''
  if (failure.token === 'EOF') return unclosedTag({ comment: false }, place(open.start, open.start + 2))
  if (at === open.start && failure.token === 'OPEN_ENDBLOCK') return strayEnd(failed, at)
  if (at === open.start && failure.token.includes('INVERSE')) return strayElse({}, place(at, at + lexer.yyleng))
  if (!text.slice(open.start - base).includes('}}')) {
    return unclosedTag({ comment: false }, place(open.start, open.start + 2))
  }
  if (openings.test(failure.token) || failure.token === 'OPEN_ENDBLOCK') {
    const inner = /^\{\{\s*([^{}]*?)\s*\}\}/.exec(text.slice(at - base))
    const asValue = /[=(]\s*$/.test(before) || (!/[\r\n]/.test(before) && open.words > 0)
    if (asValue && inner !== null && failure.token === 'OPEN') return nestedTag({ inner: inner[1]! }, place(at, at + 2))
    if (before.trim() === '{{') return structLiteral({}, place(open.start, open.start + 2))
    return unclosedTag({ comment: false }, place(open.start, open.start + 2))
  }
  if (/^\{\{~?\s+$/.test(before) && '#/!>^&'.includes(char))
    return blankInTag({ sign: char }, place(open.start, at + 1))
  if (/[\r\n]/.test(before) && failure.token === 'INVALID' && !/[,+*%<>!~(=-]/.test(char)) {
    // The tag ran on into the next lines: its end is missing, whatever comes first that does not fit.
    if (
      !text
        .slice(at - base)
        .split('{{')[0]!
        .includes('}}')
    ) {
      return unclosedTag({ comment: false }, place(open.start, open.start + 2))
    }
  }
  // A word that runs into a sign (`a,` or `f(x)`) is refused as a whole: the sign is what does not fit.
  const word = /^[\w$.]*/.exec(text.slice(at - base))![0]
  const sign = failure.token === 'INVALID' ? (text[at - base + word.length] ?? char) : char
  const start = failure.token === 'INVALID' ? at + word.length : at
  const shown = failure.token === 'INVALID' ? sign : lexer.yytext || char
  return syntaxError({ message: `unexpected \`${shown}\``, hint: operators[sign] }, place(start, start + shown.length))
}

function badClose(failed: FailedText, failure: SyntaxFailure, tag: Tag): Diagnostic {
  const { text, base, lexer } = failed
  const span = { path: failed.path, start: lexer.tokenStart, end: tag.end }
  const inner = text.slice(tag.start - base, lexer.tokenStart - base)
  if (/^\{+[~#/^*&>]*\s*$/.test(inner)) return emptyTag({}, { span: { ...span, start: tag.start } })
  if (failure.token === 'CLOSE_UNESCAPED' || failure.token === 'CLOSE_RAW_BLOCK') {
    const hint = 'write a blank between the closing `}}` and a brace of SQL'
    return syntaxError({ message: `\`${lexer.yytext}\` closes more braces than \`{{\` opens`, hint }, { span })
  }
  if (text.startsWith('{{{', tag.start - base)) {
    return syntaxError(
      { message: '`{{{` must be closed by `}}}`', hint: 'two braces are enough: nothing is escaped' },
      { span },
    )
  }
  if (inner.endsWith('=')) return syntaxError({ message: `a value is missing after \`=\`` }, { span })
  return syntaxError({ message: 'the expression is not complete', hint: 'is a `)` missing?' }, { span })
}

/** Blocks that are open where the text ends; or the first that a closing tag skipped. */
function unclosed(failed: FailedText): Diagnostic {
  const stack: Tag[] = []
  for (const tag of failed.lexer.tags) {
    if (tag.kind === 'block') stack.push(tag)
    if (tag.kind !== 'close') continue
    const top = stack.at(-1)
    if (top === undefined || top.name === tag.name) stack.pop()
    else if (stack.some((open) => open.name === tag.name)) return unclosedAt(failed, top, tag)
    else stack.pop()
  }
  const last = stack.at(-1)
  if (last === undefined) {
    const raw = failed.lexer.tags.findLast((tag) => tag.kind === 'other') ?? failed.lexer.tags.at(-1)
    const start = raw?.start ?? failed.base
    return unclosedBlock({ name: 'raw' }, { span: { path: failed.path, start, end: raw?.end ?? start } })
  }
  return unclosedAt(failed, last, undefined)
}

function unclosedAt(failed: FailedText, tag: Tag, closing: Tag | undefined): Diagnostic {
  const name = tag.name ?? 'if'
  const head = /^\{\{~?[#^]\*?\s*/.exec(failed.text.slice(tag.start - failed.base))?.[0].length ?? 3
  const span = { path: failed.path, start: tag.start, end: tag.start + head + name.length }
  const labels =
    closing === undefined
      ? []
      : [{ span: { path: failed.path, start: closing.start, end: closing.end }, text: 'this closes an outer block' }]
  return unclosedBlock({ name }, { span, labels })
}

function strayEnd(failed: FailedText, at: number): Diagnostic {
  const written = /^\{\{~?\/\s*([^\s}~]*)/.exec(failed.text.slice(at - failed.base))
  const end = at + (written?.[0].length ?? 3)
  const name = written?.[1] ?? ''
  return mismatchedBlock({ name, open: undefined }, { span: { path: failed.path, start: at, end } })
}

/**
 * `}}` outside of any tag that no brace before it opens. Braces of SQL (`{'a': {'b': 1}}`) balance; those in quotes
 * are left alone.
 */
export function strayCloses(text: string, path: string, base: number, tags: readonly Tag[]): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  if (!hasLooseBraces(text, base, tags)) return found
  let balance = 0
  let from = 0
  for (let i = 0; i <= tags.length; i++) {
    const to = i < tags.length ? tags[i]!.start - base : text.length
    for (let at = from; at < to; at++) {
      const code = text.charCodeAt(at)
      if (code === 123) balance++
      else if (code === 125) {
        if (balance > 0) balance--
        else if (text[at + 1] === '}' && at + 1 < to && !quoted(text, at)) {
          found.push(strayClose({}, { span: { path, start: at + base, end: at + base + 2 } }))
          at++
        } else if (text[at - 1] === '}' && at - 1 >= from && !quoted(text, at)) {
          found.push(strayClose({}, { span: { path, start: at - 1 + base, end: at + base + 1 } }))
        }
      }
    }
    if (i < tags.length) from = tags[i]!.end - base
  }
  return found
}

/** True when `}}` stands anywhere outside of tags: nearly never. */
function hasLooseBraces(text: string, base: number, tags: readonly Tag[]): boolean {
  let from = 0
  for (const tag of tags) {
    const found = text.indexOf('}}', from)
    if (found >= 0 && found < tag.start - base) return true
    from = tag.end - base
  }
  return text.includes('}}', from)
}

function quoted(text: string, offset: number): boolean {
  let quotes = 0
  for (let at = offset - 1; at >= 0 && text[at] !== '\n' && text[at] !== '\r'; at--) if (text[at] === "'") quotes++
  return quotes % 2 === 1
}
