import { UserError } from '../base/errors.ts'
import { type MappedText, originAt, sliceMapped } from '../base/source-map.ts'
import type { Span } from '../base/span.ts'
import { statementShape } from '../sql/statement.ts'
import * as errors from './errors.ts'

/**
 * The one statement that `mapped` holds, from the first character that is no blank, without a trailing `;`.
 * Raises when there is none (at `span`, the node's own place) or more than one (at the second).
 */
export function singleStatement(mapped: MappedText, node: string, span?: Span): MappedText {
  const shape = statementShape(mapped.text)
  if (shape.kind === 'empty') throw new UserError(errors.emptyStatement({ node }, { span }))
  if (shape.kind === 'several') {
    const origin = originAt(mapped, shape.second)
    const place = origin === undefined ? { span } : { span: origin.span, frames: origin.frames }
    throw new UserError(errors.severalStatements({ node }, place))
  }
  return sliceMapped(mapped, mapped.text.length - mapped.text.trimStart().length, shape.end)
}
