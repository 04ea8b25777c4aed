import type { TableStorage } from '../../replacement.ts'
import type { RelationFacts } from './relation-facts.ts'

interface Column {
  readonly name: string
  readonly type: string
}

/** A column that both have under different types. */
export interface Retyped {
  readonly name: string
  readonly from: string
  readonly to: string
}

export interface ShapeChange {
  readonly added: readonly string[]
  readonly gone: readonly string[]
  readonly retyped: readonly Retyped[]
}

/** What new columns change, whatever their order. A generated column that they lack is no change: it is made again. */
export function compareColumns(old: RelationFacts, columns: readonly Column[]): ShapeChange {
  const before = new Map(old.columns.map((c) => [c.name, c]))
  const names = new Set(columns.map((c) => c.name))
  return {
    added: columns.filter((c) => !before.has(c.name)).map((c) => c.name),
    gone: old.columns.filter((c) => c.generated === '' && !names.has(c.name)).map((c) => c.name),
    retyped: columns.flatMap(({ name, type }) => {
      const was = before.get(name)
      return was === undefined || was.type === type ? [] : [{ name, from: was.type, to: type }]
    }),
  }
}

/** Null when nothing changes. */
export function describeChange({ added, gone, retyped }: ShapeChange): string | null {
  const parts = [
    ...added.map((name) => `+${name}`),
    ...gone.map((name) => `-${name}`),
    ...retyped.map(({ name, from, to }) => `${name}: ${from} -> ${to}`),
  ]
  if (parts.length === 0) return null
  const shown = parts.length > 5 ? [...parts.slice(0, 5), `${parts.length - 5} more`] : parts
  return `columns changed: ${shown.join(', ')}`
}

/** In what a table is not stored as its configuration says; null when it is. What is not declared may be as it is. */
export function describeStorage(
  old: RelationFacts,
  storage: TableStorage,
  staged: RelationFacts | null,
): string | null {
  const { unlogged, fillfactor, tablespace } = storage
  if (old.kind === 'r' && (old.persistence === 'u') !== unlogged)
    return unlogged ? 'the table becomes unlogged' : 'the table becomes logged'
  if (fillfactor !== null && old.kind === 'r' && !old.options.includes(`fillfactor=${fillfactor}`))
    return 'the fillfactor changes'
  if (tablespace !== null && old.tablespace !== tablespace) return 'the tablespace changes'
  return partitioningChange(old, storage, staged)
}

function partitioningChange(
  old: RelationFacts,
  { partitionBy }: TableStorage,
  staged: RelationFacts | null,
): string | null {
  const change = 'the partitioning changes'
  if (staged === null) {
    if ((partitionBy === null) !== (old.partitionKey === null)) return change
    if (partitionBy === null || old.partitionKey === null) return null
    const { kind, column } = partitionBy
    const bare = old.partitionKey.replaceAll('"', '')
    return bare === `${kind.toUpperCase()} (${column})` ? null : change
  }
  return old.partitionKey === staged.partitionKey ? null : change
}
