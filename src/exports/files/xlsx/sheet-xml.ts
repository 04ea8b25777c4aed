import type { Cell } from '../../../adapters/adapter.ts'
import { HEADER_STYLE } from './cell-styles.ts'
import { columnWidths } from './column-widths.ts'
import type { SheetColumn, SheetValue } from './sheet-columns.ts'
import { sheetText } from './sheet-text.ts'

export const MOST_COLUMNS = 16_384
/** Below the header. */
export const MOST_ROWS = 1_048_575
export const LONGEST_TEXT = 32_767
/** Rows that the widths of the columns are found by. */
const SAMPLE = 1_000

/** What a sheet asks when a limit of Excel is met. */
export interface SheetLimits {
  /** Raises an error, or says how the text is cut. */
  longText(text: string, row: number, column: string): string
  /** Raises an error, or returns when the rest is to be left out. */
  manyRows(): void
}

export interface SheetContent {
  readonly columns: readonly SheetColumn[]
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>
  readonly limits: SheetLimits
  /** Whether the workbook opens on it. */
  readonly first: boolean
}

/** A sheet as XML, piece by piece; last the number of its rows, without the header. */
export async function* sheetXml(content: SheetContent): AsyncGenerator<string, number> {
  const { columns, limits } = content
  let count = 0
  for await (const batch of content.rows) {
    if (count === 0) yield head(content, batch.slice(0, SAMPLE))
    const room = MOST_ROWS - count
    let xml = ''
    for (const row of batch.slice(0, room)) xml += rowXml(columns, row, ++count, limits)
    yield xml
    if (batch.length <= room) continue
    limits.manyRows()
    break
  }
  if (count === 0) yield head(content, [])
  yield `</sheetData><autoFilter ref="${usedRange(columns.length, count, columns)}"/></worksheet>`
  return count
}

/** `A1:C10`, the header included. */
export function usedRange(width: number, rows: number, columns: readonly Pick<SheetColumn, 'letters'>[]): string {
  return `A1:${columns[width - 1]!.letters}${rows + 1}`
}

function head({ columns, first }: SheetContent, sample: readonly (readonly Cell[])[]): string {
  const names = columns.map((column) => column.name)
  const widths = columnWidths(names, sample).map(
    (width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`,
  )
  const titles = columns.map(({ name, letters }) => textCell(`${letters}1`, HEADER_STYLE, name))
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView ${first ? 'tabSelected="1" ' : ''}workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${widths.join('')}</cols><sheetData><row r="1">${titles.join('')}</row>`
}

function rowXml(columns: readonly SheetColumn[], row: readonly Cell[], number: number, limits: SheetLimits): string {
  let cells = ''
  for (let i = 0; i < columns.length; i++) {
    const cell = row[i]
    if (cell === null || cell === undefined) continue
    const column = columns[i]!
    cells += cellXml(`${column.letters}${number + 1}`, column.style, column.convert(cell), (text) =>
      limits.longText(text, number, column.name),
    )
  }
  return `<row r="${number + 1}">${cells}</row>`
}

function cellXml(place: string, style: number, value: SheetValue, shorten: (text: string) => string): string {
  switch (value.kind) {
    case 'number':
      return `<c r="${place}" s="${style}"><v>${value.text}</v></c>`
    case 'boolean':
      return `<c r="${place}" s="${style}" t="b"><v>${value.value ? 1 : 0}</v></c>`
    case 'text':
      return textCell(place, style, value.text.length > LONGEST_TEXT ? shorten(value.text) : value.text)
  }
}

function textCell(place: string, style: number, text: string): string {
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${sheetText(text)}</t></is></c>`
}
