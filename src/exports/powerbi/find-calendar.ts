import type { Diagnostic } from '../../base/diagnostic.ts'
import type { ExportColumn, ExportTable } from '../export-job.ts'
import { calendarUnfit, calendarUnknown } from './errors.ts'
import type { TableHints } from './power-bi-meta.ts'

const DATE_NAMES = ['date', 'date_day', 'day', 'full_date', 'calendar_date', 'calendar_day']

/**
 * The tables that time is reckoned by, with their columns of dates: the one that `wanted` names, those whose metadata says
 * so, or else a table that is called like a calendar and whose key is a date.
 */
export function findCalendar(
  tables: readonly ExportTable[],
  how: { readonly wanted: string | null | undefined; readonly hints: ReadonlyMap<ExportTable, TableHints> },
  report: (diagnostic: Diagnostic) => void,
): ReadonlyMap<ExportTable, string> {
  const found = new Map<ExportTable, string>()
  const { wanted, hints } = how
  if (wanted === null) return found
  const named = tables.find((t) => t.name === wanted || t.node.name === wanted)
  if (wanted !== undefined && named === undefined)
    report(calendarUnknown({ name: wanted, known: tables.map((t) => t.name) }))
  const said = named === undefined ? tables.filter((t) => hints.get(t)?.dateTable === true) : [named]
  for (const table of said) {
    const column = dateColumn(table)
    const place = { span: table.node.span, node: table.node.uniqueId }
    if (typeof column === 'string') report(calendarUnfit({ table: table.name, why: column }, place))
    else found.set(table, column.name)
  }
  if (said.length > 0 || wanted !== undefined) return found
  for (const table of tables) {
    const column = keyOfDates(table)
    const isCalled = /(^|_)(dates?|calendar)$/i.test(table.name)
    if (isCalled && column !== undefined && hints.get(table)?.dateTable !== false) found.set(table, column.name)
  }
  return found
}

/** Why there is none, when there is none. */
function dateColumn(table: ExportTable): ExportColumn | string {
  const key = keyOfDates(table)
  if (key !== undefined) return key
  const dates = table.columns.filter((c) => c.type.kind === 'date')
  if (dates.length === 0) return 'it has no column of dates'
  if (table.primaryKey.length !== 1) return 'nothing says that its dates are unique and not null'
  // The key is another column, such as 20240131: the table has one row a day all the same.
  const named = dates.length === 1 ? dates : dates.filter((c) => DATE_NAMES.includes(c.name.toLowerCase()))
  return named.length === 1 ? named[0]! : 'it has several columns of dates, and none of them is its key'
}

function keyOfDates(table: ExportTable): ExportColumn | undefined {
  if (table.primaryKey.length !== 1) return undefined
  return table.columns.find((c) => c.name === table.primaryKey[0] && c.type.kind === 'date')
}
