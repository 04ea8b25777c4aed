import type { PublicationUnit } from '../graph/unit.ts'
import type { RelationNode } from '../project/resource.ts'
import type { RunContext } from './run-context.ts'

/** How a unit may begin although one that it requires was not published. */
export interface Continuation {
  /** Failed nodes whose old rows are read. */
  readonly stale: readonly RelationNode[]
  /** The first one that has no old rows: it has never been published. */
  readonly neverBuilt: RelationNode | null
}

/**
 * Whether `unit` goes on after `failed`: every node of it that `unit` reads has `on_error: continue`. Null when it does not.
 * @param members of all units of the run
 */
export function continuation(
  context: RunContext,
  { unit, failed, members }: { unit: PublicationUnit; failed: PublicationUnit; members: ReadonlySet<string> },
  blockedBy: string,
): Continuation | null {
  // What was skipped itself lets nobody go on, and a test that ran after publishing speaks of the new rows.
  if (![...failed.members, ...failed.tests].includes(blockedBy)) return null
  const read = nodesRead(context, unit, failed, members)
  if (read.length === 0 || read.some((node) => node.config.on_error !== 'continue')) return null
  const neverBuilt = read.find((node) => context.catalog.kindOf(node.relation) === null) ?? null
  return { stale: read, neverBuilt }
}

/** Members of `failed` that `unit` reads, directly or through nodes that this run does not build. */
function nodesRead(
  { request: { graph } }: RunContext,
  unit: PublicationUnit,
  failed: PublicationUnit,
  members: ReadonlySet<string>,
): readonly RelationNode[] {
  const wanted = new Set(failed.members)
  const found = new Set<string>()
  const seen = new Set<string>(unit.members.length > 0 ? unit.members : unit.tests)
  for (const id of seen) {
    for (const parent of graph.parents.get(id) ?? []) {
      if (wanted.has(parent)) found.add(parent)
      else if (!members.has(parent)) seen.add(parent)
    }
  }
  return [...found].map((id) => graph.nodes.get(id) as RelationNode)
}
