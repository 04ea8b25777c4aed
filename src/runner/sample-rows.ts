import type { Cell, RowSet } from '../adapters/adapter.ts'
import type { SampleRows } from '../base/diagnostic.ts'

/** Rows of a result as text, to be shown under a diagnostic. */
export function sampleRows({ columns, rows }: RowSet): SampleRows {
  return { columns: columns.map((c) => c.name), rows: rows.map((row) => row.map(cellText)) }
}

function cellText(cell: Cell): string | null {
  if (cell === null) return null
  if (typeof cell !== 'object') return String(cell)
  return JSON.stringify(cell, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}
