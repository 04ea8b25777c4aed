import type { RelationKind } from '../sql/relation.ts'

/** Somebody outside who reads views of one schema, and nothing else. */
export interface Reader {
  readonly role: string
  /** Whether a role that is made may log in. It gets no password. */
  readonly login: boolean
  readonly database: string
  readonly schema: string
  readonly views: readonly string[]
  /** Unique id of the export that made them. Views of other exports are theirs to grant. */
  readonly export: string
}

export interface Admission {
  /** What was executed; nothing when all rights were as they shall be. */
  readonly statements: readonly string[]
  readonly canLogIn: boolean
  /** Other schemas that the role may look into, by rights that come from elsewhere. */
  readonly alsoSees: readonly string[]
}

/** A schema that is kept for programs outside of the project. */
export interface ReaderSchema {
  /** What stands in a schema; null when there is no such schema. */
  standing(place: { readonly database: string; readonly schema: string }): Promise<
    | readonly {
        readonly identifier: string
        readonly kind: RelationKind
        readonly comment: string | null
      }[]
    | null
  >
  /**
   * Inside the open transaction: makes the role if it is missing, and gives it these views of the schema and no other right
   * in it, apart from views of other exports. Raises `UserError` for a role that could do more than read. Present exactly when the engine has the capability
   * `grants`.
   */
  admit?(reader: Reader): Promise<Admission>
}

/** The last line of the comment of a view that an export made, and makes again: whose it is. */
export function exportMark(uniqueId: string): string {
  return `[made by tsdbt for ${uniqueId}]`
}

/** The unique id of the export that made a relation; null when none did. */
export function exportOfComment(comment: string | null): string | null {
  return /\[made by tsdbt for (export\.[^\]\s]+)\]$/.exec(comment ?? '')?.[1] ?? null
}
