import type { Adapter } from '../adapters/adapter.ts'
import { batchPath, outputPath } from '../artifacts/manifest-input.ts'
import { compareDiagnostics, type Diagnostic } from '../base/diagnostic.ts'
import { CancelledError } from '../base/errors.ts'
import type { Event } from '../base/events.ts'
import { allWarningsAreErrors, WarningPolicy } from '../base/warning-policy.ts'
import type { Graph } from '../graph/graph.ts'
import type { PublicationUnit } from '../graph/unit.ts'
import { planUnits } from '../graph/units.ts'
import type { Node } from '../project/resource.ts'
import type { Batching } from '../runner/batching.ts'
import { executeRun } from '../runner/execute-run.ts'
import type { NodeResult, RunOutcome } from '../runner/node-result.ts'
import { planRun } from '../runner/plan-run.ts'
import type { RunRequest } from '../runner/run-request.ts'
import { nothingToCheck } from '../runner/unit-test-errors.ts'
import { chooseNodes } from './choose-nodes.ts'
import { brokenOutcome, diagnosticsIn } from './close-outcome.ts'
import { deferral } from './deferral.ts'
import type { RunOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { queryComments } from './query-comment.ts'
import { readBatching } from './read-batching.ts'
import { readTimeOptions } from './read-time-options.ts'
import { readWhole } from './read-whole.ts'
import { type Artifacts, saveArtifacts, targetFolder } from './save-artifacts.ts'
import { saveLocalState } from './save-local-state.ts'
import { connect, createCompiler, type Workspace } from './workspace.ts'

/** Which nodes a command executes, and whether tests hold back publishing. */
export interface RunKind {
  readonly command: 'build' | 'run' | 'test' | 'seed' | 'snapshot' | 'load'
  readonly includes: (node: Node) => boolean
  readonly audit: boolean
}

/** The workspace for a run in which every warning is an error. */
function strict(workspace: Workspace): Workspace {
  const warnings = new WarningPolicy(allWarningsAreErrors)
  const diagnostics = warnings.apply(workspace.diagnostics)
  return { ...workspace, warnings, diagnostics, broken: diagnostics.some((d) => d.severity === 'error') }
}

const failedStatuses: ReadonlySet<string> = new Set(['error', 'fail', 'skipped', 'partial success'])

/** Selects, plans and executes (or, with `dryRun`, only plans); writes the artifacts. */
export async function runNodes(opened: Workspace, kind: RunKind, options: RunOptions): Promise<RunReport> {
  const workspace = options.warnError === true ? strict(opened) : opened
  const nothing = { results: [], elapsed: 0, plan: [] }
  if (workspace.broken) return { ...brokenOutcome(workspace), ...nothing }
  const { again } = options
  const selection = again === undefined ? chooseNodes(workspace, options) : { ids: again.ids, diagnostics: [] }
  const found: Diagnostic[] = [...workspace.diagnostics, ...selection.diagnostics]
  const close = (exitCode: RunReport['exitCode'], report: Omit<RunReport, 'exitCode' | 'diagnostics' | 'files'>) => {
    const all = workspace.warnings.apply([...found, ...report.results.flatMap((r) => r.diagnostics)])
    // What was built stays built; the one who asked for it hears of the warning.
    const failed = exitCode === 0 && all.some((d) => d.severity === 'error')
    return {
      ...report,
      exitCode: failed ? (1 as const) : exitCode,
      diagnostics: [...all].sort(compareDiagnostics),
      files: workspace.files,
    }
  }
  if (selection.diagnostics.some((d) => d.severity === 'error')) return close(2, nothing)

  const { graph, emit } = workspace
  const chosen = new Set([...selection.ids].filter((id) => kind.includes(graph.nodes.get(id)!)))
  const wholeRun = options.allOrNothing ?? workspace.project.publishRun
  const idempotence = options.idempotence === true
  const units = idempotence ? oneByOne(graph, chosen) : planUnits(graph, chosen, { audit: kind.audit, wholeRun })
  emit({ type: 'command.started', command: kind.command, at: workspace.startedAt, runId: workspace.runId })
  const report = (d: Diagnostic) => {
    found.push(d)
    emit({ type: 'diagnostic', diagnostic: d })
  }
  if (idempotence && units.length === 0) report(nothingToCheck({}))
  const executed = new Map<string, string[]>()
  let adapter: Adapter | undefined
  try {
    const time = readTimeOptions(workspace, options)
    const batching = readBatching(workspace.graph, time, options)
    const whole = time.sample === null ? [] : readWhole(graph, chosen)
    if (whole.length > 0)
      emit({ type: 'message', level: 'info', text: `Read whole, because no event_time is set: ${whole.join(', ')}` })
    adapter = await connect(workspace)
    const deferred = await deferral(workspace, {
      selected: again?.selectedBefore ?? selection.ids,
      built: builtBy(graph, chosen),
      adapter,
    })
    const compiler = createCompiler(
      workspace,
      { empty: options.empty ?? false, time, deferred: deferred.relations },
      report,
    )
    const exposures = workspace.project.exposures.filter((e) => chosen.has(e.uniqueId))
    const request = runRequest({ workspace, options, units, exposures, adapter, compiler, executed, batching })
    if (options.dryRun === true) {
      const plan = await planRun(request)
      found.push(...plan.diagnostics)
      return close(plan.diagnostics.some((d) => d.severity === 'error') ? 1 : 0, {
        results: [],
        elapsed: 0,
        plan: plan.units,
      })
    }
    if (units.length > 0) await adapter.hold?.(request.target)
    const outcome = await executeRun(request)
    // The engine writes its checkpoint while the artifacts are written.
    const closing = adapter.close()
    const run = { outcome, which: kind.command, options, selected: selection.ids }
    const written =
      options.writeJson === false ||
      (await trySave(
        workspace,
        { compiled: compiler.texts(), batches: compiler.batches(), executed, run, deferTo: deferred.entries },
        found,
      ))
    await closing
    const exitCode = exitCodeOf(outcome)
    return close(written || exitCode !== 0 ? exitCode : 1, {
      results: outcome.results,
      elapsed: outcome.elapsed,
      plan: [],
    })
  } catch (error) {
    if (error instanceof CancelledError) return close(130, nothing)
    found.push(...diagnosticsIn(error))
    return close(2, nothing)
  } finally {
    await adapter?.close()
  }
}

/** Each node for itself; none of them is made. */
function oneByOne({ order }: Graph, chosen: ReadonlySet<string>): readonly PublicationUnit[] {
  return order
    .filter((id) => chosen.has(id))
    .map((id) => ({ id, members: [], tests: [id], testsAfter: [], after: [], requires: [] }))
}

const lookers: ReadonlySet<string> = new Set(['test', 'unit_test', 'exposure'])

/** Of what a command executes, what it makes: a test is not read, and reads what is there. */
function builtBy(graph: Graph, chosen: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...chosen].filter((id) => !lookers.has(graph.nodes.get(id)!.resourceType)))
}

/** False when the artifacts could not be written; why is in `found`. What was built stays built. */
async function trySave(workspace: Workspace, artifacts: Artifacts, found: Diagnostic[]): Promise<boolean> {
  try {
    await saveArtifacts(workspace, artifacts)
    // What was checked on copies says nothing of the state of the target.
    if (artifacts.run !== undefined && artifacts.run.options.idempotence !== true)
      await saveLocalState(workspace, artifacts.run)
    return true
  } catch (error) {
    found.push(...diagnosticsIn(error))
    return false
  }
}

function exitCodeOf({ cancelled, results }: RunOutcome): 0 | 1 | 130 {
  if (cancelled) return 130
  return results.some((r) => failedStatuses.has(r.status) && !isSkippedExposure(r)) ? 1 : 0
}

function isSkippedExposure({ status, uniqueId }: NodeResult): boolean {
  return status === 'skipped' && uniqueId.startsWith('exposure.')
}

export function runRequest(input: {
  readonly workspace: Workspace
  readonly options: RunOptions
  readonly units: readonly PublicationUnit[]
  readonly exposures: RunRequest['exposures']
  readonly adapter: Adapter
  readonly compiler: RunRequest['compiler']
  readonly executed: Map<string, string[]>
  readonly batching?: Batching
}): RunRequest {
  const { workspace, options, executed } = input
  const { project, graph, targetInfo, target } = workspace
  const compiledFolder = `${targetFolder(workspace)}/compiled`
  const shown = compiledFolder.startsWith(`${project.root}/`)
    ? compiledFolder.slice(project.root.length + 1)
    : compiledFolder
  return {
    graph,
    units: input.units,
    exposures: input.exposures,
    operations: options.idempotence === true ? [] : project.operations,
    adapter: input.adapter,
    compiler: input.compiler,
    runId: workspace.runId,
    project: project.name,
    target: { name: targetInfo.name, database: target.profile.database, schema: target.profile.schema },
    projectRoot: project.root,
    threads: targetInfo.threads,
    fullRefresh: options.fullRefresh ?? false,
    partialInput: options.empty === true || options.sample !== undefined,
    batching: input.batching ?? { now: Date.parse(workspace.startedAt), window: null, given: new Map(), empty: false },
    failFast: options.failFast ?? false,
    storeFailures: options.storeFailures ?? false,
    warnings: workspace.warnings,
    idempotence: options.idempotence,
    // Only queries are compiled.
    compiledPath: (node, batch) =>
      node.resourceType === 'seed' || node.resourceType === 'source'
        ? undefined
        : `${shown}/${batch === undefined ? outputPath(node) : batchPath(node, batch)}`,
    commentOf: queryComments(workspace),
    emit: (event: Event) => {
      if (event.type === 'statement.finished' && event.node !== null && options.writeJson !== false) {
        const list = executed.get(event.node)
        if (list === undefined) executed.set(event.node, [event.sql])
        else list.push(event.sql)
      }
      workspace.emit(event)
    },
    signal: workspace.options.signal,
  }
}
