import type { Change } from '../artifacts/state/change.ts'
import type { Graph } from '../graph/graph.ts'
import type { WorkspaceState } from './workspace-state.ts'

/** One reason why a node was selected: a change of its own, or its place beside nodes that changed. */
export type Reason =
  | Change
  | {
      readonly part: 'new' | 'result' | 'parent' | 'child' | 'none'
      readonly text: string
      /** The unique id that the reason speaks of. */
      readonly node?: string
    }

/**
 * Why each node of a selection is there, as far as the state tells. A node that did not change itself is explained by the
 * nearest selected one that did: of its ancestors, else of its descendants.
 */
export function explainSelection(
  ids: ReadonlySet<string>,
  graph: Graph,
  state: WorkspaceState,
  withResults: boolean,
): ReadonlyMap<string, readonly Reason[]> {
  const statuses = withResults ? state.statuses() : new Map<string, string>()
  const comparison = state.comparison()
  const ownReasons = (id: string): readonly Reason[] => {
    const status = statuses.get(id)
    const ended: readonly Reason[] = status === undefined ? [] : [{ part: 'result', text: `ended with ${status}` }]
    if (comparison.isNew(id)) return [...ended, { part: 'new', text: 'is not in the state' }]
    return [...ended, ...comparison.changes(id)]
  }
  const own = new Map([...ids].map((id) => [id, ownReasons(id)]))
  const beside = (id: string): readonly Reason[] => {
    const isChanged = (other: string) => (own.get(other)?.length ?? 0) > 0
    const above = nearest(id, graph.parents, isChanged)
    if (above !== undefined) return [{ part: 'parent', text: `reads ${nameOf(graph, above)}`, node: above }]
    const below = nearest(id, graph.children, isChanged)
    if (below !== undefined) return [{ part: 'child', text: `is read by ${nameOf(graph, below)}`, node: below }]
    return [{ part: 'none', text: 'did not change' }]
  }
  return new Map([...own].map(([id, reasons]) => [id, reasons.length > 0 ? reasons : beside(id)]))
}

/** The first node along `next` that is wanted, breadth first. */
function nearest(
  start: string,
  next: ReadonlyMap<string, readonly string[]>,
  wanted: (id: string) => boolean,
): string | undefined {
  const seen = new Set([start])
  const queue = [start]
  for (const id of queue) {
    for (const other of next.get(id) ?? []) {
      if (seen.has(other)) continue
      if (wanted(other)) return other
      seen.add(other)
      queue.push(other)
    }
  }
  return undefined
}

function nameOf(graph: Graph, id: string): string {
  return `\`${graph.nodes.get(id)?.name ?? id}\`, which changed`
}
