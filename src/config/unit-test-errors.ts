import { defineDiagnostic } from '../base/diagnostic.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

export const fixtureFormat = defineDiagnostic<{ why: string; hint: string }>(
  'config/fixture-format',
  'error',
  'Rows of a unit test are a list of mappings (`dict`), or a text with `format: csv` or `format: sql`.',
  (a) => ({ message: a.why, hints: [a.hint] }),
)

export const rowsTwice = defineDiagnostic<{ first: string; second: string }>(
  'config/rows-twice',
  'error',
  'An input or expectation of a unit test has its rows from one place: `rows`, `fixture` or `table_after`.',
  (a) => ({
    message: `rows are given twice: by \`${a.first}\` and by \`${a.second}\``,
    hints: ['keep one of them'],
  }),
)

export const fixtureQuote = defineDiagnostic<Record<never, never>>(
  'config/fixture-quote',
  'error',
  'A quote in the CSV text of a fixture is opened and never closed. A quote inside a value is written twice.',
  () => ({ message: 'this quote is never closed' }),
)

export const fixtureColumns = defineDiagnostic<{ why: string }>(
  'config/fixture-columns',
  'error',
  'The first line of a CSV fixture names its columns, each once.',
  (a) => ({ message: `the fixture cannot be read: ${a.why}` }),
)

export const fixtureRowWidth = defineDiagnostic<{ cells: number; columns: readonly string[] }>(
  'config/fixture-row-width',
  'error',
  'A line of a CSV fixture has more or fewer values than the first line has columns.',
  (a) => ({
    message: `this row has ${a.cells} ${a.cells === 1 ? 'value' : 'values'}, but the fixture has ${a.columns.length} ${a.columns.length === 1 ? 'column' : 'columns'}`,
    hints: [
      a.cells > a.columns.length
        ? 'put a value that holds a comma in double quotes'
        : `the columns are ${list(a.columns)}; an empty value is null`,
    ],
  }),
)

export const unevenRows = defineDiagnostic<{ missing: readonly string[] }>(
  'config/uneven-rows',
  'error',
  'All rows that a unit test expects name the same columns: those are compared. What shall be null is written `null`.',
  (a) => ({
    message: `this expected row does not name ${list(a.missing)}, which another one does`,
    hints: ['write the same columns in every row; `null` is a value, too'],
  }),
)
