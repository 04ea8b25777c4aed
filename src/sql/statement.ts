import { type MappedText, sliceMapped } from '../base/source-map.ts'
import { significantTokens } from './scan-sql.ts'

/** How many statements a text holds. Offsets are UTF-16. */
export type StatementShape =
  /** Nothing but blanks, comments and semicolons. */
  | { readonly kind: 'empty' }
  /** `end` is where its last token ends. */
  | { readonly kind: 'one'; readonly start: number; readonly end: number }
  /** `second` is where the second statement begins. */
  | { readonly kind: 'several'; readonly start: number; readonly end: number; readonly second: number }

/** Counts statements by the semicolons outside strings and comments; empty statements do not count. */
export function statementShape(sql: string): StatementShape {
  let start: number | undefined
  let end = 0
  let closed = false
  const single = !sql.includes(';')
  for (const token of significantTokens(sql)) {
    if (sql[token.start] === ';' && token.kind === 'symbol') {
      closed = start !== undefined
      continue
    }
    if (start !== undefined && closed) return { kind: 'several', start, end, second: token.start }
    start ??= token.start
    end = token.end
    if (single) return { kind: 'one', start, end: trimmedEnd(sql) }
  }
  return start === undefined ? { kind: 'empty' } : { kind: 'one', start, end }
}

/** Where the text ends without its last blanks; without a semicolon, what is left may end in a comment. */
function trimmedEnd(sql: string): number {
  return sql.trimEnd().length
}

/** The text without the semicolon that ends its statement and whatever follows it; unchanged when there is none. */
export function withoutSemicolon(mapped: MappedText): MappedText {
  if (!mapped.text.includes(';')) return mapped
  let cut: number | undefined
  for (const token of significantTokens(mapped.text)) {
    const semicolon = token.kind === 'symbol' && mapped.text[token.start] === ';'
    if (!semicolon) cut = undefined
    else cut ??= token.start
  }
  return cut === undefined ? mapped : sliceMapped(mapped, 0, cut)
}
