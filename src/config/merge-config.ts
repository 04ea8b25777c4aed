import { CONFIG_KEYS, type ConfigResource } from './config-keys.ts'
import type { ConfigLayer } from './config-layer.ts'
import type { ConfigValue, NodeConfig } from './node-config.ts'
import { setOwn } from './yaml-reader.ts'

const COMMON: NodeConfig = {
  enabled: true,
  materialized: 'view',
  schema: null,
  database: null,
  alias: null,
  tags: [],
  meta: {},
  group: null,
  unique_key: null,
  incremental_strategy: null,
  incremental_predicates: null,
  merge_update_columns: null,
  merge_exclude_columns: null,
  on_schema_change: 'ignore',
  full_refresh: null,
  'pre-hook': [],
  'post-hook': [],
  sql_header: null,
  column_types: {},
  quote_columns: null,
  delimiter: ',',
  docs: { show: true, node_color: null },
  quoting: {},
  persist_docs: {},
  grants: {},
  contract: { enforced: false, alias_types: true },
  indexes: null,
  unlogged: null,
  fillfactor: null,
  tablespace: null,
  partition_by: null,
  replace: 'auto',
  on_configuration_change: 'apply',
  access: 'protected',
  latest_version_pointer: { enabled: null, alias: null },
  event_time: null,
  on_error: null,
  timeout: null,
  retries: null,
  batch_size: null,
  begin: null,
  lookback: 1,
  concurrent_batches: null,
  audit: 'before',
  strategy: null,
  updated_at: null,
  check_cols: null,
  hard_deletes: null,
  invalidate_hard_deletes: null,
  dbt_valid_to_current: null,
  snapshot_meta_column_names: {},
  snapshot_time: null,
  target_schema: null,
  target_database: null,
  type: 'scalar',
  volatility: null,
  severity: 'error',
  warn_if: '!= 0',
  error_if: '!= 0',
  fail_calc: 'count(*)',
  where: null,
  limit: null,
  store_failures: null,
  store_failures_as: null,
}

/** dbt's defaults for each resource type. Shared: never changed in place. */
export const DEFAULT_CONFIG: Readonly<Record<ConfigResource, NodeConfig>> = {
  model: COMMON,
  seed: { ...COMMON, materialized: 'seed' },
  source: { ...COMMON, materialized: 'source' },
  test: { ...COMMON, materialized: 'test', schema: 'dbt_test__audit' },
  snapshot: { ...COMMON, materialized: 'snapshot' },
  unit_test: { ...COMMON, materialized: 'unit' },
  exposure: COMMON,
  export: { ...COMMON, materialized: 'export' },
  analysis: COMMON,
  function: { ...COMMON, materialized: 'function' },
}

export interface MergedConfig {
  readonly config: NodeConfig
  /** The raw values of each key that any layer set, merged as the values are; the last one where a template stands for a whole value. */
  readonly unrendered: { readonly [key: string]: ConfigValue }
}

const NOTHING: { readonly [key: string]: ConfigValue } = {}

/** Layers on top of `base`, weakest first. Nodes that no layer speaks of share `base` itself. */
export function mergeConfig(base: NodeConfig, layers: readonly ConfigLayer[]): MergedConfig {
  if (layers.every((l) => l.length === 0)) return { config: base, unrendered: NOTHING }
  const merged: Record<string, ConfigValue> = { ...(base as unknown as Record<string, ConfigValue>) }
  const unrendered: Record<string, ConfigValue> = {}
  for (const layer of layers) {
    for (const setting of layer) {
      if (setting.refused) continue
      unrendered[setting.key] = mergeRaw(setting.key, unrendered[setting.key], setting.raw)
      merged[setting.key] = mergeValue(setting.key, merged[setting.key], setting.value)
    }
  }
  return { config: merged as unknown as NodeConfig, unrendered }
}

function mergeRaw(key: string, earlier: ConfigValue | undefined, later: ConfigValue): ConfigValue {
  const rule = CONFIG_KEYS[key]?.merge ?? 'replace'
  if (rule === 'replace' || earlier === undefined || earlier === null || later === null) return later
  if (rule === 'append' || rule === 'hooks') return mergeValue(key, listOf(earlier), listOf(later))
  return isDict(earlier) && isDict(later) ? mergeValue(key, earlier, later) : later
}

function listOf(value: ConfigValue): readonly ConfigValue[] {
  return Array.isArray(value) ? (value as readonly ConfigValue[]) : [value]
}

function isDict(value: ConfigValue): boolean {
  return typeof value === 'object' && !Array.isArray(value)
}

function mergeValue(key: string, earlier: ConfigValue | undefined, later: ConfigValue): ConfigValue {
  const rule = CONFIG_KEYS[key]?.merge ?? 'replace'
  if (rule === 'replace' || earlier === undefined || earlier === null) return later
  if (rule === 'append')
    return [...new Set([...(earlier as readonly ConfigValue[]), ...(later as readonly ConfigValue[])])]
  if (rule === 'hooks') return [...(earlier as readonly ConfigValue[]), ...(later as readonly ConfigValue[])]
  const out = { ...(earlier as Record<string, ConfigValue>) }
  for (const [name, value] of Object.entries(later as Record<string, ConfigValue>)) {
    if (rule === 'grants' && name.startsWith('+')) {
      const bare = name.slice(1)
      setOwn(out, bare, [
        ...new Set([
          ...((out[bare] as readonly ConfigValue[] | undefined) ?? []),
          ...(value as readonly ConfigValue[]),
        ]),
      ])
    } else setOwn(out, name, value)
  }
  return out
}
