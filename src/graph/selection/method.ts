import type { Node } from '../../project/resource.ts'
import type { NodeIndex } from './node-index.ts'
import type { Criterion } from './selection-tree.ts'

/** What is wrong with a value or argument, in words. */
export interface ValueFault {
  readonly message: string
  readonly hint?: string | undefined
}

/** One word before the colon of a selector. */
export interface SelectionMethod {
  /** Whether the method takes arguments (`config.materialized:`). */
  readonly takesArguments?: boolean
  check?(criterion: Criterion): ValueFault | undefined
  match(criterion: Criterion, index: NodeIndex): Iterable<Node>
  /** What to do when nothing matches, whatever the value. */
  readonly hint?: string
  /** What could be written instead of a value that matches nothing. */
  candidates?(criterion: Criterion, index: NodeIndex): Iterable<string>
}
