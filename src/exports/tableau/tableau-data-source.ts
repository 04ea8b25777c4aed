import type { LiveConnection } from '../../adapters/live-connection.ts'
import type { TableauField } from './field.ts'
import type { ColumnKind } from './field-defaults.ts'

/** Where the rows are: in an extract of the same package, or in a server that is asked each time. */
export type TableauConnection =
  | {
      readonly kind: 'hyper'
      /** `hyper.` and 28 characters. */
      readonly id: string
      readonly caption: string
      /** Of the extract within the package, with `/`. */
      readonly path: string
    }
  | { readonly kind: 'postgres'; readonly id: string; readonly caption: string; readonly live: LiveConnection }

/** A logical table of a data source. */
export interface TableauTable {
  /** Of the `ExportTable`. */
  readonly name: string
  readonly caption: string
  readonly objectId: string
  /** Where the connection has it. */
  readonly schema: string
  readonly relation: string
  readonly columns: readonly {
    /** In the table. */
    readonly name: string
    /** Of the field that shows it. */
    readonly field: string
    readonly kind: ColumnKind
  }[]
}

/** Two tables that belong together: every pair of fields is equal. */
export interface TableauRelationship {
  /** Name of the table that refers. */
  readonly from: string
  readonly to: string
  /** Internal names of fields. */
  readonly on: readonly { readonly from: string; readonly to: string }[]
}

/** A data source as Tableau has it, in a file of its own or within a workbook. */
export interface TableauDataSource {
  /** `federated.` and 28 characters: shelves say `[federated.…].[sum:revenue:qk]`. */
  readonly name: string
  readonly caption: string
  readonly connection: TableauConnection
  /** One at least. */
  readonly tables: readonly TableauTable[]
  readonly relationships: readonly TableauRelationship[]
  /** Columns in their order, then calculated fields. */
  readonly fields: readonly TableauField[]
  readonly hierarchies: readonly { readonly name: string; readonly fields: readonly string[] }[]
  /** Null: none is set. */
  readonly country: string | null
}
