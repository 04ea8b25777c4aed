import type { Span } from '../base/span.ts'

export type IndirectName = 'eager' | 'cautious' | 'buildable' | 'empty'

/** A text of a YAML file. When `exact` is false the offsets inside the span are not those of the text. */
export interface PlacedText {
  readonly text: string
  readonly span: Span
  readonly exact: boolean
}

export interface SelectorCriterion {
  readonly kind: 'criterion'
  readonly method: PlacedText
  readonly value: PlacedText
  /** Generations: 0 none, Infinity all. */
  readonly parents: number
  readonly children: number
  readonly childrensParents: boolean
  readonly indirect: IndirectName | undefined
  readonly exclude: readonly SelectorDefinition[] | null
  readonly span: Span
}

export interface SelectorGroup {
  readonly kind: 'union' | 'intersection'
  readonly of: readonly SelectorDefinition[]
  readonly exclude: readonly SelectorDefinition[] | null
  readonly span: Span
}

/** What `definition:` may be; a text is written as on the command line. */
export type SelectorDefinition = ({ readonly kind: 'text' } & PlacedText) | SelectorCriterion | SelectorGroup

/** An entry of `selectors.yml`. */
export interface SelectorEntry {
  readonly name: string
  readonly nameSpan: Span
  readonly description: string
  /** Used by commands that are given no selection. */
  readonly default: boolean
  readonly definition: SelectorDefinition
}
