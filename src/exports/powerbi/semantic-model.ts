import type { Span } from '../../base/span.ts'
import type { NodeRelation } from '../../project/resource.ts'

export type DataType = 'int64' | 'double' | 'decimal' | 'string' | 'dateTime' | 'boolean'
export type SummarizeBy = 'none' | 'sum' | 'average' | 'min' | 'max' | 'count' | 'distinctCount'

export interface ModelColumn {
  /** As people see it. */
  readonly name: string
  /** In the rows. */
  readonly source: string
  readonly dataType: DataType
  /** The type in Power Query's language M: `type date`, `Int64.Type`. */
  readonly queryType: string
  /** What the engine makes of it for a file: text, the text of JSON, or the time in UTC; null: it is written as it is. */
  readonly written: 'text' | 'json' | 'utc' | null
  /** What a `dateTime` is a part of. */
  readonly part: 'Date' | 'Time' | null
  readonly description: string
  readonly hidden: boolean
  readonly key: boolean
  readonly format: string | null
  readonly category: string | null
  readonly summarizeBy: SummarizeBy
  readonly folder: string | null
  /** Name of the column that gives the order. */
  readonly sortBy: string | null
}

export interface Measure {
  readonly name: string
  /** DAX. */
  readonly expression: string
  readonly format: string | null
  readonly description: string
  readonly folder: string | null
  readonly hidden: boolean
  readonly nameSpan: Span
  /** Where the expression is written. */
  readonly span: Span
  /** Offset in the file at which its text begins; null when the file has another text than the expression. */
  readonly textStart: number | null
}

export interface ModelTable {
  /** As people see it. */
  readonly name: string
  /** Of the exported table: the name of its file. */
  readonly source: string
  readonly relation: NodeRelation
  readonly description: string
  readonly hidden: boolean
  /** Whether it is the calendar of the model. */
  readonly isCalendar: boolean
  readonly columns: readonly ModelColumn[]
  readonly measures: readonly Measure[]
}

/** Many rows of `from` to one of `to`; columns and tables by the names that people see. */
export interface Relationship {
  readonly from: { readonly table: string; readonly column: string }
  readonly to: { readonly table: string; readonly column: string }
  readonly oneToOne: boolean
  /** Why it filters only where a measure asks for it; null: it is active. */
  readonly inactive: string | null
}

export interface SemanticModel {
  readonly name: string
  readonly tables: readonly ModelTable[]
  readonly relationships: readonly Relationship[]
}
