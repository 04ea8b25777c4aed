import { META_COLUMNS } from '../config/node-config.ts'
import type { Snapshot } from '../project/resource.ts'
import { relationConfig } from './dbt-config.ts'

/** Keys that dbt itself only writes when they are set, and ours. */
const whenSet = ['hard_deletes', 'invalidate_hard_deletes', 'snapshot_time', 'sql_header'] as const

/** The configuration of a snapshot, with all of dbt's keys in dbt's empty values. */
export function snapshotConfig(snapshot: Snapshot): Record<string, unknown> {
  const { config } = snapshot
  const names = config.snapshot_meta_column_names
  const entry = relationConfig(snapshot)
  entry['strategy'] = config.strategy
  entry['target_schema'] = config.target_schema
  entry['target_database'] = config.target_database
  entry['updated_at'] = config.updated_at
  entry['check_cols'] = config.check_cols
  entry['snapshot_meta_column_names'] = Object.fromEntries(META_COLUMNS.map((name) => [name, names[name] ?? null]))
  entry['dbt_valid_to_current'] = config.dbt_valid_to_current
  for (const key of whenSet) if (config[key] !== null) entry[key] = config[key]
  return entry
}
