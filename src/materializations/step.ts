import type { ConstraintRequest } from '../adapters/constraints.ts'
import type { RowStorage } from '../adapters/dialect.ts'
import type { LoadRequest, SeedRequest } from '../adapters/load.ts'
import type { GrantRequest, IndexSpec, ReplaceRequest, ViewRequest } from '../adapters/replacement.ts'
import type { PartitionFill, PartitionGrowth } from '../adapters/table-features.ts'
import type { MappedText } from '../base/source-map.ts'
import type { Batch, Grain } from '../base/time-grain.ts'
import type { MetaColumn } from '../config/node-config.ts'
import type { NodeRelation } from '../project/resource.ts'
import type { RelationKind } from '../sql/relation.ts'
import type { CheckedConstraint } from './constraints.ts'
import type { ContractColumn } from './contract.ts'
import type { Renaming } from './rebind-text.ts'
import type { SnapshotSpec } from './snapshot/snapshot-spec.ts'

/** What the runner does for one node, as data. `label` is what `--dry-run` and errors call it: "create table", "rename" … */
export type Step =
  | { readonly kind: 'statement'; readonly label: string; readonly sql: MappedText }
  | { readonly kind: 'stage-load'; readonly label: string; readonly request: LoadRequest }
  | { readonly kind: 'publish-load'; readonly label: string; readonly uniqueId: string }
  | { readonly kind: 'load-seed'; readonly label: string; readonly request: SeedRequest }
  | { readonly kind: 'apply-increment'; readonly label: string; readonly increment: Increment }
  | {
      readonly kind: 'build-snapshot'
      readonly label: string
      readonly target: NodeRelation
      readonly options: { readonly replace: boolean; readonly storage?: RowStorage }
      readonly request: SnapshotRequest
    }
  | {
      readonly kind: 'stage-snapshot'
      readonly label: string
      readonly staged: NodeRelation
      readonly request: SnapshotRequest
    }
  | { readonly kind: 'apply-snapshot'; readonly label: string; readonly uniqueId: string }
  | { readonly kind: 'stage-batches'; readonly label: string; readonly request: BatchStaging }
  | { readonly kind: 'collect-batches'; readonly label: string; readonly request: BatchCollection }
  | { readonly kind: 'apply-batches'; readonly label: string; readonly increment: Increment }
  | { readonly kind: 'chain-batches'; readonly label: string; readonly request: BatchChain }
  | { readonly kind: 'prepare-replacement'; readonly label: string; readonly request: ReplaceRequest }
  | { readonly kind: 'publish-replacement'; readonly label: string; readonly request: ReplaceRequest }
  | { readonly kind: 'replace-view'; readonly label: string; readonly request: ViewRequest }
  | { readonly kind: 'stage-materialized-view'; readonly label: string; readonly request: MaterializedViewRequest }
  | { readonly kind: 'fill-partitions'; readonly label: string; readonly request: PartitionFill }
  | { readonly kind: 'name-partitions'; readonly label: string }
  | {
      readonly kind: 'grow-partitions'
      readonly label: string
      readonly request: PartitionGrowth
      /** `in-place`: in the unit's transaction, and only when the rows of the standing table are replaced. */
      readonly when: 'outside' | 'in-transaction' | 'in-place'
    }
  | {
      readonly kind: 'ensure-indexes'
      readonly label: string
      readonly table: NodeRelation
      readonly indexes: readonly IndexSpec[]
      readonly inTransaction: boolean
      /** True: new rows bring columns that the table lacks, and a later step makes the indexes on these. */
      readonly columnsCome: boolean
    }
  | { readonly kind: 'check-contract'; readonly label: string; readonly request: ContractRequest }
  | { readonly kind: 'check-constraints'; readonly label: string; readonly request: ConstraintCheck }
  | {
      readonly kind: 'ensure-constraints'
      readonly label: string
      readonly request: ConstraintRequest
      /** `before` new rows come: what is no longer declared goes; `after`: the rest, once all rows fulfil it. */
      readonly when: 'before' | 'after'
      readonly checks: ConstraintCheck
    }
  | { readonly kind: 'apply-grants'; readonly label: string; readonly request: GrantRequest }
  | { readonly kind: 'write-comments'; readonly label: string; readonly comments: Comments }

/** A snapshot's query and what becomes of its rows. Its columns are known when the query is asked for them. */
export interface SnapshotRequest {
  readonly spec: SnapshotSpec
  readonly meta: readonly MetaColumn[]
  readonly query: MappedText
}

/** A query, or the relation of a seed, and the columns that it must have. */
export interface ContractRequest {
  readonly sql: MappedText
  readonly columns: readonly ContractColumn[]
}

/** Rows that must fulfil constraints. */
export interface ConstraintCheck {
  readonly relation: NodeRelation
  readonly constraints: readonly CheckedConstraint[]
}

/** A materialized view that stands, and its query of today. */
export interface MaterializedViewRequest extends ReplaceRequest {
  readonly sql: MappedText
  /** Staged names that the query may hold. */
  readonly renamings: readonly Renaming[]
  /** True when relations that the query reads are not published yet: it is made for the audit, and once more behind them. */
  readonly forAudit: boolean
  /** What happens when its query or its indexes are others than before. */
  readonly onChange: 'apply' | 'continue' | 'fail'
}

/** Descriptions that the database shall know. */
export interface Comments {
  readonly relation: NodeRelation
  readonly kind: RelationKind
  /** Null leaves the relation's comment as it is. */
  readonly comment: string | null
  /** Described columns, by the names of the property file. */
  readonly columns: readonly { readonly name: string; readonly comment: string }[]
}

/** Batches whose rows are put beside the table, each with the bounds of its batch. */
export interface BatchStaging {
  readonly rows: NodeRelation
  /** A query of which only the columns are taken. */
  readonly shape: MappedText
  readonly batches: readonly Batch[]
  /** True: several at the same time, on connections of their own; no transaction is open. */
  readonly parallel: boolean
  /**
   * What a failing batch means. `go-on`: the others are published. `fail`: the node fails when all were tried. `stop`: it
   * fails at once, because the transaction does.
   */
  readonly onFailure: 'go-on' | 'fail' | 'stop'
  /** True when no input is narrowed: a batch then takes its own window of what its query gives. */
  readonly cut: boolean
}

/** A new table of the rows that batches staged. */
export interface BatchCollection {
  readonly rows: NodeRelation
  readonly target: NodeRelation
  readonly eventTime: string
  readonly storage: RowStorage | undefined
  readonly replace: boolean
}

/** Batches that read those before them: one after the other, each applied before the next one runs. */
export interface BatchChain {
  readonly rows: NodeRelation
  /** A query of which only the columns are taken. */
  readonly shape: MappedText
  readonly batches: readonly Batch[]
  readonly increment: Increment
  /** How the table is made first; null when it stands. */
  readonly create: { readonly storage: RowStorage | undefined; readonly replace: boolean } | null
  readonly cut: boolean
}

export type IncrementalStrategy = 'append' | 'delete+insert' | 'merge' | 'microbatch'

/**
 * New rows of an incremental model, staged beside the target. Which columns take part is known when they are staged,
 * so the runner asks for both column lists and `expandIncrement` turns this into statements.
 */
export interface Increment {
  readonly target: NodeRelation
  readonly staged: NodeRelation
  readonly strategy: IncrementalStrategy
  readonly uniqueKey: readonly string[]
  readonly predicates: readonly string[]
  readonly updateColumns: readonly string[] | null
  readonly excludeColumns: readonly string[] | null
  /** Of `microbatch`: the column by which rows belong to batches. */
  readonly eventTime: string | null
  readonly batchSize: Grain | null
  readonly onSchemaChange: 'ignore' | 'fail' | 'append_new_columns' | 'sync_all_columns'
}

/** The plan of one node. */
export interface NodePlan {
  readonly uniqueId: string
  readonly materialized: string
  /** True when the node changes rows of its published relation in place: its unit then runs in one transaction. */
  readonly inPlace: boolean
  /** Where the new relation stands until it is published; null when it is made in place. */
  readonly staged: NodeRelation | null
  /** Outside any transaction, before the audit. */
  readonly build: readonly Step[]
  /** In the unit's transaction: before the audit when the unit is one transaction, after it when the unit is staged. */
  readonly publish: readonly Step[]
  /**
   * Before the `finish` of any member, from the last member to the first: drops what was made for the audit alone and
   * stands on what finishing moves.
   */
  readonly clear: readonly Step[]
  /** At the end of the unit's transaction, always after the audit: what locks readers out, and hooks that follow it. */
  readonly finish: readonly Step[]
  /** After the commit: hooks that stand outside the transaction. */
  readonly after: readonly Step[]
  /** When the unit is not published, after the rollback: drops what `build` left. Failures here are warnings. */
  readonly cleanup: readonly Step[]
}

/**
 * How a unit reaches its readers. `staged`: members are built beside their targets and audited there, then published in
 * one short transaction. `transaction`: build, audit and publishing are one transaction on one session.
 */
export type PublicationMode = 'staged' | 'transaction'
