import type { Diagnostic } from '../../base/diagnostic.ts'
import { quoteIdentifier, quoteString } from '../../sql/quote.ts'
import type { RelationName } from '../../sql/relation.ts'
import type { RefusedRows } from '../load/refused-rows.ts'
import type { Workshop } from '../load/text-file.ts'
import { cellSql, isBadSql, type ValueFormat, type ValueType, valueSql } from '../load/value-sql.ts'
import type { DeclaredColumn, LoadRequest } from '../load.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'

/** A column of the table that is loaded, without `_file`, `_line`, `_loaded_at`. */
export interface TableColumn extends ValueType {
  readonly name: string
  /** What files call it, which the target may have to shorten. */
  readonly inFiles: string
  /** The type where the rows go to; the reader's own, when that is the same engine. */
  readonly stored: string
  readonly declared: DeclaredColumn | undefined
}

/** A value that is none of its column's type. */
export interface BadValue {
  /** What `_line` says. */
  readonly line: number
  /** Index of the table's column. */
  readonly column: number
}

/** A load while its files are being read. */
export interface Staging {
  readonly connection: DuckDbConnection
  readonly request: LoadRequest
  /** New rows. */
  readonly table: RelationName
  readonly columns: readonly TableColumn[]
  readonly format: ValueFormat
  readonly refused: RefusedRows
  readonly workshop: Workshop
  readonly warnings: Diagnostic[]
}

/** Where the value of a table's column is found in what is read. */
export type CellSource =
  | { readonly kind: 'absent' }
  /** SQL text of a value that has the column's type already. */
  | { readonly kind: 'native'; readonly sql: string; readonly mayHoldNul?: boolean }
  /** SQL text of a cell as text, to be read by our rules. */
  | { readonly kind: 'text'; readonly sql: string; readonly mayHoldNul?: boolean }
  /** SQL of a value of another type; it must survive the way to the column's type and back. */
  | { readonly kind: 'typed'; readonly sql: string; readonly type: string; readonly mayHoldNul?: boolean }

export interface InsertSource {
  readonly file: string
  readonly from: string
  /** SQL of the physical line; null when it is not known before the rows are there. */
  readonly line: string | null
  /** One for each table column. */
  readonly cells: readonly CellSource[]
}

/**
 * Reads rows into the staged table. The 1-based index of the first column whose value cannot be read is put into `_bad`;
 * where the line is not known, `_line` is 0, or that index below 0, because one column more would cost a tenth of the time.
 */
export function insertSql(staging: Staging, source: InsertSource): string {
  const { columns, format, request } = staging
  const cells: string[] = []
  const values: string[] = []
  const bad: string[] = []
  for (const [i, column] of columns.entries()) {
    const cell = source.cells[i]!
    // No table of every engine can hold one.
    if (cell.kind !== 'absent' && cell.mayHoldNul) bad.push(`when contains(k${i}::varchar, chr(0)) then ${i + 1}`)
    if (cell.kind === 'absent') values.push(`null::${column.type} as v${i}`)
    else if (cell.kind === 'native') {
      cells.push(`${cell.sql} as k${i}`)
      values.push(`k${i}`, `k${i} as v${i}`)
    } else if (cell.kind === 'text') {
      cells.push(`${cellSql(cell.sql, column.family, format)} as k${i}`)
      values.push(`k${i}`, `${valueSql(`k${i}`, column, format)} as v${i}`)
      if (canBeBad(column)) bad.push(`when ${isBadSql(`k${i}`, `v${i}`)} then ${i + 1}`)
    } else {
      const back = `try_cast(v${i} as ${cell.type})`
      cells.push(`${cell.sql} as k${i}`)
      values.push(`k${i}`, `try_cast(k${i} as ${column.type}) as v${i}`)
      bad.push(`when k${i} is not null and (v${i} is null or ${back} is distinct from k${i}) then ${i + 1}`)
    }
  }
  const { line } = source
  const marks = line === null ? ['_line'] : ['_line', '_bad']
  const isBad = line === null ? `-1 * case ${bad.join(' ')} else 0 end` : `case ${bad.join(' ')} end`
  const marked = bad.length > 0 ? isBad : line === null ? '0' : 'null'
  const names = [...columns.map((c) => c.name), '_file', '_loaded_at', ...marks].map(quoteIdentifier).join(', ')
  const selected = columns.map((_, i) => `v${i}`)
  selected.push(quoteString(source.file), `${quoteString(request.loadedAt)}::timestamptz`)
  selected.push(...(line === null ? [marked] : ['line', marked]))
  const inner = `select ${[...cells, `${line ?? 'null'} as line`].join(', ')} from ${source.from}`
  const middle = `select ${[...values, 'line'].join(', ')} from (${inner})`
  return `insert into ${duckDbDialect.relation(staging.table)} (${names})\nselect ${selected.join(', ')} from (${middle})`
}

/** False when every text is a value. */
export function canBeBad({ family, limit }: TableColumn): boolean {
  return family !== 'text' || limit !== undefined
}

/** Rows of `_line` and the 1-based index of the column, `_bad`. */
export function badValuesSql(bad: readonly BadValue[]): string {
  const lines = bad.map(({ line }) => line).join(', ')
  const columns = bad.map(({ column }) => column + 1).join(', ')
  return `(select unnest([${lines}]::bigint[]) as _line, unnest([${columns}]::integer[]) as _bad)`
}

/** What a bad value is said to be; `column` tells the type. */
export function notOfType(cell: string, { type, declared, stored }: TableColumn): string {
  if (cell.includes('\u0000')) return 'the text holds a NUL character'
  const shown = cell.length > 80 ? `${cell.slice(0, 80)}…` : cell
  // Text that is refused was asked to be something that the reader itself has no word for.
  const wanted = type === 'VARCHAR' ? (declared?.dataType ?? stored) : type
  return `\`${shown}\` is no ${wanted.toLowerCase()}`
}

/** `create table` of staged rows. */
export function createStagedSql(table: RelationName, columns: readonly TableColumn[]): string {
  const defined = columns.map((c) => `${quoteIdentifier(c.name)} ${c.type}`)
  // Columns of one value need no search for the best compression, which would cost more than writing them.
  const added = [
    '_file varchar using compression dictionary',
    '_line bigint using compression bitpacking',
    '_loaded_at timestamp with time zone using compression bitpacking',
  ]
  return `create table ${duckDbDialect.relation(table)} (${[...defined, ...added].join(', ')})`
}

/** Gives the staged table its column `_bad`. */
export async function markBadRows({ connection, table }: Staging): Promise<void> {
  await connection.execute(`alter table ${duckDbDialect.relation(table)} add column if not exists _bad smallint`)
}

/** `read_csv` of text that was written here: every cell quoted, null bare. */
export function readWrittenRows(path: string, names: readonly string[], longest: number): string {
  const columns = names.map((n) => `${quoteString(n)}: 'varchar'`).join(', ')
  const size = longest > 1_000_000 ? `, max_line_size=${longest + 1024}` : ''
  return `read_csv(${quoteString(path)}, columns={${columns}}, auto_detect=false, header=false, delim=',', quote='"', escape='"', nullstr='', allow_quoted_nulls=false, parallel=false, compression='none', new_line='\\n'${size})`
}
