import type { Diagnostic } from '../../base/diagnostic.ts'
import type { MetadataPlaces } from '../tableau/metadata-places.ts'
import type { DescribedRelation } from '../tableau/read-table-metadata.ts'
import { daxReferences } from './dax-references.ts'
import { badDax } from './errors.ts'
import { readColumnHints, readTableHints } from './power-bi-meta.ts'

/** Mistakes in what a relation and its columns say for Power BI that show without knowing what the warehouse has. */
export function checkHints(relation: DescribedRelation, places: MetadataPlaces, diagnostics: Diagnostic[]): void {
  const { measures } = readTableHints(relation, places, diagnostics)
  for (const { name, expression, span } of measures) {
    const { fault } = daxReferences(expression)
    if (fault !== null) diagnostics.push(badDax({ measure: name, table: relation.name, fault }, { span }))
  }
  for (const column of relation.columns) readColumnHints(relation, column, { places, diagnostics })
}
