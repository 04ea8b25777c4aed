import { displayWidth, padEnd, padStart, truncate, visibleLine } from './display.ts'

export interface Table {
  readonly columns: readonly string[]
  /** Cells as text; null is SQL NULL. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** Columns whose cells stand at the right. */
  readonly right?: ReadonlySet<number> | undefined
  /** The widest a cell may be, in columns; undefined leaves them whole. */
  readonly maxCell?: number | undefined
  /** The widest the table may be; last columns that do not fit are left out and counted. The first always stays. */
  readonly maxWidth?: number | undefined
}

const nullMark = 'NULL'

/** A table as lines: `| a | b |` with a rule under the heads, aligned by what a terminal shows. */
export function renderTable(table: Table): string[] {
  const { maxCell = Number.POSITIVE_INFINITY } = table
  const clean = (cell: string | null) => truncate(visibleLine((cell ?? nullMark).replace(/\r\n?|\n/g, '↵')), maxCell)
  const heads = table.columns.map(clean)
  const rows = table.rows.map((row) => row.map(clean))
  const widths = heads.map((head, i) =>
    rows.reduce((most, row) => Math.max(most, displayWidth(row[i] ?? '')), displayWidth(head)),
  )
  const shown = widths.slice(0, fittingColumns(widths, table.maxWidth ?? Number.POSITIVE_INFINITY))
  const line = (cells: readonly string[]) =>
    `| ${shown.map((width, i) => (table.right?.has(i) ? padStart : padEnd)(cells[i] ?? '', width)).join(' | ')} |`
  const left = widths.length - shown.length
  const more = left === 0 ? [] : [`… and ${left} more ${left === 1 ? 'column' : 'columns'}`]
  return [line(heads), `| ${shown.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line), ...more]
}

/** How many columns fit into `most` display columns, with their separators. */
function fittingColumns(widths: readonly number[], most: number): number {
  let used = 1
  let count = 0
  for (const width of widths) {
    used += width + 3
    if (used > most && count > 0) break
    count++
  }
  return count
}
