import type { Span } from '../base/span.ts'
import type { RelationName } from '../sql/relation.ts'

/** A constraint that a table itself keeps. Names of columns are those of the table. */
export interface ConstraintSpec {
  readonly kind: 'not_null' | 'unique' | 'primary_key' | 'check' | 'custom'
  /** Null lets the engine's adapter name it. */
  readonly name: string | null
  /** Empty for `check` and `custom`. */
  readonly columns: readonly string[]
  /** The condition of a check, the whole text of a custom one; for keys what follows their columns, or null. */
  readonly expression: string | null
  /** Where it is declared. */
  readonly span?: Span | undefined
}

/** The constraints that a table shall have. */
export interface ConstraintRequest {
  readonly table: RelationName
  readonly constraints: readonly ConstraintSpec[]
  /** New rows that are about to enter the table and may bring columns; absent when it has its rows already. */
  readonly incoming?: RelationName | undefined
  /** A free name of this run, for engines that write a table anew to give it constraints. */
  readonly aside: RelationName
}

/**
 * Constraints of tables that stand. What an administrator added is left alone, as far as the engine can tell the two
 * apart. All methods raise `DatabaseError`, or `UserError` at the constraint that the engine did not take.
 */
export interface TableConstraints {
  /** True when `ensure` would change something. */
  differ(request: ConstraintRequest): Promise<boolean>
  /** Takes away constraints that are no longer declared, so that new rows need not fulfil them. */
  loosen(request: ConstraintRequest): Promise<void>
  /** Makes what is missing; the rows fulfil it, or it fails. Takes away what is no longer declared. */
  ensure(request: ConstraintRequest): Promise<void>
}
