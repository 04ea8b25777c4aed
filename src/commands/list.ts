import { listNode } from '../artifacts/list-node.ts'
import { planUnits } from '../graph/units.ts'
import { chooseNodes } from './choose-nodes.ts'
import { diagnosticsIn, outcomeOf } from './close-outcome.ts'
import { explainSelection } from './explain-selection.ts'
import type { ListOptions } from './options.ts'
import type { ListOutcome } from './outcome.ts'
import { manifestInput } from './save-artifacts.ts'
import type { Workspace } from './workspace.ts'

/** The selected nodes, each with its manifest entry and its publication unit. */
export function list(workspace: Workspace, options: ListOptions = {}): ListOutcome {
  if (workspace.broken) return { ...outcomeOf(workspace, []), nodes: [] }
  const { graph, project } = workspace
  const { ids: selected, diagnostics, state } = chooseNodes(workspace, options)
  const outcome = outcomeOf(workspace, diagnostics)
  if (outcome.exitCode !== 0) return { ...outcome, nodes: [] }
  const types = options.resourceTypes ?? []
  // As in dbt, analyses are told of when they are asked for.
  const withAnalyses = types.includes('analysis') || types.includes('all')
  const ids = new Set([...selected].filter((id) => withAnalyses || graph.nodes.get(id)!.resourceType !== 'analysis'))
  const unitOf = new Map(
    planUnits(graph, ids, { audit: true, wholeRun: project.publishRun }).flatMap((unit) =>
      unit.members.map((id) => [id, unit] as const),
    ),
  )
  const input = manifestInput(workspace, { compiled: new Map(), executed: new Map() })
  const nodes = graph.order
    .filter((id) => ids.has(id))
    .map((id) => listNode(graph.nodes.get(id)!, input, unitOf.get(id)))
  if (options.why !== true) return { ...outcome, nodes }
  const withResults = [...(options.select ?? []), ...(options.exclude ?? [])].some((text) => text.includes('result:'))
  try {
    const reasons = explainSelection(ids, graph, state, withResults)
    return { ...outcome, nodes: nodes.map((node) => ({ ...node, why: reasons.get(node.unique_id) })) }
  } catch (error) {
    return { ...outcomeOf(workspace, diagnosticsIn(error)), nodes: [] }
  }
}
