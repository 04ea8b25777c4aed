import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { InternalError, UserError } from '../../base/errors.ts'
import { quoteIdentifier } from '../../sql/quote.ts'
import { type CsvLayout, readLayout } from '../load/csv-layout.ts'
import { normal, uniqueNames } from '../load/header.ts'
import { fileUnreadable, seedBadRow, seedUnknownColumn, seedWithoutHeader } from '../load/load-errors.ts'
import { lookUpRecords, type Normalised, normaliseCsv, wrongWidth } from '../load/normalise-csv.ts'
import type { RefusedRow } from '../load/refused-rows.ts'
import { type ScannedFile, scanBytes } from '../load/scan-bytes.ts'
import { openText, type TextFile } from '../load/text-file.ts'
import { cellSql, isBadSql, typeFamily, type ValueFormat, valueSql } from '../load/value-sql.ts'
import type { SeedRequest, SeedResult } from '../load.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { duckDbDialect } from './duckdb-dialect.ts'
import { inferTypes } from './infer-types.ts'
import type { AskedType, LoadSite } from './load-site.ts'
import { canBeBad, notOfType, readWrittenRows, type TableColumn } from './load-staging.ts'
import { resolveOwnTypes, tableColumn } from './table-columns.ts'

/** The cells of a seed as text, before they get their types. */
const CELLS = 'tsdbt_seed'

/** A seed whose values have been checked. */
export interface ReadSeed {
  readonly connection: DuckDbConnection
  readonly columns: readonly TableColumn[]
  /** SQL of the rows in the file's order: the columns, after `line` when that is wanted. */
  rows(line?: string): string
  /** The error for a value that the target refuses, though it could be read. */
  refuse(bad: { readonly line: number; readonly column: number }): UserError
}

/** The database that keeps a seed: the part of loading it in which engines differ. */
export interface SeedSite extends Pick<LoadSite, 'resolveTypes' | 'storedType' | 'columnName'> {
  /** Makes the target table; returns the number of its rows. */
  create(seed: ReadSeed): Promise<number>
}

/**
 * Makes the target table from a seed file. Raises `UserError` at the first row that cannot be taken; the target does not
 * exist then.
 */
export function loadSeed(connection: DuckDbConnection, request: SeedRequest): Promise<SeedResult> {
  const site: SeedSite = {
    resolveTypes: resolveOwnTypes,
    storedType: (type) => type,
    columnName: (name) => name,
    async create(seed) {
      const target = duckDbDialect.relation(request.target)
      await connection.execute(`create table ${target} as ${seed.rows()}`)
      const { rows } = await connection.query(`select count(*) from ${target}`)
      return Number(rows[0]![0])
    },
  }
  return withSeedFolder((folder) => readSeed(connection, site, request, folder))
}

/** Runs work with a folder for copies, which goes away with it. */
export async function withSeedFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tsdbt-seed-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Reads and checks a seed by DuckDB and lets the site make its table. */
export function readSeed(
  connection: DuckDbConnection,
  site: SeedSite,
  request: SeedRequest,
  folder: string,
): Promise<SeedResult> {
  return new SeedLoad(connection, site, request, folder).run()
}

class SeedLoad {
  readonly #connection: DuckDbConnection
  readonly #site: SeedSite
  readonly #request: SeedRequest
  readonly #folder: string
  readonly #format: ValueFormat

  constructor(connection: DuckDbConnection, site: SeedSite, request: SeedRequest, folder: string) {
    this.#connection = connection
    this.#site = site
    this.#request = request
    this.#folder = folder
    this.#format = {
      decimal: '.',
      thousands: undefined,
      dateFormats: [],
      timestampFormats: [],
      nullWords: request.nullValues.filter((word) => word !== ''),
    }
  }

  async run(): Promise<SeedResult> {
    const { path } = this.#request
    const text = await this.#open()
    const layout = this.#layout(text)
    const header = layout.header!
    const data = { path, line: layout.headerLine }
    const { unique: names, warnings } = uniqueNames(header, path, data)
    const diagnostics: Diagnostic[] = [...warnings]
    await this.#readCells(text, layout, names.length)
    try {
      const columns = await this.#columns(names, diagnostics)
      await this.#refuseBadValues(text, layout, columns)
      const rows = await this.#site.create({
        connection: this.#connection,
        columns,
        rows: (line) => this.#rows(columns, line),
        refuse: ({ line, column }) => this.#badValue(text, layout, columns, { line, column }),
      })
      return { rows, diagnostics }
    } finally {
      await this.#dropCells()
    }
  }

  async #open(): Promise<TextFile> {
    const { absolutePath, path } = this.#request
    const span = { path, start: 0, end: 0 }
    let traits: ScannedFile
    try {
      traits = await scanBytes(absolutePath, true)
    } catch (error) {
      throw new UserError(fileUnreadable({ path, reason: error instanceof Error ? error.message : String(error) }))
    }
    const source = { path, absolutePath, traits, encoding: undefined, span }
    const unpackZstd = () => Promise.reject(new InternalError('a seed is no compressed file'))
    return openText(source, { folder: this.#folder, unpackZstd })
  }

  #layout(text: TextFile): CsvLayout {
    const { delimiter, path } = this.#request
    const options = { delimiter, quote: '"', escape: '"', header: true, skipHeaderLines: 0, skipFooterLines: 0 }
    const layout = readLayout(text.absolutePath, text.traits, options)
    if (layout?.header === undefined) throw new UserError(seedWithoutHeader({ path }, { data: { path, line: 1 } }))
    return layout
  }

  async #readCells(text: TextFile, layout: CsvLayout, width: number): Promise<void> {
    const output = join(this.#folder, 'rows.csv')
    let first: RefusedRow | undefined
    const result = normaliseCsv(text.absolutePath, layout, width, output, (row) => {
      first ??= row
    })
    const short = this.#shortRow(text, layout, result, width)
    if (short !== undefined && (first === undefined || short.line < first.line)) first = short
    if (first !== undefined) throw this.#badRow(first)
    const columns = Array.from({ length: width }, (_, i) => `c${i}`)
    const from = readWrittenRows(output, ['line', ...columns], result.longest)
    const cells = columns.map((c) => `${cellSql(c, 'text', this.#format)} as ${c}`)
    await this.#dropCells()
    await this.#connection.execute(
      `create temporary table ${CELLS} as select line::bigint as line, ${cells.join(', ')} from ${from}`,
    )
  }

  #shortRow(text: TextFile, layout: CsvLayout, result: Normalised, width: number): RefusedRow | undefined {
    if (result.shortRows === 0) return undefined
    let row: RefusedRow | undefined
    const line = result.firstShortLine
    lookUpRecords(text.absolutePath, layout, { lines: [line], linesAreRecords: false }, ({ raw, count }) => {
      row = { line, reason: wrongWidth(count, width), raw }
    })
    return row
  }

  #badRow(row: RefusedRow): UserError {
    const { path, columns } = this.#request
    const excerpt = row.raw.split(/\r\n|\r|\n/, 1)[0]
    const declared = columns.find((c) => normal(c.name) === normal(row.column ?? ''))
    const labels =
      declared === undefined ? [] : [{ span: declared.span, text: `declared as \`${declared.dataType ?? 'text'}\`` }]
    const reason = row.column === undefined ? row.reason : `${row.reason} (column \`${row.column}\`)`
    return new UserError(seedBadRow({ reason }, { data: { path, line: row.line, column: row.at, excerpt }, labels }))
  }

  async #columns(names: readonly string[], diagnostics: Diagnostic[]): Promise<readonly TableColumn[]> {
    const { columns, path } = this.#request
    const typed = columns.filter((column) => column.dataType !== undefined)
    const asked = typed.map(({ name, dataType, span }): AskedType => ({ column: name, type: dataType!, span }))
    const known = await this.#site.resolveTypes(this.#connection, asked)
    const byName = new Map(
      typed.map((column, i) => [
        normal(column.name),
        tableColumn({ name: '', inFiles: column.name }, known[i]!, column),
      ]),
    )
    for (const { name, span } of typed) {
      if (names.some((n) => normal(n) === normal(name))) continue
      diagnostics.push(seedUnknownColumn({ path, column: name, headers: names }, { span }))
    }
    const open = names.flatMap((name, i) => (byName.has(normal(name)) ? [] : [i]))
    const inferred = await inferTypes(
      this.#connection,
      CELLS,
      open.map((i) => `c${i}`),
    )
    return names.map((name, i) => {
      const declared = byName.get(normal(name))
      const quoted = this.#request.quoteColumns || declared?.declared?.quote === true
      const column = this.#site.columnName(name, quoted)
      if (declared !== undefined) return { ...declared, name: column }
      const type = inferred[open.indexOf(i)]!
      return tableColumn(
        { name: column, inFiles: name },
        { type, family: typeFamily(type), stored: this.#site.storedType(type) },
        undefined,
      )
    })
  }

  #cell(index: number, { family }: TableColumn): string {
    return `(${cellSql(`c${index}`, family, this.#format)})`
  }

  #value(index: number, column: TableColumn): string {
    return `(${valueSql(this.#cell(index, column), column, this.#format)})`
  }

  async #refuseBadValues(text: TextFile, layout: CsvLayout, columns: readonly TableColumn[]): Promise<void> {
    const checks = columns.flatMap((column, i) => {
      if (!canBeBad(column)) return []
      return [`when ${isBadSql(this.#cell(i, column), this.#value(i, column))} then ${i}`]
    })
    if (checks.length === 0) return
    const { rows } = await this.#connection.query(
      `select line, bad from (select line, case ${checks.join(' ')} end as bad from ${CELLS}) where bad is not null order by line limit 1`,
    )
    if (rows.length === 0) return
    const [line, column] = rows[0]!.map(Number) as [number, number]
    throw this.#badValue(text, layout, columns, { line, column })
  }

  #badValue(
    text: TextFile,
    layout: CsvLayout,
    columns: readonly TableColumn[],
    bad: { readonly line: number; readonly column: number },
  ): UserError {
    const { line, column: index } = bad
    const column = columns[index]!
    let row: RefusedRow | undefined
    lookUpRecords(text.absolutePath, layout, { lines: [line], linesAreRecords: false }, (record) => {
      const reason = notOfType(record.cell(index), column)
      row = { line, column: column.name, reason, raw: record.raw, at: record.columnOf(index) }
    })
    if (row === undefined) throw new InternalError(`${this.#request.path}: line ${line} is not found again`)
    return this.#badRow(row)
  }

  #rows(columns: readonly TableColumn[], line: string | undefined): string {
    const values = columns.map((c, i) => `${this.#value(i, c)}::${c.type} as ${quoteIdentifier(c.name)}`)
    const selected = line === undefined ? values : [`line as ${line}`, ...values]
    return `select ${selected.join(', ')} from ${CELLS} order by line`
  }

  async #dropCells(): Promise<void> {
    if (this.#connection.hasFailed) return
    await this.#connection.execute(`drop table if exists ${CELLS}`)
  }
}
