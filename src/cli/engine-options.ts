import type { DepsOptions } from '../commands/deps.ts'
import type {
  CloneOptions,
  CompileOptions,
  DocsOptions,
  EngineOptions,
  FreshnessOptions,
  IndirectSelection,
  ListOptions,
  OperationOptions,
  RetryOptions,
  RunOptions,
  SelectionOptions,
  ShowOptions,
  TimeOptions,
} from '../commands/options.ts'
import type { FlagValues } from './flag.ts'

type Environment = Readonly<Record<string, string | undefined>>

const defaultLimit = 5

/** What opens the project, as the flags say it. The CLI adds listeners and the signal. */
export function engineOptions(values: FlagValues, env: Environment, invocation: string): EngineOptions {
  return {
    projectDir: text(values, 'project-dir'),
    profilesDir: text(values, 'profiles-dir'),
    profile: text(values, 'profile'),
    target: text(values, 'target'),
    targetPath: text(values, 'target-path'),
    vars: text(values, 'vars'),
    threads: values.get('threads') as number | undefined,
    warnError: toggle(values, 'warn-error'),
    warnErrorOptions: text(values, 'warn-error-options'),
    waitMs: values.get('wait') as number | undefined,
    state: text(values, 'state'),
    defer: toggle(values, 'defer'),
    deferState: text(values, 'defer-state'),
    favorState: toggle(values, 'favor-state'),
    env,
    invocation,
  }
}

export function selectionOptions(values: FlagValues): SelectionOptions {
  return {
    select: lists(values, 'select', 'models', 'model'),
    exclude: lists(values, 'exclude'),
    selector: text(values, 'selector'),
    indirectSelection: values.get('indirect-selection') as IndirectSelection | undefined,
    resourceTypes: words(lists(values, 'resource-type', 'resource-types')),
    excludeResourceTypes: words(lists(values, 'exclude-resource-type', 'exclude-resource-types')),
  }
}

/** As in dbt, `ls --models` lists models only; everywhere else `--models` means `--select`. */
export function listOptions(values: FlagValues): ListOptions {
  const options = { ...selectionOptions(values), why: toggle(values, 'why') }
  return values.has('models') || values.has('model') ? { ...options, resourceTypes: ['model'] } : options
}

function timeOptions(values: FlagValues): TimeOptions {
  return {
    eventTimeStart: text(values, 'event-time-start'),
    eventTimeEnd: text(values, 'event-time-end'),
    sample: text(values, 'sample'),
  }
}

export function runOptions(values: FlagValues): RunOptions {
  return {
    ...selectionOptions(values),
    ...timeOptions(values),
    fullRefresh: toggle(values, 'full-refresh'),
    failFast: toggle(values, 'fail-fast'),
    empty: toggle(values, 'empty'),
    dryRun: toggle(values, 'dry-run'),
    allOrNothing: toggle(values, 'all-or-nothing'),
    storeFailures: toggle(values, 'store-failures'),
    publish: toggle(values, 'publish'),
    idempotence: toggle(values, 'idempotence'),
    warnError: toggle(values, 'warn-error'),
    writeJson: toggle(values, 'write-json'),
    show: toggle(values, 'show'),
  }
}

export function freshnessOptions(values: FlagValues): FreshnessOptions {
  return { ...selectionOptions(values), output: text(values, 'output'), writeJson: toggle(values, 'write-json') }
}

export function docsOptions(values: FlagValues): DocsOptions {
  return {
    ...selectionOptions(values),
    compile: toggle(values, 'compile'),
    emptyCatalog: toggle(values, 'empty-catalog'),
  }
}

export function cloneOptions(values: FlagValues): CloneOptions {
  return { ...runOptions(values), tables: toggle(values, 'tables') }
}

export function retryOptions(values: FlagValues): RetryOptions {
  return {
    fullRefresh: toggle(values, 'full-refresh'),
    failFast: toggle(values, 'fail-fast'),
    dryRun: toggle(values, 'dry-run'),
    warnError: toggle(values, 'warn-error'),
    writeJson: toggle(values, 'write-json'),
  }
}

export function compileOptions(values: FlagValues): CompileOptions {
  return {
    ...selectionOptions(values),
    ...timeOptions(values),
    inline: text(values, 'inline'),
    fullRefresh: toggle(values, 'full-refresh'),
    empty: toggle(values, 'empty'),
    introspect: toggle(values, 'introspect'),
  }
}

export function showOptions(values: FlagValues): ShowOptions {
  const limit = (values.get('limit') as number | undefined) ?? defaultLimit
  return {
    ...selectionOptions(values),
    ...timeOptions(values),
    inline: text(values, 'inline'),
    empty: toggle(values, 'empty'),
    limit,
  }
}

export function operationOptions(values: FlagValues, macro: string | undefined): OperationOptions {
  return { macro, args: text(values, 'args'), sql: text(values, 'sql') }
}

export function depsOptions(values: FlagValues): DepsOptions {
  return {
    lock: toggle(values, 'lock'),
    upgrade: toggle(values, 'upgrade'),
    addPackage: text(values, 'add-package'),
    source: values.get('source') as DepsOptions['source'],
  }
}

/** The words of a list whose entries may hold several, separated by blanks. */
export function words(entries: readonly string[] | undefined): readonly string[] | undefined {
  return entries?.flatMap((entry) => entry.split(/[\s,]+/)).filter((word) => word !== '')
}

function text(values: FlagValues, name: string): string | undefined {
  return values.get(name) as string | undefined
}

function toggle(values: FlagValues, name: string): boolean | undefined {
  return values.get(name) as boolean | undefined
}

function lists(values: FlagValues, ...names: string[]): readonly string[] | undefined {
  const found = names.flatMap((name) => (values.get(name) as readonly string[] | undefined) ?? [])
  return found.length === 0 ? undefined : found
}
