import type { Diagnostic } from '../base/diagnostic.ts'
import type { Project } from '../project/project.ts'
import type { Node } from '../project/resource.ts'
import { findCycles } from './find-cycles.ts'
import { fingerprints } from './fingerprint.ts'
import type { Graph } from './graph.ts'
import { topologicalOrder } from './topological-order.ts'

type GraphParts = Pick<Project, 'models' | 'seeds' | 'sources' | 'tests' | 'macros'>

/**
 * The DAG of a project, in linear time but for one sort. Parents that do not exist were reported when references were
 * resolved, and are left out here. Raises `graph/cycle`, one for each circle of references.
 */
export function buildGraph(project: GraphParts): {
  readonly graph: Graph
  readonly diagnostics: readonly Diagnostic[]
} {
  const nodes = new Map<string, Node>()
  const all: Node[] = [...project.models, ...project.seeds, ...project.sources, ...project.tests]
  all.sort((a, b) => (a.uniqueId < b.uniqueId ? -1 : 1))
  for (const node of all) nodes.set(node.uniqueId, node)

  const ids = [...nodes.keys()]
  const number = new Map(ids.map((id, i) => [id, i]))
  const parents = new Map<string, readonly string[]>()
  const children = new Map<string, string[]>()
  const successors: number[][] = ids.map(() => [])
  for (const id of ids) children.set(id, [])
  for (const [i, id] of ids.entries()) {
    const known = nodes.get(id)!.dependsOn.filter((parent) => nodes.has(parent))
    parents.set(id, known)
    for (const parent of known) {
      children.get(parent)!.push(id)
      successors[number.get(parent)!]!.push(i)
    }
  }

  const sorted = topologicalOrder(successors)
  const order = sorted.map((i) => ids[i]!)
  let diagnostics: readonly Diagnostic[] = []
  if (order.length < ids.length) {
    const done = new Set(order)
    order.push(...ids.filter((id) => !done.has(id)))
    diagnostics = findCycles(ids, successors, nodes)
  }
  const rank = new Map(order.map((id, i) => [id, i]))
  const graph: Graph = { nodes, parents, children, order, rank, fingerprint: fingerprints(nodes, project.macros) }
  return { graph, diagnostics }
}
