import type { Diagnostic } from '../base/diagnostic.ts'
import type { Graph } from '../graph/graph.ts'
import type { Project } from '../project/project.ts'
import { isRelationNode } from '../project/relation-of.ts'
import { checkHints } from './powerbi/check-hints.ts'
import { MetadataPlaces } from './tableau/metadata-places.ts'
import { type DescribedRelation, readTableMetadata } from './tableau/read-table-metadata.ts'

type Check = (relation: DescribedRelation, places: MetadataPlaces, diagnostics: Diagnostic[]) => void

/** What the formats read of `meta`. */
const CHECKS: { readonly [format: string]: Check } = {
  tds: readTableMetadata,
  tdsx: readTableMetadata,
  twb: readTableMetadata,
  twbx: readTableMetadata,
  pbip: checkHints,
}

/** Mistakes in what exported relations say for the programs that they are exported to, as far as the files tell. */
export function checkMetadata(project: Pick<Project, 'exports' | 'files'>, graph: Graph): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const places = new MetadataPlaces((path) => project.files.get(path)?.text)
  const seen = new Map<Check, Set<string>>()
  for (const { choice, dependsOn } of project.exports) {
    const check = CHECKS[choice.format]
    if (check === undefined) continue
    const checked = seen.get(check) ?? new Set()
    seen.set(check, checked)
    for (const id of dependsOn) {
      const node = graph.nodes.get(id)
      if (!isRelationNode(node) || checked.has(id)) continue
      checked.add(id)
      const own: Diagnostic[] = []
      check({ node, name: node.name, meta: node.meta, columns: node.columns }, places, own)
      diagnostics.push(...own.map((diagnostic) => ({ ...diagnostic, node: id })))
    }
  }
  return diagnostics
}
