import type { Node } from '../project/resource.ts'
import { calledNames } from '../template/called-names.ts'
import type { MacroRegistry } from '../template/macro-registry.ts'
import { calledMacros } from './called-macros.ts'

/**
 * The shortest way from a node to a macro that it may call: unique ids, the one that the node calls first, `wanted` last.
 * `wanted` alone when the way leads through something else than texts, such as a hook.
 */
export function macroChain(node: Node, wanted: string, macros: MacroRegistry, engine: string): readonly string[] {
  const reachable = new Set(calledMacros(node))
  const resolve = (names: readonly string[], packageName: string) =>
    names.flatMap((name) => {
      const id = macros.resolve('macro', name, engine, packageName)?.uniqueId
      return id !== undefined && reachable.has(id) ? [id] : []
    })
  const cameFrom = new Map<string, string | null>()
  const queue: string[] = []
  const reach = (ids: readonly string[], from: string | null) => {
    for (const id of ids) {
      if (cameFrom.has(id)) continue
      cameFrom.set(id, from)
      queue.push(id)
    }
  }
  reach(firstCalls(node, resolve), null)
  for (let head = 0; head < queue.length && !cameFrom.has(wanted); head++) {
    const definition = macros.get(queue[head]!)
    if (definition !== undefined) reach(resolve(calledNames(definition.body), definition.packageName), queue[head]!)
  }
  if (!cameFrom.has(wanted)) return [wanted]
  const chain: string[] = []
  for (let at: string | null = wanted; at !== null; at = cameFrom.get(at) ?? null) chain.unshift(at)
  return chain
}

function firstCalls(
  node: Node,
  resolve: (names: readonly string[], packageName: string) => readonly string[],
): readonly string[] {
  if (node.resourceType === 'test' && node.generic !== null) return [node.generic.macroId]
  if (!('template' in node) || node.template === null) return []
  return resolve(calledNames(node.template.program), node.packageName)
}
