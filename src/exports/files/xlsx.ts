import { UserError } from '../../base/errors.ts'
import type { ExportJob, ExportTable, ExportWriter } from '../export-job.ts'
import { rowsCut, textsCut, textTooLong, tooManyColumns, tooManyRows } from './errors.ts'
import { CellStyles } from './xlsx/cell-styles.ts'
import { type SheetColumn, sheetColumns } from './xlsx/sheet-columns.ts'
import { sheetNames } from './xlsx/sheet-names.ts'
import { LONGEST_TEXT, MOST_COLUMNS, MOST_ROWS, type SheetLimits, sheetXml, usedRange } from './xlsx/sheet-xml.ts'
import { contentTypes, packageRelations, sheetPath, workbook, workbookRelations } from './xlsx/workbook-parts.ts'
import { type ZipPart, zipParts } from './xlsx/zip-parts.ts'

type Job = ExportJob<'xlsx'>

interface Sheet {
  readonly name: string
  readonly table: ExportTable
  readonly columns: readonly SheetColumn[]
  /** In the warehouse. */
  readonly rows: number
  readonly path: string
}

/** A workbook of Excel, a sheet a table, row by row. */
export const xlsxWriter: ExportWriter<'xlsx'> = {
  async write(job) {
    const styles = new CellStyles()
    const sheets = await plan(job, styles)
    const written = new Map<string, number>()
    const parts: ZipPart[] = [
      part('[Content_Types].xml', () => contentTypes(sheets.length)),
      part('_rels/.rels', packageRelations),
      part('xl/_rels/workbook.xml.rels', () => workbookRelations(sheets.length)),
      part('xl/styles.xml', () => styles.xml()),
      ...sheets.map((sheet) => ({ path: sheet.path, text: () => sheetText(job, sheet, written) })),
      // Last: it tells how far each sheet goes.
      part('xl/workbook.xml', () => {
        const range = ({ table, columns }: Sheet) => usedRange(columns.length, written.get(table.name) ?? 0, columns)
        return workbook(sheets.map((sheet) => ({ name: sheet.name, range: range(sheet) })))
      }),
    ]
    await zipParts(parts, job.output)
    return { rows: Object.fromEntries(written), facts: { sheets: sheets.length } }
  },
}

function part(path: string, text: () => string): ZipPart {
  return {
    path,
    async *text() {
      yield text()
    },
  }
}

/** Looks at what can be known before anything is written. */
async function plan(job: Job, styles: CellStyles): Promise<readonly Sheet[]> {
  const { tables, session, options } = job
  const names = sheetNames(tables.map((table) => table.name))
  const sheets: Sheet[] = []
  for (const [i, table] of tables.entries()) {
    const place = { span: job.export.span, node: job.export.uniqueId }
    if (table.columns.length > MOST_COLUMNS)
      throw new UserError(
        tooManyColumns({ table: table.name, columns: table.columns.length, most: MOST_COLUMNS }, place),
      )
    const { rows } = await session.query(`select count(*) from (\n${table.sql}\n) as counted`)
    const count = Number(rows[0]![0])
    if (count > MOST_ROWS && options.tooManyRows === 'fail')
      throw new UserError(tooManyRows({ table: table.name, rows: count, most: MOST_ROWS }, place))
    const columns = sheetColumns(table.columns, options, styles)
    sheets.push({ name: names[i]!, table, columns, rows: count, path: sheetPath(i) })
  }
  return sheets
}

async function* sheetText(job: Job, sheet: Sheet, written: Map<string, number>): AsyncGenerator<string> {
  const { table, columns } = sheet
  const limits = new Limits(job, sheet)
  const rows = job.session.extraction.rows(table.sql, { json: 'text' })
  const first = table === job.tables[0]
  written.set(table.name, yield* sheetXml({ columns, rows, limits, first }))
  limits.tell()
}

/** What the options of an export say to the limits of Excel. */
class Limits implements SheetLimits {
  readonly #job: Job
  readonly #sheet: Sheet
  readonly #place
  #cut: { readonly row: number; readonly column: string; count: number } | undefined
  #rowsAreCut = false

  constructor(job: Job, sheet: Sheet) {
    this.#job = job
    this.#sheet = sheet
    this.#place = { span: job.export.span, node: job.export.uniqueId }
  }

  longText(text: string, row: number, column: string): string {
    const table = this.#sheet.table.name
    if (this.#job.options.tooLong === 'fail')
      throw new UserError(textTooLong({ table, row, column, length: text.length }, this.#place))
    this.#cut ??= { row, column, count: 0 }
    this.#cut.count++
    // Half of a character would be none.
    const isPair = /[\ud800-\udbff]/.test(text[LONGEST_TEXT - 1]!)
    return text.slice(0, isPair ? LONGEST_TEXT - 1 : LONGEST_TEXT)
  }

  manyRows(): void {
    const { table, rows } = this.#sheet
    if (this.#job.options.tooManyRows === 'fail')
      throw new UserError(
        tooManyRows({ table: table.name, rows: Math.max(rows, MOST_ROWS + 1), most: MOST_ROWS }, this.#place),
      )
    this.#rowsAreCut = true
  }

  /** Warns of what was left out. */
  tell(): void {
    const { table, rows } = this.#sheet
    if (this.#rowsAreCut)
      this.#job.warn(rowsCut({ table: table.name, rows: Math.max(rows, MOST_ROWS + 1), most: MOST_ROWS }, this.#place))
    if (this.#cut !== undefined) this.#job.warn(textsCut({ table: table.name, ...this.#cut }, this.#place))
  }
}
