import { type MappedText, MappedTextBuilder, sliceMapped } from '../base/source-map.ts'
import { significantTokens } from './scan-sql.ts'

export interface Cte {
  /** The name as the statement refers to it, quotes included when it needs them. */
  readonly name: string
  readonly sql: MappedText
}

/**
 * Puts CTEs before those that the statement has, or before the statement, in the given order; each may use the earlier
 * ones. They stand at the very front, so sub-queries and the statement's own CTEs see them, also under `with recursive`.
 * Comments before the statement stay first.
 */
export function injectCtes(statement: MappedText, ctes: readonly Cte[]): MappedText {
  if (ctes.length === 0) return statement
  const { at, hasWith } = insertionPoint(statement.text)
  const out = new MappedTextBuilder().append(sliceMapped(statement, 0, at)).raw(hasWith ? ' ' : 'with ')
  for (const [i, cte] of ctes.entries()) {
    // The line break keeps the parenthesis out of a comment that ends the text.
    out
      .raw(`${i === 0 ? '' : ',\n'}${cte.name} as (\n`)
      .append(cte.sql)
      .raw('\n)')
  }
  return out
    .raw(hasWith ? ',' : '\n')
    .append(sliceMapped(statement, at))
    .build()
}

function insertionPoint(text: string): { at: number; hasWith: boolean } {
  let afterWith: number | undefined
  for (const token of significantTokens(text)) {
    const word = token.kind === 'word' ? text.slice(token.start, token.end).toLowerCase() : ''
    if (afterWith !== undefined) return { at: word === 'recursive' ? token.end : afterWith, hasWith: true }
    if (word !== 'with') return { at: token.start, hasWith: false }
    afterWith = token.end
  }
  return { at: afterWith ?? text.length, hasWith: afterWith !== undefined }
}

/** `name`, or the first of `name_2`, `name_3` … that none of the texts holds, so that a CTE hides nothing. */
export function unusedName(name: string, texts: readonly string[]): string {
  const haystack = texts.join('\n').toLowerCase()
  let candidate = name
  for (let i = 2; haystack.includes(candidate.toLowerCase()); i++) candidate = `${name}_${i}`
  return candidate
}
