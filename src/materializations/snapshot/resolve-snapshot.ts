import type { ResultColumn } from '../../adapters/adapter.ts'
import type { Diagnostic } from '../../base/diagnostic.ts'
import type { MetaColumn } from '../../config/node-config.ts'
import { unknownColumnInConfig } from '../errors.ts'
import { metaColumnTaken, timeNeeded } from './errors.ts'
import type { ResolvedSnapshot, SnapshotSpec } from './snapshot-spec.ts'
import { isTimeType } from './version-time.ts'

/** What is known when a snapshot's query has been asked for its columns. */
export interface QueryFacts {
  readonly columns: readonly ResultColumn[]
  readonly meta: readonly MetaColumn[]
  /** The type of `dbt_updated_at` in the history; null when there is none yet. */
  readonly timeType: string | null
}

/** Finds the columns that a specification names, whatever their case, or says what is wrong with it. */
export function resolveSnapshot(
  spec: SnapshotSpec,
  { columns, meta, timeType }: QueryFacts,
): { readonly diagnostics: readonly Diagnostic[]; readonly resolved: ResolvedSnapshot } {
  const diagnostics: Diagnostic[] = []
  const find = (key: string, name: string): ResultColumn | undefined => {
    const found = columnNamed(columns, name)
    if (found === undefined)
      diagnostics.push(
        unknownColumnInConfig({ key, column: name, columns: columns.map((c) => c.name), what: 'snapshot' }),
      )
    return found
  }
  const key = spec.uniqueKey.flatMap((name) => find('unique_key', name) ?? [])
  const updatedAt = spec.updatedAt === null ? undefined : find('updated_at', spec.updatedAt)
  const checked = checkedColumns(spec, columns, key, find)
  for (const column of meta) {
    const name = spec.meta[column]
    if (columnNamed(columns, name) !== undefined) diagnostics.push(metaColumnTaken({ name, column }))
  }
  const time = timeType ?? updatedAt?.type ?? 'timestamp'
  if (spec.hardDeletes !== 'ignore' && !isTimeType(time))
    diagnostics.push(timeNeeded({ column: spec.updatedAt ?? spec.meta.dbt_updated_at, type: time }))
  const resolved = { spec, columns, meta, key, updatedAt: updatedAt ?? null, checked, timeType: time }
  return { diagnostics, resolved }
}

function checkedColumns(
  { strategy, checkColumns }: SnapshotSpec,
  columns: readonly ResultColumn[],
  key: readonly ResultColumn[],
  find: (key: string, name: string) => ResultColumn | undefined,
): readonly ResultColumn[] {
  if (strategy !== 'check') return []
  if (checkColumns === 'all') return columns.filter((column) => !key.includes(column))
  return checkColumns.flatMap((name) => find('check_cols', name) ?? [])
}

/** Exactly, else without regard to case: configurations are as careless of it as SQL is. */
export function columnNamed(columns: readonly ResultColumn[], name: string): ResultColumn | undefined {
  const folded = name.toLowerCase()
  return columns.find((c) => c.name === name) ?? columns.find((c) => c.name.toLowerCase() === folded)
}
