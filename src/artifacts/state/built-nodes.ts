import type { Graph } from '../../graph/graph.ts'
import type { Node } from '../../project/resource.ts'
import type { NodeResult } from '../../runner/node-result.ts'

const good: ReadonlySet<string> = new Set(['success', 'pass', 'warn'])

/** Nothing is executed for it, in no command. */
function isNeverExecuted(node: Node): boolean {
  switch (node.resourceType) {
    case 'exposure':
    case 'analysis':
      return true
    case 'source':
      return node.files === null
    case 'model':
      return node.config.materialized === 'ephemeral'
    default:
      return false
  }
}

/**
 * The nodes that a run brought up to date: those that ended well, and of the selected ones for which nothing is executed
 * those all of whose readers ended well. A node that failed, or was held back by a test, stays as it was before.
 */
export function builtNodes(
  graph: Graph,
  selected: ReadonlySet<string>,
  results: readonly NodeResult[],
): ReadonlySet<string> {
  const ended = new Map(results.map((result) => [result.uniqueId, result.status]))
  const built = new Set<string>()
  for (const id of graph.order.toReversed()) {
    const node = graph.nodes.get(id)!
    const status = ended.get(id)
    if (isNeverExecuted(node)) {
      const readers = graph.children.get(id)!.filter((child) => isReader(graph.nodes.get(child)!))
      if (selected.has(id) && readers.every((reader) => built.has(reader))) built.add(id)
    } else if (status !== undefined && good.has(status)) built.add(id)
  }
  return built
}

/** Tests look at a node; they are not made from it. */
function isReader(node: Node): boolean {
  return node.resourceType !== 'test' && node.resourceType !== 'unit_test'
}
