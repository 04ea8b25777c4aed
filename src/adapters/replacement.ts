import type { MappedText } from '../base/source-map.ts'
import type { RelationKind, RelationName } from '../sql/relation.ts'
import type { ConstraintSpec } from './constraints.ts'

/** How new rows reach a table that stands; `auto` decides by size and shape. */
export type ReplaceMethod = 'auto' | 'swap' | 'in_place'

/** One index of a relation, as `indexes` declares it. */
export interface IndexSpec {
  /** Names of columns, or expressions in parentheses. */
  readonly columns: readonly string[]
  readonly unique: boolean
  /** `btree`, `hash`, `gin`, `gist`, `brin` …; null is the engine's default. */
  readonly type: string | null
  /** Columns that are stored along (`include`). */
  readonly include: readonly string[]
  /** A partial index: the condition, as SQL. */
  readonly where: string | null
  /** Null lets the engine's adapter name it after its relation and a hash of its definition. */
  readonly name: string | null
}

export type PartitionSpec =
  | { readonly kind: 'range'; readonly column: string; readonly granularity: 'day' | 'month' | 'year' }
  | { readonly kind: 'list'; readonly column: string }
  | { readonly kind: 'hash'; readonly column: string; readonly partitions: number }

/** Physical properties that a model's configuration asks for. Engines without one of them refuse it when the profile's engine is known. */
export interface TableStorage {
  readonly indexes: readonly IndexSpec[]
  readonly unlogged: boolean
  /** Percent, 10 to 100. */
  readonly fillfactor: number | null
  readonly tablespace: string | null
  readonly partitionBy: PartitionSpec | null
}

/** A new relation that stands beside `target` and shall take its place. */
export interface ReplaceRequest {
  readonly target: RelationName
  readonly staged: RelationName
  /** What stands at `target`; null when nothing does. */
  readonly existing: RelationKind | null
  /** What `staged` is. */
  readonly kind: 'table' | 'materialized_view'
  readonly method: ReplaceMethod
  readonly storage: TableStorage
  /** What the table keeps by itself; absent when nothing is declared, and then what an earlier declaration made goes. */
  readonly constraints?: readonly ConstraintSpec[] | undefined
  /**
   * Materialized views over `target` that the project makes itself. When the table is swapped they keep their rows and the
   * old table, under the name of `staged`, until they are made again; then a later run drops it as a stray.
   */
  readonly rebuilt?: readonly RelationName[]
}

/** What `prepareReplacement` decided. */
export interface Replacement {
  readonly request: ReplaceRequest
  /** `create`: nothing stood there, the new relation is renamed. */
  readonly how: 'create' | 'swap' | 'in_place'
  /** Why, in a few words: "same columns, 1.2 MB". */
  readonly why: string
  /** Adapter's own notes for `publishReplacement`. */
  readonly state: unknown
}

/** A view's new definition. */
export interface ViewRequest {
  readonly target: RelationName
  /** The query; its map leads mistakes to the analyst's line. */
  readonly sql: MappedText
  readonly existing: RelationKind | null
}

/** Rights that a relation's configuration declares: privilege to roles. A privilege that is not named is taken from all roles but the owner. */
export interface GrantRequest {
  readonly relation: RelationName
  readonly kind: RelationKind
  readonly grants: { readonly [privilege: string]: readonly string[] }
}

/**
 * What an engine offers where relations bind by identity and replacing one locks its readers out: every dependant, right,
 * comment, index and policy of the old relation survives, or the replacement is refused with a list of what would be lost.
 * All methods raise `DatabaseError` or, when they refuse, `UserError`.
 */
export interface GuardedReplacement {
  /**
   * Decides how `staged` takes the place of `target`, and makes on it what needs no lock of the target (indexes, rights,
   * comments). Inside or outside a transaction.
   */
  prepareReplacement(request: ReplaceRequest): Promise<Replacement>
  /** Inside the open transaction: afterwards `target` shows the new rows and `staged` is gone. */
  publishReplacement(replacement: Replacement): Promise<void>
  /** Tells how `columns` would reach the table, for a dry run; changes nothing. Null columns: they are not known. */
  predictReplacement(
    request: ReplaceRequest,
    columns: readonly { readonly name: string; readonly type: string }[] | null,
  ): Promise<{ readonly how: Replacement['how'] | null; readonly why: string }>
  /**
   * Gives a view its new definition, where possible without dropping it; else its dependants are made again in the same
   * transaction. Opens its own transaction when none is open.
   */
  replaceView(request: ViewRequest): Promise<void>
  /** Grants and revokes what differs from the declared rights; returns the statements that were executed. */
  applyGrants(request: GrantRequest): Promise<readonly string[]>
}
