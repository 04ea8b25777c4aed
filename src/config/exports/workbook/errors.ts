import { defineDiagnostic } from '../../../base/diagnostic.ts'
import { didYouMean } from '../../../base/nearest.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

/** A near name, else all names when they are few. */
function offer(name: string, known: readonly string[], word: string): string | undefined {
  const near = didYouMean(name, known)
  if (near !== undefined) return near
  return known.length > 0 && known.length <= 15 ? `${word}: ${list(known)}` : undefined
}

export const badField = defineDiagnostic<{ text: string; problem: string }>(
  'config/workbook-field',
  'error',
  'A field of a sheet is a column (`country`, `[Order ID]`), a period of a date (`month(date)`), an aggregate (`sum(spend)`), a calculation of the workbook or, as `agg(roas)`, of the model, or arithmetic of aggregates (`sum(value) / sum(spend)`).',
  (a) => ({
    message: `\`${a.text}\` is no field: ${a.problem}`,
    hints: [
      /^[\p{L}\d_]+(?: [\p{L}\d_]+)+$/u.test(a.text)
        ? `a name with blanks stands in brackets: \`[${a.text}]\``
        : undefined,
    ],
  }),
)

export const unknownFunction = defineDiagnostic<{ name: string; column: string; known: readonly string[] }>(
  'config/workbook-function',
  'error',
  'Around a column stands an aggregation (`sum`, `avg`, `median`, `min`, `max`, `count`, `count_distinct`, `stdev`, `variance`) or a period of a date (`year` to `minute`). Anything else is a `formula` under `calculations`.',
  (a) => ({
    message: `\`${a.name}(${a.column})\` is neither an aggregation nor a period of a date`,
    hints: [didYouMean(a.name, a.known) ?? `known: ${list(a.known)}`],
  }),
)

export const aggregateNeeded = defineDiagnostic<{ name: string; where: string }>(
  'config/workbook-aggregate-needed',
  'error',
  'Where a workbook wants a measure, a column needs an aggregation: many rows become one mark.',
  (a) => ({
    message: `${a.where} needs a measure, and \`${a.name}\` is a column as it is`,
    hints: [`say how its rows become one number, for example \`sum(${a.name})\``],
  }),
)

export const dimensionNeeded = defineDiagnostic<{ text: string; where: string }>(
  'config/workbook-dimension-needed',
  'error',
  'Where a workbook wants categories or dates, a measure cannot stand.',
  (a) => ({
    message: `${a.where} needs a column or a period of a date, and \`${a.text}\` is a measure`,
    hints: ['write the column without an aggregation'],
  }),
)

export const sheetNeeds = defineDiagnostic<{ sheet: string; kind: string; needs: string; example: string }>(
  'config/workbook-sheet-needs',
  'error',
  'Each kind of sheet needs something on its shelves; `docs/workbooks.md` has a table of them.',
  (a) => ({
    message: `the sheet \`${a.sheet}\` of kind \`${a.kind}\` needs ${a.needs}`,
    hints: [`for example \`${a.example}\``],
  }),
)

export const unknownName = defineDiagnostic<{ what: string; name: string; where: string; known: readonly string[] }>(
  'config/workbook-unknown-name',
  'error',
  'A workbook names a sheet, palette, theme, calculation or filter that it does not have.',
  (a) => ({ message: `${a.where}: there is no ${a.what} \`${a.name}\``, hints: [offer(a.name, a.known, 'there are')] }),
)

export const repeatedName = defineDiagnostic<{ what: string; name: string }>(
  'config/workbook-repeated-name',
  'error',
  'Sheets and dashboards share one space of names, and so do calculations and palettes, each without regard to case.',
  (a) => ({ message: `there are two ${a.what} with the name \`${a.name}\``, hints: ['give each a name of its own'] }),
)

export const badColor = defineDiagnostic<{ text: string; palettes: readonly string[] }>(
  'config/workbook-color',
  'error',
  'A colour is written `#rrggbb` or `#rgb` in quotes.',
  (a) => ({
    message: `\`${a.text}\` is no colour`,
    hints: [a.palettes.includes(a.text) ? 'a palette belongs under `palette:`' : "write it as `'#0071e3'`, in quotes"],
  }),
)

export const badFormat = defineDiagnostic<{ text: string }>(
  'config/workbook-format',
  'error',
  'A format is a pattern as in spreadsheets for numbers (`#,##0`, `0.0%`, `€#,##0.00`, `#,##0.0,"K"`) or of a date (`yyyy-MM-dd`, `MMM yyyy`).',
  (a) => ({
    message: `\`${a.text}\` is no format`,
    hints: ["numbers: `'#,##0'`, `'0.0%'`, `'€#,##0.00'`, `'#,##0.0,\"K\"'`; dates: `yyyy-MM-dd`, `MMM yyyy`"],
  }),
)

export const filterRules = defineDiagnostic<{ found: readonly string[] }>(
  'config/workbook-filter-rule',
  'error',
  'A filter has one rule: `values`, `exclude`, `range`, `last` or `top`. Without any it lets everything through, which is of use on a dashboard only.',
  (a) => ({ message: `a filter has one rule, not ${a.found.length}: ${list(a.found)}`, hints: ['make two filters'] }),
)

export const layoutContents = defineDiagnostic<{ found: readonly string[]; known: readonly string[] }>(
  'config/workbook-layout',
  'error',
  'A box of a layout holds one thing: `rows` or `columns` of further boxes, a `sheet`, `text`, `heading`, `filter`, `legend`, `image` or `blank`.',
  (a) => ({
    message:
      a.found.length === 0
        ? 'this box of a layout holds nothing'
        : `a box of a layout holds one thing, not ${a.found.length}: ${list(a.found)}`,
    hints: [`one of ${list(a.known)}`],
  }),
)

export const emptyWorkbook = defineDiagnostic<{ where: string }>(
  'config/workbook-empty',
  'error',
  'A workbook has at least one sheet.',
  (a) => ({ message: `${a.where} has no sheets`, hints: ['list them under `sheets:`'] }),
)

export const sheetOutside = defineDiagnostic<{ sheet: string; dashboard: string; what: string }>(
  'config/workbook-sheet-outside',
  'error',
  'Filters and actions of a dashboard act on sheets that stand in its layout.',
  (a) => ({
    message: `${a.what} names the sheet \`${a.sheet}\`, which is not in the layout of the dashboard \`${a.dashboard}\``,
  }),
)

export const notShown = defineDiagnostic<{
  what: string
  field: string
  sheets: readonly string[]
  known: readonly string[]
}>(
  'config/workbook-not-shown',
  'error',
  'A reference line stands on the axis of a measure of its sheet, and an action takes along what the marks of its sheets show.',
  (a) => ({
    message: `${a.what} names \`${a.field}\`, which ${a.sheets.length === 1 ? 'the sheet' : 'none of the sheets'} ${list(a.sheets)} ${a.sheets.length === 1 ? 'does not show' : 'shows'}`,
    hints: [offer(a.field, a.known, 'it shows')],
  }),
)

export const oneAxis = defineDiagnostic<{ sheet: string }>(
  'config/workbook-one-axis',
  'error',
  'With `dual_axis` two measures of one shelf are drawn over each other.',
  (a) => ({
    message: `\`dual_axis\` of the sheet \`${a.sheet}\` needs two measures on \`rows\` or two on \`columns\``,
    hints: ['add the other measure, or leave `dual_axis` out'],
  }),
)

export const sheetRepeated = defineDiagnostic<{ sheet: string; dashboard: string }>(
  'config/workbook-sheet-repeated',
  'error',
  'Tableau shows a sheet once on a dashboard.',
  (a) => ({
    message: `the sheet \`${a.sheet}\` stands twice in the layout of the dashboard \`${a.dashboard}\``,
    hints: ['make a second sheet with another name'],
  }),
)

export const nothingInLegend = defineDiagnostic<{ sheet: string; of: 'color' | 'size' }>(
  'config/workbook-legend',
  'error',
  'A legend explains what the colours or sizes of a sheet mean, so a field must make them.',
  (a) => ({
    message: `a legend of \`${a.sheet}\` has nothing to show: no field makes its ${a.of === 'color' ? 'colours' : 'sizes'}`,
    hints: [
      a.of === 'color' ? 'give the sheet a field as `color`, for example `color: channel`' : 'give the sheet a `size`',
    ],
  }),
)

export const valueAndFormula = defineDiagnostic<{ name: string }>(
  'config/workbook-value-and-formula',
  'error',
  'A calculation is either a `value`, arithmetic of aggregates that any program can show, or a `formula` in Tableau’s language.',
  (a) => ({ message: `the calculation \`${a.name}\` has a \`value\` and a \`formula\``, hints: ['keep one of them'] }),
)

export const calculationCycle = defineDiagnostic<{ circle: readonly string[] }>(
  'config/workbook-calculation-cycle',
  'error',
  'A calculation reads itself, over others or at once.',
  (a) => ({ message: `this calculation reads itself: ${a.circle.map((name) => `\`${name}\``).join(' → ')}` }),
)

export const workbookMissing = defineDiagnostic<{ where: string }>(
  'config/workbook-missing',
  'error',
  'An export to a workbook says what is in it: `options: { workbook: a file }`, or `sheets` and `dashboards` below `options`.',
  (a) => ({
    message: `${a.where} does not say what its workbook shows`,
    hints: [
      'write for example `options: { workbook: dashboards/sales.yml }`; `docs/workbooks.md` has the keys of the file',
    ],
  }),
)

export const workbookTwice = defineDiagnostic<{ key: string }>(
  'config/workbook-twice',
  'error',
  'A workbook is described in a file of its own or below `options`, not in both.',
  (a) => ({ message: `\`${a.key}\` stands beside \`workbook\``, hints: ['move it into the file of the workbook'] }),
)

export const workbookFileMissing = defineDiagnostic<{ path: string; reason: string; known: readonly string[] }>(
  'config/workbook-file-missing',
  'error',
  'The file that describes a workbook cannot be read. Its path begins at the project.',
  (a) => ({
    message: `the workbook \`${a.path}\` cannot be read: ${a.reason}`,
    hints: [offer(a.path, a.known, 'files there')],
  }),
)

export const workbookFileOutside = defineDiagnostic<{ path: string }>(
  'config/workbook-file-outside',
  'error',
  'The file that describes a workbook lies below the project, links included.',
  (a) => ({
    message: `the workbook \`${a.path}\` lies outside the project`,
    hints: ['move the file into the project, for example into `dashboards/`'],
  }),
)

export const workbookBesideInto = defineDiagnostic<{ key: string }>(
  'config/workbook-beside-into',
  'error',
  'With `into` the workbook is the one that was saved in Tableau; only its extract is exchanged.',
  (a) => ({
    message: `\`${a.key}\` describes a workbook, and \`into\` names one that is there already`,
    hints: ['keep one of the two'],
  }),
)
