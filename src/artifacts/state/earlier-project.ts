import type { JsonDict, StateEntry } from './state-entry.ts'

/** A project as an earlier run left it: what nodes are compared with and deferred to. */
export interface EarlierProject {
  /** The file it was read from, as messages call it. */
  readonly shown: string
  /** Nodes, sources, exposures, unit tests, functions … by unique id. */
  readonly entries: ReadonlyMap<string, StateEntry>
  /** The text of a macro when the node was as its entry says; undefined when it did not exist. */
  macroText(uniqueId: string, macro: string): string | undefined
  /** Variables of the project when the node was as its entry says; undefined when they were not kept. */
  variables(uniqueId: string): JsonDict | undefined
  /** The version of dbt when dbt wrote it, whose templates are another language. */
  readonly byDbt: string | null
  /** Entries are of this target: where their relations stood is compared, too. */
  readonly sameTarget: boolean
  readonly adapterType: string | null
  /** Every entry of a node that had macros names all of them, also those called by macros. */
  readonly macrosAreComplete: boolean
}
