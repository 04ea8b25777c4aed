import type { FilesSpec } from '../config/files-spec.ts'
import type { ConfigValue, Hook } from '../config/node-config.ts'
import type {
  Analysis,
  Model,
  Node,
  Operation,
  Seed,
  Snapshot,
  Source,
  SqlFunction,
  Test,
} from '../project/resource.ts'
import { storedAs } from './stored-failures.ts'

type Dict = { readonly [key: string]: ConfigValue }

/** `meta` as artifacts carry it: own settings that change a node stand there, because dbt's objects are closed. */
export function metaOf(node: Node | Operation): Dict {
  const own: Record<string, ConfigValue> = {}
  if (node.config.audit === 'after') own['audit'] = 'after'
  if (node.resourceType === 'source' && node.files !== null) own['files'] = filesEntry(node.files)
  return Object.keys(own).length === 0 ? node.meta : { ...node.meta, tsdbt: own }
}

/** How the files of a source are read, without the places in YAML. */
function filesEntry({ span: _s, locationSpan: _l, ...files }: FilesSpec): ConfigValue {
  const told = Object.entries(files).filter(([, value]) => value !== undefined)
  return Object.fromEntries(told) as Dict
}

const none: readonly never[] = []

function hookEntries(hooks: readonly Hook[]): readonly unknown[] {
  return hooks.length === 0 ? none : hooks.map(({ sql, transaction }) => ({ sql, transaction, index: null }))
}

/** Keys of dbt's Postgres adapter, and ours beside them: written when they are set. */
const storageWhenSet = [
  'timeout',
  'retries',
  'indexes',
  'unlogged',
  'fillfactor',
  'tablespace',
  'partition_by',
] as const

/**
 * The configuration of a node that makes a relation, or of an operation, with all of dbt's keys in dbt's empty values.
 * Own keys of models and seeds come on top.
 */
export function relationConfig(
  node: Model | Seed | Snapshot | Analysis | SqlFunction | Operation,
): Record<string, unknown> {
  const { config } = node
  const entry: Record<string, unknown> = {
    enabled: config.enabled,
    alias: config.alias,
    schema: config.schema,
    database: config.database,
    tags: config.tags,
    meta: metaOf(node),
    group: config.group,
    materialized: config.materialized,
    incremental_strategy: config.incremental_strategy,
    batch_size: config.batch_size,
    lookback: config.lookback,
    begin: config.begin,
    persist_docs: config.persist_docs,
    'post-hook': hookEntries(config['post-hook']),
    'pre-hook': hookEntries(config['pre-hook']),
    quoting: config.quoting,
    column_types: config.column_types,
    full_refresh: config.full_refresh,
    unique_key: config.unique_key,
    on_schema_change: config.on_schema_change,
    on_configuration_change: config.on_configuration_change,
    grants: config.grants,
    packages: none,
    docs: config.docs,
    contract: config.contract,
    event_time: config.event_time,
    concurrent_batches: config.concurrent_batches,
    static_analysis: null,
  }
  for (const key of storageWhenSet) if (config[key] !== null) entry[key] = config[key]
  if (config.replace !== 'auto') entry['replace'] = config.replace
  if (node.resourceType === 'seed') {
    entry['delimiter'] = config.delimiter
    entry['quote_columns'] = config.quote_columns
  }
  return entry
}

/** Keys that dbt itself only writes when they are set. */
const whenSet = ['incremental_predicates', 'merge_update_columns', 'merge_exclude_columns', 'sql_header'] as const

export function modelConfig(model: Model): Record<string, unknown> {
  const entry = relationConfig(model)
  entry['access'] = model.config.access
  entry['freshness'] = null
  entry['on_error'] = model.config.on_error
  entry['latest_version_pointer'] = model.config.latest_version_pointer
  for (const key of whenSet) if (model.config[key] !== null) entry[key] = model.config[key]
  return entry
}

export function functionConfig(node: SqlFunction): Record<string, unknown> {
  const { type, volatility } = node.config
  return { ...relationConfig(node), type, volatility, runtime_version: null, entry_point: null }
}

export function testConfig(test: Test): Record<string, unknown> {
  const { config } = test
  return {
    enabled: config.enabled,
    alias: config.alias,
    schema: config.schema ?? 'dbt_test__audit',
    database: config.database,
    tags: config.tags,
    meta: metaOf(test),
    group: config.group,
    materialized: 'test',
    severity: config.severity === 'error' ? 'ERROR' : 'warn',
    store_failures: config.store_failures,
    store_failures_as: storedAs(test),
    sql_header: config.sql_header,
    static_analysis: null,
    where: config.where,
    limit: config.limit,
    fail_calc: config.fail_calc,
    warn_if: config.warn_if,
    error_if: config.error_if,
    ...(config.timeout === null ? {} : { timeout: config.timeout }),
  }
}

const noFreshness = {
  warn_after: { count: null, period: null },
  error_after: { count: null, period: null },
  filter: null,
}

/** Keys of ours that sources with files may have: written when they are set. */
const ofLoads = ['timeout', 'retries', 'on_error'] as const

export function sourceConfig(source: Source): Record<string, unknown> {
  return {
    enabled: source.config.enabled,
    event_time: source.config.event_time,
    freshness: source.freshness ?? noFreshness,
    loaded_at_field: source.loadedAtField,
    loaded_at_query: source.loadedAtQuery,
    static_analysis: null,
    meta: metaOf(source),
    tags: source.tags,
    ...Object.fromEntries(ofLoads.flatMap((key) => (source.config[key] === null ? [] : [[key, source.config[key]]]))),
  }
}
