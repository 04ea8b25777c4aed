import type { Span } from '../base/span.ts'
import type { Grain } from '../base/time-grain.ts'

/** Plain data of YAML and `{{config}}` values. */
export type ConfigValue =
  | null
  | boolean
  | number
  | string
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue }

export interface Hook {
  readonly sql: string
  /** False: outside the node's transaction. */
  readonly transaction: boolean
  /** The configuration value that it stands in; absent when no file says it. */
  readonly span?: Span
}

/** An entry of `indexes`, as written. */
export interface IndexConfig {
  readonly columns: readonly string[]
  readonly unique?: boolean
  readonly type?: string | null
  readonly include?: readonly string[]
  readonly where?: string | null
  readonly name?: string | null
}

/** `partition_by`; the check makes sure that each type has what it needs. */
export interface PartitionConfig {
  readonly column: string
  readonly type: 'range' | 'list' | 'hash'
  readonly granularity?: 'day' | 'month' | 'year'
  readonly partitions?: number
}

/** `retries`, also when only a number was written. */
export interface RetriesConfig {
  /** After the first one. */
  readonly attempts: number
  /** `10s`, or seconds. */
  readonly delay: string | number
  /** Failures that may pass by themselves, or all. */
  readonly on: 'transient' | 'any'
}
export type HardDeletes = 'ignore' | 'invalidate' | 'new_record'

/** Columns that a snapshot adds to those of its query, in their order. */
export const META_COLUMNS = [
  'dbt_scd_id',
  'dbt_updated_at',
  'dbt_valid_from',
  'dbt_valid_to',
  'dbt_is_deleted',
] as const

export type MetaColumn = (typeof META_COLUMNS)[number]

/**
 * A node's configuration after all layers are merged, in dbt's own key names, so that artifacts can carry it as it is.
 * Keys that a resource type does not use hold dbt's defaults.
 */
export interface NodeConfig {
  readonly enabled: boolean
  /** `view | table | ephemeral | incremental | materialized_view` for models, `seed`, `snapshot`, `test` for those. */
  readonly materialized: string
  readonly schema: string | null
  readonly database: string | null
  readonly alias: string | null
  readonly tags: readonly string[]
  readonly meta: { readonly [key: string]: ConfigValue }
  readonly group: string | null
  readonly unique_key: string | readonly string[] | null
  readonly incremental_strategy: string | null
  readonly incremental_predicates: readonly string[] | null
  readonly merge_update_columns: readonly string[] | null
  readonly merge_exclude_columns: readonly string[] | null
  readonly on_schema_change: 'ignore' | 'fail' | 'append_new_columns' | 'sync_all_columns'
  readonly full_refresh: boolean | null
  readonly 'pre-hook': readonly Hook[]
  readonly 'post-hook': readonly Hook[]
  readonly sql_header: string | null
  readonly column_types: { readonly [column: string]: string }
  readonly quote_columns: boolean | null
  readonly delimiter: string
  readonly docs: { readonly show: boolean; readonly node_color: string | null }
  readonly quoting: { readonly [key: string]: ConfigValue }
  readonly persist_docs: { readonly [key: string]: ConfigValue }
  readonly grants: { readonly [key: string]: ConfigValue }
  readonly contract: { readonly enforced: boolean; readonly alias_types: boolean }
  /** Physical properties of the relation; engines without them warn. */
  readonly indexes: readonly IndexConfig[] | null
  readonly unlogged: boolean | null
  readonly fillfactor: number | null
  readonly tablespace: string | null
  readonly partition_by: PartitionConfig | null
  /** How new rows reach a table that stands. */
  readonly replace: 'auto' | 'swap' | 'in_place'
  /** What happens to a materialized view whose definition or indexes changed. */
  readonly on_configuration_change: 'apply' | 'continue' | 'fail'
  readonly access: 'private' | 'protected' | 'public'
  readonly latest_version_pointer: { readonly enabled: boolean | null; readonly alias: string | null }
  /** Column that says when a row happened. */
  readonly event_time: string | null
  /** Whether what reads the node is built from its old rows when it fails; null is `skip_children`. */
  readonly on_error: 'skip_children' | 'continue' | null
  /** Ours: `30m`, or seconds. */
  readonly timeout: string | number | null
  /** Ours. */
  readonly retries: RetriesConfig | null
  /** Of `incremental_strategy: microbatch`. */
  readonly batch_size: Grain | null
  /** Time as `readTime` takes it. */
  readonly begin: string | null
  readonly lookback: number
  readonly concurrent_batches: boolean | null
  /** Ours: `before` publishing (the default) or `after`, dbt's order. */
  readonly audit: 'before' | 'after'
  /** Of a function; others than scalar ones are not offered. */
  readonly type: 'scalar' | 'aggregate' | 'table'
  readonly volatility: 'deterministic' | 'stable' | 'non-deterministic' | null
  // Snapshots
  /** `timestamp` or `check`; what else is written is refused where the snapshot is checked. */
  readonly strategy: string | null
  readonly updated_at: string | null
  readonly check_cols: 'all' | readonly string[] | null
  /** Null: nothing is said, which is `ignore`. */
  readonly hard_deletes: HardDeletes | null
  /** dbt's older spelling of `hard_deletes: invalidate`. */
  readonly invalidate_hard_deletes: boolean | null
  /** An SQL expression for the end of versions that are valid now. */
  readonly dbt_valid_to_current: string | null
  readonly snapshot_meta_column_names: { readonly [key in MetaColumn]?: string }
  /** Ours: a date or a timestamp that stands for the time of the run. */
  readonly snapshot_time: string | null
  /** Names of the schema and the database as they are, without the target's. */
  readonly target_schema: string | null
  readonly target_database: string | null
  // Tests
  readonly severity: 'error' | 'warn'
  /** `!= 0`, `> 10`, `>= 0.5%` … */
  readonly warn_if: string
  readonly error_if: string
  readonly fail_calc: string
  readonly where: string | null
  readonly limit: number | null
  readonly store_failures: boolean | null
  readonly store_failures_as: 'table' | 'view' | 'ephemeral' | null
}
