import { defineDiagnostic } from '../base/diagnostic.ts'

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

export const staleSource = defineDiagnostic(
  'run/stale-source',
  'warning',
  'The newest rows of a source are older than its `warn_after`. It is told as a diagnostic when that counts as an error.',
  ({ name, verdict }: { name: string; verdict: string }) => ({
    message: `the newest rows of \`${name}\` are too old: ${verdict}`,
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
  ({ reason }: { reason: string }) => ({
    message: `a staged relation could not be dropped: ${reason}`,
    hints: ['nothing reads it, and the next run drops it'],
  }),
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
  ({ reason, hint }: { reason: string; hint: string | undefined }) => ({
    message: `the run cannot begin: ${reason}`,
    hints: [hint],
  }),
)

export const loadedAtUnreadable = defineDiagnostic(
  'run/loaded-at-unreadable',
  'error',
  'What `loaded_at_field` or `loaded_at_query` gives is no date and no time, so that no age follows from it. Cast it.',
  ({ key, field, type, value }: { key: string; field: string | null; type: string; value: string }) => ({
    message: `\`${key}\` gave ${value === '' ? 'an empty value' : `\`${value}\``} of type ${type.toLowerCase()}, which is no time`,
    hints: [field === null ? 'select a timestamp or a date' : `for example \`${key}: "cast(${field} as timestamp)"\``],
  }),
)

export const timedOut = defineDiagnostic(
  'run/timeout',
  'error',
  'A node ran longer than its `timeout` allows. Its statement was interrupted; nothing of it is published and the others go on.',
  ({ name, limit }: { name: string; limit: string }) => ({
    message: `\`${name}\` was stopped: it ran longer than its \`timeout\` of ${limit}`,
    hints: ['raise `timeout`, or let it be tried again by `retries`'],
  }),
)

export const exportInputMissing = defineDiagnostic<{ name: string }>(
  'run/export-input-missing',
  'error',
  'An export reads a relation that is not in the warehouse.',
  (a) => ({ message: `\`${a.name}\` has no relation that could be exported`, hints: ['build it first'] }),
)
