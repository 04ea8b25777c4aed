import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseError, InternalError } from '../../base/errors.ts'
import { quoteString } from '../../sql/quote.ts'
import type { Cell } from '../adapter.ts'
import type { CsvLayout } from '../load/csv-layout.ts'
import { type FileColumn, normal, placesOf } from '../load/header.ts'
import { shortRows } from '../load/load-errors.ts'
import { lookUpRecords, normaliseCsv } from '../load/normalise-csv.ts'
import { strictLines } from '../load/strict-shape.ts'
import type { TextFile } from '../load/text-file.ts'
import { readsNatively } from '../load/value-sql.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'
import {
  type BadValue,
  type CellSource,
  insertSql,
  markBadRows,
  notOfType,
  readWrittenRows,
  type Staging,
} from './load-staging.ts'

export interface CsvFile {
  /** Relative to the project; the value of `_file`. */
  readonly path: string
  readonly text: TextFile
  readonly layout: CsvLayout
  /** In the file's order. */
  readonly columns: readonly FileColumn[]
}

const REJECTS = 'tsdbt_reject_errors'
const SCANS = 'tsdbt_reject_scans'

/**
 * Loads a delimited file into the staged table; bad rows go to the refused. Returns the number of rows in the file.
 *
 * A plain file is read by the engine in one pass. Whatever is odd (embedded line breaks, ragged rows, NUL, footers,
 * mixed line ends) is split here instead, by the same rules for every engine, and then handed over.
 */
export async function loadCsv(staging: Staging, file: CsvFile): Promise<number> {
  const { start, end } = file.layout.rows
  if (file.columns.length === 0 || start >= end) return 0
  let rows: number | 'not-plain' | 'bad-values' = 'not-plain'
  if (mayBePlain(file) && (await keepsOrder(staging.connection))) {
    rows = await loadPlain(staging, file, true)
    if (rows === 'bad-values') rows = await loadPlain(staging, file, false)
  }
  return typeof rows === 'string' ? loadSplit(staging, file) : rows
}

/** What the engine reads as we do, as far as the traits of its bytes tell. */
function mayBePlain({ text, layout, columns }: CsvFile): boolean {
  const { traits } = text
  const oneKindOfBreak = traits.breaks !== 'cr' && traits.breaks !== 'mixed'
  const markIsSkipped = traits.bomBytes === 0 || layout.rows.line > 1
  return columns.length > 1 && !traits.hasNul && oneKindOfBreak && markIsSkipped && layout.rows.end === traits.bytes
}

/** Rows have their numbers from their order, which a profile may give up. */
async function keepsOrder(connection: DuckDbConnection): Promise<boolean> {
  const { rows } = await connection.query(`select current_setting('preserve_insertion_order')::boolean`)
  return rows[0]![0] === true
}

/**
 * Gives the number of rows, or why the file cannot be read in this way; nothing of it is staged then. `native` lets the
 * engine convert where it does so as we do; its conversion does not say which of its rows are bad, so `bad-values` asks
 * for another pass without.
 */
async function loadPlain(
  staging: Staging,
  file: CsvFile,
  native: boolean,
): Promise<number | 'not-plain' | 'bad-values'> {
  const { connection, format } = staging
  const table = duckDbDialect.relation(staging.table)
  const { layout, text } = file
  const types: string[] = []
  const note = (index: number, type: string | undefined) => {
    types[index] = type ?? 'varchar'
    return `c${index}`
  }
  const cells = cellSources(staging, file, note, native)
  const columns = file.columns.map((_, i) => `c${i}: ${quoteString(types[i] ?? 'varchar')}`).join(', ')
  const nulls = ['', ...format.nullWords].map(quoteString).join(', ')
  const quoting =
    layout.bytes.quote < 0
      ? "quote='', escape=''"
      : `quote=${chr(layout.bytes.quote)}, escape=${chr(layout.bytes.escape)}`
  const from = `read_csv(${quoteString(globSafe(text.absolutePath))}, columns={${columns}}, auto_detect=false, header=false, skip=${layout.rows.line - 1}, delim=${quoteString(layout.delimiter)}, ${quoting}, nullstr=[${nulls}], allow_quoted_nulls=false, compression='none', store_rejects=true, rejects_table='${REJECTS}', rejects_scan='${SCANS}', rejects_limit=1000)`
  await dropRejects(staging)
  const insert = insertSql(staging, { file: file.path, from, line: null, cells })
  // The engine works on other threads: the shape costs little time of its own.
  const [inserted, wanted] = await Promise.all([
    insertOrGiveUp(connection, insert),
    strictLines(text.absolutePath, layout, file.columns.length),
  ])
  if (!inserted) return 'not-plain'
  const { rows } = await connection.query(
    `select count(*), min(rowid), max(rowid), (select count(*) from ${REJECTS}),
      (select count(*) from ${REJECTS} where error_type = 'CAST') from ${table} where _line <= 0`,
  )
  await dropRejects(staging)
  const [count, first, last, rejects, casts] = rows[0]!.map(Number) as [number, number, number, number, number]
  // Each line is one record, so its number follows from its order.
  if (rejects > 0 || count !== wanted || (count > 0 && last - first + 1 !== count)) {
    await connection.execute(`delete from ${table} where _line <= 0`)
    return wanted !== undefined && rejects > 0 && casts === rejects && native ? 'bad-values' : 'not-plain'
  }
  if (count === 0) return 0
  const line = `rowid + ${layout.rows.line - first}`
  const bad = await connection.query(`select ${line}, -_line from ${table} where _line < 0 order by 1`)
  refuse(staging, file, bad.rows, true)
  if (bad.rows.length > 0) await connection.execute(`delete from ${table} where _line < 0`)
  await connection.execute(`update ${table} set _line = ${line} where _line = 0`)
  return count
}

/** Faults that say nothing about the file. */
const FATAL = ['out-of-memory', 'disk-full', 'connection', 'interrupted']

/** False when the engine cannot read the file at all. */
async function insertOrGiveUp(connection: DuckDbConnection, insert: string): Promise<boolean> {
  try {
    await connection.execute(insert)
    return true
  } catch (error) {
    if (error instanceof DatabaseError && !FATAL.includes(error.fault.kind)) return false
    throw error
  }
}

async function dropRejects({ connection }: Staging): Promise<void> {
  await connection.execute(`drop table if exists ${REJECTS}`)
  await connection.execute(`drop table if exists ${SCANS}`)
}

async function loadSplit(staging: Staging, file: CsvFile): Promise<number> {
  const { connection, refused, workshop, warnings } = staging
  const before = refused.count
  const width = file.columns.length
  const output = join(workshop.folder, 'rows.csv')
  try {
    const result = normaliseCsv(file.text.absolutePath, file.layout, width, output, (row) =>
      refused.add(file.path, row),
    )
    if (result.shortRows > 0) {
      const { shortRows: count, firstShortLine: first } = result
      warnings.push(shortRows({ path: file.path, count, first }, { data: { path: file.path, line: first } }))
    }
    const structural = refused.count - before
    if (result.written === 0) return structural
    const names = ['line', ...file.columns.map((_, i) => `c${i}`)]
    const from = readWrittenRows(output, names, result.longest)
    const cells = cellSources(staging, file, (index) => `c${index}`, false)
    await markBadRows(staging)
    const inserted = await connection.execute(
      insertSql(staging, { file: file.path, from, line: 'line::bigint', cells }),
    )
    if (inserted !== result.written) {
      throw new InternalError(`${file.path}: ${result.written} rows were split, ${inserted} arrived`)
    }
    await refuseBadValues(staging, file)
    return result.written + structural
  } finally {
    rmSync(output, { force: true })
  }
}

/** `place` gives the SQL of the file's column; it is told the type when the engine may read the value by itself. */
function cellSources(
  staging: Staging,
  file: CsvFile,
  place: (index: number, native: string | undefined) => string,
  nativeAllowed: boolean,
): CellSource[] {
  const places = placesOf(file.columns)
  return staging.columns.map((column): CellSource => {
    const index = places.get(normal(column.inFiles))
    if (index === undefined) return { kind: 'absent' }
    const native = nativeAllowed && readsNatively(column, staging.format)
    const sql = place(index, native ? column.type : undefined)
    return native ? { kind: 'native', sql } : { kind: 'text', sql }
  })
}

/** Moves staged rows that hold a bad value to the refused. */
async function refuseBadValues(staging: Staging, file: CsvFile): Promise<void> {
  const { connection } = staging
  const table = duckDbDialect.relation(staging.table)
  const isBad = `_bad is not null and _file = ${quoteString(file.path)}`
  const { rows } = await connection.query(`select _line, _bad from ${table} where ${isBad} order by _line`)
  refuse(staging, file, rows, false)
  if (rows.length > 0) await connection.execute(`delete from ${table} where ${isBad}`)
}

/** Puts rows to the refused whose values the target refuses, though they could be read. */
export function refuseCsv(staging: Staging, file: CsvFile, bad: readonly BadValue[]): void {
  refuse(
    staging,
    file,
    bad.map(({ line, column }) => [line, column + 1]),
    false,
  )
}

/** Puts rows to the refused: their lines, ascending, and the 1-based index of the column that is bad. */
function refuse(staging: Staging, file: CsvFile, bad: readonly (readonly Cell[])[], linesAreRecords: boolean): void {
  const { refused, columns } = staging
  const before = refused.count
  const places = placesOf(file.columns)
  const wanted = { lines: bad.map((row) => Number(row[0])), linesAreRecords }
  lookUpRecords(file.text.absolutePath, file.layout, wanted, (record, i) => {
    const column = columns[Number(bad[i]![1]) - 1]!
    const index = places.get(normal(column.inFiles))!
    const reason = notOfType(record.cell(index), column)
    const { line, raw } = record
    refused.add(file.path, { line, column: column.name, reason, raw, at: record.columnOf(index) })
  })
  if (refused.count - before !== bad.length) throw new InternalError(`${file.path}: bad rows were not found again`)
}

function chr(byte: number): string {
  return quoteString(String.fromCharCode(byte))
}

/** `read_csv` takes its path for a pattern: special characters become classes of one character. */
function globSafe(path: string): string {
  return path.replace(/[*?[\]{}]/g, (c) => `[${c}]`)
}
