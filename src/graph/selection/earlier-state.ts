/** What may differ between a node and its earlier self. */
export type ChangedPart =
  | 'body'
  | 'configs'
  | 'relation'
  | 'persisted_descriptions'
  | 'macros'
  | 'contract'
  | 'vars'
  /** Its place among the files. */
  | 'fqn'
  /** What a source, an exposure or a unit test says of itself. */
  | 'definition'

/** The parts that `state:modified.<part>` selects by. */
export const SELECTABLE_PARTS: readonly ChangedPart[] = [
  'body',
  'configs',
  'relation',
  'persisted_descriptions',
  'macros',
  'contract',
  'vars',
]

/** How the nodes of the project compare with those of an earlier state. */
export interface StateComparison {
  isNew(uniqueId: string): boolean
  /** Parts that differ; none for a node that is new. */
  changedParts(uniqueId: string): ReadonlySet<ChangedPart>
}

/**
 * What `state:`, `result:` and `source_status:` look at. It is read when a selector first asks; every method raises
 * `UserError` when there is nothing that could be read.
 */
export interface EarlierState {
  comparison(): StateComparison
  /** How each node ended in the earlier run, by unique id. */
  statuses(): ReadonlyMap<string, string>
  /** unique ids of sources whose rows are newer than at the earlier measurement. */
  fresherSources(): ReadonlySet<string>
}
