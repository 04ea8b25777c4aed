import type { ResultColumn } from '../adapters/adapter.ts'
import type { ColumnChanges } from './errors.ts'
import type { Increment } from './step.ts'

/** Columns of a table and of its new rows, matched by name. */
export interface MatchedColumns {
  /** In both; `name` as the table writes it, `staged` as the new rows do. */
  readonly common: readonly { readonly name: string; readonly staged: string }[]
  readonly added: readonly ResultColumn[]
  readonly removed: readonly ResultColumn[]
  readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[]
}

/** @param ignoreCase whether the engine takes names that differ in case only for the same */
export function matchColumns(
  target: readonly ResultColumn[],
  staged: readonly ResultColumn[],
  ignoreCase: boolean,
): MatchedColumns {
  const key = (name: string): string => (ignoreCase ? name.toLowerCase() : name)
  const inTarget = new Set(target.map((c) => key(c.name)))
  const byKey = new Map(staged.map((c) => [key(c.name), c]))
  const common: { name: string; staged: string }[] = []
  const retyped: { name: string; from: string; to: string }[] = []
  for (const column of target) {
    const match = byKey.get(key(column.name))
    if (match === undefined) continue
    common.push({ name: column.name, staged: match.name })
    if (match.type !== column.type) retyped.push({ name: column.name, from: column.type, to: match.type })
  }
  return {
    common,
    added: staged.filter((c) => !inTarget.has(key(c.name))),
    removed: target.filter((c) => !byKey.has(key(c.name))),
    retyped,
  }
}

/** The same increment with its columns as the new rows write them: configurations are as careless of case as SQL is. */
export function withColumnNames(increment: Increment, staged: readonly ResultColumn[]): Increment {
  const named = (name: string): string => {
    const folded = name.toLowerCase()
    const found = staged.find((c) => c.name === name) ?? staged.find((c) => c.name.toLowerCase() === folded)
    return found?.name ?? name
  }
  return {
    ...increment,
    uniqueKey: increment.uniqueKey.map(named),
    updateColumns: increment.updateColumns?.map(named) ?? null,
    excludeColumns: increment.excludeColumns?.map(named) ?? null,
  }
}

export function changesOf({ added, removed, retyped }: MatchedColumns): ColumnChanges {
  return { added: added.map((c) => c.name), removed: removed.map((c) => c.name), retyped }
}
