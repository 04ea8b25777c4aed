/**
 * Nodes that are published together (architecture.md, "Write, audit, publish"), or tests that stand alone because none
 * of what they read is built in this run. Units are disjoint; the graph between units is acyclic.
 */
export interface PublicationUnit {
  /** The first member's unique id; of a unit without members the first test's. */
  readonly id: string
  /**
   * Nodes that make a relation, in topological order. Ephemeral models are in no unit. Empty for tests that stand alone:
   * they then all have the same parents, or are the unit tests of one model.
   */
  readonly members: readonly string[]
  /** Tests that hold back publishing, in order: those whose last built parent is a member. */
  readonly tests: readonly string[]
  /**
   * Tests that run once the unit is published (`audit: after`, or because they read a member through a view that this
   * run does not build). A failure does not take the unit back, but its dependants are skipped, as in dbt.
   */
  readonly testsAfter: readonly string[]
  /** Ids of units that must be finished before this one starts, each earlier in the plan. */
  readonly after: readonly string[]
  /**
   * Those of `after` whose failure (or skip) means that this unit is skipped. The others are only read by its tests:
   * this unit is built all the same.
   */
  readonly requires: readonly string[]
}
