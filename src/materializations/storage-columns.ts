import type { PartitionSpec, TableStorage } from '../adapters/replacement.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { unknownColumnInConfig } from './errors.ts'

/**
 * Storage with the names that the columns really have: a configuration may write them in another case. Every name that is
 * no column is a diagnostic. What is no column but holds a parenthesis is an expression.
 */
export function withTrueColumns(
  storage: TableStorage,
  columns: readonly string[],
): { readonly storage: TableStorage; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const named = (key: string, name: string): string => {
    const found = columns.find((c) => c === name) ?? columns.find((c) => c.toLowerCase() === name.toLowerCase())
    if (found === undefined) diagnostics.push(unknownColumnInConfig({ key, column: name, columns }))
    return found ?? name
  }
  const indexed = (name: string): string => {
    if (!name.includes('(') || columns.includes(name)) return named('indexes', name)
    return name.trimStart().startsWith('(') ? name : `(${name})`
  }
  const indexes = storage.indexes.map((index) => ({
    ...index,
    columns: index.columns.map(indexed),
    include: index.include.map((name) => named('indexes', name)),
  }))
  const { partitionBy } = storage
  const partitioned: PartitionSpec | null =
    partitionBy === null ? null : { ...partitionBy, column: named('partition_by', partitionBy.column) }
  return { storage: { ...storage, indexes, partitionBy: partitioned }, diagnostics }
}

/** Of declared indexes those that a relation has the columns for. */
export function fittingIndexes(indexes: TableStorage['indexes'], columns: readonly string[]): TableStorage['indexes'] {
  return indexes.flatMap((index) => {
    const { storage, diagnostics } = withTrueColumns(onlyIndexes([index]), columns)
    return diagnostics.length === 0 ? storage.indexes : []
  })
}

export function onlyIndexes(indexes: TableStorage['indexes']): TableStorage {
  return { indexes, unlogged: false, fillfactor: null, tablespace: null, partitionBy: null }
}
