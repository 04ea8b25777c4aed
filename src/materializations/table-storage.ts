import type { ReplaceMethod, TableStorage } from '../adapters/replacement.ts'
import type { RelationNode } from '../project/resource.ts'

/** The physical properties that a node's configuration asks for. */
export function storageOf(_node: RelationNode): TableStorage {
  return { indexes: [], unlogged: false, fillfactor: null, tablespace: null, partitionBy: null }
}

/** How a node's new rows reach its table. */
export function replaceMethodOf(_node: RelationNode): ReplaceMethod {
  return 'auto'
}

/** True when nothing but the rows has to be made. */
export function isPlainStorage({ indexes, unlogged, fillfactor, tablespace, partitionBy }: TableStorage): boolean {
  return indexes.length === 0 && !unlogged && fillfactor === null && tablespace === null && partitionBy === null
}
