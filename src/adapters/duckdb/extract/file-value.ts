import { quoteIdentifier } from '../../../sql/quote.ts'
import type { ExtractFile } from '../../extraction.ts'
import type { LogicalType } from '../../logical-type.ts'
import { duckDbDialect } from '../duckdb-dialect.ts'

/** A column of rows that are written to a file. */
export interface FileColumn {
  readonly name: string
  readonly type: LogicalType
}

type CsvFile = Extract<ExtractFile, { readonly format: 'csv' }>

/**
 * The SQL of a column as a file holds it, so that no value depends on a setting of the session: what a format has a type for
 * keeps it, all else is text. Parquet's own 128-bit integers and intervals would lose digits.
 */
export function fileValue({ name, type }: FileColumn, file: ExtractFile): string {
  const column = quoteIdentifier(name)
  switch (file.format) {
    case 'parquet':
      return parquetValue(column, type)
    case 'csv':
      return csvValue(column, type, file)
    case 'ndjson':
      return jsonValue(column, type)
  }
}

function parquetValue(column: string, type: LogicalType): string {
  switch (type.kind) {
    case 'boolean':
    case 'uuid':
    case 'json':
    case 'date':
    case 'blob':
    case 'float':
    case 'timestamp':
      return column
    case 'integer':
      return type.bits === 128 ? `${column}::decimal(38, 0)` : column
    case 'decimal':
      return type.precision === null ? `${column}::double` : column
    case 'time':
      return type.zone ? `${column}::varchar` : column
    case 'nested':
      return `to_json(${column})`
    case 'text':
    case 'interval':
    case 'geometry':
    case 'other':
      return `${column}::varchar`
  }
}

function csvValue(column: string, type: LogicalType, file: CsvFile): string {
  switch (type.kind) {
    case 'date':
      return formatted(column, file.dateFormat)
    case 'timestamp':
      return type.zone ? zoned(column, file.timestampFormat) : formatted(column, file.timestampFormat)
    case 'float':
      return withDecimal(finite(column, `${column}::varchar`, (word) => word), file)
    case 'decimal':
      return withDecimal(`${column}::varchar`, file)
    case 'blob':
      return hex(column)
    case 'nested':
      return `to_json(${column})::varchar`
    default:
      return `${column}::varchar`
  }
}

function jsonValue(column: string, type: LogicalType): string {
  switch (type.kind) {
    case 'boolean':
    case 'integer':
    case 'json':
      return column
    case 'decimal':
      return type.precision === null ? number(column) : column
    case 'float': {
      const shortest = type.bits === 32 ? `${column}::varchar::json` : `to_json(${column})`
      return finite(column, shortest, (word) => `to_json(${word})`)
    }
    case 'timestamp':
      return type.zone ? zoned(column, null) : `${column}::varchar`
    case 'blob':
      return hex(column)
    case 'nested':
      return `to_json(${column})`
    default:
      return `${column}::varchar`
  }
}

function formatted(column: string, format: string | null): string {
  return format === null ? `${column}::varchar` : `strftime(${column}, ${duckDbDialect.literal(format)})`
}

/** In UTC, whatever the time zone of the session is. */
function zoned(column: string, format: string | null): string {
  const utc = `(${column} at time zone 'UTC')`
  if (format !== null) return formatted(utc, format)
  return `${utc}::varchar || case when isfinite(${column}) then '+00' else '' end`
}

/** JSON has no NaN and no infinity; elsewhere each engine would spell them in its own way. */
function finite(column: string, value: string, other: (word: string) => string): string {
  const infinite = `case when ${column} > 0 then 'Infinity' else '-Infinity' end`
  return `case when isfinite(${column}) then ${value} when isnan(${column}) then ${other("'NaN'")} when ${column} is not null then ${other(infinite)} end`
}

/** A number with any number of digits, that the source may hold as text. */
function number(column: string): string {
  const text = `${column}::varchar`
  return `case when ${text} in ('NaN', 'Infinity', '-Infinity') then to_json(${text}) else ${text}::json end`
}

function withDecimal(text: string, file: CsvFile): string {
  return file.decimal === '.' ? text : `replace(${text}, '.', ${duckDbDialect.literal(file.decimal)})`
}

/** As the cells of a result have it. */
function hex(column: string): string {
  return `'\\x' || lower(hex(${column}))`
}
