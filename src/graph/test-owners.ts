import type { Node, Test } from '../project/resource.ts'
import type { Graph } from './graph.ts'
import { uniteShared } from './nearest-targets.ts'

/** What a test has to do with the nodes that a run builds. */
export interface OwnedTest {
  readonly id: string
  /** The last of `reads` in the order of the graph; null when the test reads nothing that is built. */
  readonly owner: string | null
  /** Built nodes whose rows the test sees: its parents, or what lies below them through ephemerals and views. */
  readonly reads: readonly string[]
  /** Those of `reads` that it sees through a view which this run does not build: there the new rows show after publishing. */
  readonly readsPublished: readonly string[]
  /** Runs before publishing and can hold it back. */
  readonly decides: boolean
  readonly after: boolean
}

/** True when the node makes something in the warehouse in this run, if it is selected: a relation or a function. */
export function makesRelation(node: Node): boolean {
  if (node.resourceType === 'model') return node.config.materialized !== 'ephemeral'
  return (
    node.resourceType === 'seed' ||
    node.resourceType === 'snapshot' ||
    node.resourceType === 'function' ||
    (node.resourceType === 'source' && node.files !== null)
  )
}

export function isEphemeral(node: Node): boolean {
  return node.resourceType === 'model' && node.config.materialized === 'ephemeral'
}

export function isView(node: Node): boolean {
  return node.resourceType === 'model' && node.config.materialized === 'view'
}

const none: readonly string[] = []

/** Built nodes that a node which is not built shows. */
interface Reads {
  /** Through ephemerals, which are part of the statement. */
  readonly direct: ReadonlySet<string>
  /** Through at least one view that stays as it is. */
  readonly published: ReadonlySet<string>
}

const noReads: Reads = { direct: new Set(), published: new Set() }

function uniteReads(
  parents: readonly string[],
  below: ReadonlyMap<string, Reads>,
  isMember: (id: string) => boolean,
): Reads {
  const parts = parents.map((id) =>
    isMember(id) ? { direct: new Set([id]), published: noReads.published } : below.get(id),
  )
  const some = parts.filter((part) => part !== undefined)
  if (some.length < 2) return some[0] ?? noReads
  return { direct: uniteShared(some.map((r) => r.direct)), published: uniteShared(some.map((r) => r.published)) }
}

/** What each ephemeral and each view that is not built shows of the built nodes, if anything. */
export function readsBelow(graph: Graph, isMember: (id: string) => boolean): ReadonlyMap<string, Reads> {
  const below = new Map<string, Reads>()
  for (const id of graph.order) {
    const node = graph.nodes.get(id)!
    const throughView = isView(node)
    if ((!throughView && !isEphemeral(node)) || isMember(id)) continue
    const reads = uniteReads(graph.parents.get(id)!, below, isMember)
    if (reads === noReads) continue
    if (!throughView || reads.direct.size === 0) below.set(id, reads)
    else below.set(id, { direct: noReads.direct, published: uniteShared([reads.direct, reads.published]) })
  }
  return below
}

/**
 * Gives a test to the last of the built nodes that it reads (ties cannot occur, the order is total). Ephemeral models
 * are transparent: they are part of the test's statement, so a test of one audits what it selects from.
 */
export function ownTest(
  graph: Graph,
  test: Test,
  isMember: (id: string) => boolean,
  below: ReadonlyMap<string, Reads>,
): OwnedTest {
  const parents = graph.parents.get(test.uniqueId)!
  let reads = parents
  let readsPublished: readonly string[] = none
  if (!parents.every(isMember)) {
    const { direct, published } = uniteReads(parents, below, isMember)
    readsPublished = [...published]
    reads = [...new Set([...direct, ...readsPublished])]
  }
  let owner: string | null = null
  for (const id of reads) if (owner === null || graph.rank.get(id)! > graph.rank.get(owner)!) owner = id
  const after = test.config.audit === 'after' || (owner !== null && graph.nodes.get(owner)!.config.audit === 'after')
  const decides = !after && readsPublished.length === 0 && test.config.severity === 'error'
  return { id: test.uniqueId, owner, reads, readsPublished, decides, after }
}
