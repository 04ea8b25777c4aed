import type { ResultColumn } from '../../adapters/adapter.ts'
import type { HardDeletes, MetaColumn } from '../../config/node-config.ts'
import type { NodeRelation, Snapshot } from '../../project/resource.ts'

/** What a snapshot's configuration says of its history, with its defaults. Names of columns are as written. */
export interface SnapshotSpec {
  readonly target: NodeRelation
  readonly strategy: 'timestamp' | 'check'
  readonly uniqueKey: readonly string[]
  /** Null: versions begin at the time of the run. */
  readonly updatedAt: string | null
  readonly checkColumns: 'all' | readonly string[]
  readonly hardDeletes: HardDeletes
  /** An SQL expression, or null: versions that are valid now have no end. */
  readonly validToCurrent: string | null
  readonly meta: { readonly [column in MetaColumn]: string }
  /** The time of the run in UTC: `2024-06-30 12:00:00.123`. */
  readonly at: string
}

/**
 * The specification of a checked snapshot.
 * @param startedAt when the run began, in ISO form
 * @param complete false when its query reads a part of its rows: then a missing row says nothing
 */
export function snapshotSpec(node: Snapshot, startedAt: string, complete: boolean): SnapshotSpec {
  const { config, relation } = node
  const legacy = config.invalidate_hard_deletes === true ? 'invalidate' : 'ignore'
  const names = config.snapshot_meta_column_names
  return {
    target: relation,
    strategy: config.strategy === 'check' ? 'check' : 'timestamp',
    uniqueKey: typeof config.unique_key === 'string' ? [config.unique_key] : (config.unique_key ?? []),
    updatedAt: config.updated_at,
    checkColumns: config.check_cols ?? 'all',
    hardDeletes: complete ? (config.hard_deletes ?? legacy) : 'ignore',
    validToCurrent: config.dbt_valid_to_current,
    meta: {
      dbt_scd_id: names.dbt_scd_id ?? 'dbt_scd_id',
      dbt_updated_at: names.dbt_updated_at ?? 'dbt_updated_at',
      dbt_valid_from: names.dbt_valid_from ?? 'dbt_valid_from',
      dbt_valid_to: names.dbt_valid_to ?? 'dbt_valid_to',
      dbt_is_deleted: names.dbt_is_deleted ?? 'dbt_is_deleted',
    },
    at: config.snapshot_time ?? startedAt.replace('T', ' ').replace('Z', ''),
  }
}

/** The columns that a snapshot adds, in their order: `dbt_is_deleted` only where deletions are rows. */
export function metaColumns(config: Pick<Snapshot['config'], 'hard_deletes'>): readonly MetaColumn[] {
  const always = ['dbt_scd_id', 'dbt_updated_at', 'dbt_valid_from', 'dbt_valid_to'] as const
  return config.hard_deletes === 'new_record' ? [...always, 'dbt_is_deleted'] : always
}

/** A specification whose columns were found in the query. */
export interface ResolvedSnapshot {
  readonly spec: SnapshotSpec
  readonly columns: readonly ResultColumn[]
  readonly meta: readonly MetaColumn[]
  readonly key: readonly ResultColumn[]
  /** Null with `SnapshotSpec.updatedAt`. */
  readonly updatedAt: ResultColumn | null
  /** Columns whose change makes a version; empty for the strategy `timestamp`. */
  readonly checked: readonly ResultColumn[]
  /** The type of the times of versions. */
  readonly timeType: string
}
