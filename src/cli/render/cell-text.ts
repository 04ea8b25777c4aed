import type { ShowOutcome } from '../../commands/outcome.ts'

/** A result set as the commands hand it out. */
export type Rows = ShowOutcome['tables'][number]['rows']
export type Cell = Rows['rows'][number][number]

/** A value as text for a table or CSV; null is SQL NULL. */
export function cellText(cell: Cell): string | null {
  if (cell === null) return null
  return typeof cell === 'object' ? JSON.stringify(jsonCell(cell)) : String(cell)
}

/** A value for JSON: whole numbers above 2^53 become text, because readers would round them. */
function jsonCell(cell: Cell): unknown {
  if (typeof cell === 'bigint')
    return cell >= Number.MIN_SAFE_INTEGER && cell <= Number.MAX_SAFE_INTEGER ? Number(cell) : cell.toString()
  if (typeof cell === 'number' && !Number.isFinite(cell)) return String(cell)
  if (Array.isArray(cell)) return cell.map(jsonCell)
  if (typeof cell === 'object' && cell !== null) {
    return Object.fromEntries(Object.entries(cell).map(([key, value]) => [key, jsonCell(value)]))
  }
  return cell
}

/** The rows as objects by column name; a repeated name gets `_2`, `_3`, so that no value is lost. */
export function rowObjects(rows: Rows): Record<string, unknown>[] {
  const seen = new Set<string>()
  const names = rows.columns.map(({ name }) => {
    let unique = name
    for (let i = 2; seen.has(unique); i++) unique = `${name}_${i}`
    seen.add(unique)
    return unique
  })
  return rows.rows.map((row) => Object.fromEntries(names.map((name, i) => [name, jsonCell(row[i] ?? null)])))
}

/** Whether cells of this type stand at the right of their column. */
export function isNumeric(type: string): boolean {
  return /^(?:u?(?:tiny|small|big|huge)?int|integer|u?integer|float|double|real|decimal|numeric|hugeint|bignum)/i.test(
    type,
  )
}
