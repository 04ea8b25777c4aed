import type { Model, Node } from './resource.ts'

/** An incremental model whose time is built batch by batch. */
export function isMicrobatch(node: Node | undefined): node is Model {
  if (node?.resourceType !== 'model') return false
  return node.config.materialized === 'incremental' && node.config.incremental_strategy === 'microbatch'
}
