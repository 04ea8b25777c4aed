import { type MappedText, MappedTextBuilder } from '../base/source-map.ts'
import { quoteString } from '../sql/quote.ts'
import type { Constant } from './dialect.ts'

/** A statement around a query: `create … as (…)`. The body keeps its map. */
export function wrapped(head: string, body: MappedText, tail: string): MappedText {
  // The line break keeps the closing parenthesis out of a comment that ends the body.
  return new MappedTextBuilder().raw(`${head} as (\n`).append(body).raw(`\n)${tail}`).build()
}

/**
 * A constant of text. A NUL would end the statement, so it is written as `chr(0)`: engines without NUL in text refuse that
 * where it stands.
 */
export function textLiteral(value: string): string {
  if (!value.includes('\u0000')) return quoteString(value)
  return `(${value.split('\u0000').map(quoteString).join(' || chr(0) || ')})`
}

/** Narrows a constant to a list. */
export function isListConstant(value: Constant): value is readonly Constant[] {
  return Array.isArray(value)
}
