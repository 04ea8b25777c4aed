import type { Capabilities } from '../adapters/adapter.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Node, RelationNode } from '../project/resource.ts'
import { configWithoutEffect, uniqueWithoutPartition } from './errors.ts'
import { storageOf } from './table-storage.ts'

interface Feature {
  readonly key: string
  readonly has: (capabilities: Capabilities) => boolean
  readonly asked: (node: RelationNode) => boolean
}

const storage = (key: 'indexes' | 'unlogged' | 'fillfactor' | 'tablespace' | 'partition_by'): Feature => ({
  key,
  has: (capabilities) => capabilities.tableStorage === true,
  asked: ({ config }) => {
    const value = config[key]
    return Array.isArray(value) ? value.length > 0 : value !== null && value !== false
  },
})

const FEATURES: readonly Feature[] = [
  storage('indexes'),
  storage('unlogged'),
  storage('fillfactor'),
  storage('tablespace'),
  storage('partition_by'),
  {
    key: 'grants',
    has: (capabilities) => capabilities.grants === true,
    asked: ({ config }) => Object.keys(config.grants).length > 0,
  },
]

/**
 * Keys that the engine has nothing for: one warning a key, so that one project runs on several engines. Materialized views
 * are tables there, which is the same to readers, and so no warning.
 */
export function unusedFeatures(
  nodes: readonly Node[],
  { type, capabilities }: { readonly type: string; readonly capabilities: Capabilities },
): readonly Diagnostic[] {
  const made = nodes.filter(isMade)
  return FEATURES.filter((feature) => !feature.has(capabilities)).flatMap(({ key, asked }) => {
    const [first, ...more] = made.filter(asked)
    if (first === undefined) return []
    return [configWithoutEffect({ key, engine: type, others: more.length }, { span: first.span, node: first.uniqueId })]
  })
}

function isMade(node: Node): node is RelationNode {
  const { materialized } = node.config
  return node.resourceType !== 'test' && materialized !== 'ephemeral' && materialized !== 'view'
}

/** Physical properties that do not go together. */
export function checkStorage(node: RelationNode): readonly Diagnostic[] {
  const { partitionBy, indexes } = storageOf(node)
  if (partitionBy === null || !isMade(node)) return []
  const place = { span: node.span, node: node.uniqueId }
  const { column } = partitionBy
  const unique = indexes.filter((index) => index.unique && !index.columns.some((name) => sameColumn(name, column)))
  return unique.map(({ columns }) => uniqueWithoutPartition({ columns, column }, place))
}

function sameColumn(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
