import { DatabaseError } from '../base/errors.ts'
import { stagedRelation } from '../materializations/staged-relation.ts'
import { isRelationNode } from '../project/relation-of.ts'
import type { Node, Operation } from '../project/resource.ts'
import type { RunContext } from './run-context.ts'
import type { Worker } from './worker-pool.ts'

const missing = new Set(['column-missing', 'table-missing', 'schema-missing', 'function-missing'])

/**
 * The view that a failed statement reads and that cannot be read itself, by its node's name. Asked only when the engine
 * misses a name that does not stand in the statement: then it stands in a view's definition.
 */
export async function brokenView(
  context: RunContext,
  worker: Worker,
  node: Node | Operation,
  { fault }: DatabaseError,
): Promise<string | undefined> {
  const { sql } = fault
  if (sql === undefined || fault.offset !== undefined || !missing.has(fault.kind)) return undefined
  const { graph } = context.request
  for (const id of graph.parents.get(node.uniqueId) ?? []) {
    const parent = graph.nodes.get(id)
    if (!isRelationNode(parent)) continue
    for (const relation of [stagedRelation(parent.relation, context.suffix, context.dialect), parent.relation]) {
      if (!sql.includes(context.dialect.relation(relation))) continue
      try {
        await worker.session.columnsOf(relation)
      } catch (error) {
        if (error instanceof DatabaseError && error.fault.kind === fault.kind) return parent.name
      }
    }
  }
  return undefined
}
