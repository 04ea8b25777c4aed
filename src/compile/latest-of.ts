import { type MappedText, MappedTextBuilder } from '../base/source-map.ts'
import type { Span } from '../base/span.ts'
import type { FreshnessPlaces } from '../config/property-types.ts'

/** What of a relation is asked for: the greatest value of an expression, over the rows that fulfil a condition. */
export interface Latest {
  readonly relation: { readonly text: string; readonly span: Span }
  readonly field: string
  readonly filter: string | null
  readonly places: FreshnessPlaces
}

/** One row with one value, null when no row counts. Mistakes in it are shown where the expression stands. */
export function latestOf({ relation, field, filter, places }: Latest): MappedText {
  const query = new MappedTextBuilder().raw('select max(')
  if (places.loadedAtField === undefined) query.raw(field)
  else query.mapped(field, places.loadedAtField, false)
  query.raw(') as max_loaded_at\nfrom ').mapped(relation.text, relation.span, false)
  if (filter === null) return query.build()
  query.raw('\nwhere (')
  if (places.freshness === undefined) query.raw(filter)
  else query.mapped(filter, places.freshness, false)
  return query.raw('\n)').build()
}
