import type { Diagnostic } from '../../base/diagnostic.ts'
import type { ExportTable } from '../export-job.ts'
import { tablesUnrelated } from './errors.ts'
import type { TableauField } from './field.ts'
import type { TableauRelationship } from './tableau-data-source.ts'

/**
 * How the tables of a data source belong together, by their foreign keys. Tableau takes one way between two tables and no
 * rings, so a key that would close one is left out, later keys first.
 */
export function relateTables(
  tables: readonly ExportTable[],
  columns: readonly TableauField[],
  diagnostics: Diagnostic[],
): readonly TableauRelationship[] {
  const fieldOf = (table: string, column: string | undefined): string | undefined =>
    columns.find((field) => field.table === table && field.column === column)?.name
  const group = new Map(tables.map((table, i) => [table.name, i]))
  const relationships: TableauRelationship[] = []
  for (const table of tables)
    for (const key of table.foreignKeys) {
      const own = group.get(table.name)
      const other = group.get(key.table)
      if (own === undefined || other === undefined || own === other) continue
      const on = key.columns.flatMap((column, i) => {
        const from = fieldOf(table.name, column)
        const to = fieldOf(key.table, key.targetColumns[i])
        return from === undefined || to === undefined ? [] : [{ from, to }]
      })
      if (on.length === 0 || on.length < key.columns.length) continue
      relationships.push({ from: table.name, to: key.table, on })
      for (const [name, id] of group) if (id === other) group.set(name, own)
    }
  const [first, ...rest] = tables
  const others = rest.map(({ name }) => name).filter((name) => group.get(name) !== group.get(first!.name))
  if (others.length > 0) diagnostics.push(tablesUnrelated({ first: first!.name, others }))
  return relationships
}
