import { resolve } from 'node:path'
import type { StateFolder } from '../artifacts/state/read-artifact.ts'
import { type EarlierResult, type EarlierRun, readRunResults } from '../artifacts/state/read-run-results.ts'
import { type JsonDict, listAt, textAt } from '../artifacts/state/state-entry.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { SourceSet } from '../base/source-file.ts'
import type { Graph } from '../graph/graph.ts'
import { readProjectIdentity } from '../project/project-identity.ts'
import { build } from './build.ts'
import { clone } from './clone.ts'
import { maskedVariables, nodesGone, noEarlierRun, nothingToRetry, notRetryable } from './errors.ts'
import { exportNodes } from './export.ts'
import { load } from './load.ts'
import { locateProject } from './locate-project.ts'
import type { CloneOptions, EngineOptions, IndirectSelection, RetryOptions, RunOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { displayPath } from './resolve-target.ts'
import { run } from './run.ts'
import { seed } from './seed.ts'
import { snapshot } from './snapshot.ts'
import { keptFolder, namedStateFolder } from './state-folders.ts'
import { test } from './test.ts'
import { openWorkspace, readVariables, type Workspace } from './workspace.ts'

type Command = (workspace: Workspace, options: CloneOptions) => Promise<RunReport>

/** Commands whose results name nodes that can be run again. */
const commands: ReadonlyMap<string, Command> = new Map([
  ['build', build],
  ['run', run],
  ['test', test],
  ['seed', seed],
  ['snapshot', snapshot],
  ['load', load],
  ['export', exportNodes],
  ['clone', clone],
])

const failed: ReadonlySet<string> = new Set(['error', 'fail', 'skipped', 'runtime error', 'partial success'])

/**
 * Runs again what failed or was skipped in the last run, with the settings of that run, on its target; with a target of its
 * own, the last run there. Raises `UserError` when there is no such run or when it cannot be repeated.
 */
export async function retry(options: EngineOptions, wanted: RetryOptions = {}): Promise<RunReport> {
  const folder = resultsFolder(options)
  const earlier = readEarlierRun(folder, options)
  const which = textAt(earlier.args, 'which') ?? 'an unknown command'
  const command = commands.get(which)
  if (command === undefined) throw new UserError(notRetryable({ which, known: [...commands.keys()] }))
  const isWanted = (result: EarlierResult) =>
    hasFailed(result) || (wanted.warnError === true && result.status === 'warn')
  const again = earlier.results.filter((result) => isWanted(result) && !result.uniqueId.startsWith('operation.'))
  if (again.length === 0) {
    options.on?.({ type: 'message', level: 'info', text: nothingToRetry({ which }).message })
    return { exitCode: 0, diagnostics: [], files: new SourceSet(), results: [], elapsed: 0, plan: [], exportPlan: [] }
  }
  const workspace = openWorkspace(earlierEngine(options, earlier.args))
  const { ids, gone } = repeated(workspace.graph, again, earlier)
  const report = (diagnostics: readonly Diagnostic[]) => [
    ...diagnostics,
    ...(gone.length > 0 ? [nodesGone({ ids: gone, all: ids.size === 0 })] : []),
  ]
  if (ids.size === 0 && !workspace.broken)
    return {
      exitCode: 2,
      diagnostics: report([]),
      files: workspace.files,
      results: [],
      elapsed: 0,
      plan: [],
      exportPlan: [],
    }
  const outcome = await command(workspace, {
    ...earlierOptions(earlier.args),
    ...definedOf(wanted),
    // Windows of time are those of the run that is repeated, however much later this is.
    now: textAt(earlier.args, 'now') ?? earlier.startedAt ?? undefined,
    batches: failedBatches(again, ids),
    again: { ids, selectedBefore: new Set(earlier.results.map((result) => result.uniqueId)) },
  })
  return { ...outcome, diagnostics: report(outcome.diagnostics) }
}

function readEarlierRun(folder: StateFolder, { state }: EngineOptions): EarlierRun {
  try {
    return readRunResults(folder, '`retry`')
  } catch (error) {
    const isMissing = error instanceof UserError && error.diagnostics[0]?.code === 'artifacts/state-missing'
    throw isMissing && state === undefined ? new UserError(noEarlierRun({ path: folder.shown })) : error
  }
}

/** Where the results of the run to repeat are. */
function resultsFolder(options: EngineOptions): StateFolder {
  if (options.state !== undefined) return namedStateFolder(options.state)
  const root = locateProject(options.projectDir ?? '.')
  const { project } = readProjectIdentity(root, { env: options.env ?? {}, vars: readVariables(options.vars) })
  const path = options.targetPath === undefined ? resolve(root, project.targetPath) : resolve(options.targetPath)
  return options.target === undefined
    ? { path, shown: displayPath(root, path) }
    : keptFolder(path, root, options.target)
}

/** The nodes to run again that the project still has, and those it has no longer. */
function repeated(
  graph: Graph,
  again: readonly EarlierResult[],
  earlier: EarlierRun,
): { readonly ids: ReadonlySet<string>; readonly gone: readonly string[] } {
  const ids = new Set(again.map((result) => result.uniqueId).filter((id) => graph.nodes.has(id)))
  const gone = again.map((result) => result.uniqueId).filter((id) => !graph.nodes.has(id))
  // What went on with the earlier rows of a node that failed (`on_error: continue`) has to read the new ones.
  const goneOn = earlier.results.filter(({ status }) => status === 'success').map((result) => result.uniqueId)
  for (const id of readersAmong(graph, goneOn, new Set(again.filter(hasFailed).map((r) => r.uniqueId)))) ids.add(id)
  // Tests that passed, of nodes that were not published or are made anew: they have to judge the new rows.
  for (const { uniqueId } of earlier.results) {
    const node = graph.nodes.get(uniqueId)
    if (node?.resourceType !== 'test' && node?.resourceType !== 'unit_test') continue
    if (graph.parents.get(uniqueId)!.some((parent) => ids.has(parent))) ids.add(uniqueId)
  }
  return { ids, gone }
}

function hasFailed({ status }: EarlierResult): boolean {
  return failed.has(status)
}

/** Those of the nodes that have one of `above` among their ancestors. */
function readersAmong(graph: Graph, ids: readonly string[], above: ReadonlySet<string>): readonly string[] {
  const known = new Map<string, boolean>()
  const isBelow = (id: string): boolean => {
    const before = known.get(id)
    if (before !== undefined) return before
    const below = (graph.parents.get(id) ?? []).some((parent) => above.has(parent) || isBelow(parent))
    known.set(id, below)
    return below
  }
  return ids.filter((id) => graph.nodes.has(id) && isBelow(id))
}

/** Of microbatch models that came through in part the batches that failed: those that succeeded are kept. */
function failedBatches(again: readonly EarlierResult[], ids: ReadonlySet<string>): NonNullable<RunOptions['batches']> {
  const partial = again.filter(({ uniqueId, status }) => ids.has(uniqueId) && status === 'partial success')
  return Object.fromEntries(partial.map(({ uniqueId, batches }) => [uniqueId, batches?.failed ?? []]))
}

/** How the project was opened: paths are those of today, everything else as it was unless it is said anew. */
function earlierEngine(options: EngineOptions, args: JsonDict): EngineOptions {
  return {
    ...options,
    profile: options.profile ?? textAt(args, 'profile') ?? undefined,
    target: options.target ?? textAt(args, 'target') ?? undefined,
    threads: options.threads ?? (typeof args['threads'] === 'number' ? args['threads'] : undefined),
    vars: options.vars ?? earlierVariables(args),
    state: undefined,
    defer: options.defer ?? args['defer'] === true,
    favorState: options.favorState ?? args['favor_state'] === true,
    deferState: options.deferState ?? textAt(args, 'defer_state') ?? textAt(args, 'state') ?? undefined,
  }
}

/** Values of credentials are not kept in artifacts, so a run that had one cannot be repeated without its variables. */
function earlierVariables(args: JsonDict): EngineOptions['vars'] {
  const vars = args['vars']
  if (typeof vars !== 'object' || vars === null) return undefined
  if (JSON.stringify(vars).includes('"*****"')) throw new UserError(maskedVariables({}))
  return vars as Readonly<Record<string, unknown>>
}

function earlierOptions(args: JsonDict): CloneOptions {
  const toggle = (key: string) => (typeof args[key] === 'boolean' ? args[key] : undefined)
  const words = (key: string) => listAt(args, key).map(String)
  return {
    select: words('select'),
    exclude: words('exclude'),
    selector: textAt(args, 'selector') ?? undefined,
    indirectSelection: (textAt(args, 'indirect_selection') as IndirectSelection | null) ?? undefined,
    resourceTypes: words('resource_types'),
    excludeResourceTypes: words('exclude_resource_types'),
    fullRefresh: toggle('full_refresh'),
    failFast: toggle('fail_fast'),
    empty: toggle('empty'),
    storeFailures: toggle('store_failures'),
    publish: toggle('publish'),
    allOrNothing: toggle('all_or_nothing'),
    tables: toggle('tables'),
    eventTimeStart: textAt(args, 'event_time_start') ?? undefined,
    eventTimeEnd: textAt(args, 'event_time_end') ?? undefined,
    sample: textAt(args, 'sample') ?? undefined,
  }
}

/** What was said; what was not said does not replace anything. */
function definedOf(wanted: RetryOptions): RetryOptions {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
}
