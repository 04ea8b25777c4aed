import { parseReferenceText } from '../config/reference-text.ts'
import type { Graph } from '../graph/graph.ts'
import type { RelationNode, Test } from '../project/resource.ts'
import type { ExportTable } from './export-job.ts'

type ForeignKey = ExportTable['foreignKeys'][number]

/** Foreign keys of a relation to others of the same export: those of its contract, then those that `relationships` tests hold. */
export function foreignKeys(node: RelationNode, others: readonly RelationNode[], graph: Graph): readonly ForeignKey[] {
  const byId = new Map(others.filter((o) => o.uniqueId !== node.uniqueId).map((o) => [o.uniqueId, o]))
  const keys: ForeignKey[] = []
  const add = (key: ForeignKey): void => {
    const same = keys.some((k) => k.table === key.table && k.columns.join('\n') === key.columns.join('\n'))
    if (!same) keys.push(key)
  }
  for (const { columns, to, toColumns } of declared(node)) {
    const id = node.resourceType === 'model' || node.resourceType === 'seed' ? node.foreignTargets?.get(to) : undefined
    const target = id === undefined ? undefined : byId.get(id)
    if (target !== undefined) add({ columns, table: target.name, targetColumns: toColumns })
  }
  for (const test of testsOf(node, graph)) {
    const { field } = test.generic!.kwargs
    const target = byId.get(test.generic!.references['to'] ?? '')
    if (target === undefined || test.columnName === null || typeof field !== 'string') continue
    add({ columns: [test.columnName], table: target.name, targetColumns: [field] })
  }
  return keys
}

function testsOf(node: RelationNode, graph: Graph): readonly Test[] {
  return (graph.children.get(node.uniqueId) ?? []).flatMap((id) => {
    const test = graph.nodes.get(id)
    if (test?.resourceType !== 'test' || test.attachedNode !== node.uniqueId) return []
    return test.generic?.name === 'relationships' && test.config.enabled ? [test] : []
  })
}

function* declared(
  node: RelationNode,
): Iterable<{ readonly columns: readonly string[]; readonly to: string; readonly toColumns: readonly string[] }> {
  const own = node.resourceType === 'model' ? node.constraints : []
  for (const c of own)
    if (c.type === 'foreign_key' && c.to !== null && parseReferenceText(c.to) !== undefined)
      yield { columns: c.columns, to: c.to, toColumns: c.to_columns }
  for (const column of node.columns)
    for (const c of column.constraints)
      if (c.type === 'foreign_key' && c.to !== null) yield { columns: [column.name], to: c.to, toColumns: c.to_columns }
}
