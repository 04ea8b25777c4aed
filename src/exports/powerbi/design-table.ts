import type { Diagnostic } from '../../base/diagnostic.ts'
import type { ExportColumn, ExportTable } from '../export-job.ts'
import { isRatio, namesThings } from '../tableau/field-defaults.ts'
import type { MetadataPlaces } from '../tableau/metadata-places.ts'
import { columnType } from './column-type.ts'
import { columnLeftOut, nothingToShow, sortColumnUnknown } from './errors.ts'
import { type ColumnHints, categoryOfName, readColumnHints, type TableHints } from './power-bi-meta.ts'
import type { ModelColumn, ModelTable, SummarizeBy } from './semantic-model.ts'

export function designTable(
  table: ExportTable,
  how: { readonly hints: TableHints; readonly calendar: string | null },
  context: { readonly places: MetadataPlaces; readonly diagnostics: Diagnostic[] },
): ModelTable {
  const report = (diagnostic: Diagnostic) => void context.diagnostics.push(diagnostic)
  const { hints, calendar } = how
  const place = { span: table.node.span, node: table.node.uniqueId }
  const read = table.columns.map((column) => ({ column, hints: readColumnHints(table, column, context) }))
  const called = new Map(read.map(({ column, hints: h }) => [column.name, h.caption ?? column.name]))
  const columns = read.flatMap(({ column, hints: h }) => {
    const type = columnType(column.type)
    if (type === null) {
      const what = { column: column.name, table: table.name, type: column.engineType }
      report(columnLeftOut(what, { ...place, span: column.span ?? place.span }))
      return []
    }
    const sortBy = h.sortBy === undefined ? null : (called.get(h.sortBy) ?? null)
    if (h.sortBy !== undefined && sortBy === null) {
      const known = [...called.keys()]
      report(
        sortColumnUnknown(
          { column: column.name, sortBy: h.sortBy, known },
          { ...place, span: column.span ?? place.span },
        ),
      )
    }
    return [{ ...type, ...shown(table, column, { hints: h, type, calendar }), sortBy }]
  })
  if (columns.length === 0) report(nothingToShow({ table: table.name }, place))
  return {
    name: hints.caption ?? table.name,
    source: table.name,
    relation: table.node.relation,
    description: table.description,
    hidden: hints.hidden,
    isCalendar: calendar !== null,
    columns,
    measures: hints.measures,
  }
}

function shown(
  table: ExportTable,
  column: ExportColumn,
  known: {
    readonly hints: ColumnHints
    readonly type: Pick<ModelColumn, 'dataType' | 'part'>
    readonly calendar: string | null
  },
): Omit<ModelColumn, 'dataType' | 'queryType' | 'written' | 'part' | 'sortBy'> {
  const { hints, type, calendar } = known
  const { name } = column
  const isReference = table.foreignKeys.some((key) => key.columns.includes(name))
  const isKey = isReference || table.primaryKey.includes(name)
  const summarizeBy = hints.summarizeBy ?? usualSummary(name, { ...known, isKey })
  return {
    name: hints.caption ?? name,
    source: name,
    description: column.description,
    // What a key leads to is to be used, not the key.
    hidden: hints.hidden ?? isReference,
    key: name === calendar,
    format: hints.format ?? usualFormat(column, type, summarizeBy === 'none'),
    category:
      hints.category === undefined ? (type.dataType === 'string' ? categoryOfName(name) : null) : hints.category,
    summarizeBy,
    folder: hints.folder ?? null,
  }
}

function usualSummary(
  name: string,
  known: {
    readonly type: Pick<ModelColumn, 'dataType'>
    readonly hints: ColumnHints
    readonly calendar: string | null
    readonly isKey: boolean
  },
): SummarizeBy {
  const isNumber = ['int64', 'double', 'decimal'].includes(known.type.dataType)
  const isShare = known.hints.format?.includes('%') === true || isRatio(name)
  return isNumber && !known.isKey && !isShare && known.calendar === null && !namesThings(name) ? 'sum' : 'none'
}

function usualFormat(
  { type }: ExportColumn,
  { dataType, part }: Pick<ModelColumn, 'dataType' | 'part'>,
  isLabel: boolean,
): string | null {
  if (part === 'Date') return 'yyyy-mm-dd'
  if (part === 'Time') return 'Long Time'
  if (dataType === 'dateTime') return 'General Date'
  if (dataType === 'int64') return isLabel ? '0' : '#,##0'
  if (type.kind !== 'decimal' || type.scale === null) return null
  return type.scale === 0 ? '#,##0' : `#,##0.${'0'.repeat(Math.min(type.scale, 10))}`
}
