import type { ResultColumn } from '../../adapters/adapter.ts'
import type { Dialect } from '../../adapters/dialect.ts'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { META_COLUMNS } from '../../config/node-config.ts'
import { columnRetyped, metaColumnsMissing } from './errors.ts'
import { columnNamed } from './resolve-snapshot.ts'
import type { ResolvedSnapshot, SnapshotSpec } from './snapshot-spec.ts'
import { typeFit } from './type-fit.ts'

/** A column of the query and the one of the history that keeps it. */
export interface KeptColumn {
  readonly name: string
  readonly type: string
  /** Null: the history does not have it yet. */
  readonly kept: ResultColumn | null
  /** True: the history's column takes the query's type before rows enter it. */
  readonly grows: boolean
}

/** How the rows of a query fit the history that stands. */
export interface History {
  readonly columns: readonly KeptColumn[]
  /** All columns of the history but those that the snapshot adds. */
  readonly before: readonly ResultColumn[]
}

/** The specification with the columns that it adds as the history spells them. */
export function spelledAs(table: readonly ResultColumn[], spec: SnapshotSpec): SnapshotSpec {
  const meta = Object.fromEntries(
    META_COLUMNS.map((column) => [column, columnNamed(table, spec.meta[column])?.name ?? spec.meta[column]]),
  ) as SnapshotSpec['meta']
  return { ...spec, meta }
}

/** Columns that a history must have and does not: one mistake, told before anything else is asked. */
export function missingMeta(
  snapshot: Pick<ResolvedSnapshot, 'spec' | 'meta'>,
  table: readonly ResultColumn[],
  dialect: Dialect,
): readonly Diagnostic[] {
  const { spec, meta } = snapshot
  const missing = meta.map((column) => spec.meta[column]).filter((name) => columnNamed(table, name) === undefined)
  return missing.length === 0 ? [] : [metaColumnsMissing({ table: dialect.relation(spec.target), missing })]
}

/** Matches the columns of a query with those of its history. Types that only grow are followed. */
export function matchHistory(
  snapshot: ResolvedSnapshot,
  table: readonly ResultColumn[],
  dialect: Dialect,
): { readonly diagnostics: readonly Diagnostic[]; readonly history: History } {
  const { spec, columns, meta, updatedAt, timeType } = snapshot
  const added = new Set(meta.map((column) => columnNamed(table, spec.meta[column])?.name))
  const before = table.filter((column) => !added.has(column.name))
  const diagnostics: Diagnostic[] = []
  const retyped = (column: string, from: string, to: string): void => {
    diagnostics.push(columnRetyped({ table: dialect.relation(spec.target), column, from, to }))
  }
  const matched = columns.map(({ name, type }): KeptColumn => {
    const kept = columnNamed(before, name) ?? null
    const fit = kept === null ? 'same' : typeFit(kept.type, type)
    if (fit === 'differs') retyped(name, kept!.type, type)
    return { name, type, kept, grows: fit === 'grows' }
  })
  if (updatedAt !== null && !fitsTime(timeType, updatedAt.type) && diagnostics.length === 0)
    retyped(updatedAt.name, timeType, updatedAt.type)
  return { diagnostics, history: { columns: matched, before } }
}

/** Times are kept as the history has them; a date is the beginning of its day. */
function fitsTime(kept: string, given: string): boolean {
  const fit = typeFit(kept, given)
  return fit === 'same' || fit === 'fits' || (/^date$/i.test(given) && /^timestamp/i.test(kept))
}
