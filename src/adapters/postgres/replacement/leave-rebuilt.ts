import { quoteIdentifier } from '../../../sql/quote.ts'
import type { ReplaceRequest } from '../../replacement.ts'
import { type CatalogFacts, factsOf, type RelationFacts } from './relation-facts.ts'
import { rename } from './restore-statements.ts'
import { temporaryName } from './shortened.ts'
import { qualified } from './sql-words.ts'

/**
 * The relation that stands, without those of its readers that the project makes again itself: they have rows of their own
 * and need no new table before. `isKept`: there are such, so that the old table has to stay for them.
 */
export function leaveRebuilt(
  catalog: CatalogFacts,
  { target, rebuilt = [] }: Pick<ReplaceRequest, 'target' | 'rebuilt'>,
): { readonly old: RelationFacts | null; readonly isKept: boolean } {
  const old = factsOf(catalog, target)
  if (old === null || rebuilt.length === 0) return { old, isKept: false }
  const own = (oid: number): boolean => {
    const reader = catalog.relations.find((r) => r.oid === oid)
    if (reader?.kind !== 'm') return false
    return rebuilt.some(({ schema, identifier }) => reader.schema === schema && reader.name === identifier)
  }
  const readers = old.readers.filter(({ oid }) => !own(oid))
  return { old: { ...old, readers }, isKept: readers.length < old.readers.length }
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
