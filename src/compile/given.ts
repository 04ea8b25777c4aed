import type { MappedText } from '../base/source-map.ts'
import type { Span } from '../base/span.ts'
import type { ConfigValue } from '../config/node-config.ts'

/** Rows that stand in for a relation. */
export interface GivenInput {
  /** The CTE that holds them, unquoted. */
  readonly cte: string
  /** The query that gives them. */
  readonly sql: MappedText
}

/** What a query reads instead of the warehouse, and what its template sees of the project. */
export interface Given {
  /** By `inputKey`. What is not there may not be read, unless the binding says where it stands. */
  readonly inputs: ReadonlyMap<string, GivenInput>
  /** On top of the project's own variables, without those of the command line. */
  readonly vars: { readonly [name: string]: ConfigValue }
  readonly env: { readonly [name: string]: string }
  /** Values that calls of macros give, by the unique id of the macro. */
  readonly macros: ReadonlyMap<string, ConfigValue>
  /** Who gives the rows, and where, for what is missing. */
  readonly giver: { readonly name: string; readonly uniqueId: string; readonly span: Span }
}

/** The key of an input: a node's rows, a source's refused rows, or the rows of the queried model itself. */
export function inputKey(node: string, what: 'rows' | 'quarantine' | 'this' = 'rows'): string {
  return what === 'rows' ? node : `${what} ${node}`
}
