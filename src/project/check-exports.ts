import type { Diagnostic } from '../base/diagnostic.ts'
import type { ProjectPaths } from '../config/project-file.ts'
import { exportOfEphemeral, exportOverInput, exportTablesCollide, exportTwice, exportViewTwice } from './errors.ts'
import type { Export, RelationNode } from './resource.ts'

/** Reports exports of what has no rows of its own, files and views that two of them would make, and those among the project's own. */
export function checkExports(
  exports: readonly Export[],
  project: { readonly nodes: readonly RelationNode[]; readonly paths: ProjectPaths },
  report: (diagnostic: Diagnostic) => void,
): void {
  const enabled = exports.filter((node) => node.config.enabled)
  for (const node of enabled) checkInputs(node, project.nodes, report)
  checkViews(enabled, project.nodes, report)
  const places = new Map<string, Export>()
  for (const node of enabled) {
    if (node.to === null) continue
    const place = { span: node.toSpan, node: node.uniqueId }
    const folder = inputFolder(project.paths, node.to)
    if (folder !== undefined) report(exportOverInput({ to: node.to, folder }, place))
    // File systems that ignore case would take both for one file.
    const key = node.to.toLowerCase()
    const earlier = places.get(key) ?? enclosing(places, key)
    const words = { node: node.name, other: earlier?.name ?? '', to: node.to }
    if (earlier === undefined) places.set(key, node)
    else report(exportTwice(words, { ...place, labels: [{ span: earlier.toSpan, text: 'the other one' }] }))
  }
}

function checkInputs(node: Export, nodes: readonly RelationNode[], report: (diagnostic: Diagnostic) => void): void {
  const place = { span: node.span, node: node.uniqueId }
  const names = new Map<string, string>()
  for (const id of node.dependsOn) {
    const parent = nodes.find((n) => n.uniqueId === id)
    if (parent === undefined) continue
    const { name } = parent
    if (parent.config.materialized === 'ephemeral') report(exportOfEphemeral({ node: node.name, model: name }, place))
    const first = names.get(name.toLowerCase())
    if (first === undefined) names.set(name.toLowerCase(), id)
    else report(exportTablesCollide({ node: node.name, name, first, second: id }, place))
  }
}

/** Exports that make views call them like the relations that they show. */
function checkViews(
  exports: readonly Export[],
  nodes: readonly RelationNode[],
  report: (diagnostic: Diagnostic) => void,
): void {
  const views = new Map<string, Export>()
  for (const node of exports) {
    const { shelf } = node
    if (shelf === null) continue
    for (const { name } of nodes.filter(({ uniqueId }) => node.dependsOn.includes(uniqueId))) {
      const key = JSON.stringify([shelf.database, shelf.schema, name]).toLowerCase()
      const earlier = views.get(key) ?? node
      views.set(key, earlier)
      if (earlier === node) continue
      const words = { node: node.name, other: earlier.name, view: name, schema: shelf.schema }
      const labels = [{ span: earlier.span, text: 'the other one' }]
      report(exportViewTwice(words, { span: node.span, node: node.uniqueId, labels }))
    }
  }
}

/** The folder that the project reads, when a place lies in one: the next run would take the file for its own. */
function inputFolder({ docs: _, ...paths }: ProjectPaths, to: string): string | undefined {
  return Object.values(paths)
    .flat()
    .find((folder) => to.startsWith(`${folder.replace(/\/+$/, '')}/`))
}

/** An export whose folder holds the place, or whose place lies in this one as in a folder. */
function enclosing(places: ReadonlyMap<string, Export>, key: string): Export | undefined {
  for (const [other, node] of places) if (key.startsWith(`${other}/`) || other.startsWith(`${key}/`)) return node
  return undefined
}
