import type { Cell, RowSet } from '../adapters/adapter.ts'
import type { SampleRows } from '../base/diagnostic.ts'

/** Rows of a result as text, to be shown under a diagnostic; the column that is tested stands first. */
export function sampleRows({ columns, rows }: RowSet, tested: string | null = null): SampleRows {
  const names = columns.map((c) => c.name)
  const at = tested === null ? -1 : names.indexOf(tested)
  const order = names.map((_, i) => i)
  if (at > 0) order.unshift(...order.splice(at, 1))
  return { columns: order.map((i) => names[i]!), rows: rows.map((row) => order.map((i) => cellText(row[i]!))) }
}

function cellText(cell: Cell): string | null {
  if (cell === null) return null
  if (typeof cell !== 'object') return String(cell)
  return JSON.stringify(cell, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}
