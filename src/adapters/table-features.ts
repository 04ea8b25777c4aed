import type { RelationName } from '../sql/relation.ts'
import type { IndexSpec, PartitionSpec, TableStorage } from './replacement.ts'

/** Rows that are to stand in partitions. */
export interface PartitionFill {
  /** A plain table with the rows; it stays. */
  readonly rows: RelationName
  /** The partitioned table to be made. */
  readonly target: RelationName
  /** Where it will stand in the end: partitions are named after it. */
  readonly published: RelationName
  readonly storage: TableStorage
  readonly partitionBy: PartitionSpec
}

/** Partitions that bear the names of a run. */
export interface PartitionNames {
  readonly schema: string
  readonly names: readonly { readonly from: string; readonly to: string }[]
}

/** New rows that are about to enter a partitioned table. */
export interface PartitionGrowth {
  readonly table: RelationName
  readonly rows: RelationName
  readonly storage: TableStorage
  readonly partitionBy: PartitionSpec
}

/** How a published materialized view compares with one that was made without rows beside it. */
export interface ViewComparison {
  /** Their columns and the types of these. */
  readonly sameColumns: boolean
  /** Every declared index stands there, and no index that an earlier declaration made is left. */
  readonly sameIndexes: boolean
  /** It can be refreshed while others read it. */
  readonly concurrently: boolean
  /** Their queries, as the engine writes them. */
  readonly publishedQuery: string
  readonly stagedQuery: string
}

/**
 * Physical properties of tables beyond their rows. Where no transaction is open, the methods that change something do it in
 * one of their own, so that their locks are short. All methods raise `DatabaseError` or, for a mistake of the
 * configuration, `UserError`. Names of columns in `storage` are those of the table.
 */
export interface TableFeatures {
  /** Makes a partitioned table out of rows: a partition for every key that comes, and one for the rest. */
  fillPartitions(fill: PartitionFill): Promise<PartitionNames>
  /** Gives partitions their lasting names; in the transaction that published their table. */
  namePartitions(names: PartitionNames): Promise<void>
  /** Makes the partitions that new rows lack. Null: done. Else what the table's partitioning is, when it is another one. */
  growPartitions(growth: PartitionGrowth): Promise<string | null>
  /** Makes declared indexes that a table lacks, and drops those that an earlier declaration made. */
  ensureIndexes(table: RelationName, indexes: readonly IndexSpec[]): Promise<void>
  compareMaterializedViews(
    published: RelationName,
    staged: RelationName,
    indexes: readonly IndexSpec[],
  ): Promise<ViewComparison>
  /** Fills it anew; resolves to the number of rows it holds then. */
  refreshMaterializedView(name: RelationName, options: { concurrently: boolean }): Promise<number | null>
}
