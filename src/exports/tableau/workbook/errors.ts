import { defineDiagnostic } from '../../../base/diagnostic.ts'
import { didYouMean } from '../../../base/nearest.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

/** A near name, else all of them when they are few. */
function offer(name: string, known: readonly string[], word: string): string | undefined {
  return didYouMean(name, known) ?? (known.length > 0 && known.length <= 20 ? `${word}: ${list(known)}` : undefined)
}

export const unknownColumn = defineDiagnostic<{
  name: string
  table: string
  what: 'column' | 'calculation'
  known: readonly string[]
}>(
  'tableau/workbook-unknown-column',
  'error',
  'A sheet of a workbook names columns of its table, as they are exported, and calculations of the workbook or of the model.',
  (a) => ({
    message: `\`${a.table}\` has no ${a.what} \`${a.name}\``,
    hints: [offer(a.name, a.known, a.what === 'column' ? 'columns' : 'calculations')],
  }),
)

export const unknownTable = defineDiagnostic<{ where: string; name: string; known: readonly string[] }>(
  'tableau/workbook-unknown-table',
  'error',
  'The `data` of a sheet or calculation is a table of the export, named under `from`.',
  (a) => ({
    message: `${a.where} shows \`${a.name}\`, which is no table of the export`,
    hints: [offer(a.name, a.known, 'tables')],
  }),
)

export const tableNeeded = defineDiagnostic<{ where: string; known: readonly string[] }>(
  'tableau/workbook-table-needed',
  'error',
  'When an export has several tables, each sheet and calculation says which one it shows.',
  (a) => ({
    message: `${a.where} does not say which table it shows`,
    hints: [`write \`data: ${a.known[0] ?? 'orders'}\`; tables of the export: ${list(a.known)}`],
  }),
)

export const notADate = defineDiagnostic<{ text: string; column: string; datatype: string }>(
  'tableau/workbook-not-a-date',
  'error',
  'Only dates and timestamps have years, months and days.',
  (a) => ({
    message: `\`${a.text}\` needs a date, and the column \`${a.column}\` is ${a.datatype}`,
    hints: ['cast the column to a date in the model, or use it as it is'],
  }),
)

export const notANumber = defineDiagnostic<{ aggregation: string; column: string; datatype: string }>(
  'tableau/workbook-not-a-number',
  'error',
  'Sums, means and the like are of numbers. `count`, `count_distinct`, `min` and `max` are of anything.',
  (a) => ({
    message: `\`${a.aggregation}(${a.column})\` needs a number, and the column is ${a.datatype}`,
    hints: [`\`count(${a.column})\` and \`count_distinct(${a.column})\` work with any type`],
  }),
)

export const noGeographicRole = defineDiagnostic<{ column: string }>(
  'tableau/workbook-no-geographic-role',
  'error',
  'Tableau draws a map from columns whose geographic role it knows: by a plain name such as `country`, or as `meta.tableau` says.',
  (a) => ({
    message: `Tableau does not know \`${a.column}\` as a place`,
    hints: [`give the column a role in the model’s YAML: \`meta: { tableau: { geographic_role: country } }\``],
  }),
)

export const calculationElsewhere = defineDiagnostic<{ name: string; data: string; sheetData: string }>(
  'tableau/workbook-calculation-elsewhere',
  'error',
  'A calculation belongs to one table, and so does a sheet.',
  (a) => ({
    message: `the calculation \`${a.name}\` belongs to \`${a.data}\`, and this sheet shows \`${a.sheetData}\``,
    hints: [`add a calculation with another name and \`data: ${a.sheetData}\``],
  }),
)

export const filterAcrossTables = defineDiagnostic<{ filter: string; tables: readonly string[] }>(
  'tableau/workbook-filter-across-tables',
  'error',
  'One filter of a dashboard acts on sheets of one table. A filter action reaches sheets of other tables.',
  (a) => ({
    message: `the filter \`${a.filter}\` acts on sheets of several tables: ${list(a.tables)}`,
    hints: ['make a filter for each table, or an action of kind `filter`'],
  }),
)

export const filterTwice = defineDiagnostic<{ sheet: string; field: string }>(
  'tableau/workbook-filter-twice',
  'error',
  'A sheet can share one filter of a field only.',
  (a) => ({ message: `two filters of \`${a.field}\` act on the sheet \`${a.sheet}\``, hints: ['keep one of them'] }),
)

export const filterMisfit = defineDiagnostic<{ rule: string; needs: string; field: string; datatype: string }>(
  'tableau/workbook-filter-misfit',
  'error',
  'A `range` is of numbers or of dates, as the field is; `last` is of dates. Texts are filtered by `values`, `exclude` or `top`.',
  (a) => ({
    message: `\`${a.rule}\` as it is written here needs ${a.needs}, and \`${a.field}\` is ${a.datatype}`,
    hints: [a.datatype === 'string' ? 'filter it by `values`, `exclude` or `top`' : undefined],
  }),
)

export const imageMissing = defineDiagnostic<{ path: string }>(
  'tableau/workbook-image-missing',
  'error',
  'The path of a picture on a dashboard begins at the project.',
  (a) => ({ message: `there is no picture \`${a.path}\` for the workbook`, hints: ['the path begins at the project'] }),
)
