import type { Node } from '../project/resource.ts'
import { entryObject } from './entry.ts'
import { exportEntry } from './export-entry.ts'
import { exposureEntry } from './exposure-entry.ts'
import type { ManifestInput } from './manifest-input.ts'
import { nodeParts } from './node-parts.ts'
import { sourceEntry } from './source-entry.ts'

/** The manifest's entry of any resource of the graph as one object. */
export function resourceEntry(node: Node, input: ManifestInput): Record<string, unknown> {
  switch (node.resourceType) {
    case 'source':
      return sourceEntry(node, input)
    case 'exposure':
      return exposureEntry(node, input)
    case 'export':
      return exportEntry(node, input)
    default:
      return entryObject(nodeParts(node, input))
  }
}
