import type { Graph } from '../graph/graph.ts'

/** How a node reads members of its unit. */
export interface UnitParents {
  /** Members that it reads directly or through ephemeral models. */
  readonly direct: readonly string[]
  /** True when it also reads a member through a view that this run does not build: that view shows published rows only. */
  readonly throughView: boolean
}

const none: UnitParents = { direct: [], throughView: false }

export function unitParents(graph: Graph, id: string, members: ReadonlySet<string>): UnitParents {
  if (members.size === 1 && members.has(id)) return none
  const direct = new Set<string>()
  let throughView = false
  const seen = new Set<string>()
  const open: { id: string; viewed: boolean }[] = [{ id, viewed: false }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const parent of graph.parents.get(next.id) ?? []) {
      if (members.has(parent)) {
        if (next.viewed) throughView = true
        else direct.add(parent)
        continue
      }
      const materialized = graph.nodes.get(parent)?.config.materialized
      const viewed = next.viewed || materialized === 'view'
      const key = `${parent} ${viewed}`
      if (seen.has(key) || (materialized !== 'view' && materialized !== 'ephemeral')) continue
      seen.add(key)
      open.push({ id: parent, viewed })
    }
  }
  return { direct: [...direct], throughView }
}
