import { defineDiagnostic } from '../base/diagnostic.ts'

export const cycle = defineDiagnostic(
  'graph/cycle',
  'error',
  'Models that refer to each other in a circle can never be built. Take one of the references out; the path is written out in the message.',
  (a: { path: readonly string[] }) => ({
    message: a.path.length === 2 ? `\`${a.path[0]}\` refers to itself` : `circular reference: ${a.path.join(' -> ')}`,
    hints: [
      a.path.length === 2
        ? 'write `{{this}}` where an incremental model reads its own rows'
        : 'take one of these references out, or move the shared part into a model of its own',
    ],
  }),
)

export const selectorSyntax = defineDiagnostic(
  'graph/selector-syntax',
  'error',
  'A selector is written as `[@][n+][method:]value[+n]`; blanks unite, a comma without blanks intersects.',
  (a: { message: string; hint?: string | undefined }) => ({ message: a.message, hints: [a.hint] }),
)

export const selectorUnknownMethod = defineDiagnostic(
  'graph/selector-unknown-method',
  'error',
  'The word before the colon of a selector is no selection method.',
  (a: { method: string; hint?: string | undefined }) => ({
    message: `\`${a.method}\` is no selection method`,
    hints: [a.hint],
  }),
)

export const selectorValue = defineDiagnostic(
  'graph/selector-value',
  'error',
  'The selection method takes only certain values or needs an argument.',
  (a: { message: string; hint?: string | undefined }) => ({ message: a.message, hints: [a.hint] }),
)

export const selectorUnknown = defineDiagnostic(
  'graph/selector-unknown',
  'error',
  'A selector of `selectors.yml` is named that is not there.',
  (a: { name: string; hint?: string | undefined }) => ({
    message: `there is no selector \`${a.name}\``,
    hints: [a.hint],
  }),
)

export const selectorCircle = defineDiagnostic(
  'graph/selector-circle',
  'error',
  'Selectors of `selectors.yml` refer to each other in a circle, so none of them has an end.',
  (a: { path: readonly string[] }) => ({
    message:
      a.path.length === 2
        ? `the selector \`${a.path[0]}\` refers to itself`
        : `selectors refer to each other in a circle: ${a.path.join(' -> ')}`,
    hints: ['take one of the references out'],
  }),
)

export const selectionIgnored = defineDiagnostic(
  'graph/selection-ignored',
  'warning',
  '`--selector` takes the place of `--select` and `--exclude`; what these say does not count, as in dbt.',
  (a: { flag: string }) => ({
    message: `\`${a.flag}\` does not count beside \`--selector\``,
    hints: ['write `--select selector:name,…` to narrow a saved selector'],
  }),
)

export const selectorNoMatch = defineDiagnostic(
  'graph/selector-no-match',
  'warning',
  'A selector of `--select` or `--exclude` matches no node. The run goes on with what the other selectors match.',
  (a: { text: string; hint?: string | undefined }) => ({
    message: `the selector \`${a.text}\` matches nothing`,
    hints: [a.hint],
  }),
)

export const selectionEmpty = defineDiagnostic(
  'graph/selection-empty',
  'warning',
  'Nothing is left to do: what was selected is excluded again, or is of a type that the command does not take.',
  (a: { found: readonly string[]; wanted: readonly string[] }) => ({
    message:
      a.found.length === 0
        ? 'nothing is selected'
        : `nothing to do: the selection has ${a.found.join(', ')} only, and this command takes ${a.wanted.join(', ')}`,
  }),
)

export const stateUnavailable = defineDiagnostic<Record<string, never>>(
  'graph/state-unavailable',
  'error',
  'The selector compares with an earlier run, and where it is used there is none.',
  () => ({ message: 'there is no earlier run to compare with here', hints: ['select the nodes by name'] }),
)
