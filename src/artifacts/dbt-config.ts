import type { ConfigValue, Hook } from '../config/node-config.ts'
import type { Node, Operation } from '../project/resource.ts'

type Dict = { readonly [key: string]: ConfigValue }

/** `meta` as artifacts carry it: own settings that change a node stand there, because dbt's objects are closed. */
export function metaOf(node: Node | Operation): Dict {
  return node.config.audit === 'after' ? { ...node.meta, tsdbt: { audit: 'after' } } : node.meta
}

/** The configuration of a node with dbt's keys for its type, all of them, in dbt's empty values. */
export function dbtConfig(node: Node | Operation): Record<string, unknown> {
  if (node.resourceType === 'source') return sourceConfig(node)
  if (node.resourceType === 'test') return testConfig(node)
  const config = relationConfig(node)
  if (node.resourceType === 'seed') {
    return { ...config, delimiter: node.config.delimiter, quote_columns: node.config.quote_columns }
  }
  return node.resourceType === 'model' ? { ...config, ...modelConfig(node) } : config
}

function commonConfig({ config, tags }: Node | Operation): Record<string, unknown> {
  return { enabled: config.enabled, alias: config.alias, schema: config.schema, database: config.database, tags }
}

function relationConfig(node: Node | Operation): Record<string, unknown> {
  const { config } = node
  const hooks = (list: readonly Hook[]) => list.map(({ sql, transaction }) => ({ sql, transaction, index: null }))
  return {
    ...commonConfig(node),
    meta: metaOf(node),
    group: config.group,
    materialized: config.materialized,
    incremental_strategy: config.incremental_strategy,
    batch_size: null,
    lookback: 1,
    begin: null,
    persist_docs: config.persist_docs,
    'post-hook': hooks(config['post-hook']),
    'pre-hook': hooks(config['pre-hook']),
    quoting: config.quoting,
    column_types: config.column_types,
    full_refresh: config.full_refresh,
    unique_key: config.unique_key,
    on_schema_change: config.on_schema_change,
    on_configuration_change: 'apply',
    grants: config.grants,
    packages: [],
    docs: config.docs,
    contract: config.contract,
    event_time: config.event_time,
    concurrent_batches: null,
  }
}

/** Keys that dbt itself only writes when they are set. */
const whenSet = ['incremental_predicates', 'merge_update_columns', 'merge_exclude_columns', 'sql_header'] as const

function modelConfig({ config }: Node): Record<string, unknown> {
  const more: Record<string, unknown> = { access: config.access, freshness: null }
  for (const key of whenSet) if (config[key] !== null) more[key] = config[key]
  return more
}

function testConfig(node: Node): Record<string, unknown> {
  const { config } = node
  return {
    ...commonConfig(node),
    schema: config.schema ?? 'dbt_test__audit',
    meta: metaOf(node),
    group: config.group,
    materialized: 'test',
    severity: config.severity === 'error' ? 'ERROR' : 'warn',
    store_failures: config.store_failures,
    store_failures_as: config.store_failures_as,
    sql_header: null,
    where: config.where,
    limit: config.limit,
    fail_calc: config.fail_calc,
    warn_if: config.warn_if,
    error_if: config.error_if,
  }
}

const noFreshness = {
  warn_after: { count: null, period: null },
  error_after: { count: null, period: null },
  filter: null,
}

function sourceConfig(node: Extract<Node, { resourceType: 'source' }>): Record<string, unknown> {
  return {
    enabled: node.config.enabled,
    event_time: node.config.event_time,
    freshness: node.freshness ?? noFreshness,
    loaded_at_field: node.loadedAtField,
    loaded_at_query: node.loadedAtQuery,
    meta: metaOf(node),
    tags: node.tags,
  }
}
