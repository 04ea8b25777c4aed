import type { Span } from '../../base/span.ts'
import type { FieldValue, TableauAggregation, TableauDatatype, TableauFieldType, TableauRole } from './field.ts'
import type { FieldFormat } from './field-format.ts'
import type { FormulaToken } from './formula.ts'

/** A format with its place. */
export interface WrittenFormat extends FieldFormat {
  readonly written: string
  readonly span: Span
}

/** What `meta.tableau` of a column says; absent: nothing is said. */
export interface FieldMetadata {
  readonly caption?: string | undefined
  readonly description?: string | undefined
  readonly role?: TableauRole | undefined
  /** `discrete`: nominal or ordinal, as the data type has it. */
  readonly type?: TableauFieldType | 'discrete' | undefined
  readonly aggregation?: TableauAggregation | undefined
  readonly format?: WrittenFormat | undefined
  /** As Tableau writes it; null: the column is no place, whatever its name. */
  readonly semanticRole?: string | null | undefined
  readonly folder?: string | undefined
  readonly hidden?: boolean | undefined
  readonly aliases?: readonly { readonly value: FieldValue; readonly caption: string }[] | undefined
  readonly colors?: readonly { readonly value: FieldValue; readonly color: string }[] | undefined
  readonly palette?: string | undefined
}

/** A calculated field as it is written. */
export interface CalculationMetadata extends FieldMetadata {
  readonly name: string
  readonly formula: string
  /** Of the formula. */
  readonly tokens: readonly FormulaToken[]
  readonly datatype?: TableauDatatype | undefined
  /** Where the name stands, and where the formula. */
  readonly span: Span | null
  readonly formulaSpan: Span | null
  /** Offset in the file at which the formula's text begins; null when what stands there differs from the text. */
  readonly formulaOffset: number | null
}

/** What `meta.tableau` of a model and of its columns says. */
export interface TableMetadata {
  readonly caption?: string | undefined
  /** Which country a state or a city lies in when no column tells. */
  readonly country?: string | undefined
  readonly hierarchies: readonly {
    readonly name: string
    readonly levels: readonly { readonly name: string; readonly span: Span | null }[]
  }[]
  readonly calculations: readonly CalculationMetadata[]
  /** By column. */
  readonly columns: ReadonlyMap<string, FieldMetadata>
}

export const NO_METADATA: TableMetadata = { hierarchies: [], calculations: [], columns: new Map() }
