import type { Diagnostic } from '../../base/diagnostic.ts'
import { UserError } from '../../base/errors.ts'
import { type CsvLayout, readLayout } from '../load/csv-layout.ts'
import { type FileColumn, isReserved, LOAD_COLUMNS, matchHeader } from '../load/header.ts'
import { fileEmpty, noDelimiter, reservedColumn } from '../load/load-errors.ts'
import type { FileRecord } from '../load/load-state.ts'
import type { ScannedInput } from '../load/plan-files.ts'
import { openText, type TextFile, type Workshop } from '../load/text-file.ts'
import type { LoadRequest } from '../load.ts'
import type { DuckDbConnection } from './duckdb-connection.ts'
import { loadCsv, refuseCsv } from './load-csv.ts'
import { closeJson, loadJson, refuseJson, splitJson } from './load-json.ts'
import { loadParquet, openParquet, refuseParquet } from './load-parquet.ts'
import type { BadValue, Staging } from './load-staging.ts'

/** A file whose columns are known and whose rows are to be read. */
export interface OpenFile {
  readonly record: Omit<FileRecord, 'rows'>
  readonly columns: readonly OpenColumn[]
  /** Reads the rows into the staged table; returns how many the file has. */
  load(staging: Staging): Promise<number>
  /** Refuses rows of the file that were loaded; the caller takes them out of the staged table. Lines ascend. */
  refuse(staging: Staging, bad: readonly BadValue[]): Promise<void>
  /** Drops what the engine keeps of the file. */
  close(connection: DuckDbConnection): Promise<void>
  /** Deletes copies of the file. */
  discard(): void
}

export interface OpenColumn extends FileColumn {
  /** The type that the file itself gives; undefined in text. */
  readonly ownType?: string | undefined
}

export interface OpenFiles {
  readonly files: readonly OpenFile[]
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Opens every file and matches its columns to the declared ones. Raises `UserError` with the mistakes of all files. */
export async function openFiles(
  connection: DuckDbConnection,
  request: LoadRequest,
  inputs: readonly ScannedInput[],
  workshop: Workshop,
): Promise<OpenFiles> {
  const files: OpenFile[] = []
  const diagnostics: Diagnostic[] = []
  for (const name of LOAD_COLUMNS) {
    const column = request.columns.find((c) => c.name === name)
    if (column !== undefined && column.dataType !== undefined) {
      diagnostics.push(reservedColumn({ column: name }, { span: column.span }))
    }
  }
  const opener = new Opener(connection, request, workshop)
  for (const [index, input] of inputs.entries()) {
    try {
      const { file, warnings } = await opener.open(input, index)
      files.push(file)
      diagnostics.push(...warnings)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      diagnostics.push(...error.diagnostics)
    }
  }
  const errors = diagnostics.filter((d) => d.severity === 'error')
  if (errors.length === 0) return { files, diagnostics }
  for (const file of files) file.discard()
  throw new UserError(diagnostics)
}

const NO_MATCH: { readonly found: readonly FileColumn[]; readonly diagnostics: readonly Diagnostic[] } = {
  found: [],
  diagnostics: [],
}

const NOTHING = () => Promise.resolve()

interface Opened {
  readonly file: OpenFile
  readonly warnings: readonly Diagnostic[]
}

class Opener {
  readonly #connection: DuckDbConnection
  readonly #request: LoadRequest
  readonly #workshop: Workshop

  constructor(connection: DuckDbConnection, request: LoadRequest, workshop: Workshop) {
    this.#connection = connection
    this.#request = request
    this.#workshop = workshop
  }

  async open(input: ScannedInput, index: number): Promise<Opened> {
    const { path, scan } = input
    const record = { path, hash: scan.hash, bytes: scan.bytes }
    const { format } = this.#request.files
    if (scan.bytes === 0) return empty(record, [fileEmpty({ path }, { data: { path, line: 1 } })])
    if (format === 'parquet') return this.#openParquet(input, record)
    const { encoding, locationSpan: span } = this.#request.files
    const source = { path, absolutePath: input.absolutePath, traits: scan, encoding, span }
    const text = await openText(source, this.#workshop)
    try {
      if (format === 'csv') return this.#openCsv(input, record, text)
      return await this.#openJson(input, record, text, format, index)
    } catch (error) {
      text.discard()
      throw error
    }
  }

  /** Declared columns, but without those that the load fills itself. */
  #match(names: readonly string[], path: string, line: number) {
    const { columns, files } = this.#request
    const declared = columns.filter((column) => !isReserved(column.name))
    const { columns: found, diagnostics } = matchHeader(names, declared, files, { path, line })
    if (diagnostics.some((d) => d.severity === 'error')) throw new UserError(diagnostics)
    return { found, diagnostics }
  }

  #openCsv({ path }: ScannedInput, record: OpenFile['record'], text: TextFile): Opened {
    const { files, columns } = this.#request
    const layout = readLayout(text.absolutePath, text.traits, files)
    if (layout === undefined) throw new UserError(noDelimiter({ path }, { span: files.locationSpan }))
    if (files.header && layout.header === undefined) {
      text.discard()
      return empty(record, [fileEmpty({ path }, { data: { path, line: 1 } })])
    }
    const declared = columns.filter((column) => !isReserved(column.name)).map((column) => column.name)
    const names = layout.header ?? namesWithoutHeader(layout, declared)
    const { found, diagnostics } = this.#match(names, path, layout.headerLine)
    const file = { path, text, layout, columns: found }
    return {
      file: {
        record,
        columns: found,
        load: (staging) => loadCsv(staging, file),
        refuse: async (staging, bad) => refuseCsv(staging, file, bad),
        close: NOTHING,
        discard: () => text.discard(),
      },
      warnings: diagnostics,
    }
  }

  async #openJson(
    { path }: ScannedInput,
    record: OpenFile['record'],
    text: TextFile,
    format: 'json' | 'ndjson',
    index: number,
  ): Promise<Opened> {
    const { locationSpan: span } = this.#request.files
    const source = { path, text, format, folder: this.#workshop.folder, index, span }
    const file = await splitJson(this.#connection, source)
    const names = file.keys.map(({ key }) => key)
    // Without an object there is nothing to match: an empty answer is no rows, and what is there is refused.
    const { found, diagnostics } = file.objects === 0 ? NO_MATCH : this.#match(names, path, 1)
    return {
      file: {
        record,
        columns: found.map((column, i) => ({ ...column, ownType: file.keys[i]!.type })),
        load: (staging) => loadJson(staging, file, found),
        refuse: (staging, bad) => refuseJson(staging, file, found, bad),
        close: (connection) => closeJson(connection, file),
        discard: () => text.discard(),
      },
      warnings: diagnostics,
    }
  }

  async #openParquet({ path, absolutePath }: ScannedInput, record: OpenFile['record']): Promise<Opened> {
    const file = await openParquet(this.#connection, { path, absolutePath, span: this.#request.files.locationSpan })
    const names = file.columns.map((column) => column.name)
    const { found, diagnostics } = this.#match(names, path, 1)
    return {
      file: {
        record,
        columns: found.map((column, i) => ({ ...column, ownType: file.columns[i]!.type })),
        load: (staging) => loadParquet(staging, file, found),
        refuse: (staging, bad) => refuseParquet(staging, file, found, bad),
        close: NOTHING,
        discard: () => undefined,
      },
      warnings: diagnostics,
    }
  }
}

function empty(record: OpenFile['record'], warnings: readonly Diagnostic[]): Opened {
  const load = async () => 0
  return { file: { record, columns: [], load, refuse: NOTHING, close: NOTHING, discard: () => undefined }, warnings }
}

/** Without a header the declared columns are taken in order; cells beyond them are called after their position. */
function namesWithoutHeader(layout: CsvLayout, declared: readonly string[]): readonly string[] {
  const width = Math.max(layout.width, declared.length)
  return Array.from({ length: width }, (_, i) => declared[i] ?? `column_${i + 1}`)
}
