import { quoteIdentifier } from '../../../sql/quote.ts'
import type { ExtractFile } from '../../extraction.ts'
import type { LogicalType } from '../../logical-type.ts'
import { duckDbDialect } from '../duckdb-dialect.ts'

/** A column of rows that are written to a file. Decimals may be text, as those of Postgres know `NaN`. */
export interface FileColumn {
  readonly name: string
  readonly type: LogicalType
}

/** What is written: a query, and the columns that it has. */
export interface FileRows {
  readonly sql: string
  readonly columns: readonly FileColumn[]
}

type CsvFile = Extract<ExtractFile, { readonly format: 'csv' }>

/** The SQL of the columns of a CSV, so that no value depends on a setting of the session. */
export function csvValues(columns: readonly FileColumn[], file: CsvFile): readonly string[] {
  return columns.map(({ name, type }) => {
    const column = quoteIdentifier(name)
    return `${csvValue(column, type, file)} as ${column}`
  })
}

function csvValue(column: string, type: LogicalType, file: CsvFile): string {
  switch (type.kind) {
    case 'date':
      return formatted(column, file.dateFormat)
    case 'timestamp':
      return type.zone ? zoned(column, file.timestampFormat) : formatted(column, file.timestampFormat)
    case 'float':
      return withDecimal(
        finite(column, `${column}::varchar`, (word) => word),
        file,
      )
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

/** The text of a JSON value; null for null. */
function jsonValue(column: string, type: LogicalType): string {
  switch (type.kind) {
    case 'boolean':
    case 'integer':
      return `${column}::varchar`
    case 'decimal':
      return anyDigits(column)
    case 'float': {
      const shortest = type.bits === 32 ? `${column}::varchar` : `to_json(${column})::varchar`
      return finite(column, shortest, (word) => `'"' || ${word} || '"'`)
    }
    case 'json':
      // Breaks stand between tokens only. Written by the engine, large numbers would lose digits.
      return `translate(${column}::varchar, chr(9) || chr(10) || chr(13), '   ')`
    case 'nested':
      return `to_json(${column})::varchar`
    case 'timestamp':
      return quoted(type.zone ? zoned(column, null) : `${column}::varchar`)
    case 'blob':
      return quoted(hex(column))
    default:
      return quoted(`${column}::varchar`)
  }
}

function quoted(text: string): string {
  return `to_json(${text})::varchar`
}

/** An object of JSON, a line long. */
export function jsonLine(columns: readonly FileColumn[]): string {
  const members = columns.map(({ name, type }, i) => {
    const key = duckDbDialect.literal(`${i === 0 ? '{' : ','}${JSON.stringify(name)}:`)
    return `${key}, coalesce(${jsonValue(quoteIdentifier(name), type)}, 'null')`
  })
  return `concat(${members.join(', ')}, '}')`
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

/** JSON has no NaN. */
function anyDigits(column: string): string {
  const text = `${column}::varchar`
  return `case when ${text} in ('NaN', 'Infinity', '-Infinity') then '"' || ${text} || '"' else ${text} end`
}

function withDecimal(text: string, file: CsvFile): string {
  return file.decimal === '.' ? text : `replace(${text}, '.', ${duckDbDialect.literal(file.decimal)})`
}

/** As the cells of a result have it. */
function hex(column: string): string {
  return `'\\x' || lower(hex(${column}))`
}
