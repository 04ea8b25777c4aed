import type { Node, Operation } from '../project/resource.ts'

/** Every macro whose text decides what the node compiles to, also the definition of a declared test; sorted. */
export function calledMacros(node: Node | Operation): readonly string[] {
  if (!('facts' in node)) return []
  const { macros } = node.facts
  if (node.resourceType !== 'test' || node.generic === null || macros.includes(node.generic.macroId)) return macros
  return [...macros, node.generic.macroId].sort()
}
