import type { Diagnostic } from '../../base/diagnostic.ts'
import type { ExportTable } from '../export-job.ts'
import { activeRelationships } from './active-relationships.ts'
import { relationshipLeftOut } from './errors.ts'
import type { ModelTable, Relationship } from './semantic-model.ts'

/** The relationships that foreign keys and tests tell of; those that Power BI cannot have are reported. */
export function designRelationships(
  tables: readonly ExportTable[],
  designed: readonly ModelTable[],
  report: (diagnostic: Diagnostic) => void,
): readonly Relationship[] {
  const found = new Map<string, Omit<Relationship, 'inactive'>>()
  for (const table of tables)
    for (const key of inOrder(table)) {
      const target = tables.find((t) => t.name === key.table)
      if (target === undefined) continue
      const why = obstacle(table, target, key)
      const place = { span: table.node.span, node: table.node.uniqueId }
      const from = `${table.name}.${key.columns.join(', ')}`
      const to = `${target.name}.${key.targetColumns.join(', ')}`
      if (why !== null) report(relationshipLeftOut({ from, to, why }, place))
      else {
        const ends = { from: end(designed, table, key.columns[0]!), to: end(designed, target, key.targetColumns[0]!) }
        if (ends.from === null || ends.to === null) continue
        const oneToOne = table.primaryKey.length === 1 && table.primaryKey[0] === key.columns[0]
        found.set(JSON.stringify(ends), { from: ends.from, to: ends.to, oneToOne })
      }
    }
  return activeRelationships([...found.values()])
}

/** The order of the columns decides which of two relationships is active, and is the same in every run. */
function inOrder({ columns, foreignKeys }: ExportTable): ExportTable['foreignKeys'] {
  const position = new Map(columns.map((column, i) => [column.name, i]))
  const at = (key: ExportTable['foreignKeys'][number]) => position.get(key.columns[0]!) ?? columns.length
  return [...foreignKeys].sort((a, b) => at(a) - at(b) || (a.table < b.table ? -1 : 1))
}

function obstacle(table: ExportTable, target: ExportTable, key: ExportTable['foreignKeys'][number]): string | null {
  if (key.columns.length !== 1) return 'it has several columns; make one key of them in the models'
  if (target === table) return 'it leads to the table itself'
  const [column] = key.targetColumns
  if (target.primaryKey.length !== 1 || target.primaryKey[0] !== column)
    return `nothing says that \`${column}\` is unique and not null: give it these tests`
  return null
}

function end(designed: readonly ModelTable[], table: ExportTable, column: string): Relationship['from'] | null {
  const owner = designed.find((t) => t.source === table.name)
  const found = owner?.columns.find((c) => c.source === column)
  return owner === undefined || found === undefined ? null : { table: owner.name, column: found.name }
}
