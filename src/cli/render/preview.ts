import type { ShowOutcome } from '../../commands/outcome.ts'
import type { Rows } from './cell-text.ts'
import { cellText, isNumeric, rowObjects } from './cell-text.ts'
import { renderTable } from './table.ts'

export type PreviewFormat = 'text' | 'json' | 'csv' | 'ndjson'
type Preview = ShowOutcome['tables'][number]

const widestCell = 60

/** Rows of one or several nodes as the text that goes to stdout. */
export function renderPreviews(tables: readonly Preview[], format: PreviewFormat): string {
  return tables
    .map((table) => {
      if (format === 'json') return renderJson(table)
      if (format === 'csv') return renderCsv(table.rows)
      if (format === 'ndjson')
        return rowObjects(table.rows)
          .map((row) => `${JSON.stringify(row)}\n`)
          .join('')
      return `${tables.length > 1 ? `${table.name}\n` : ''}${renderRows(table.rows)}`
    })
    .join(format === 'text' || format === 'csv' ? '\n' : '')
}

/** A table for people; cells are cut at 60 columns, numbers stand at the right. */
export function renderRows(rows: Rows): string {
  const right = new Set(rows.columns.flatMap((column, i) => (isNumeric(column.type) ? [i] : [])))
  const cells = rows.rows.map((row) => row.map(cellText))
  const table = { columns: rows.columns.map((column) => column.name), rows: cells, right, maxCell: widestCell }
  return `${renderTable(table).join('\n')}\n`
}

/** dbt's form: `{"node": …, "show": […]}`, without `node` for an inline query. */
function renderJson(table: Preview): string {
  const show = rowObjects(table.rows)
  return `${JSON.stringify(table.uniqueId === null ? { show } : { node: table.name, show }, null, 2)}\n`
}

/** RFC 4180 with `\n`; NULL is an empty cell, an empty text is `""`. */
function renderCsv(rows: Rows): string {
  const quote = (text: string) => (text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const lines = [rows.columns.map((column) => quote(column.name))]
  for (const row of rows.rows) {
    lines.push(
      row.map((cell) => {
        const text = cellText(cell)
        return text === null ? '' : quote(text)
      }),
    )
  }
  return lines.map((cells) => `${cells.join(',')}\n`).join('')
}
