/**
 * Nodes that are published together (architecture.md, "Write, audit, publish"). Units are disjoint; the graph between
 * units is acyclic.
 */
export interface PublicationUnit {
  /** The first member's unique id. */
  readonly id: string
  /** Nodes that make a relation, in topological order. Ephemeral models are in no unit. */
  readonly members: readonly string[]
  /** Tests that this unit runs, in order: those whose last parent is a member. */
  readonly tests: readonly string[]
  /** Ids of units that must be finished before this one starts. */
  readonly after: readonly string[]
}
