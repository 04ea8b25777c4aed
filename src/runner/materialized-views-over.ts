import type { Graph } from '../graph/graph.ts'
import type { NodeRelation, RelationNode } from '../project/resource.ts'

/** The materialized views that read a node directly or through ephemeral models, as the database sees them. */
export function materializedViewsOver(graph: Graph, node: RelationNode): readonly NodeRelation[] {
  const found = new Map<string, NodeRelation>()
  const open = [node.uniqueId]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const child of graph.children.get(id) ?? []) {
      const reader = graph.nodes.get(child)
      if (reader?.resourceType !== 'model') continue
      if (reader.config.materialized === 'ephemeral') open.push(child)
      else if (reader.config.materialized === 'materialized_view') found.set(child, reader.relation)
    }
  }
  return [...found.values()]
}
