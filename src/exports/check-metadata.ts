import type { Diagnostic } from '../base/diagnostic.ts'
import type { Graph } from '../graph/graph.ts'
import type { Project } from '../project/project.ts'
import { isRelationNode } from '../project/relation-of.ts'
import { MetadataPlaces } from './tableau/metadata-places.ts'
import { readTableMetadata } from './tableau/read-table-metadata.ts'

/** Formats that read what `meta.tableau` says. */
const TABLEAU: ReadonlySet<string> = new Set(['tds', 'tdsx', 'twb', 'twbx'])

/** Mistakes in what exported relations say for the programs that they are exported to, as far as the files tell. */
export function checkMetadata(project: Pick<Project, 'exports' | 'files'>, graph: Graph): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const places = new MetadataPlaces((path) => project.files.get(path)?.text)
  const seen = new Set<string>()
  for (const { choice, dependsOn } of project.exports) {
    if (!TABLEAU.has(choice.format)) continue
    for (const id of dependsOn) {
      const node = graph.nodes.get(id)
      if (!isRelationNode(node) || seen.has(id)) continue
      seen.add(id)
      const own: Diagnostic[] = []
      readTableMetadata({ node, name: node.name, meta: node.meta, columns: node.columns }, places, own)
      diagnostics.push(...own.map((diagnostic) => ({ ...diagnostic, node: id })))
    }
  }
  return diagnostics
}
