import type { Diagnostic } from '../../base/diagnostic.ts'
import type { ExportTable } from '../export-job.ts'
import type { TableauField } from './field.ts'
import { captionOf, columnKind, fieldDefaults } from './field-defaults.ts'
import { mergeField } from './merge-field.ts'
import type { SourceTable } from './source-table.ts'
import { NO_METADATA } from './table-metadata.ts'
import type { TableauTable } from './tableau-data-source.ts'

/** The columns of a table as fields. `taken` are names of earlier tables, in lower case; it grows. */
export function columnFields(
  source: SourceTable,
  taken: Set<string>,
  diagnostics: Diagnostic[],
): { readonly columns: TableauTable['columns']; readonly fields: readonly TableauField[] } {
  const { table } = source
  const metadata = source.metadata ?? NO_METADATA
  const keys = keyColumns(table)
  const columns: TableauTable['columns'][number][] = []
  const fields: TableauField[] = []
  for (const column of table.columns) {
    const kind = (source.kindOf ?? ((c) => columnKind(c.type)))(column)
    if (kind === null) continue
    const plain = localName(column.name)
    const name = uniqueName(plain, table.name, taken)
    columns.push({ name: column.name, field: name, kind })
    const said = metadata.columns.get(column.name) ?? {}
    const told = fieldDefaults(column.name, kind.datatype, keys.has(column.name) ? 'key' : 'plain')
    const caption = name === plain ? told.caption : `${told.caption} (${metadata.caption ?? captionOf(table.name)})`
    fields.push({
      ...mergeField(said, kind.datatype, { ...told, caption }, diagnostics),
      name,
      table: table.name,
      column: column.name,
      description: (said.description ?? column.description).trim(),
      calculation: null,
    })
  }
  return { columns, fields }
}

function keyColumns(table: ExportTable): ReadonlySet<string> {
  return new Set([...table.primaryKey, ...table.foreignKeys.flatMap((key) => key.columns)])
}

/** Brackets bound names in Tableau, which itself puts round ones in their place. */
const localName = (column: string): string => column.replaceAll('[', '(').replaceAll(']', ')')

/** As Tableau does it: a name that an earlier table has gets its table's name behind it. */
function uniqueName(name: string, table: string, taken: Set<string>): string {
  let unique = name
  for (let n = 1; taken.has(unique.toLowerCase()); n++)
    unique = n === 1 ? `${name} (${table})` : `${name} (${table}) ${n}`
  taken.add(unique.toLowerCase())
  return unique
}
