import { defineDiagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

function offer(name: string, known: readonly string[]): string | undefined {
  return didYouMean(name, known) ?? (known.length <= 20 ? `its columns are ${list(known)}` : undefined)
}

export const unitTestFailed = defineDiagnostic(
  'unit-test/failed',
  'error',
  'A model makes other rows of the given ones than its unit test expects. Values that differ are shown as `expected → actual`. In a build the model is not made.',
  (a: { test: string; model: string; words: string; after: boolean }) => ({
    message: `unit test \`${a.test}\` of \`${a.model}\`: ${a.words}${a.after ? ' in the table after the increment' : ''}`,
  }),
)

export const unknownGivenColumn = defineDiagnostic(
  'unit-test/unknown-column',
  'error',
  'A unit test gives or expects a column that is not there.',
  (a: { column: string; input: string; known: readonly string[] }) => ({
    message: `\`${a.input}\` has no column \`${a.column}\``,
    hints: [offer(a.column, a.known)],
  }),
)

export const unknownExpectedColumn = defineDiagnostic(
  'unit-test/unknown-expected-column',
  'error',
  'A unit test expects a column that its model does not make.',
  (a: { column: string; known: readonly string[] }) => ({
    message: `the model makes no column \`${a.column}\``,
    hints: [offer(a.column, a.known)],
  }),
)

export const unfitValue = defineDiagnostic(
  'unit-test/unfit-value',
  'error',
  'A value of a fixture is none of the type that its column has.',
  (a: { value: string; column: string; type: string }) => ({
    message: `\`${a.value.length > 60 ? `${a.value.slice(0, 60)}…` : a.value}\` is no value of the column \`${a.column}\`, which is \`${a.type.toLowerCase()}\``,
  }),
)

export const thisIsRead = defineDiagnostic(
  'unit-test/this-is-read',
  'error',
  'The query of a model reads its own table, of which the unit test gives no rows.',
  (a: { test: string; model: string }) => ({
    message: `the query of \`${a.model}\` reads its own table, of which \`${a.test}\` gives no rows`,
    hints: ['add `{input: this, rows: []}` to `given`, with the rows that stand there'],
  }),
)

export const notIdempotent = defineDiagnostic(
  'idempotence/second-run',
  'error',
  'A second run of an incremental model or snapshot, over the same input, changed rows. `test --idempotence` runs it twice on a copy of its table that is thrown away.',
  (a: { node: string; words: string }) => ({
    message: `a second run of \`${a.node}\` changes its rows: ${a.words}`,
    hints: [
      'filter out the rows that the table has already, give a `unique_key`, or leave columns out by `meta: {idempotence: {ignore: [column]}}`',
    ],
  }),
)

export const differsFromFullRefresh = defineDiagnostic(
  'idempotence/full-refresh',
  'error',
  'After an incremental run the table of a model does not hold what a full refresh would make of the same input.',
  (a: { node: string; words: string }) => ({
    message: `\`${a.node}\` is not what a full refresh makes: ${a.words}`,
    hints: ['values are shown as `full refresh → table`; `--full-refresh` mends the table, not the reason'],
  }),
)

export const nothingToCheck = defineDiagnostic(
  'idempotence/nothing',
  'warning',
  '`test --idempotence` looks at incremental models and snapshots, and none was selected.',
  (_: Record<never, never>) => ({
    message: 'no incremental model and no snapshot is selected: there is nothing to check',
  }),
)
