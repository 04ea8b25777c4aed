import { DatabaseError, type DatabaseFault } from '../base/errors.ts'
import { stagedRelation } from '../materializations/staged-relation.ts'
import { isRelationNode } from '../project/relation-of.ts'
import type { Node, Operation } from '../project/resource.ts'
import type { RunContext } from './run-context.ts'
import type { Worker } from './worker-pool.ts'

/**
 * The columns among which the one that a statement misses was looked for: those of the parent that the name before the dot stands for, or of
 * the only parent that the statement reads. Undefined when that is not clear, or when the session answers no questions any more.
 */
export async function columnsHere(
  context: RunContext,
  worker: Worker,
  node: Node | Operation,
  { fault }: DatabaseError,
): Promise<readonly string[] | undefined> {
  const { sql } = fault
  if (sql === undefined || fault.kind !== 'column-missing' || fault.offset === undefined) return undefined
  const { graph } = context.request
  const owner = ownerOf(fault)
  const read = []
  for (const id of graph.parents.get(node.uniqueId) ?? []) {
    const parent = graph.nodes.get(id)
    if (!isRelationNode(parent)) continue
    for (const relation of [stagedRelation(parent.relation, context.suffix, context.dialect), parent.relation]) {
      const text = context.dialect.relation(relation)
      const at = sql.indexOf(text)
      if (at >= 0) read.push({ relation, alias: aliasBehind(sql, at + text.length) ?? parent.relation.identifier })
    }
  }
  const meant = owner === undefined ? read : read.filter((r) => r.alias.toLowerCase() === owner)
  if (meant.length !== 1 || (owner === undefined && /\bjoin\b/i.test(sql))) return undefined
  try {
    const columns = await worker.session.columnsOf(meant[0]!.relation)
    return columns.length === 0 ? undefined : columns.map((c) => c.name)
  } catch (error) {
    if (error instanceof DatabaseError) return undefined
    throw error
  }
}

/** The name before the dot at the place of the fault, in lower case. */
function ownerOf({ sql, offset, length }: DatabaseFault): string | undefined {
  const parts = sql!
    .slice(offset!, offset! + (length ?? 0))
    .replaceAll('"', '')
    .split('.')
  return parts.at(-2)?.toLowerCase()
}

const noAliases = new Set(
  'where group order having limit qualify on using left right inner full cross natural join union except intersect window offset tablesample'.split(
    ' ',
  ),
)

function aliasBehind(sql: string, end: number): string | undefined {
  const found = /^\s+(?:as\s+)?(?:"([^"]+)"|([A-Za-z_]\w*))/i.exec(sql.slice(end, end + 200))
  const name = found?.[1] ?? found?.[2]
  return name === undefined || noAliases.has(name.toLowerCase()) ? undefined : name
}
