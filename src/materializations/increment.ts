import type { Model, NodeRelation } from '../project/resource.ts'
import type { Increment, IncrementalStrategy } from './step.ts'

const strategies: readonly IncrementalStrategy[] = ['append', 'delete+insert', 'merge', 'microbatch']

/** Strategies that can be written as `incremental_strategy`. */
export const incrementalStrategies: readonly string[] = strategies

/** How new rows of an incremental model enter its table. Without a key every strategy appends, as in dbt. */
export function increment(node: Model, staged: NodeRelation): Increment {
  const { config } = node
  const named = strategies.find((s) => s === config.incremental_strategy)
  const uniqueKey = named === 'microbatch' ? [] : keyColumns(config.unique_key)
  return {
    target: node.relation,
    staged,
    strategy: named === 'microbatch' ? named : uniqueKey.length === 0 ? 'append' : (named ?? 'delete+insert'),
    uniqueKey,
    predicates: config.incremental_predicates ?? [],
    updateColumns: config.merge_update_columns,
    excludeColumns: config.merge_exclude_columns,
    eventTime: config.event_time,
    batchSize: config.batch_size,
    onSchemaChange: config.on_schema_change,
  }
}

function keyColumns(key: string | readonly string[] | null): readonly string[] {
  if (key === null) return []
  return (typeof key === 'string' ? [key] : key).filter((column) => column.trim() !== '')
}
