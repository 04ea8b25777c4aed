import { UserError } from '../base/errors.ts'
import { type MappedText, originAt, sliceMapped } from '../base/source-map.ts'
import type { Span } from '../base/span.ts'
import { significantTokens } from '../sql/scan-sql.ts'
import * as errors from './errors.ts'

/**
 * The one statement that `mapped` holds, without blanks around it and without a trailing `;`.
 * Raises when there is none (at `span`, the node's own place) or more than one (at the second).
 */
export function singleStatement(mapped: MappedText, node: string, span?: Span): MappedText {
  const { text } = mapped
  let end: number | undefined
  let last = 0
  let first: number | undefined
  for (const token of significantTokens(text)) {
    if (text[token.start] === ';') {
      if (first !== undefined) end ??= token.start
      continue
    }
    if (end !== undefined) {
      const origin = originAt(mapped, token.start)
      const place = origin === undefined ? { span } : { span: origin.span, frames: origin.frames }
      throw new UserError(errors.severalStatements({ node }, place))
    }
    first ??= token.start
    last = token.end
  }
  if (first === undefined) throw new UserError(errors.emptyStatement({ node }, { span }))
  const start = text.length - text.trimStart().length
  return sliceMapped(mapped, start, end === undefined ? text.trimEnd().length : Math.max(end, last))
}
