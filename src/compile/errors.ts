import { defineDiagnostic } from '../base/diagnostic.ts'
import type { DatabaseFault } from '../base/errors.ts'
import { faultWords } from '../base/fault-words.ts'
import { didYouMean } from '../base/nearest.ts'

export const emptyStatement = defineDiagnostic(
  'compile/empty-statement',
  'error',
  'After its template was evaluated, a model or test holds no SQL: only blanks and comments. Check the conditions around its text.',
  (a: { node: string }) => ({ message: `\`${a.node}\` compiles to no SQL statement` }),
)

export const severalStatements = defineDiagnostic(
  'compile/several-statements',
  'error',
  'A model or test is one query. Statements that prepare or follow it belong into a pre-hook or post-hook.',
  (a: { node: string }) => ({
    message: `\`${a.node}\` holds more than one SQL statement`,
    hints: ['keep one `select`; move the others to `pre-hook` or `post-hook`'],
  }),
)

const unbuilt: ReadonlySet<string> = new Set(['table-missing', 'schema-missing'])

export const queryFailed = defineDiagnostic(
  'compile/query-failed',
  'error',
  'A query that a template asks while it is compiled (`query`, `columns_of`, `values_of`) failed in the engine.',
  (a: { sql: string; node: string; fault: DatabaseFault }) => ({
    message: 'a query of the template failed in the warehouse',
    notes: [`the query: ${a.sql.length > 200 ? `${a.sql.slice(0, 200)}…` : a.sql}`],
    hints: unbuilt.has(a.fault.kind)
      ? [`build first what it reads, for example by \`tsdbt build --select +${a.node}\``]
      : faultWords(a.fault).hints,
  }),
)

export const relationMissing = defineDiagnostic(
  'compile/relation-missing',
  'error',
  '`columns_of` was asked for a relation that does not exist yet. Build its node first.',
  (a: { relation: string }) => ({
    message: `${a.relation} does not exist, so its columns are not known`,
    hints: ['build the node that makes it first'],
  }),
)

export const notARelation = defineDiagnostic(
  'compile/not-a-relation',
  'error',
  'The argument must be a relation: `(ref "…")`, `(source "…" "…")` or `this`.',
  (a: { what: string }) => ({
    message: `${a.what} is not a relation`,
    hints: ['give `(ref "…")`, `(source "…" "…")` or `this`'],
  }),
)

export const undeclaredReference = defineDiagnostic(
  'compile/undeclared-reference',
  'error',
  'A reference was made while a template ran that the static walk did not see, so the DAG does not know it.',
  (a: { node: string; name: string }) => ({
    message: `\`${a.node}\` reaches \`${a.name}\` only while it runs, so the DAG has no such edge`,
    hints: [`say \`{{depends_on (ref "${a.name}")}}\` in the file`],
  }),
)

export const secretOutsideProfiles = defineDiagnostic(
  'compile/secret-outside-profiles',
  'error',
  'Environment variables that hold secrets may be read in `profiles.yml` and `packages.yml` only, so that they cannot end up in SQL or artifacts.',
  (a: { name: string }) => ({
    message: `\`${a.name}\` is a secret and may be read in profiles.yml only`,
    hints: ['use a variable with another name for values that are no secrets'],
  }),
)

export const ephemeralCycle = defineDiagnostic(
  'compile/ephemeral-cycle',
  'error',
  'Ephemeral models refer to each other in a circle, so they cannot be written as CTEs.',
  (a: { node: string }) => ({ message: `\`${a.node}\` is part of a circle of ephemeral models` }),
)

export const templateWarning = defineDiagnostic(
  'compile/template-warning',
  'warning',
  'A template said `{{warn "…"}}`.',
  (a: { text: string }) => ({ message: a.text }),
)

export const inputNotGiven = defineDiagnostic(
  'unit-test/input-not-given',
  'error',
  'The model reads something of which its unit test gives no rows. Only seeds may be left out: their real rows are read.',
  (a: { test: string; input: string }) => ({
    message: `\`${a.test}\` gives no rows of \`${a.input}\`, which the model reads`,
    hints: [`add \`{input: ${a.input}, rows: []}\` to \`given\`, with the rows that matter`],
  }),
)

export const eventTimeMissing = defineDiagnostic<{ node: string; column: string; columns: readonly string[] }>(
  'compile/event-time-missing',
  'error',
  'The `event_time` of a node names a column that its relation does not have, so its rows cannot be narrowed to a window of time.',
  ({ node, column, columns }) => ({
    message: `\`${node}\` has no column \`${column}\`, which is its \`event_time\``,
    hints: [
      didYouMean(column, columns) ??
        `it has ${columns
          .slice(0, 12)
          .map((c) => `\`${c}\``)
          .join(', ')}`,
    ],
  }),
)

export const eventTimeNoTime = defineDiagnostic<{ node: string; column: string; type: string }>(
  'compile/event-time-no-time',
  'error',
  'The `event_time` of a node names a column that is no date and no timestamp.',
  ({ node, column, type }) => ({
    message: `\`${column}\`, the \`event_time\` of \`${node}\`, is ${type}, not a time`,
    hints: ['name a column of type `date`, `timestamp` or `timestamp with time zone`, or cast it in the model'],
  }),
)
