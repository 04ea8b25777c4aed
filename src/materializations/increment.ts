import type { Model, NodeRelation } from '../project/resource.ts'
import type { Increment, IncrementalStrategy } from './step.ts'

const strategies: readonly IncrementalStrategy[] = ['append', 'delete+insert', 'merge']

/** Strategies that can be written as `incremental_strategy`. */
export const incrementalStrategies: readonly string[] = strategies

/** How new rows of an incremental model enter its table. Without a key every strategy appends, as in dbt. */
export function increment(node: Model, staged: NodeRelation): Increment {
  const { config } = node
  const uniqueKey = keyColumns(config.unique_key)
  const named = strategies.find((s) => s === config.incremental_strategy)
  return {
    target: node.relation,
    staged,
    strategy: uniqueKey.length === 0 ? 'append' : (named ?? 'delete+insert'),
    uniqueKey,
    predicates: config.incremental_predicates ?? [],
    updateColumns: config.merge_update_columns,
    excludeColumns: config.merge_exclude_columns,
    onSchemaChange: config.on_schema_change,
  }
}

function keyColumns(key: string | readonly string[] | null): readonly string[] {
  if (key === null) return []
  return (typeof key === 'string' ? [key] : key).filter((column) => column.trim() !== '')
}
