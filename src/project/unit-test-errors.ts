import { defineDiagnostic } from '../base/diagnostic.ts'
import { didYouMean } from '../base/nearest.ts'

const list = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(', ')

export const unknownTestedModel = defineDiagnostic<{ test: string; model: string; known: readonly string[] }>(
  'unit-test/unknown-model',
  'error',
  'A unit test names a model that is not there.',
  (a) => ({
    message: `the unit test \`${a.test}\` is for the model \`${a.model}\`, which does not exist`,
    hints: [didYouMean(a.model, a.known)],
  }),
)

export const unknownTestedVersion = defineDiagnostic<{ model: string; version: string; known: readonly string[] }>(
  'unit-test/unknown-version',
  'error',
  'A unit test includes or excludes a version that its model does not have.',
  (a) => ({
    message: `\`${a.model}\` has no version ${a.version}`,
    hints: [
      a.known.length === 0 ? 'it has no versions: leave `versions` out' : `its versions are ${a.known.join(', ')}`,
    ],
  }),
)

export const duplicateUnitTest = defineDiagnostic<{ name: string; model: string }>(
  'unit-test/duplicate-name',
  'error',
  'Two unit tests of one model have the same name.',
  (a) => ({
    message: `the model \`${a.model}\` has two unit tests named \`${a.name}\``,
    hints: ['give one of them another name'],
  }),
)

export const badInput = defineDiagnostic<{ input: string }>(
  'unit-test/bad-input',
  'error',
  "An input of a unit test is written `ref('model')`, `source('source', 'table')` or `this`.",
  (a) => ({
    message: `\`${a.input}\` is no input`,
    hints: [
      /^[\w.]+$/.test(a.input)
        ? `write \`ref('${a.input}')\``
        : "write `ref('model')`, `source('source', 'table')` or `this`",
    ],
  }),
)

export const unknownInput = defineDiagnostic<{ input: string; model: string; known: readonly string[] }>(
  'unit-test/unknown-input',
  'error',
  'A unit test gives rows of something that its model does not read, so that they would change nothing.',
  (a) => ({
    message: `the model \`${a.model}\` does not read \`${a.input}\``,
    hints: [
      didYouMean(a.input, a.known) ??
        (a.known.length === 0 ? 'it reads nothing: leave `given` empty' : `it reads ${list(a.known)}`),
    ],
  }),
)

export const inputTwice = defineDiagnostic<{ input: string }>(
  'unit-test/input-twice',
  'error',
  'A unit test gives the rows of one input twice.',
  (a) => ({ message: `the rows of \`${a.input}\` are given twice`, hints: ['put all rows into one entry'] }),
)

export const incrementalOverride = defineDiagnostic<{ test: string; model: string }>(
  'unit-test/incremental-override',
  'error',
  'A unit test of an incremental model says which of its two queries it means: `overrides: {macros: {is_incremental: …}}`. One with `table_after` needs no such word.',
  (a) => ({
    message: `\`${a.model}\` is incremental, and \`${a.test}\` does not say whether its table stands already`,
    hints: [
      'write `overrides: {macros: {is_incremental: false}}`, or `true` together with `input: this`',
      'or expect the table itself: `expect: {table_after: …}`',
    ],
  }),
)

export const thisNotGiven = defineDiagnostic<{ test: string; model: string }>(
  'unit-test/this-not-given',
  'error',
  'A unit test of an incremental run says what its table holds before: `input: this`.',
  (a) => ({
    message: `\`${a.test}\` does not say which rows \`${a.model}\` holds before the run`,
    hints: ['add `{input: this, rows: []}` to `given`, with the rows that stand there'],
  }),
)

export const thisNeedsIncrement = defineDiagnostic<{ model: string }>(
  'unit-test/this-without-incremental',
  'error',
  '`input: this` gives the rows that an incremental model holds before the run; other models are made anew.',
  (a) => ({
    message: `\`${a.model}\` is not incremental, so no rows stand before it is built`,
    hints: ['leave `input: this` out, or make the model incremental'],
  }),
)

export const tableAfterNeedsIncrement = defineDiagnostic<{ model: string; overridden?: boolean }>(
  'unit-test/table-after',
  'error',
  '`table_after` expects what an incremental run leaves in the table. Without such a run the rows are those of the query: `expect: {rows: …}`.',
  (a) => ({
    message:
      a.overridden === true
        ? '`table_after` is the table after an incremental run, but `is_incremental` is overridden with `false`'
        : `\`${a.model}\` is not incremental, so its table holds what its query gives`,
    hints: [a.overridden === true ? 'leave the override out' : 'write `expect: {rows: …}`'],
  }),
)

export const snapshotNeedsTable = defineDiagnostic<{ test: string; snapshot: string }>(
  'unit-test/snapshot-table',
  'error',
  'A unit test of a snapshot expects its history after the run: `expect: {table_after: …}`, with the history before as `input: this`.',
  (a) => ({
    message: `\`${a.test}\` does not expect the table of the snapshot \`${a.snapshot}\``,
    hints: ['write the rows under `expect: {table_after: …}`, and those that stand before as `input: this`'],
  }),
)

export const overrideType = defineDiagnostic<{ name: string }>(
  'unit-test/override-type',
  'error',
  'The override of `is_incremental` is `true` or `false`.',
  (a) => ({ message: `the override of \`${a.name}\` must be \`true\` or \`false\`` }),
)

export const unknownMacroOverride = defineDiagnostic<{ name: string; known: readonly string[] }>(
  'unit-test/unknown-macro',
  'error',
  'A unit test overrides a macro that is not there.',
  (a) => ({
    message: `there is no macro \`${a.name}\` to override`,
    hints: [
      didYouMean(a.name, [...a.known, 'is_incremental']) ??
        'variables are overridden under `vars`, environment variables under `env_vars`',
    ],
  }),
)

export const unknownFixture = defineDiagnostic<{ name: string; format: string; known: readonly string[] }>(
  'unit-test/unknown-fixture',
  'error',
  'A unit test names a fixture file that is not there. Fixtures are `.csv` files of a test folder, and `.sql` files of its folder `fixtures`.',
  (a) => ({
    message: `there is no fixture \`${a.name}\``,
    hints: [
      didYouMean(a.name, a.known) ?? `put the rows into \`tests/fixtures/${a.name.replace(/\.\w+$/, '')}.${a.format}\``,
    ],
  }),
)

export const ambiguousFixture = defineDiagnostic<{ name: string; paths: readonly string[] }>(
  'unit-test/ambiguous-fixture',
  'error',
  'Several fixture files have the name that a unit test gives.',
  (a) => ({ message: `\`${a.name}\` names several fixtures`, hints: [`write one of ${list(a.paths)}`] }),
)

export const fixtureKind = defineDiagnostic<{ path: string; format: string }>(
  'unit-test/fixture-format',
  'error',
  'The `format` of a fixture is another one than that of its file.',
  (a) => ({
    message: `\`${a.path}\` is no ${a.format} file`,
    hints: ['leave `format` out: the suffix of the file says it'],
  }),
)
