/** Data types as Tableau knows them. */
export type TableauDatatype = 'string' | 'integer' | 'real' | 'boolean' | 'date' | 'datetime' | 'spatial'

export type TableauRole = 'dimension' | 'measure'

/** `nominal` and `ordinal` are discrete (blue pills), `quantitative` is continuous (green). */
export type TableauFieldType = 'nominal' | 'ordinal' | 'quantitative'

/** Aggregations that a field may have by default, as Tableau writes them. */
export type TableauAggregation =
  | 'Sum'
  | 'Avg'
  | 'Count'
  | 'CountD'
  | 'Min'
  | 'Max'
  | 'Median'
  | 'Attribute'
  | 'Stdev'
  | 'StdevP'
  | 'Var'
  | 'VarP'
  | 'Year'
  | 'None'

export interface TableauCalculation {
  /** Fields are named by their internal names, in brackets. */
  readonly formula: string
  /** Whether it aggregates by itself, so that shelves take it as it is (`usr:`) instead of adding up. */
  readonly aggregate: boolean
}

/** A field of a data source as shelves, filters and formulas see it: a column of a table or a calculated field. */
export interface TableauField {
  /** The internal name without brackets; unique in the data source without regard to case. */
  readonly name: string
  /** The `ExportTable` it comes from, by name. */
  readonly table: string
  /** The column in that table; null for a calculated field. */
  readonly column: string | null
  /** What an analyst sees. */
  readonly caption: string
  readonly description: string
  readonly datatype: TableauDatatype
  readonly role: TableauRole
  readonly type: TableauFieldType
  /** Used when the field is put on a shelf as a measure; null: Tableau's own choice for the data type. */
  readonly aggregation: TableauAggregation | null
  /** As Tableau writes it (`n#,##0`, `p0.0%`); null: Tableau's own choice. */
  readonly format: string | null
  /** `[Country].[ISO3166_2]` …; null when the field is no place. */
  readonly semanticRole: string | null
  readonly folder: string | null
  readonly hidden: boolean
  readonly calculation: TableauCalculation | null
  /** Other names for values. */
  readonly aliases: readonly { readonly value: FieldValue; readonly caption: string }[]
  /** Colours of values, `#rrggbb`. */
  readonly colors: readonly { readonly value: FieldValue; readonly color: string }[]
  /** Name of a palette for the values; null when none is chosen. */
  readonly palette: string | null
}

export type FieldValue = string | number | boolean

/** `[name]`, with closing brackets doubled as Tableau does. */
export function bracketed(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`
}

/** How Tableau names the missing value among others. */
const NULL = '%null%'

/** A value as Tableau writes it in aliases, colours and filters: text and dates are marked, numbers stand bare. */
export function valueText(value: FieldValue, datatype: TableauDatatype): string {
  if (value === NULL) return NULL
  if (datatype === 'date' || datatype === 'datetime') return `#${value}#`
  if (datatype === 'string' || datatype === 'spatial') return `"${String(value).replaceAll('"', '\\"')}"`
  return String(value)
}
