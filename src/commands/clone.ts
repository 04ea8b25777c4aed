import type { Adapter } from '../adapters/adapter.ts'
import { compareDiagnostics, type Diagnostic } from '../base/diagnostic.ts'
import { CancelledError, UserError } from '../base/errors.ts'
import { planUnits } from '../graph/units.ts'
import type { NodeRelation } from '../project/resource.ts'
import { executeRun } from '../runner/execute-run.ts'
import type { NodeResult, RunOutcome } from '../runner/node-result.ts'
import { planRun } from '../runner/plan-run.ts'
import { readCatalog } from '../runner/relation-catalog.ts'
import { ResultBook } from '../runner/result-book.ts'
import { relationKey } from '../sql/relation.ts'
import { chooseNodes } from './choose-nodes.ts'
import { type Clonable, cloneCompiler, cloneGraph, isClonable } from './clone-graph.ts'
import { brokenOutcome, diagnosticsIn } from './close-outcome.ts'
import { placeOf, readableState, refuseUnreachable } from './deferral.ts'
import { cloneOntoItself, cloneWithoutState } from './errors.ts'
import { inlineTemplate } from './inline-template.ts'
import type { CloneOptions } from './options.ts'
import type { RunReport } from './outcome.ts'
import { runRequest } from './run-request.ts'
import { saveArtifacts } from './save-artifacts.ts'
import { saveLocalState } from './save-local-state.ts'
import { otherStateFolders } from './state-folders.ts'
import { connect, type Workspace } from './workspace.ts'

/** Nodes by what is done with them. */
interface Sorted {
  readonly toClone: readonly Clonable[]
  readonly idle: readonly { readonly node: Clonable; readonly why: string }[]
}

/**
 * Makes the selected models, seeds and snapshots of the state readable in this target: as views on the relations of the state,
 * or with `tables` as copies. What is there already stays, unless `fullRefresh` says otherwise.
 */
export async function clone(workspace: Workspace, options: CloneOptions = {}): Promise<RunReport> {
  const nothing = { results: [], elapsed: 0, plan: [], exportPlan: [] }
  if (workspace.broken) return { ...brokenOutcome(workspace), ...nothing }
  const { graph, emit } = workspace
  const selection =
    options.again === undefined ? chooseNodes(workspace, options) : { ids: options.again.ids, diagnostics: [] }
  const found: Diagnostic[] = [...workspace.diagnostics, ...selection.diagnostics]
  const close = (
    exitCode: RunReport['exitCode'],
    report: Pick<RunReport, 'results' | 'elapsed' | 'plan' | 'exportPlan'>,
  ): RunReport => ({
    ...report,
    exitCode,
    diagnostics: [...found, ...report.results.flatMap((r) => r.diagnostics)].sort(compareDiagnostics),
    files: workspace.files,
  })
  if (found.some((d) => d.severity === 'error')) return close(2, nothing)
  emit({ type: 'command.started', command: 'clone', at: workspace.startedAt, runId: workspace.runId })
  let adapter: Adapter | undefined
  try {
    const nodes = graph.order.filter((id) => selection.ids.has(id)).map((id) => graph.nodes.get(id)!)
    const places = statePlaces(workspace, nodes.filter(isClonable))
    adapter = await connect(workspace)
    await checkReach(workspace, places, adapter)
    const sorted = await sortNodes(nodes.filter(isClonable), places, adapter, options.fullRefresh === true)
    const run = cloneRequest(workspace, options, sorted.toClone, places, adapter)
    if (options.dryRun === true) {
      const plan = await planRun(run.request)
      found.push(...plan.diagnostics)
      return close(0, { ...nothing, plan: plan.units })
    }
    if (sorted.toClone.length > 0) await adapter.hold?.(run.request.target)
    const done = await executeRun(run.request)
    const outcome: RunOutcome = { ...done, results: [...idleResults(workspace, sorted), ...done.results] }
    if (options.writeJson !== false) {
      const saved = { outcome, which: 'clone', options, selected: selection.ids }
      await saveArtifacts(workspace, { compiled: new Map(), executed: run.executed, run: saved })
      await saveLocalState(workspace, saved)
    }
    const failed = outcome.results.some((result) => result.status === 'error' || result.status === 'skipped')
    return close(outcome.cancelled ? 130 : failed ? 1 : 0, { ...outcome, plan: [], exportPlan: [] })
  } catch (error) {
    if (error instanceof CancelledError) return close(130, nothing)
    found.push(...diagnosticsIn(error))
    return close(2, nothing)
  } finally {
    await adapter?.close()
  }
}

/** Where the state has each node that it has. Raises `UserError` for a state that cannot be cloned from. */
function statePlaces(workspace: Workspace, nodes: readonly Clonable[]): ReadonlyMap<string, NodeRelation> {
  const { options, targetInfo } = workspace
  const written = options.state ?? options.deferState
  if (written === undefined) throw new UserError(cloneWithoutState({ others: otherStateFolders(workspace) }))
  const earlier = readableState(workspace, written, '`clone`')
  const places = new Map<string, NodeRelation>()
  for (const { uniqueId } of nodes) {
    const entry = earlier.entries.get(uniqueId)
    const place = entry === undefined ? null : placeOf(entry)
    if (place !== null) places.set(uniqueId, place)
  }
  const same = nodes.filter(({ uniqueId, relation }) => {
    const place = places.get(uniqueId)
    return place !== undefined && relationKey(place) === relationKey(relation)
  })
  if (same.length > 0) {
    const names = same.map((node) => node.name)
    throw new UserError(cloneOntoItself({ nodes: names, path: earlier.shown, target: targetInfo.name }))
  }
  return places
}

async function checkReach(
  { graph, targetInfo }: Workspace,
  places: ReadonlyMap<string, NodeRelation>,
  adapter: Adapter,
): Promise<void> {
  const read = new Map<string, string[]>()
  for (const [id, { database }] of places)
    read.set(database, [...(read.get(database) ?? []), graph.nodes.get(id)!.name])
  await refuseUnreachable(read, adapter, targetInfo.name)
}

async function sortNodes(
  nodes: readonly Clonable[],
  places: ReadonlyMap<string, NodeRelation>,
  adapter: Adapter,
  fullRefresh: boolean,
): Promise<Sorted> {
  const schemas = new Map(nodes.map(({ relation: r }) => [`${r.database}\u0000${r.schema}`, r]))
  const catalog = await readCatalog(adapter, [...schemas.values()])
  const idle: Sorted['idle'][number][] = []
  const toClone: Clonable[] = []
  for (const node of nodes) {
    if (!places.has(node.uniqueId)) idle.push({ node, why: 'the state does not have it' })
    else if (!fullRefresh && catalog.kindOf(node.relation) !== null) idle.push({ node, why: 'it is there already' })
    else toClone.push(node)
  }
  return { toClone, idle }
}

function cloneRequest(
  workspace: Workspace,
  options: CloneOptions,
  nodes: readonly Clonable[],
  places: ReadonlyMap<string, NodeRelation>,
  adapter: Adapter,
) {
  const template = inlineTemplate(workspace, 'clone', 'select 1')
  const graph = cloneGraph(nodes, template, options.tables === true)
  const units = planUnits(graph, new Set(graph.order), { audit: false, wholeRun: false })
  const compiler = cloneCompiler(places, adapter.dialect)
  const executed = new Map<string, string[]>()
  const request = runRequest({ workspace, options, units, exposures: [], adapter, compiler, executed })
  return { executed, request: { ...request, graph, operations: [], compiledPath: () => undefined } }
}

/** Nodes for which nothing was to be done, as results that listeners are told of as well. */
function idleResults({ emit, target }: Workspace, { idle }: Sorted): readonly NodeResult[] {
  const book = new ResultBook(emit, idle.length, (relation) => target.engine.dialect.relation(relation))
  for (const { node, why } of idle) book.close(book.open(node, 'main'), { status: 'no-op', message: `No-op: ${why}` })
  return book.results
}
