import type { IndexSpec, PartitionSpec, ReplaceMethod, TableStorage } from '../adapters/replacement.ts'
import type { IndexConfig, PartitionConfig } from '../config/node-config.ts'
import type { RelationNode } from '../project/resource.ts'

/** The physical properties that a node's configuration asks for. */
export function storageOf({ config }: RelationNode): TableStorage {
  const { indexes, unlogged, fillfactor, tablespace, partition_by } = config
  return {
    indexes: (indexes ?? []).map(indexSpec),
    unlogged: unlogged ?? false,
    fillfactor,
    tablespace,
    partitionBy: partition_by === null ? null : partitionSpec(partition_by),
  }
}

function indexSpec({ columns, unique, type, include, where, name }: IndexConfig): IndexSpec {
  return {
    columns,
    unique: unique ?? false,
    type: type ?? null,
    include: include ?? [],
    where: where ?? null,
    name: name ?? null,
  }
}

function partitionSpec({ column, type, granularity, partitions }: PartitionConfig): PartitionSpec {
  if (type === 'list') return { kind: 'list', column }
  return type === 'hash'
    ? { kind: 'hash', column, partitions: partitions! }
    : { kind: 'range', column, granularity: granularity! }
}

/** How a node's new rows reach its table. */
export function replaceMethodOf({ config }: RelationNode): ReplaceMethod {
  return config.replace
}

/** True when the relation is not complete with the statement that fills it. A seed's file is read into a plain table. */
export function isMadeInSteps({ resourceType }: RelationNode, storage: TableStorage): boolean {
  const { indexes, unlogged, fillfactor, tablespace, partitionBy } = storage
  if (indexes.length > 0 || partitionBy !== null) return true
  return resourceType === 'seed' && (unlogged || fillfactor !== null || tablespace !== null)
}
