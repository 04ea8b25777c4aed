import type { Diagnostic } from '../base/diagnostic.ts'
import { isRelationNode } from '../project/relation-of.ts'
import type { Node } from '../project/resource.ts'
import { checkStorage } from './check-storage.ts'
import { badThreshold, unknownStrategy } from './errors.ts'
import { incrementalStrategies } from './increment.ts'
import { parseThreshold } from './threshold.ts'

/** Mistakes in configurations that can be told before anything is executed. */
export function checkConfigs(nodes: Iterable<Node>): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const node of nodes) {
    const { config, span, uniqueId } = node
    if (node.resourceType === 'test') {
      for (const key of ['warn_if', 'error_if'] as const) {
        const text = config[key]
        if (parseThreshold(text) === undefined) diagnostics.push(badThreshold({ key, text }, { span, node: uniqueId }))
      }
    }
    if (isRelationNode(node)) diagnostics.push(...checkStorage(node))
    const strategy = config.materialized === 'incremental' ? config.incremental_strategy : null
    if (strategy !== null && !incrementalStrategies.includes(strategy))
      diagnostics.push(unknownStrategy({ strategy, known: incrementalStrategies }, { span, node: uniqueId }))
  }
  return diagnostics
}
