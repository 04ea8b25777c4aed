import type { Graph } from '../graph/graph.ts'
import type { Model } from '../project/resource.ts'

/** Columns that identify a row, as dbt infers them: a constraint, else columns tested unique and not null, else unique. */
export function primaryKey(model: Model, graph: Graph): readonly string[] {
  const declared = model.constraints.find((c) => c.type === 'primary_key')
  if (declared !== undefined) return declared.columns
  const marked = model.columns.filter((c) => c.constraints.some((x) => x.type === 'primary_key'))
  if (marked.length > 0) return marked.map((c) => c.name)
  const tested = { unique: new Set<string>(), not_null: new Set<string>() }
  for (const child of graph.children.get(model.uniqueId) ?? []) {
    const node = graph.nodes.get(child)!
    if (node.resourceType !== 'test' || node.attachedNode !== model.uniqueId || node.columnName === null) continue
    if (node.generic?.name === 'unique') tested.unique.add(node.columnName)
    if (node.generic?.name === 'not_null') tested.not_null.add(node.columnName)
  }
  const both = [...tested.unique].filter((name) => tested.not_null.has(name))
  return (both.length > 0 ? both : [...tested.unique]).sort()
}
