import { displayWidth, padEnd, padStart, truncate, visibleLine } from './display.ts'

export interface Table {
  readonly columns: readonly string[]
  /** Cells as text; null is SQL NULL. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** Columns whose cells stand at the right. */
  readonly right?: ReadonlySet<number> | undefined
  /** The widest a cell may be, in columns; undefined leaves them whole. */
  readonly maxCell?: number | undefined
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
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (table.right?.has(i) ? padStart : padEnd)(cells[i] ?? '', width)).join(' | ')} |`
  return [line(heads), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)]
}
