import type { Diagnostic } from '../base/diagnostic.ts'
import type { Project } from '../project/project.ts'
import type { Node } from '../project/resource.ts'
import { findCycles } from './find-cycles.ts'
import { fingerprints } from './fingerprint.ts'
import type { Graph } from './graph.ts'
import { topologicalOrder } from './topological-order.ts'

type GraphParts = Pick<
  Project,
  | 'models'
  | 'seeds'
  | 'sources'
  | 'snapshots'
  | 'tests'
  | 'unitTests'
  | 'exposures'
  | 'exports'
  | 'analyses'
  | 'functions'
  | 'macros'
>

/**
 * The DAG of a project, in linear time but for one sort. Parents that do not exist were reported when references were
 * resolved, and are left out here. Raises `graph/cycle`, one for each circle of references.
 */
export function buildGraph(project: GraphParts): {
  readonly graph: Graph
  readonly diagnostics: readonly Diagnostic[]
} {
  const { nodes, ids, number } = numberNodes(project)
  const parents = new Map<string, readonly string[]>()
  const childLists: string[][] = ids.map(() => [])
  const successors: number[][] = ids.map(() => [])
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!
    const { dependsOn } = nodes.get(id)!
    let known = true
    for (const parent of dependsOn) {
      const p = number.get(parent)
      if (p === undefined) known = false
      else {
        childLists[p]!.push(id)
        successors[p]!.push(i)
      }
    }
    parents.set(id, known ? dependsOn : dependsOn.filter((parent) => number.has(parent)))
  }
  const children = new Map<string, readonly string[]>()
  for (let i = 0; i < ids.length; i++) children.set(ids[i]!, childLists[i]!)

  const order = topologicalOrder(successors).map((i) => ids[i]!)
  let diagnostics: readonly Diagnostic[] = []
  if (order.length < ids.length) {
    const done = new Set(order)
    order.push(...ids.filter((id) => !done.has(id)))
    diagnostics = findCycles(ids, successors, nodes)
  }
  const rank = new Map<string, number>()
  for (let i = 0; i < order.length; i++) rank.set(order[i]!, i)
  const graph: Graph = { nodes, parents, children, order, rank, fingerprint: fingerprints(nodes, project.macros) }
  return { graph, diagnostics }
}

interface NumberedNodes {
  /** In the order of their ids, as are these. */
  readonly nodes: ReadonlyMap<string, Node>
  readonly ids: readonly string[]
  readonly number: ReadonlyMap<string, number>
}

function numberNodes(project: GraphParts): NumberedNodes {
  const byId = new Map<string, Node>()
  const ids: string[] = []
  const { models, seeds, sources, snapshots, tests, unitTests, exposures, exports, analyses, functions } = project
  for (const list of [models, seeds, sources, snapshots, tests, unitTests, exposures, exports, analyses, functions]) {
    for (const node of list) {
      if (!byId.has(node.uniqueId)) ids.push(node.uniqueId)
      byId.set(node.uniqueId, node)
    }
  }
  ids.sort()
  const nodes = new Map<string, Node>()
  const number = new Map<string, number>()
  for (let i = 0; i < ids.length; i++) {
    nodes.set(ids[i]!, byId.get(ids[i]!)!)
    number.set(ids[i]!, i)
  }
  return { nodes, ids, number }
}
