/** The three parts of a relation's name, unquoted, exactly as the engine stores them. */
export interface RelationName {
  readonly database: string
  readonly schema: string
  readonly identifier: string
}

/** A key for maps; the parts cannot contain NUL. */
export function relationKey(r: RelationName): string {
  return `${r.database}\u0000${r.schema}\u0000${r.identifier}`
}

export type RelationKind = 'table' | 'view' | 'materialized_view'

/** What a run makes: relations, and functions, whose names are apart from theirs. */
export type MadeKind = RelationKind | 'function'

/** A relation or a function: one of each may bear the same name. */
export interface MadeName {
  readonly name: RelationName
  readonly kind: 'relation' | 'function'
}
