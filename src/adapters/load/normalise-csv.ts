import { closeSync, openSync } from 'node:fs'
import type { CsvLayout } from './csv-layout.ts'
import { CsvRecords } from './csv-records.ts'
import type { RefusedRow } from './refused-rows.ts'
import { RowWriter } from './row-writer.ts'

export interface Normalised {
  /** Rows written: their line, then one cell for each column. */
  readonly written: number
  /** Bytes of the longest row. */
  readonly longest: number
  readonly shortRows: number
  readonly firstShortLine: number
}

/**
 * Reads a delimited file by the rules of the project and writes its rows for the engine: the physical line first, then
 * `width` cells, null where the cell is bare and empty or the row too short. Rows that cannot be split go to `refuse`.
 */
export function normaliseCsv(
  path: string,
  layout: CsvLayout,
  width: number,
  output: string,
  refuse: (row: RefusedRow) => void,
): Normalised {
  const fd = openSync(path, 'r')
  const writer = new RowWriter(output)
  let shortRows = 0
  let firstShortLine = 0
  try {
    const records = new CsvRecords(fd, layout.bytes, layout.rows)
    while (records.next()) {
      if (width > 1 && isOnlyBlanks(records)) continue
      const reason = refusal(records, width)
      if (reason !== undefined) {
        refuse({ line: records.line, reason, raw: records.raw() })
        continue
      }
      if (records.fieldCount < width) {
        if (shortRows === 0) firstShortLine = records.line
        shortRows++
      }
      writeRow(records, width, writer)
    }
  } finally {
    writer.close()
    closeSync(fd)
  }
  return { written: writer.rows, longest: writer.longest, shortRows, firstShortLine }
}

function isOnlyBlanks(records: CsvRecords): boolean {
  return (
    records.fieldCount === 1 &&
    records.problem === undefined &&
    !records.isQuoted(0) &&
    /^[ \t]*$/.test(records.text(0))
  )
}

function refusal(records: CsvRecords, width: number): string | undefined {
  switch (records.problem) {
    case 'unclosed-quote':
      return `a quote that is opened in line ${records.line} is never closed`
    case 'after-quote':
      return `text stands behind the closing quote of a cell that begins in line ${records.line}`
    case 'nul':
      return 'the text holds a NUL character'
    case undefined:
      return records.fieldCount > width ? wrongWidth(records.fieldCount, width) : undefined
  }
}

/** What is wrong with a row that has another number of cells than there are columns. */
export function wrongWidth(cells: number, width: number): string {
  const columns = width === 1 ? 'there is 1 column' : `there are ${width} columns`
  return `${cells} ${cells === 1 ? 'cell' : 'cells'}, but ${columns}`
}

function writeRow(records: CsvRecords, width: number, writer: RowWriter): void {
  writer.text(String(records.line))
  for (let i = 0; i < width; i++) {
    if (i >= records.fieldCount || (records.isEmpty(i) && !records.isQuoted(i))) {
      writer.null()
      continue
    }
    const bytes = records.plainBytes(i)
    if (bytes === undefined || bytes.includes(34)) writer.text(records.text(i))
    else writer.plain(bytes)
  }
  writer.end()
}

/** One record that is looked at again, because a value in it is bad. */
export interface LookedUp {
  readonly line: number
  readonly raw: string
  /** Number of cells. */
  readonly count: number
  cell(field: number): string
  columnOf(field: number): number | undefined
}

/** Which records to look up. */
export interface WantedLines {
  /** Physical lines at which they begin, ascending. */
  readonly lines: readonly number[]
  /** True when every line is one record, so that the lines between need not be parsed. */
  readonly linesAreRecords: boolean
}

/** Gives the wanted records to `see`, with the index of their line. */
export function lookUpRecords(
  path: string,
  layout: CsvLayout,
  { lines, linesAreRecords }: WantedLines,
  see: (record: LookedUp, index: number) => void,
): void {
  if (lines.length === 0) return
  const fd = openSync(path, 'r')
  try {
    const records = new CsvRecords(fd, layout.bytes, layout.rows)
    let index = 0
    while (index < lines.length) {
      if (linesAreRecords) records.skipToLine(lines[index]!)
      if (!records.next()) return
      if (records.line !== lines[index]) continue
      see(lookedUp(records), index)
      index++
    }
  } finally {
    closeSync(fd)
  }
}

function lookedUp(records: CsvRecords): LookedUp {
  return {
    line: records.line,
    raw: records.raw(),
    count: records.fieldCount,
    cell: (field) => records.text(field),
    columnOf: (field) => records.columnOf(field),
  }
}
