import { defineDiagnostic } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'

export const sectionMisspelt = defineDiagnostic<{ key: string; where: string }>(
  'exports/power-bi-section',
  'warning',
  'What a project says to Power BI stands under `meta.power_bi`. Other keys of `meta` are for others.',
  (a) => ({ message: `\`meta.${a.key}\` of ${a.where} says nothing to Power BI`, hints: ['write `power_bi`'] }),
)

export const fieldNameTaken = defineDiagnostic<{ name: string; table: string; by: string }>(
  'exports/power-bi-name-taken',
  'error',
  'In Power BI the names of measures are unique in the whole model, those of columns in their table, without regard to case.',
  (a) => ({
    message: `\`${a.name}\` of \`${a.table}\` is also the name of ${a.by}`,
    hints: ['give one of them another name'],
  }),
)

export const badFieldName = defineDiagnostic<{ name: string; what: string }>(
  'exports/power-bi-name',
  'error',
  'A name in Power BI is one line of text without control characters.',
  (a) => ({ message: `${JSON.stringify(a.name)} cannot be the name of ${a.what} in Power BI` }),
)

export const badDax = defineDiagnostic<{ measure: string; table: string; fault: string }>(
  'exports/dax-not-closed',
  'error',
  'The expression of a measure does not close what it opens.',
  (a) => ({ message: `the measure \`${a.measure}\` of \`${a.table}\`: ${a.fault} in its expression` }),
)

export const unknownDaxName = defineDiagnostic<{
  measure: string
  table: string
  what: 'table' | 'column' | 'field'
  written: string
  name: string
  known: readonly string[]
  called: string | undefined
}>(
  'exports/dax-unknown-name',
  'error',
  'The expression of a measure names a table, a column or a measure that the export does not have.',
  (a) => {
    const kind = a.what === 'field' ? 'column or measure' : a.what
    return {
      message: `the measure \`${a.measure}\` of \`${a.table}\` reads \`${a.written}\`, and there is no ${kind} \`${a.name}\``,
      hints: [
        a.called === undefined
          ? (didYouMean(a.name, a.known) ?? `known: ${a.known.map((k) => `\`${k}\``).join(', ')}`)
          : `its caption in Power BI is \`${a.called}\`: use that`,
      ],
    }
  },
)

export const calendarUnknown = defineDiagnostic<{ name: string; known: readonly string[] }>(
  'exports/power-bi-calendar',
  'error',
  '`date_table` names one of the tables of the export: the calendar that time is reckoned by.',
  (a) => ({
    message: `the export has no table \`${a.name}\` to be its calendar`,
    hints: [didYouMean(a.name, a.known) ?? `its tables: ${a.known.map((k) => `\`${k}\``).join(', ')}`],
  }),
)

export const calendarUnfit = defineDiagnostic<{ table: string; why: string }>(
  'exports/power-bi-calendar-unfit',
  'error',
  'A calendar of Power BI has one column of dates that are unique and never null. Tests or a contract say so.',
  (a) => ({
    message: `\`${a.table}\` cannot be the calendar: ${a.why}`,
    hints: ['give its column of dates the tests `unique` and `not_null`'],
  }),
)

export const sortColumnUnknown = defineDiagnostic<{ column: string; sortBy: string; known: readonly string[] }>(
  'exports/power-bi-sort-by',
  'error',
  '`sort_by` names another column of the same table, as the model calls it.',
  (a) => ({
    message: `\`${a.column}\` is sorted by \`${a.sortBy}\`, which is no column of its table`,
    hints: [didYouMean(a.sortBy, a.known)],
  }),
)

export const noServer = defineDiagnostic<{ source: string }>(
  'exports/power-bi-no-server',
  'error',
  'With `source: postgres` Power BI reads the tables from the server of the target, which must be a Postgres.',
  (a) => ({
    message: `\`source: ${a.source}\` needs a target on that server, and this target has none`,
    hints: ['say `source: parquet`, or choose another target'],
  }),
)

export const nothingToShow = defineDiagnostic<{ table: string }>(
  'exports/power-bi-no-columns',
  'error',
  'Power BI shows no columns of bytes, so a table needs another one.',
  (a) => ({ message: `\`${a.table}\` has no column that Power BI can show` }),
)

export const columnLeftOut = defineDiagnostic<{ column: string; table: string; type: string }>(
  'exports/power-bi-column-left-out',
  'warning',
  'Power BI shows no columns of bytes. Name the columns that are wanted under `columns`, or turn it into text in the model.',
  (a) => ({ message: `\`${a.column}\` of \`${a.table}\` is ${a.type} and is left out` }),
)

export const relationshipLeftOut = defineDiagnostic<{ from: string; to: string; why: string }>(
  'exports/power-bi-relationship-left-out',
  'warning',
  'A relationship of Power BI leads from one column to one column of another table whose values are unique.',
  (a) => ({ message: `no relationship from \`${a.from}\` to \`${a.to}\`: ${a.why}` }),
)

export const reportUnfit = defineDiagnostic<{ folder: string }>(
  'exports/power-bi-report',
  'error',
  '`report: keep` leaves the report as it is, and what lies there is none.',
  (a) => ({
    message: `${a.folder} is to be kept, and it has no \`definition.pbir\`, so Power BI cannot open it`,
    hints: ['take the folder away, or say `report: write`'],
  }),
)
