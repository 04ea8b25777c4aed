import { quoteIdentifier } from '../../../sql/quote.ts'
import { exportOfComment } from '../../reader-schema.ts'
import type { ReplaceRequest } from '../../replacement.ts'
import { type CatalogFacts, factsOf, type RelationFacts } from './relation-facts.ts'
import { rename } from './restore-statements.ts'
import { temporaryName } from './shortened.ts'
import { qualified } from './sql-words.ts'

/**
 * The relation that stands, without those of its readers that the project makes again itself and that need no new table
 * before: materialized views, which have rows of their own, and views that an export made over columns that are gone.
 * `isKept`: there are such, so that the old table has to stay for them.
 * @param columns of the new relation; null: they are not known
 */
export function leaveRebuilt(
  catalog: CatalogFacts,
  { target, rebuilt = [] }: Pick<ReplaceRequest, 'target' | 'rebuilt'>,
  columns: readonly { readonly name: string }[] | null,
): { readonly old: RelationFacts | null; readonly isKept: boolean } {
  const old = factsOf(catalog, target)
  if (old === null || old.readers.length === 0) return { old, isKept: false }
  const own = (reading: RelationFacts['readers'][number]): boolean => {
    const reader = catalog.relations.find((r) => r.oid === reading.oid)
    if (reader?.kind === 'm')
      return rebuilt.some(({ schema, identifier }) => reader.schema === schema && reader.name === identifier)
    return reader !== undefined && columns !== null && waitsForExport(reader, reading.columns, columns)
  }
  const readers = old.readers.filter((reading) => !own(reading))
  return { old: { ...old, readers }, isKept: readers.length < old.readers.length }
}

/** Whether a reader is a view that an export makes again, over columns that the new relation lacks. */
export function waitsForExport(
  reader: RelationFacts,
  reads: readonly string[],
  columns: readonly { readonly name: string }[],
): boolean {
  if (reader.kind !== 'v' || exportOfComment(reader.comment) === null) return false
  return reads.some((name) => !columns.some((column) => column.name === name))
}

/** Gives an old table, which stands aside, a name of this run, and takes from it the names that its successor bears. */
export function shelve(old: RelationFacts, aside: string, name: string): readonly string[] {
  const freed = (kind: string, from: string) =>
    `alter ${kind} ${qualified({ schema: old.schema, name: from })} rename to ${quoteIdentifier(temporaryName(aside, from))}`
  const table = { ...old, name: aside }
  return [
    ...old.indexes.map((index) => freed('index', index.name)),
    ...old.statistics.map((statistics) => freed('statistics', statistics.name)),
    ...old.publications.map((p) => `alter publication ${quoteIdentifier(p.name)} drop table only ${qualified(table)}`),
    rename(table, name),
  ]
}
