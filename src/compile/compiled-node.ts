import type { MappedText } from '../base/source-map.ts'

/** A node whose template has been evaluated. */
export interface CompiledNode {
  readonly uniqueId: string
  /** The statement without a trailing `;`, ephemeral parents injected as CTEs. Relation names are those of the binding. */
  readonly sql: MappedText
  /** unique id of each injected ephemeral model and its CTE text, for the manifest. */
  readonly extraCtes: readonly { readonly id: string; readonly sql: string }[]
  readonly preHooks: readonly CompiledHook[]
  readonly postHooks: readonly CompiledHook[]
  readonly sqlHeader: MappedText | null
}

export interface CompiledHook {
  readonly sql: MappedText
  /** False: outside the transaction. */
  readonly transaction: boolean
}

/** A data test: the query that returns bad rows, already with `where` and `limit`. */
export interface CompiledTest {
  readonly uniqueId: string
  readonly sql: MappedText
  /**
   * What stands behind `from` for the tested rows, in its binding and with the test's `where`: for percentages and for the
   * shared scan. Null for a singular test.
   */
  readonly modelSql: string | null
}
