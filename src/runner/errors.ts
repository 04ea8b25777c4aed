import { defineDiagnostic } from '../base/diagnostic.ts'
import type { DatabaseFault } from '../base/errors.ts'
import { didYouMean } from '../base/nearest.ts'

/** What a statement of a node was refused for. */
interface FaultArgs {
  readonly fault: DatabaseFault
}

const named = ({ fault }: FaultArgs, noun: string): string =>
  fault.name === undefined ? `a ${noun} does not exist` : `${noun} \`${fault.name}\` does not exist`

const near = ({ fault }: FaultArgs): string | undefined => {
  const { name, candidates = [] } = fault
  if (candidates.length === 0) return undefined
  if (name !== undefined) {
    const hint = didYouMean(name, candidates)
    if (hint !== undefined) return hint
  }
  return `there is ${candidates
    .slice(0, 8)
    .map((c) => `\`${c}\``)
    .join(', ')}`
}

const missing = (code: string, noun: string, about: string) =>
  defineDiagnostic(code, 'error', about, (args: FaultArgs) => ({ message: named(args, noun), hints: [near(args)] }))

const refused = (code: string, about: string, hint?: string) =>
  defineDiagnostic(code, 'error', about, ({ fault }: FaultArgs) => ({
    message: firstLine(fault.message),
    hints: [hint],
  }))

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0]!.trim()
  return line === '' ? 'the engine refused the statement' : line
}

const statementFailed = refused('db/statement-failed', 'The engine refused a statement, for the reason that it gives.')

/** Diagnostic of each kind of fault that adapters tell apart. */
export const faultKinds: { readonly [kind: string]: ReturnType<typeof refused> } = {
  'column-missing': missing(
    'db/column-missing',
    'column',
    'A statement names a column that none of its relations has.',
  ),
  'table-missing': missing('db/table-missing', 'table or view', 'A statement names a relation that does not exist.'),
  'schema-missing': missing(
    'db/schema-missing',
    'schema',
    'A statement names a schema or database that does not exist.',
  ),
  'function-missing': missing('db/function-missing', 'function', 'A statement calls a function that the engine lacks.'),
  syntax: refused('db/syntax', 'The engine cannot parse a statement.'),
  type: refused('db/type', 'Types do not fit an operator, a function or a column.'),
  conversion: refused(
    'db/conversion',
    'A value cannot be converted to the type that is asked for.',
    'use `{{safe_cast}}` to turn such values into null, or test the column before it is cast',
  ),
  range: refused('db/range', 'A number is outside the range of its type.', 'cast to a wider type'),
  'division-by-zero': refused(
    'db/division-by-zero',
    'A divisor was zero.',
    'write `{{safe_divide a b}}`, or `nullif(b, 0)` as divisor',
  ),
  constraint: refused('db/constraint', 'A row breaks a constraint of its table.'),
  ambiguous: refused('db/ambiguous', 'A name could mean columns of two relations.', 'put the relation before the name'),
  grouping: refused('db/grouping', 'A column is neither grouped nor aggregated, or aggregates stand where none may.'),
  exists: refused('db/exists', 'A relation of this name exists already.'),
  dependency: refused('db/dependency', 'Something else in the warehouse depends on what is to be changed.'),
  conflict: refused('db/conflict', 'Another transaction changed the same rows or relations at the same time.'),
  permission: refused('db/permission', 'The role of the target may not do this.'),
  'out-of-memory': refused('db/out-of-memory', 'The engine ran out of memory.', 'raise `memory_limit` in the target'),
  'disk-full': refused('db/disk-full', 'The disk is full.', 'free space, then run again: nothing was half-published'),
  connection: refused('db/connection', 'The connection to the engine was lost.'),
  unsupported: refused('db/unsupported', 'The engine does not have what a statement asks for.'),
  other: statementFailed,
}

export const otherFault = statementFailed

interface TestArgs {
  readonly name: string
  readonly failures: number
  readonly warning: boolean
  readonly condition: string
}

export const testFailed = defineDiagnostic(
  'run/test-failed',
  'error',
  'A data test found bad rows. With severity `error` nothing that it guards is published.',
  ({ name, failures, warning, condition }: TestArgs) => ({
    message: `test \`${name}\` found ${failures} bad ${failures === 1 ? 'row' : 'rows'}`,
    notes: condition === '!= 0' ? [] : [`it ${warning ? 'warns' : 'fails'} if \`${condition}\``],
    severity: warning ? 'warning' : 'error',
  }),
)

export const failCalcNull = defineDiagnostic(
  'run/fail-calc-null',
  'error',
  'The `fail_calc` of a test gave null instead of a number, so that the test says nothing.',
  ({ failCalc }: { failCalc: string }) => ({
    message: `\`fail_calc: ${failCalc}\` gave no number`,
    hints: ['use a calculation that gives a number also when there are no rows, for example `coalesce(sum(n), 0)`'],
  }),
)

export const cleanupFailed = defineDiagnostic(
  'run/cleanup-failed',
  'warning',
  'A relation that a run made for itself could not be dropped. The next run drops it.',
  ({ reason }: { reason: string }) => ({ message: `a staged relation could not be dropped: ${reason}` }),
)

export const storeFailed = defineDiagnostic(
  'run/store-failures-failed',
  'warning',
  'The bad rows of a test could not be stored.',
  ({ name, reason }: { name: string; reason: string }) => ({
    message: `the bad rows of \`${name}\` could not be stored: ${reason}`,
  }),
)

export const schemasFailed = defineDiagnostic(
  'run/schemas-failed',
  'error',
  'The schemas of a run could not be made, or the warehouse could not be asked what is there.',
  ({ reason }: { reason: string }) => ({ message: `the run cannot begin: ${reason}` }),
)
