import { DatabaseError, InternalError, UserError } from '../../base/errors.ts'
import type { Span } from '../../base/span.ts'
import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { ResultColumn } from '../adapter.ts'
import { type FileColumn, normal, placesOf } from '../load/header.ts'
import { fileUnreadable } from '../load/load-errors.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'
import {
  type BadValue,
  badValuesSql,
  type CellSource,
  insertSql,
  markBadRows,
  notOfType,
  type Staging,
} from './load-staging.ts'

export interface ParquetFile {
  readonly path: string
  readonly absolutePath: string
  /** Columns of the file in order. */
  readonly columns: readonly ResultColumn[]
}

function reader(absolutePath: string): string {
  return `read_parquet(${quoteString(absolutePath.replace(/[*?[\]{}]/g, (c) => `[${c}]`))}, hive_partitioning=false)`
}

/** The rows of a file with their number, from 1, and the name that the number has: one that no column of the file has. */
function numberedRows(file: ParquetFile): { readonly from: string; readonly row: string } {
  const names = new Set(file.columns.map((column) => column.name.toLowerCase()))
  let row = 'tsdbt_row'
  while (names.has(row)) row += '_'
  // A column of that name hides the engine's own number.
  const number = names.has('file_row_number') ? 'row_number() over ()' : 'file_row_number + 1'
  return { from: `(select *, ${number} as ${row} from ${reader(file.absolutePath)})`, row }
}

/** Reads the columns of a file. Raises `UserError` when it is no Parquet. */
export async function openParquet(
  connection: DuckDbConnection,
  source: { path: string; absolutePath: string; span: Span },
): Promise<ParquetFile> {
  try {
    const { columns } = await connection.query(`select * from ${reader(source.absolutePath)} limit 0`)
    return { path: source.path, absolutePath: source.absolutePath, columns }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    const reason = error.fault.message.replaceAll(source.absolutePath, source.path)
    throw new UserError(fileUnreadable({ path: source.path, reason }, { span: source.span }))
  }
}

/** Loads a Parquet file into the staged table; `_line` is the row, from 1. Returns the number of rows. */
export async function loadParquet(
  staging: Staging,
  file: ParquetFile,
  columns: readonly FileColumn[],
): Promise<number> {
  const { connection, refused } = staging
  const before = refused.count
  const table = duckDbDialect.relation(staging.table)
  const places = placesOf(columns)
  const cells = staging.columns.map((column): CellSource => {
    const index = places.get(normal(column.inFiles))
    if (index === undefined) return { kind: 'absent' }
    const own = file.columns[index]!
    const sql = quoteIdentifier(own.name)
    const mayHoldNul = own.type.includes('VARCHAR')
    if (own.type === column.type) return { kind: 'native', sql, mayHoldNul }
    return own.type === 'VARCHAR'
      ? { kind: 'text', sql, mayHoldNul }
      : { kind: 'typed', sql, type: own.type, mayHoldNul }
  })
  const { from, row } = numberedRows(file)
  await markBadRows(staging)
  const count = await connection.execute(insertSql(staging, { file: file.path, from, line: row, cells }))
  if (count === null) throw new InternalError(`${file.path}: the engine does not tell how many rows it read`)
  const isBad = `_bad is not null and _file = ${quoteString(file.path)}`
  const bad = await refuseFrom(staging, file, columns, `(select _line, _bad from ${table} where ${isBad})`)
  await connection.execute(`delete from ${table} where ${isBad}`)
  if (refused.count - before !== bad) throw new InternalError(`${file.path}: refused rows were lost`)
  return count
}

/** Puts rows to the refused whose values the target refuses, though they could be read. */
export async function refuseParquet(
  staging: Staging,
  file: ParquetFile,
  columns: readonly FileColumn[],
  bad: readonly BadValue[],
): Promise<void> {
  await refuseFrom(staging, file, columns, badValuesSql(bad))
}

/** @param bad SQL of rows of `_line` and `_bad` */
async function refuseFrom(
  staging: Staging,
  file: ParquetFile,
  columns: readonly FileColumn[],
  bad: string,
): Promise<number> {
  const { connection, refused } = staging
  const places = placesOf(columns)
  const cases = staging.columns.map((column, i) => {
    const index = places.get(normal(column.inFiles))
    return index === undefined ? '' : ` when ${i + 1} then p.${quoteIdentifier(file.columns[index]!.name)}::varchar`
  })
  const { from, row } = numberedRows(file)
  const raw = `to_json({${file.columns.map(({ name }) => `${quoteIdentifier(name)}: p.${quoteIdentifier(name)}`).join(', ')}})`
  const { rows } =
    await connection.query(`select s._line, s._bad, ${raw}::varchar, case s._bad${cases.join('') || ' when 0 then null'} end
from ${bad} s join ${from} p on p.${row} = s._line order by 1`)
  for (const [line, index, raw, cell] of rows) {
    const column = staging.columns[Number(index) - 1]!
    const reason = notOfType(String(cell), column)
    refused.add(file.path, { line: Number(line), column: column.name, reason, raw: String(raw) })
  }
  return rows.length
}
