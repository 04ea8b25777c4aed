import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import type { Node } from '../project/resource.ts'
import { cycle } from './errors.ts'
import { strongComponents } from './strong-components.ts'

/** The shortest way from `from` to `to` along parents, both included, inside one component. */
function pathAlongParents(
  from: number,
  to: number,
  predecessors: ReadonlyMap<number, readonly number[]>,
): readonly number[] {
  const cameFrom = new Map<number, number>()
  const queue = [from]
  for (let head = 0; head < queue.length; head++) {
    const v = queue[head]!
    if (v === to) break
    for (const parent of predecessors.get(v) ?? []) {
      if (parent === from || cameFrom.has(parent)) continue
      cameFrom.set(parent, v)
      queue.push(parent)
    }
  }
  const path = [to]
  while (path[path.length - 1] !== from) path.push(cameFrom.get(path[path.length - 1]!)!)
  return path.reverse()
}

function refTo(
  node: Node,
  isInCycle: (parent: string) => boolean,
  nodes: ReadonlyMap<string, Node>,
): { parent: string; span: Span } {
  const parents = node.dependsOn.filter(isInCycle)
  if ('facts' in node) {
    for (const ref of node.facts.refs) {
      const parent = parents.find((id) => {
        const target = nodes.get(id)!
        return target.name === ref.name && (ref.package === undefined || ref.package === target.packageName)
      })
      if (parent !== undefined) return { parent, span: ref.span }
    }
  }
  return { parent: parents[0]!, span: node.span }
}

/** One diagnostic for each strongly connected component, at the first `ref` into it of its first file by name. */
export function findCycles(
  ids: readonly string[],
  successors: readonly (readonly number[])[],
  nodes: ReadonlyMap<string, Node>,
): readonly Diagnostic[] {
  const { component, count } = strongComponents(successors)
  const members: number[][] = Array.from({ length: count }, () => [])
  for (let v = 0; v < ids.length; v++) members[component[v]!]!.push(v)
  const number = new Map(ids.map((id, i) => [id, i]))
  const label = (v: number) => nodes.get(ids[v]!)!.name
  const found: Diagnostic[] = []

  for (const group of members) {
    const only = group.length === 1 ? group[0]! : -1
    if (only !== -1 && !successors[only]!.includes(only)) continue
    const inside = (id: string) => number.has(id) && component[number.get(id)!] === component[group[0]!]
    const predecessors = new Map<number, readonly number[]>()
    for (const v of group) {
      const list = nodes.get(ids[v]!)!.dependsOn.filter(inside)
      predecessors.set(
        v,
        list.map((id) => number.get(id)!),
      )
    }
    const first = group.reduce((a, b) => {
      const [pathA, pathB] = [nodes.get(ids[a]!)!.originalFilePath, nodes.get(ids[b]!)!.originalFilePath]
      return pathB < pathA ? b : a
    })
    const { parent, span } = refTo(nodes.get(ids[first]!)!, inside, nodes)
    const way = pathAlongParents(number.get(parent)!, first, predecessors)
    found.push(cycle({ path: [label(first), ...way.map(label)] }, { span, node: ids[first]! }))
  }
  return found
}
