import { quoteIdentifier } from '../../../sql/quote.ts'
import type { ChangedValues, ExtractFile } from '../../extraction.ts'
import type { LogicalType } from '../../logical-type.ts'
import type { DuckDbConnection } from '../duckdb-connection.ts'
import { duckDbDialect } from '../duckdb-dialect.ts'
import type { FileRows } from './file-value.ts'

type ParquetFile = Extract<ExtractFile, { readonly format: 'parquet' }>

/** How a column stands in a Parquet file. */
interface ParquetRule {
  readonly value: string
  /** True for values that have a place there; without it all have. Never null for a value. */
  readonly fits?: string
  /** True for values that lose digits. */
  readonly rounds?: string
}

const MOST_DIGITS = 38
/** What a number of 64 bits holds, which is many times faster. */
const FAST_DIGITS = 18
/** Whole numbers up to here are doubles without loss. */
const EXACT_DOUBLE = '9007199254740992'
/** Digits that a double keeps always. */
const DOUBLE_DIGITS = 15
const UNFIT = 'no place in the file for column'

/**
 * The SQL of the columns of a Parquet file: what the format has a type for keeps it, all else is text. Its own 128-bit integers
 * and intervals would lose digits, an infinite date would become a finite one.
 */
export async function parquetValues(
  connection: Pick<DuckDbConnection, 'query'>,
  rows: FileRows,
  file: ParquetFile,
): Promise<{ readonly values: readonly string[]; readonly changed: readonly ChangedValues[] }> {
  const held = await heldDecimals(connection, rows, file)
  const rules = rows.columns.map(({ name, type }) => parquetRule(quoteIdentifier(name), type, { file, held }))
  const values = rules.map((rule, i) => {
    const column = quoteIdentifier(rows.columns[i]!.name)
    return `${guarded(column, rule, { index: i, nulls: file.outOfRange === 'null' })} as ${column}`
  })
  return { values, changed: await changedValues(connection, { rows, rules }, file) }
}

/** The column and the value in the message of a value that did not fit. */
export function unfitValue(message: string): { readonly index: number; readonly value: string } | undefined {
  const [, index, value] = new RegExp(`${UNFIT} (\\d+): (.*)`).exec(message) ?? []
  return index === undefined || value === undefined ? undefined : { index: Number(index), value }
}

function guarded(column: string, { value, fits }: ParquetRule, how: { index: number; nulls: boolean }): string {
  if (fits === undefined) return value
  if (how.nulls) return `case when ${fits} then ${value} end`
  const message = duckDbDialect.literal(`${UNFIT} ${how.index}: `)
  return `case when ${column} is null or ${fits} then ${value} else error(${message} || ${column}::varchar) end`
}

function parquetRule(
  column: string,
  type: LogicalType,
  { file, held }: { readonly file: ParquetFile; readonly held: ReadonlyMap<string, string> },
): ParquetRule {
  const double = file.wideNumbers === 'double'
  switch (type.kind) {
    case 'boolean':
    case 'uuid':
    case 'json':
    case 'blob':
    case 'float':
      return { value: column }
    case 'date':
    case 'timestamp':
      return { value: column, fits: `isfinite(${column})` }
    case 'integer': {
      const wide = type.bits === 128 || (type.bits === 64 && !type.signed)
      if (wide && double) {
        const below = type.signed ? ` or ${column} < -${EXACT_DOUBLE}` : ''
        return { value: `${column}::double`, rounds: `${column} > ${EXACT_DOUBLE}${below}` }
      }
      if (type.bits !== 128) return { value: column }
      const most = '9'.repeat(MOST_DIGITS)
      const fits = type.signed ? `${column} between -${most} and ${most}` : `${column} <= ${most}`
      return { value: `${column}::decimal(${MOST_DIGITS}, 0)`, fits }
    }
    case 'decimal': {
      if (type.precision !== null && type.scale !== null) return decimal(column, type.precision, type.scale)
      const decided = held.get(column)
      if (decided !== undefined) return { value: `${column}::${decided}` }
      return { value: `${column}::double`, rounds: `${digits(column)} > ${DOUBLE_DIGITS}` }
    }
    case 'time':
      return { value: type.zone ? `${column}::varchar` : column }
    case 'nested':
      return { value: `to_json(${column})` }
    case 'text':
    case 'interval':
    case 'geometry':
    case 'other':
      return { value: `${column}::varchar` }
  }
}

/** A text is cast once only, as that is slow for many digits. */
function decimal(column: string, precision: number, scale: number): ParquetRule {
  return { value: `${column}::decimal(${precision}, ${scale})`, fits: `${column}::varchar <> 'NaN'` }
}

/** Of a number in text, without the zeros that it begins or ends with. */
function digits(column: string): string {
  return `length(trim(translate(${column}, '-.', ''), '0'))`
}

/**
 * The type that holds every value of a decimal without a precision, by its quoted name; none where it has NaN,
 * infinity, or more than 38 digits on the two sides of the point.
 */
async function heldDecimals(
  connection: Pick<DuckDbConnection, 'query'>,
  { sql, columns }: FileRows,
  file: ParquetFile,
): Promise<ReadonlyMap<string, string>> {
  const open = columns.filter(({ type }) => type.kind === 'decimal' && type.precision === null)
  if (open.length === 0 || file.wideNumbers === 'double') return new Map()
  const names = open.map(({ name }) => quoteIdentifier(name))
  const facts = names.flatMap((name) => [
    `coalesce(max(length(ltrim(split_part(${name}, '.', 1), '-0'))), 0)`,
    `coalesce(max(length(rtrim(split_part(${name}, '.', 2), '0'))), 0)`,
    `count(*) filter (where ${name} in ('NaN', 'Infinity', '-Infinity'))`,
  ])
  const [row] = (await connection.query(`select ${facts.join(', ')} from (\n${sql}\n) as extracted`)).rows
  const held = new Map<string, string>()
  for (const [i, name] of names.entries()) {
    const [whole, fraction, others] = row!.slice(i * 3, i * 3 + 3).map(Number)
    const precision = whole! + fraction! <= FAST_DIGITS ? FAST_DIGITS : MOST_DIGITS
    if (others === 0 && whole! + fraction! <= precision) held.set(name, `decimal(${precision}, ${fraction})`)
  }
  return held
}

async function changedValues(
  connection: Pick<DuckDbConnection, 'query'>,
  { rows, rules }: { readonly rows: FileRows; readonly rules: readonly ParquetRule[] },
  file: ParquetFile,
): Promise<readonly ChangedValues[]> {
  const asked = rules.flatMap(
    ({ fits, rounds }, i): readonly (Omit<ChangedValues, 'count'> & { condition: string })[] => {
      const column = rows.columns[i]!.name
      if (rounds !== undefined) return [{ column, how: 'rounded', condition: rounds }]
      if (fits === undefined || file.outOfRange !== 'null') return []
      return [{ column, how: 'nulled', condition: `${quoteIdentifier(column)} is not null and not (${fits})` }]
    },
  )
  if (asked.length === 0) return []
  const counts = asked.map(({ condition }) => `count(*) filter (where ${condition})`)
  const [row] = (await connection.query(`select ${counts.join(', ')} from (\n${rows.sql}\n) as extracted`)).rows
  return asked.map(({ column, how }, i) => ({ column, how, count: Number(row![i]) })).filter(({ count }) => count > 0)
}
