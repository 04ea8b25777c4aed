import type { Adapter } from '../adapters/adapter.ts'
import { compareDiagnostics, type Diagnostic } from '../base/diagnostic.ts'
import { CancelledError } from '../base/errors.ts'
import { allWarningsAreErrors, WarningPolicy } from '../base/warning-policy.ts'
import type { CompileTime } from '../compile/create-compiler.ts'
import type { TableauAccount } from '../exports/tableau/publish/tableau-account.ts'
import type { Graph } from '../graph/graph.ts'
import type { PublicationUnit } from '../graph/unit.ts'
import { planUnits } from '../graph/units.ts'
import type { Export, Node } from '../project/resource.ts'
import type { Batching } from '../runner/batching.ts'
import { executeRun } from '../runner/execute-run.ts'
import type { NodeResult, RunOutcome } from '../runner/node-result.ts'
import { planRun } from '../runner/plan-run.ts'
import { nothingToCheck } from '../runner/unit-test-errors.ts'
import { chooseNodes } from './choose-nodes.ts'
import { brokenOutcome, diagnosticsIn } from './close-outcome.ts'
import { publishesAny, readAccount } from './create-publisher.ts'
import { deferral } from './deferral.ts'
import { nothingToExport, nothingToPublish } from './errors.ts'
import type { RunOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { readBatching } from './read-batching.ts'
import { readTimeOptions } from './read-time-options.ts'
import { readWhole } from './read-whole.ts'
import { runRequest } from './run-request.ts'
import { type Artifacts, saveArtifacts } from './save-artifacts.ts'
import { saveLocalState } from './save-local-state.ts'
import { connect, createCompiler, type Workspace } from './workspace.ts'

/** Which nodes a command executes, and whether tests hold back publishing. */
export interface RunKind {
  readonly command: 'build' | 'run' | 'test' | 'seed' | 'snapshot' | 'load' | 'export'
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

type Ended = Pick<RunReport, 'exitCode' | 'results' | 'elapsed' | 'plan' | 'exportPlan'>

/** A command at work: the nodes that were chosen, and everything that was found on the way. */
interface Work {
  readonly workspace: Workspace
  readonly kind: RunKind
  readonly options: RunOptions
  /** What the selection names, whether this command executes it or not. */
  readonly selected: ReadonlySet<string>
  readonly chosen: ReadonlySet<string>
  readonly units: readonly PublicationUnit[]
  readonly found: Diagnostic[]
}

const ended = (exitCode: Ended['exitCode']): Ended => ({ exitCode, results: [], elapsed: 0, plan: [], exportPlan: [] })

/** Selects, plans and executes (or, with `dryRun`, only plans); writes the artifacts. */
export async function runNodes(opened: Workspace, kind: RunKind, options: RunOptions): Promise<RunReport> {
  const workspace = options.warnError === true ? strict(opened) : opened
  if (workspace.broken) return { ...ended(2), ...brokenOutcome(workspace) }
  const { again } = options
  const selection = again === undefined ? chooseNodes(workspace, options) : { ids: again.ids, diagnostics: [] }
  const found: Diagnostic[] = [...workspace.diagnostics, ...selection.diagnostics]
  if (selection.diagnostics.some((d) => d.severity === 'error')) return closed(workspace, ended(2), found)

  const { graph, emit } = workspace
  const chosen = new Set([...selection.ids].filter((id) => kind.includes(graph.nodes.get(id)!)))
  const wholeRun = options.allOrNothing ?? workspace.project.publishRun
  const idempotence = options.idempotence === true
  const units = idempotence ? oneByOne(graph, chosen) : planUnits(graph, chosen, { audit: kind.audit, wholeRun })
  emit({ type: 'command.started', command: kind.command, at: workspace.startedAt, runId: workspace.runId })
  const work = { workspace, kind, options, selected: selection.ids, chosen, units, found }
  if (idempotence && units.length === 0) tell(work, nothingToCheck({}))
  const { exports } = workspace.project
  if (kind.command === 'export' && chosen.size === 0) tell(work, nothingToExport({ some: exports.length > 0 }))
  else if (options.publish === true && !publishesAny(workspace, chosen)) tell(work, nothingToPublish({}))
  return closed(workspace, await perform(work), found)
}

function tell({ workspace, found }: Work, diagnostic: Diagnostic): void {
  found.push(diagnostic)
  workspace.emit({ type: 'diagnostic', diagnostic })
}

/** The report with all diagnostics, warnings turned into errors where the policy says so. */
function closed(workspace: Workspace, end: Ended, found: readonly Diagnostic[]): RunReport {
  const all = workspace.warnings.apply([...found, ...end.results.flatMap((r) => r.diagnostics)])
  // What was built stays built; the one who asked for it hears of the warning.
  const failed = end.exitCode === 0 && all.some((d) => d.severity === 'error')
  return {
    ...end,
    exitCode: failed ? 1 : end.exitCode,
    diagnostics: [...all].sort(compareDiagnostics),
    files: workspace.files,
  }
}

/** Opens the warehouse, executes or plans, and closes it. Mistakes are collected in `work.found`. */
async function perform(work: Work): Promise<Ended> {
  const { workspace, options, chosen } = work
  let adapter: Adapter | undefined
  try {
    const time = readTimeOptions(workspace, options)
    const batching = readBatching(workspace.graph, time, options)
    const whole = time.sample === null ? [] : readWhole(workspace.graph, chosen)
    if (whole.length > 0)
      workspace.emit({
        type: 'message',
        level: 'info',
        text: `Read whole, because no event_time is set: ${whole.join(', ')}`,
      })
    const account = await readAccount(workspace, options, chosen)
    adapter = await connect(workspace)
    return await execute(work, adapter, { time, batching, account })
  } catch (error) {
    if (error instanceof CancelledError) return ended(130)
    work.found.push(...diagnosticsIn(error))
    return ended(2)
  } finally {
    await adapter?.close()
  }
}

/** What was read for a run before the warehouse was opened. */
interface Prepared {
  readonly time: CompileTime
  readonly batching: Batching
  readonly account: TableauAccount | null
}

async function execute(work: Work, adapter: Adapter, { time, batching, account }: Prepared): Promise<Ended> {
  const { workspace, kind, options, selected, chosen, units, found } = work
  const deferred = await deferral(workspace, {
    selected: options.again?.selectedBefore ?? selected,
    built: builtBy(workspace.graph, chosen),
    adapter,
  })
  const compiling = { empty: options.empty ?? false, time, deferred: deferred.relations }
  const compiler = createCompiler(workspace, compiling, (d) => tell(work, d))
  const exposures = workspace.project.exposures.filter((e) => chosen.has(e.uniqueId))
  const exports = exportsOf(work)
  const executed = new Map<string, string[]>()
  const parts = { workspace, options, units, exposures, exports, adapter, compiler, executed, batching, account }
  const request = runRequest(parts)
  if (options.dryRun === true) {
    const plan = await planRun(request)
    found.push(...plan.diagnostics)
    const exitCode = plan.diagnostics.some((d) => d.severity === 'error') ? 1 : 0
    return { ...ended(exitCode), plan: plan.units, exportPlan: plan.exports }
  }
  if (units.length + exports.length > 0) await adapter.hold?.(request.target)
  const outcome = await executeRun(request)
  // The engine writes its checkpoint while the artifacts are written.
  const closing = adapter.close()
  const run = { outcome, which: kind.command, options, selected }
  const texts = { compiled: compiler.texts(), batches: compiler.batches(), executed }
  const written =
    options.writeJson === false || (await trySave(workspace, { ...texts, run, deferTo: deferred.entries }, found))
  await closing
  const exitCode = exitCodeOf(outcome)
  const { results, elapsed } = outcome
  return { ...ended(written || exitCode !== 0 ? exitCode : 1), results, elapsed }
}

/** A file with no rows, or with some of them, is nothing that readers should find in the place of the whole one. */
function exportsOf({ workspace, options, chosen }: Work): readonly Export[] {
  const exports = workspace.project.exports.filter((e) => chosen.has(e.uniqueId))
  const partial = options.empty === true ? '--empty' : options.sample === undefined ? undefined : '--sample'
  if (partial === undefined || exports.length === 0) return exports
  const text = `Exports stay as they are, because \`${partial}\` does not read all rows: ${exports.map((e) => e.name).join(', ')}`
  workspace.emit({ type: 'message', level: 'info', text })
  return []
}

/** Each node for itself; none of them is made. */
function oneByOne({ order }: Graph, chosen: ReadonlySet<string>): readonly PublicationUnit[] {
  return order
    .filter((id) => chosen.has(id))
    .map((id) => ({ id, members: [], tests: [id], testsAfter: [], after: [], requires: [] }))
}

const lookers: ReadonlySet<string> = new Set(['test', 'unit_test', 'exposure', 'export'])

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
