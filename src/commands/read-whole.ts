import type { Graph } from '../graph/graph.ts'
import { hasQuery, isRelationNode } from '../project/relation-of.ts'
import type { Node } from '../project/resource.ts'

/**
 * Names of what a sampled run reads whole: nodes without `event_time` that it does not build itself from what it samples.
 * @param chosen unique ids of the nodes that are run
 */
export function readWhole(graph: Graph, chosen: ReadonlySet<string>): readonly string[] {
  const names = new Set<string>()
  const seen = new Set<string>()
  const visit = (id: string): void => {
    for (const parent of graph.parents.get(id) ?? []) {
      const node = graph.nodes.get(parent)!
      if (seen.has(parent)) continue
      seen.add(parent)
      if (node.config.materialized === 'ephemeral') visit(parent)
      else if (node.config.event_time === null && !(chosen.has(parent) && isBuilt(node)))
        names.add(node.resourceType === 'source' ? `${node.sourceName}.${node.name}` : node.name)
    }
  }
  for (const id of chosen) if (isBuilt(graph.nodes.get(id))) visit(id)
  return [...names].sort()
}

function isBuilt(node: Node | undefined): boolean {
  return isRelationNode(node) && hasQuery(node)
}
