import { defineDiagnostic } from '../base/diagnostic.ts'

export const badProjectName = defineDiagnostic<{ name: string; better: string }>(
  'commands/bad-project-name',
  'error',
  'The name of a project has letters, digits and `_`, does not begin with a digit, and is not the name of an engine.',
  ({ name, better }) => ({
    message: `\`${name}\` cannot be the name of a project`,
    notes: ['a name has letters, digits and `_` and does not begin with a digit; `duckdb` and `postgres` are taken'],
    hints: [`\`tsdbt init ${better}\``],
  }),
)

export const projectExists = defineDiagnostic<{ path: string }>(
  'commands/project-exists',
  'error',
  '`init` makes new projects only and changes nothing that is there.',
  ({ path }) => ({ message: `there is a project already: \`${path}\``, hints: ['`tsdbt debug` checks it'] }),
)

export const cleanTargetOutside = defineDiagnostic<{ target: string; real: string }>(
  'commands/clean-target-outside',
  'error',
  '`clean` deletes nothing outside the project, also when a link leads there.',
  ({ target, real }) => ({ message: `\`${target}\` is not cleaned: it leads to \`${real}\`, outside the project` }),
)

export const cleanTargetProtected = defineDiagnostic<{ target: string; holds: string }>(
  'commands/clean-target-protected',
  'error',
  '`clean` deletes no folder that holds the project itself or its own files.',
  ({ target, holds }) => ({
    message: `\`${target}\` is not cleaned: it holds ${holds}`,
    hints: ['`clean-targets` names folders of generated files, such as `target` and `logs`'],
  }),
)

export const macroMissing = defineDiagnostic<{ name: string; near: string | undefined }>(
  'commands/macro-missing',
  'error',
  '`run-operation` was given a name that no macro has.',
  ({ name, near }) => ({ message: `there is no macro \`${name}\``, hints: [near] }),
)

export const badArguments = defineDiagnostic<{ got: string }>(
  'commands/bad-arguments',
  'error',
  '`--args` takes a YAML mapping of argument names to values.',
  ({ got }) => ({
    message: `\`--args\` must be a mapping, not ${got}`,
    hints: ["for example `--args '{role: reader}'`"],
  }),
)

export const freshnessWithoutTime = defineDiagnostic<{ name: string }>(
  'commands/freshness-without-time',
  'error',
  'A source has `freshness` and nothing that says when its rows came in: no `loaded_at_field`, no `loaded_at_query`, no `files`.',
  ({ name }) => ({
    message: `nothing says when rows of \`${name}\` came in`,
    hints: ['name the column beside `freshness`: `loaded_at_field: updated_at`'],
  }),
)

export const filterOfFiles = defineDiagnostic<{ name: string; by: string }>(
  'commands/freshness-filter-unused',
  'error',
  'The `filter` of a freshness chooses rows for `loaded_at_field`; where another thing tells the time it would be ignored.',
  ({ name, by }) => ({
    message: `the \`filter\` of \`${name}\` would choose nothing: its freshness is measured by ${by}`,
    hints: ['name a column: `loaded_at_field: updated_at`, or take the `filter` away'],
  }),
)

export const nothingToExport = defineDiagnostic<{ some: boolean }>(
  'commands/nothing-to-export',
  'warning',
  '`tsdbt export` makes exports only, and none is selected.',
  ({ some }) => ({
    message: some
      ? 'nothing is exported: the selection has no exports'
      : 'nothing is exported: the project has no exports',
    hints: [
      some
        ? '`--select orders+` takes what reads `orders`, its exports among it; `--select export:weekly_sales` one by its name'
        : 'write one under `exports:` in a YAML file, as `docs/exports.md` shows',
    ],
  }),
)

export const nothingToPublish = defineDiagnostic<Record<never, never>>(
  'commands/nothing-to-publish',
  'warning',
  'With `--publish`, exports that have `publish:` are published; none of those that were selected has it.',
  () => ({
    message: 'nothing is published: no selected export says where',
    hints: ['write for example `publish: {project: /Marketing/EMEA}` in the export'],
  }),
)

export const nothingToMeasure = defineDiagnostic<Record<never, never>>(
  'commands/no-freshness',
  'warning',
  'None of the selected nodes is a source with `freshness`.',
  () => ({
    message: 'nothing to measure: no selected source has `freshness`',
    hints: ['for example `freshness: {warn_after: {count: 1, period: day}}` on a source or one of its tables'],
  }),
)

export const deferWithoutState = defineDiagnostic<{ others: readonly string[] }>(
  'commands/defer-without-state',
  'error',
  '`--defer` reads what is missing here where an earlier run has it, so it needs the artifacts of that run: `--state` or `--defer-state` names their folder.',
  ({ others }) => ({
    message: '`--defer` needs the artifacts of another target',
    hints: [
      'name their folder with `--state` or `--defer-state`',
      others.length === 0
        ? undefined
        : `kept runs of other targets: ${others.map((other) => `\`--state ${other}\``).join(', ')}`,
    ],
  }),
)

export const stateOfAnotherEngine = defineDiagnostic<{ path: string; found: string; engine: string; target: string }>(
  'commands/state-of-another-engine',
  'error',
  'The relations of the state stand in another engine, where this target cannot read them.',
  ({ path, found, engine, target }) => ({
    message: `\`${path}\` is of ${found}, and the target \`${target}\` is ${engine}`,
    hints: ['use the artifacts of a target of the same engine'],
  }),
)

export const stateOutOfReach = defineDiagnostic<{
  database: string
  nodes: readonly string[]
  attaches: boolean
  target: string
}>(
  'commands/state-out-of-reach',
  'error',
  'The state has its relations in a database that this target does not know. Attach it in `profiles.yml` where the engine can; elsewhere both targets have to be schemas of one database.',
  ({ database, nodes, attaches, target }) => ({
    message: `${nodeList(nodes)} would be read from the database \`${database}\`, which the target \`${target}\` ${attaches ? 'has not attached' : 'cannot read'}`,
    hints: [
      attaches
        ? `add it to the target in profiles.yml: \`attach: [{path: …, alias: ${database}, read_only: true}]\``
        : 'let both targets be schemas of the same database, or build what is missing here',
    ],
  }),
)

function nodeList(nodes: readonly string[]): string {
  const shown = nodes.slice(0, 3).map((name) => `\`${name}\``)
  const more = nodes.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

export const noEarlierRun = defineDiagnostic<{ path: string }>(
  'commands/no-earlier-run',
  'error',
  '`retry` repeats what failed in the last run, and there is none: nothing was run yet, or the folder of its results was deleted.',
  ({ path }) => ({
    message: `there is no run to retry: \`${path}/run_results.json\` does not exist`,
    hints: ['run `tsdbt build` first, or name the folder of an earlier run with `--state`'],
  }),
)

export const cloneWithoutState = defineDiagnostic<{ others: readonly string[] }>(
  'commands/clone-without-state',
  'error',
  '`clone` makes the relations of another target readable in this one, so it needs the artifacts of that target.',
  ({ others }) => ({
    message: '`clone` needs the artifacts of the target to clone from',
    hints: [
      'name their folder with `--state`',
      others.length === 0
        ? undefined
        : `kept runs of other targets: ${others.map((other) => `\`--state ${other}\``).join(', ')}`,
    ],
  }),
)

export const cloneOntoItself = defineDiagnostic<{ nodes: readonly string[]; path: string; target: string }>(
  'commands/clone-onto-itself',
  'error',
  'The state was written for the very target that is cloned into: its relations would be replaced by copies of themselves.',
  ({ nodes, path, target }) => ({
    message: `\`${path}\` is of this target: ${nodeList(nodes)} would be cloned onto itself`,
    hints: [
      `choose another target than \`${target}\` with \`--target\`, or the artifacts of another one with \`--state\``,
    ],
  }),
)

export const notRetryable = defineDiagnostic<{ which: string; known: readonly string[] }>(
  'commands/not-retryable',
  'error',
  '`retry` repeats the last command that ran nodes. The results that it found are of another command.',
  ({ which, known }) => ({
    message: `the last run was \`${which}\`, which cannot be retried`,
    hints: [`\`retry\` repeats ${known.map((name) => `\`${name}\``).join(', ')}`],
  }),
)

export const nothingToRetry = defineDiagnostic<{ which: string }>(
  'commands/nothing-to-retry',
  'warning',
  'Everything in the last run ended well, so `retry` does nothing and ends with exit code 0.',
  ({ which }) => ({ message: `Nothing to retry: everything in the last \`${which}\` ended well` }),
)

export const nodesGone = defineDiagnostic<{ ids: readonly string[]; all: boolean }>(
  'commands/nodes-gone',
  'warning',
  'Nodes that failed in the last run are no longer part of the project. When none is left, `retry` cannot run.',
  ({ ids, all }) => ({
    severity: all ? 'error' : 'warning',
    message: `${all ? 'none of the nodes to retry is part of the project any more' : 'not retried, because the project has them no longer'}: ${nodeList(ids)}`,
    hints: [all ? 'run `tsdbt build` with the selection that you want' : undefined],
  }),
)

export const maskedVariables = defineDiagnostic<Record<string, never>>(
  'commands/masked-variables',
  'error',
  'The run to retry had a variable whose name says that it is a credential. Artifacts do not keep such values.',
  () => ({
    message: 'the variables of the run to retry hold a credential, which is not kept',
    hints: ["give the variables once more: `tsdbt retry --vars '{…}'`"],
  }),
)

export const dropFailed = defineDiagnostic<{ relation: string; reason: string }>(
  'commands/drop-failed',
  'error',
  '`prune` could not drop a relation. It stands as before and stays in the list.',
  ({ relation, reason }) => ({ message: `\`${relation}\` could not be dropped: ${reason}` }),
)
