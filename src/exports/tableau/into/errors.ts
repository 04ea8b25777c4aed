import { defineDiagnostic } from '../../../base/diagnostic.ts'
import { didYouMean } from '../../../base/nearest.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

export const intoMissing = defineDiagnostic<{ path: string; why: string }>(
  'tableau/into-missing',
  'error',
  '`into` names a package that was saved in Tableau; it must be there and readable. Nothing is made from nothing: leave `into` out for that.',
  (a) => ({
    message: `the package \`${a.path}\` cannot be read: ${a.why}`,
    hints: ['save it from Tableau to this place, or leave `into` out to have one made'],
  }),
)

export const intoOutside = defineDiagnostic<{ path: string }>(
  'tableau/into-outside-project',
  'error',
  'A package that is refreshed lies below the project, unless the export says `outside_project: true`.',
  (a) => ({
    message: `the package \`${a.path}\` lies outside the project`,
    hints: ['keep it below the project, or say `outside_project: true` at the export'],
  }),
)

export const intoUnreadable = defineDiagnostic<{ path: string; why: string; hint: string }>(
  'tableau/into-unreadable',
  'error',
  'A `.twbx` or `.tdsx` is a zip file. This one is none, is cut off, encrypted, or holds names that lead out of it.',
  (a) => ({ message: `\`${a.path}\` is no package that can be refreshed: ${a.why}`, hints: [a.hint] }),
)

export const intoWithoutDocument = defineDiagnostic<{ path: string; suffix: string }>(
  'tableau/into-without-document',
  'error',
  'A package holds one workbook (`.twb`) or data source (`.tds`) beside its extracts.',
  (a) => ({
    message: `\`${a.path}\` is a zip file, but holds no \`${a.suffix}\``,
    hints: ['save it from Tableau as a packaged workbook or data source'],
  }),
)

export const intoWithoutExtract = defineDiagnostic<{
  path: string
  sources: readonly string[]
  old: readonly string[]
}>(
  'tableau/into-without-extract',
  'error',
  'A refresh exchanges the `.hyper` extract within a package. A package whose data sources are live connections, or whose extract is a `.tde` of Tableau before 10.5, has none.',
  (a) =>
    a.old.length > 0
      ? {
          message: `the extract of \`${a.path}\` is a \`.tde\`, which only Tableau itself can replace: ${list(a.old)}`,
          hints: ['open it in a present Tableau, refresh the extract there and save it: it becomes a `.hyper`'],
        }
      : {
          message: `\`${a.path}\` holds no extract to refresh${a.sources.length === 0 ? '' : `: its data is live (${a.sources.join(', ')})`}`,
          hints: ['choose Data > Extract in Tableau and save it as a packaged file once'],
        },
)

export const intoChoice = defineDiagnostic<{
  path: string
  extracts: readonly string[]
  wanted: string | null
}>(
  'tableau/into-choice',
  'error',
  'A package with several extracts is refreshed one export an extract: `extract` says which one.',
  (a) => ({
    message:
      a.wanted === null
        ? `\`${a.path}\` holds ${a.extracts.length} extracts: ${list(a.extracts)}`
        : `\`${a.path}\` holds no single extract \`${a.wanted}\`, but ${list(a.extracts)}`,
    hints: [
      (a.wanted === null ? undefined : didYouMean(a.wanted, a.extracts)) ??
        `say which one: \`extract: ${a.extracts[0]!.split('/').at(-1)}\``,
    ],
  }),
)

export const intoTables = defineDiagnostic<{
  path: string
  stored: readonly string[]
  exported: readonly string[]
}>(
  'tableau/into-tables',
  'error',
  'An extract is exchanged as a whole: the export must make every table in it, by the same names when there are several.',
  (a) => ({
    message: `the extract of \`${a.path}\` holds ${a.stored.length === 0 ? 'no table' : list(a.stored)}, and the export makes ${list(a.exported)}`,
    hints: [
      'name under `from` one relation for each table of the extract; names count without `Extract.` and the id behind them',
    ],
  }),
)

export const intoColumnGone = defineDiagnostic<{
  column: string
  path: string
  table: string
  uses: readonly string[]
  known: readonly string[]
  /** Tableau has worked it out and keeps it in the extract. */
  calculated: boolean
}>(
  'tableau/into-column-gone',
  'error',
  'The workbook uses a column that the new extract would not have, so sheets would break. Nothing is written.',
  (a) => ({
    message: `\`${a.path}\` uses the column \`${a.column}\`, which \`${a.table}\` does not have`,
    hints: [
      a.calculated
        ? 'it is a calculated field that Tableau keeps in the extract: give the model such a column, or save the package without computed calculations'
        : didYouMean(a.column, a.known),
    ],
    notes: usesOf(a.uses),
  }),
)

export const intoColumnRetyped = defineDiagnostic<{
  column: string
  path: string
  table: string
  was: string
  is: string
  uses: readonly string[]
}>(
  'tableau/into-column-retyped',
  'error',
  'The workbook uses a column that would have another type in the new extract, so its aggregations, formats and filters would break. Nothing is written.',
  (a) => ({
    message: `\`${a.path}\` uses \`${a.column}\` as ${a.was}, and \`${a.table}\` has it as ${a.is}`,
    hints: ['cast it in the model, or replace the field in Tableau once'],
    notes: usesOf(a.uses),
  }),
)

export const intoColumnUnused = defineDiagnostic<{ column: string; path: string; change: string }>(
  'tableau/into-column-unused',
  'warning',
  'The data source knows a column that the new extract lacks or has as another type, and nothing in the workbook uses it. Tableau shows it as invalid in the data pane.',
  (a) => ({
    message: `the data source of \`${a.path}\` knows the column \`${a.column}\`, which ${a.change}; nothing uses it`,
  }),
)

const usesOf = (uses: readonly string[]): readonly string[] => [
  `it is used by ${uses.slice(0, 8).join(', ')}${uses.length > 8 ? ` and ${uses.length - 8} more` : ''}`,
]
