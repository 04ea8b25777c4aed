import type { RelationName } from '../sql/relation.ts'

/** What the engine's catalog says of a relation; the source of `catalog.json`. */
export interface RelationDetails {
  readonly name: RelationName
  /** In the words of the information schema: `BASE TABLE`, `VIEW`, `MATERIALIZED VIEW`, `FOREIGN TABLE`. */
  readonly type: string
  readonly owner: string | null
  readonly comment: string | null
  /** As the engine estimates it; null when it does not know. */
  readonly rows: number | null
  readonly bytes: number | null
  /** In their order. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly comment: string | null }[]
}

/** One row for each column, as a catalog's query gives them: what is said of the relation is repeated. */
export interface DetailRow extends Omit<RelationDetails, 'columns'> {
  readonly column: RelationDetails['columns'][number] | null
}

/** Rows that stand in the order of relations and columns, as relations. */
export function groupDetails(rows: Iterable<DetailRow>): readonly RelationDetails[] {
  const relations: (Omit<RelationDetails, 'columns'> & { columns: RelationDetails['columns'][number][] })[] = []
  for (const { column, ...relation } of rows) {
    const last = relations.at(-1)
    const same =
      last?.name.identifier === relation.name.identifier &&
      last.name.schema === relation.name.schema &&
      last.name.database === relation.name.database
    const entry = same ? last : { ...relation, columns: [] }
    if (!same) relations.push(entry)
    if (column !== null) entry.columns.push(column)
  }
  return relations
}
