import { grains } from '../base/time-grain.ts'
import {
  boolean,
  character,
  dictionary,
  grants,
  hooks,
  names,
  nonNegativeInteger,
  oneOf,
  orNull,
  severity,
  shape,
  text,
  textDictionary,
  textList,
  threshold,
  type ValueCheck,
} from './config-value-check.ts'
import { retries, timeLimit } from './failure-check.ts'
import { columnsToCheck, metaColumnNames, moment } from './snapshot-check.ts'
import { fillfactor, indexes, partitionBy, someText } from './storage-check.ts'
import { time } from './time-check.ts'

export type ConfigResource =
  | 'model'
  | 'seed'
  | 'source'
  | 'snapshot'
  | 'test'
  | 'unit_test'
  | 'exposure'
  | 'export'
  | 'analysis'
  | 'function'

/**
 * How a later layer meets an earlier one: `replace`, `append` (lists, without repeats), `hooks` (lists, with repeats),
 * `update` (mappings, key by key), `grants` (key by key; a key with `+` appends).
 */
export type MergeRule = 'replace' | 'append' | 'hooks' | 'update' | 'grants'

export interface ConfigKey {
  readonly merge: MergeRule
  readonly check: ValueCheck
  readonly resources: readonly ConfigResource[]
  /** The value is a template of its own that is evaluated while compiling. */
  readonly template?: boolean
}

const MODEL: readonly ConfigResource[] = ['model']
const SEED: readonly ConfigResource[] = ['seed']
const TEST: readonly ConfigResource[] = ['test']
const SOURCE: readonly ConfigResource[] = ['source']
const SNAPSHOT: readonly ConfigResource[] = ['snapshot']
const RELATION: readonly ConfigResource[] = ['model', 'seed', 'snapshot']
const BUILT: readonly ConfigResource[] = ['model', 'seed', 'snapshot', 'source']
const NODE: readonly ConfigResource[] = ['model', 'seed', 'snapshot', 'test', 'function', 'analysis']
const ALL: readonly ConfigResource[] = [
  'model',
  'seed',
  'source',
  'snapshot',
  'test',
  'unit_test',
  'exposure',
  'export',
  'analysis',
  'function',
]

const nullableText = orNull(text)
const nullableBoolean = orNull(boolean)

const freshnessRule = orNull(shape({ count: nonNegativeInteger, period: oneOf(['minute', 'hour', 'day']) }))
const freshness = shape({ warn_after: freshnessRule, error_after: freshnessRule, filter: nullableText })

/** Every configuration key: who may set it, what it may be, how its layers merge. */
export const CONFIG_KEYS: Readonly<Record<string, ConfigKey>> = {
  enabled: { merge: 'replace', check: boolean, resources: ALL },
  materialized: { merge: 'replace', check: text, resources: NODE },
  schema: { merge: 'replace', check: nullableText, resources: NODE },
  database: { merge: 'replace', check: nullableText, resources: NODE },
  alias: { merge: 'replace', check: nullableText, resources: NODE },
  tags: { merge: 'append', check: textList, resources: ALL },
  meta: { merge: 'update', check: dictionary, resources: ALL },
  group: { merge: 'replace', check: nullableText, resources: NODE },
  docs: {
    merge: 'update',
    check: shape({ show: boolean, node_color: nullableText }),
    resources: [...RELATION, 'analysis', 'function'],
  },
  quoting: {
    merge: 'update',
    check: shape({
      database: nullableBoolean,
      schema: nullableBoolean,
      identifier: nullableBoolean,
      column: nullableBoolean,
    }),
    resources: ALL,
  },
  'pre-hook': { merge: 'hooks', check: hooks, resources: RELATION, template: true },
  'post-hook': { merge: 'hooks', check: hooks, resources: RELATION, template: true },
  persist_docs: { merge: 'update', check: shape({ relation: boolean, columns: boolean }), resources: RELATION },
  grants: { merge: 'grants', check: grants, resources: RELATION },
  contract: { merge: 'update', check: shape({ enforced: boolean, alias_types: boolean }), resources: RELATION },
  full_refresh: { merge: 'replace', check: nullableBoolean, resources: RELATION },
  event_time: { merge: 'replace', check: nullableText, resources: ['model', 'seed', 'source', 'snapshot'] },
  column_types: { merge: 'update', check: textDictionary, resources: RELATION },
  access: { merge: 'replace', check: oneOf(['private', 'protected', 'public']), resources: MODEL },
  latest_version_pointer: {
    merge: 'update',
    check: shape({ enabled: nullableBoolean, alias: nullableText }),
    resources: MODEL,
  },
  audit: { merge: 'replace', check: oneOf(['before', 'after']), resources: BUILT },
  on_error: { merge: 'replace', check: orNull(oneOf(['skip_children', 'continue'])), resources: BUILT },
  timeout: { merge: 'replace', check: orNull(timeLimit), resources: [...BUILT, 'test'] },
  retries: { merge: 'replace', check: orNull(retries), resources: BUILT },
  sql_header: { merge: 'replace', check: nullableText, resources: ['model', 'snapshot', 'test'], template: true },
  unique_key: { merge: 'replace', check: orNull(names), resources: ['model', 'snapshot'] },
  incremental_strategy: {
    merge: 'replace',
    check: orNull(oneOf(['append', 'delete+insert', 'merge', 'microbatch'])),
    resources: MODEL,
  },
  incremental_predicates: { merge: 'replace', check: orNull(textList), resources: MODEL },
  merge_update_columns: { merge: 'replace', check: orNull(textList), resources: MODEL },
  merge_exclude_columns: { merge: 'replace', check: orNull(textList), resources: MODEL },
  on_schema_change: {
    merge: 'replace',
    check: oneOf(['ignore', 'fail', 'append_new_columns', 'sync_all_columns']),
    resources: MODEL,
  },
  batch_size: { merge: 'replace', check: orNull(oneOf(grains)), resources: MODEL },
  begin: { merge: 'replace', check: orNull(time), resources: MODEL },
  lookback: { merge: 'replace', check: nonNegativeInteger, resources: MODEL },
  concurrent_batches: { merge: 'replace', check: nullableBoolean, resources: MODEL },
  indexes: { merge: 'replace', check: orNull(indexes), resources: RELATION },
  unlogged: { merge: 'replace', check: nullableBoolean, resources: RELATION },
  fillfactor: { merge: 'replace', check: orNull(fillfactor), resources: RELATION },
  tablespace: { merge: 'replace', check: orNull(someText), resources: RELATION },
  replace: { merge: 'replace', check: oneOf(['auto', 'swap', 'in_place']), resources: RELATION },
  partition_by: { merge: 'replace', check: orNull(partitionBy), resources: MODEL },
  on_configuration_change: { merge: 'replace', check: oneOf(['apply', 'continue', 'fail']), resources: MODEL },
  strategy: { merge: 'replace', check: someText, resources: SNAPSHOT },
  updated_at: { merge: 'replace', check: orNull(someText), resources: SNAPSHOT },
  check_cols: { merge: 'replace', check: orNull(columnsToCheck), resources: SNAPSHOT },
  hard_deletes: { merge: 'replace', check: oneOf(['ignore', 'invalidate', 'new_record']), resources: SNAPSHOT },
  invalidate_hard_deletes: { merge: 'replace', check: nullableBoolean, resources: SNAPSHOT },
  dbt_valid_to_current: { merge: 'replace', check: orNull(someText), resources: SNAPSHOT },
  snapshot_meta_column_names: { merge: 'update', check: metaColumnNames, resources: SNAPSHOT },
  snapshot_time: { merge: 'replace', check: orNull(moment), resources: SNAPSHOT },
  target_schema: { merge: 'replace', check: nullableText, resources: SNAPSHOT },
  target_database: { merge: 'replace', check: nullableText, resources: SNAPSHOT },
  delimiter: { merge: 'replace', check: character, resources: SEED },
  quote_columns: { merge: 'replace', check: nullableBoolean, resources: SEED },
  freshness: { merge: 'replace', check: orNull(freshness), resources: SOURCE },
  loaded_at_field: { merge: 'replace', check: nullableText, resources: SOURCE },
  loaded_at_query: { merge: 'replace', check: nullableText, resources: SOURCE, template: true },
  type: { merge: 'replace', check: oneOf(['scalar', 'aggregate', 'table']), resources: ['function'] },
  volatility: {
    merge: 'replace',
    check: orNull(oneOf(['deterministic', 'stable', 'non-deterministic'])),
    resources: ['function'],
  },
  severity: { merge: 'replace', check: severity, resources: TEST },
  warn_if: { merge: 'replace', check: threshold, resources: TEST },
  error_if: { merge: 'replace', check: threshold, resources: TEST },
  fail_calc: { merge: 'replace', check: text, resources: TEST },
  where: { merge: 'replace', check: nullableText, resources: TEST },
  limit: { merge: 'replace', check: orNull(nonNegativeInteger), resources: TEST },
  store_failures: { merge: 'replace', check: nullableBoolean, resources: TEST },
  store_failures_as: { merge: 'replace', check: orNull(oneOf(['table', 'view', 'ephemeral'])), resources: TEST },
}

/** Other spellings of a key. */
const CONFIG_ALIASES: Readonly<Record<string, string>> = {
  pre_hook: 'pre-hook',
  post_hook: 'post-hook',
}

/** Keys of dbt that change nothing here, with the reason: they are warned of, not refused. */
export const CONFIG_WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  static_analysis: 'SQL is checked by the engine',
  packages: 'there are no Python models',
}

/** Materializations each resource type can have. */
export const MATERIALIZATIONS: Readonly<Record<ConfigResource, readonly string[]>> = {
  model: ['view', 'table', 'ephemeral', 'incremental', 'materialized_view'],
  seed: ['seed'],
  test: ['test'],
  source: [],
  snapshot: ['snapshot'],
  unit_test: [],
  exposure: [],
  export: [],
  analysis: ['analysis'],
  function: [],
}

const keysByResource = new Map<ConfigResource, readonly string[]>()

/** Keys that a resource type may set, for suggestions. */
export function configKeysOf(resource: ConfigResource): readonly string[] {
  const known = keysByResource.get(resource)
  if (known !== undefined) return known
  const keys = Object.keys(CONFIG_KEYS).filter((k) => CONFIG_KEYS[k]!.resources.includes(resource))
  keysByResource.set(resource, keys)
  return keys
}

/** The key's main spelling. */
export function canonicalConfigKey(key: string): string {
  return Object.hasOwn(CONFIG_ALIASES, key) ? CONFIG_ALIASES[key]! : key
}
