import type { Flag, FlagKind } from './flag.ts'

const text = (value: string): FlagKind => ({ is: 'text', value })
const list = (value: string): FlagKind => ({ is: 'list', value })
const choice = (...choices: string[]): FlagKind => ({ is: 'choice', value: 'mode', choices })
const toggle: FlagKind = { is: 'switch' }
const usualToggle: FlagKind = { is: 'switch', usual: true }

/** Names of dbt's switches that orchestrators pass and that change nothing here: there is no cache to fill and no one to phone. */
const withoutMeaning = [
  'partial-parse',
  'populate-cache',
  'cache-selected-only',
  'static-parser',
  'use-experimental-parser',
  'version-check',
  'send-anonymous-usage-stats',
  'log-cache-events',
  'use-colors-file',
  'show-all-deprecations',
  'print',
  'hints-enabled',
]

const levels = ['debug', 'info', 'warn', 'error', 'none']
const formats = ['text', 'json', 'debug', 'default']

/** Accepted before and behind the name of every command. */
export const globalFlags: readonly Flag[] = [
  {
    long: 'project-dir',
    kind: text('dir'),
    env: 'PROJECT_DIR',
    about: 'folder of project.yml (default: here or the nearest above)',
  },
  {
    long: 'profiles-dir',
    kind: text('dir'),
    env: 'PROFILES_DIR',
    about: 'folder of profiles.yml (default: the project, then ~/.tsdbt)',
  },
  { long: 'profile', kind: text('name'), env: 'PROFILE', about: 'profile to use instead of the one in project.yml' },
  { long: 'target', short: 't', kind: text('name'), env: 'TARGET', about: 'target of the profile' },
  {
    long: 'target-path',
    kind: text('dir'),
    env: 'TARGET_PATH',
    about: 'folder for compiled SQL and artifacts (default: target)',
  },
  {
    long: 'state',
    kind: text('dir'),
    env: 'STATE',
    about: 'artifacts of the run to compare with (default: what is kept of the last runs on the target)',
  },
  {
    long: 'defer',
    kind: toggle,
    env: 'DEFER',
    about: 'read nodes that are missing in the target where the state has them',
  },
  { long: 'defer-state', kind: text('dir'), env: 'DEFER_STATE', about: 'the state to defer to instead of --state' },
  {
    long: 'favor-state',
    kind: toggle,
    env: 'FAVOR_STATE',
    about: 'with --defer: read everything that is not selected where the state has it',
  },
  { long: 'vars', kind: text('yaml'), env: 'VARS', about: "variables as YAML, for example '{as_of_date: 2026-01-31}'" },
  {
    long: 'threads',
    kind: { is: 'integer', value: 'n', from: 1 },
    env: 'THREADS',
    about: 'nodes that run at the same time',
  },
  {
    long: 'indirect-selection',
    kind: choice('eager', 'cautious', 'buildable', 'empty'),
    env: 'INDIRECT_SELECTION',
    about: 'which tests come with a selected node: eager, cautious, buildable or empty',
  },
  { long: 'fail-fast', short: 'x', kind: toggle, env: 'FAIL_FAST', about: 'stop at the first failure' },
  { long: 'warn-error', kind: toggle, env: 'WARN_ERROR', about: 'treat warnings as errors' },
  {
    long: 'warn-error-options',
    kind: text('yaml'),
    env: 'WARN_ERROR_OPTIONS',
    about: "which warnings are errors: '{error: all, warn: [name], silence: [name]}'",
  },
  {
    long: 'wait',
    kind: { is: 'duration', value: 'time' },
    env: 'WAIT',
    about: 'wait for another run on the same target, for example 10m',
  },
  {
    long: 'write-json',
    kind: usualToggle,
    env: 'WRITE_JSON',
    about: 'write no manifest.json and no run_results.json',
  },
  { long: 'quiet', short: 'q', kind: toggle, env: 'QUIET', about: 'print errors and data only' },
  { long: 'debug', short: 'd', kind: toggle, env: 'DEBUG', about: 'print every statement and event' },
  {
    long: 'log-format',
    kind: { is: 'choice', value: 'format', choices: formats },
    env: 'LOG_FORMAT',
    about: 'text, json (one object a line on stdout) or debug',
  },
  {
    long: 'log-level',
    kind: { is: 'choice', value: 'level', choices: levels },
    env: 'LOG_LEVEL',
    about: 'debug, info, warn, error or none',
  },
  { long: 'log-path', kind: text('dir'), env: 'LOG_PATH', about: 'also write the log to dbt.log in this folder' },
  {
    long: 'log-format-file',
    kind: { is: 'choice', value: 'format', choices: formats },
    env: 'LOG_FORMAT_FILE',
    about: 'format of the log file',
  },
  {
    long: 'log-level-file',
    kind: { is: 'choice', value: 'level', choices: levels },
    env: 'LOG_LEVEL_FILE',
    about: 'level of the log file (default: debug)',
  },
  {
    long: 'log-file-max-bytes',
    kind: { is: 'integer', value: 'n', from: 0 },
    env: 'LOG_FILE_MAX_BYTES',
    about: 'size at which the log file starts anew (default: 10 MiB; 0: never)',
  },
  { long: 'color', kind: usualToggle, env: 'USE_COLORS', about: 'no colours; --color: colours even in a pipe' },
  { long: 'use-colors', aliasOf: 'color', kind: toggle, about: 'the same in dbt’s spelling', hidden: true },
  {
    long: 'printer-width',
    kind: { is: 'integer', value: 'n', from: 20 },
    env: 'PRINTER_WIDTH',
    about: 'columns of a progress line (default: 80)',
  },
  {
    long: 'introspect',
    kind: usualToggle,
    env: 'INTROSPECT',
    about: 'let no template ask the warehouse while compiling',
  },
  ...withoutMeaning.map((long): Flag => ({ long, kind: toggle, about: 'accepted for dbt’s callers', hidden: true })),
]

/** Which nodes. */
export const selectionFlags: readonly Flag[] = [
  {
    long: 'select',
    short: 's',
    kind: list('spec'),
    about: 'nodes to take, in dbt’s selection grammar; several may follow',
  },
  { long: 'models', short: 'm', aliasOf: 'select', kind: list('spec'), about: 'the same as --select', hidden: true },
  { long: 'model', aliasOf: 'select', kind: list('spec'), about: 'the same as --select', hidden: true },
  { long: 'exclude', kind: list('spec'), about: 'nodes to leave out' },
  {
    long: 'selector',
    kind: text('name'),
    about: 'a saved selection of selectors.yml, instead of --select and --exclude',
  },
  {
    long: 'resource-type',
    kind: list('type'),
    env: 'RESOURCE_TYPES',
    about: 'only nodes of these types (model, test, seed, source …)',
  },
  {
    long: 'resource-types',
    aliasOf: 'resource-type',
    kind: list('type'),
    about: 'the same as --resource-type',
    hidden: true,
  },
  {
    long: 'exclude-resource-type',
    kind: list('type'),
    env: 'EXCLUDE_RESOURCE_TYPES',
    about: 'no nodes of these types',
  },
  {
    long: 'exclude-resource-types',
    aliasOf: 'exclude-resource-type',
    kind: list('type'),
    about: 'the same as --exclude-resource-type',
    hidden: true,
  },
]

export const fullRefresh: Flag = {
  long: 'full-refresh',
  short: 'f',
  kind: toggle,
  env: 'FULL_REFRESH',
  about: 'rebuild incremental models and reload files from nothing',
}
export const empty: Flag = { long: 'empty', kind: toggle, env: 'EMPTY', about: 'refs and sources read no rows' }
/** Which time rows are of. */
export const timeFlags: readonly Flag[] = [
  {
    long: 'event-time-start',
    kind: text('time'),
    env: 'EVENT_TIME_START',
    about: 'build the batches of microbatch models from this time, UTC',
  },
  {
    long: 'event-time-end',
    kind: text('time'),
    env: 'EVENT_TIME_END',
    about: 'to this time, which does not belong to the window',
  },
  {
    long: 'sample',
    kind: text('window'),
    env: 'SAMPLE',
    about: "read nodes that have an event_time for this time only: '3 days', '{start: …, end: …}'",
  },
]
export const publish: Flag = {
  long: 'publish',
  kind: toggle,
  about: 'also publish the exports that say where (`publish:`); the account comes from TABLEAU_* variables',
}

export const dryRun: Flag = { long: 'dry-run', kind: toggle, about: 'print the steps instead of running them' }
export const allOrNothing: Flag = {
  long: 'all-or-nothing',
  kind: toggle,
  env: 'ALL_OR_NOTHING',
  about: 'publish everything together, or nothing',
}
export const idempotence: Flag = {
  long: 'idempotence',
  kind: toggle,
  env: 'IDEMPOTENCE',
  about: 'run incremental models and snapshots twice on copies: nothing may change',
}
export const storeFailures: Flag = {
  long: 'store-failures',
  kind: toggle,
  env: 'STORE_FAILURES',
  about: 'keep the rows of failing tests in tables',
}
export const showRows: Flag = { long: 'show', kind: toggle, about: 'show the first rows of the seeds' }
export const inline: Flag = { long: 'inline', kind: text('sql'), about: 'a template given here instead of a model' }
export const limit: Flag = {
  long: 'limit',
  kind: { is: 'integer', value: 'n', from: -1 },
  about: 'rows to show (default: 5; -1: all)',
}
export const args: Flag = { long: 'args', kind: text('yaml'), about: 'arguments of the macro as YAML' }
export const sql: Flag = { long: 'sql', kind: text('sql'), about: 'a statement to run instead of a macro' }
export const skipProfileSetup: Flag = {
  long: 'skip-profile-setup',
  short: 's',
  kind: toggle,
  about: 'write no profiles.yml',
}
export const outputFile: Flag = {
  long: 'output',
  short: 'o',
  kind: text('file'),
  about: 'file for the results (default: sources.json in the target folder)',
}
/** Of `docs generate`; those of `docs serve` are known so that its own message is the only one. */
export const docsFlags: readonly Flag[] = [
  { long: 'compile', kind: usualToggle, about: 'compile nothing: a manifest without compiled SQL' },
  { long: 'empty-catalog', kind: toggle, about: 'do not ask the warehouse: a catalog without entries' },
  { long: 'host', kind: text('host'), about: 'of `docs serve`', hidden: true },
  { long: 'port', kind: { is: 'integer', value: 'n', from: 0 }, about: 'of `docs serve`', hidden: true },
  { long: 'browser', kind: toggle, about: 'of `docs serve`', hidden: true },
]
export const tables: Flag = { long: 'tables', kind: toggle, about: 'copy the rows instead of making views on them' }
export const why: Flag = {
  long: 'why',
  kind: toggle,
  about: 'tell for each node what changed since the state, with --output json under the key `why`',
}
export const pruneFlags: readonly Flag[] = [
  { long: 'yes', short: 'y', kind: toggle, about: 'drop without asking' },
  { long: 'dry-run', kind: toggle, about: 'list only' },
  { long: 'include-snapshots', kind: toggle, about: 'also drop what snapshots have made: their history is lost' },
]
export const outputKeys: Flag = {
  long: 'output-keys',
  kind: list('key'),
  about: 'keys of --output json, also nested ones such as config.tags',
}

export const lock: Flag = {
  long: 'lock',
  kind: toggle,
  env: 'LOCK',
  about: 'write package-lock.yml and install nothing',
}
export const upgrade: Flag = {
  long: 'upgrade',
  kind: toggle,
  env: 'UPGRADE',
  about: 'look for newer commits and versions than package-lock.yml has',
}
export const addPackage: Flag = {
  long: 'add-package',
  kind: text('name@version'),
  env: 'ADD_PACKAGE',
  about: 'add a package to packages.yml: name@version, address@revision or a path',
}
export const packageSource: Flag = {
  long: 'source',
  kind: { is: 'choice', value: 'source', choices: ['git', 'npm', 'local'] },
  env: 'SOURCE',
  about: 'where --add-package finds it: git, npm or local (default: told by its form)',
}

/** `--output` with the given formats, the first one being the default. */
export function output(...choices: string[]): Flag {
  return {
    long: 'output',
    kind: { is: 'choice', value: 'format', choices },
    about: `${choices.join(', ')} (default: ${choices[0]})`,
  }
}
