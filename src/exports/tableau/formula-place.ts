import type { Span } from '../../base/span.ts'
import type { CalculationMetadata } from './table-metadata.ts'

/** A stretch of the formula in its file; the whole formula when its text differs from what stands there. */
export function formulaPlace(
  said: Pick<CalculationMetadata, 'formulaSpan' | 'formulaOffset'>,
  start: number,
  end: number,
): Span | null {
  if (said.formulaSpan === null || said.formulaOffset === null) return said.formulaSpan
  return { path: said.formulaSpan.path, start: said.formulaOffset + start, end: said.formulaOffset + end }
}
