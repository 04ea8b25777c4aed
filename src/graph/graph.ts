import type { Node } from '../project/resource.ts'

/** The DAG. All maps hold every node, also with an empty list. Immutable once built. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, Node>
  /** Direct parents in the order of `dependsOn`. */
  readonly parents: ReadonlyMap<string, readonly string[]>
  /** Direct children, sorted. */
  readonly children: ReadonlyMap<string, readonly string[]>
  /**
   * unique ids in one fixed topological order (ties by unique id), tests among them after all their parents. When there
   * is a cycle, which is always an error, its nodes and all below them stand at the end by unique id.
   */
  readonly order: readonly string[]
  /** Position in `order`. */
  readonly rank: ReadonlyMap<string, number>
  /** SHA-256 (hex) over config, template, macros used: stable between runs. Computed lazily, once a node. */
  fingerprint(uniqueId: string): string
}
