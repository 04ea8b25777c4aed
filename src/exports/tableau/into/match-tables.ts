import type { ExportTable } from '../../export-job.ts'
import type { StoredTable } from '../../hyper/hyper-catalog.ts'

/** A table of an extract with what takes its place. */
export interface MatchedTable {
  readonly stored: StoredTable
  readonly table: ExportTable
}

/**
 * Pairs the tables of an extract with those of an export: one with one whatever their names, several by name without the
 * id that Tableau puts behind it, case apart. Undefined when not every table finds its own.
 */
export function matchTables(
  stored: readonly StoredTable[],
  tables: readonly ExportTable[],
): readonly MatchedTable[] | undefined {
  if (stored.length !== tables.length || new Set(stored.map((table) => table.schema)).size !== 1) return undefined
  if (stored.length === 1) return [{ stored: stored[0]!, table: tables[0]! }]
  const pairs = stored.flatMap((entry) => {
    const names = [entry.name, entry.name.replace(/_[0-9A-F]{32}$/i, '')].map((name) => name.toLowerCase())
    const fits = tables.filter((table) => names.includes(table.name.toLowerCase()))
    return fits.length === 1 ? [{ stored: entry, table: fits[0]! }] : []
  })
  return pairs.length === stored.length && new Set(pairs.map((p) => p.table)).size === pairs.length ? pairs : undefined
}
