import type { Span } from '../../base/span.ts'

/** Which tests come along with the nodes they test. */
export type IndirectSelection = 'eager' | 'cautious' | 'buildable' | 'empty'

/** One `[@][n+][method[.argument…]:]value[+n]`. */
export interface Criterion {
  readonly kind: 'criterion'
  readonly method: string
  readonly arguments: readonly string[]
  readonly value: string
  /** `@`: descendants and all their ancestors. */
  readonly childrensParents: boolean
  /** Generations of ancestors: 0 none, Infinity all. */
  readonly parents: number
  readonly children: number
  /** Instead of the mode of the whole selection. */
  readonly indirect?: IndirectSelection | undefined
  readonly span: Span
  readonly valueSpan: Span
}

/** A selection as data, wherever it was written. */
export type Selection =
  | Criterion
  | { readonly kind: 'union' | 'intersection'; readonly of: readonly Selection[]; readonly span: Span }
  | { readonly kind: 'difference'; readonly from: Selection; readonly without: Selection }
