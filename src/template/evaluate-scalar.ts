import { UserError } from '../base/errors.ts'
import type { SourceFile } from '../base/source-file.ts'
import { evaluateValue } from './evaluate.ts'
import type { EvaluationScope } from './evaluation.ts'
import { parseText } from './parse-template.ts'
import type { Value } from './value.ts'

/**
 * The value of a scalar of YAML that may hold template expressions: one whole expression keeps its type, anything else
 * is text. `start` is the offset of the scalar's first character in `file`. Throws `UserError` with all mistakes.
 */
export function evaluateScalar(text: string, file: SourceFile, start: number, scope: EvaluationScope): Value {
  if (!text.includes('{{') && !text.includes('{%')) return text
  const { template, diagnostics } = parseText(text, start, file, { packageName: scope.host.packageName })
  if (diagnostics.length > 0 || template === undefined) throw new UserError(diagnostics)
  return evaluateValue(template, scope)
}
