import type { Capabilities } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import type { Batch } from '../base/time-grain.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { BuiltNode, NodeRelation, RelationNode } from '../project/resource.ts'
import type { RelationKind } from '../sql/relation.ts'
import type { LoadContext } from './load-request.ts'
import type { Renaming } from './rebind-text.ts'
import type { PublicationMode, Step } from './step.ts'

/** What a plan depends on besides the node. */
export interface PlanContext {
  readonly mode: PublicationMode
  readonly dialect: Dialect
  readonly capabilities: Capabilities
  /** Eight hex digits of the run. */
  readonly suffix: string
  readonly fullRefresh: boolean
  readonly load: LoadContext
  /** Staged names of the unit's members, for published definitions of views. */
  readonly renamings: readonly Renaming[]
  /** False when new rows of an increment read what the same transaction makes. */
  readonly stageOutside: boolean
  /** True when tests of the unit run before it is published. */
  readonly audited: boolean
  /**
   * True when members read each other through a view that stays as it is and shows what is published: they are published
   * one after the other, and audited at the end of the transaction.
   */
  readonly publishFirst: boolean
  /** True when a member that the node reads stands under a staged name until it is published. */
  readonly readsStaged: boolean
  /** True when references read a part of their rows (`--empty`): then a row that is missing is not gone. */
  readonly partialInput: boolean
  /** Where a node stands for those who read it now: a foreign key looks there. */
  readonly relationOf: (uniqueId: string) => NodeRelation | undefined
  /** The materialized views of the project that read the node without another relation in between. */
  readonly rebuilt: readonly NodeRelation[]
}

/** A node, its SQL (null for seeds without hooks and for sources) and what stands at its place in the warehouse. */
export interface PlanInput {
  readonly node: RelationNode
  readonly compiled: CompiledNode | null
  readonly existing: RelationKind | null
  /** What stands under the name of the view over the latest version. */
  readonly pointerExisting?: RelationKind | null | undefined
  /** What is asked before the query is run, when the node has an enforced contract. */
  readonly contract?: Step | undefined
  /** Of a microbatch model. */
  readonly batches?: PlannedBatches | null | undefined
}

export interface PlannedBatches {
  /** Oldest first, at least one. */
  readonly planned: readonly Batch[]
  /** False when no input is narrowed to a batch. */
  readonly narrowed: boolean
}

/** As `PlanInput`, of anything that a run makes. */
export type BuiltInput = Omit<PlanInput, 'node'> & { readonly node: BuiltNode }
