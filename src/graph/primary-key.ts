import type { RelationNode } from '../project/resource.ts'
import type { Graph } from './graph.ts'

const none: readonly string[] = []

/** Columns that identify a row, as dbt infers them: a constraint, else columns tested unique and not null, else unique. */
export function primaryKey(node: RelationNode, graph: Graph): readonly string[] {
  const declared = (node.resourceType === 'model' ? node.constraints : []).find((c) => c.type === 'primary_key')
  if (declared !== undefined) return declared.columns
  const marked = node.columns.filter((c) => c.constraints.some((x) => x.type === 'primary_key'))
  if (marked.length > 0) return marked.map((c) => c.name)
  const unique = testedColumns(node, graph, 'unique')
  if (unique.length === 0) return none
  const notNull = testedColumns(node, graph, 'not_null')
  const both = unique.filter((name) => notNull.includes(name))
  return (both.length > 0 ? both : unique).sort()
}

function testedColumns(node: RelationNode, graph: Graph, type: string): string[] {
  const names: string[] = []
  for (const child of graph.children.get(node.uniqueId) ?? none) {
    if (!child.startsWith('test.')) continue
    const test = graph.nodes.get(child)!
    if (test.resourceType !== 'test' || test.generic?.name !== type || test.attachedNode !== node.uniqueId) continue
    if (test.columnName !== null && !names.includes(test.columnName)) names.push(test.columnName)
  }
  return names
}
