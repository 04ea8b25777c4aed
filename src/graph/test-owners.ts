import type { Node, Test } from '../project/resource.ts'
import type { Graph } from './graph.ts'

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

/** True when the node makes a relation in this run, if it is selected. */
export function makesRelation(node: Node): boolean {
  if (node.resourceType === 'model') return node.config.materialized !== 'ephemeral'
  return node.resourceType === 'seed' || (node.resourceType === 'source' && node.files !== null)
}

export function isEphemeral(node: Node): boolean {
  return node.resourceType === 'model' && node.config.materialized === 'ephemeral'
}

export function isView(node: Node): boolean {
  return node.resourceType === 'model' && node.config.materialized === 'view'
}

const none: readonly string[] = []

interface Reads {
  /** Through ephemerals, which are part of the statement. */
  readonly direct: ReadonlySet<string>
  /** Through at least one view that stays as it is. */
  readonly published: ReadonlySet<string>
}

function collectReads(graph: Graph, test: string, isMember: (id: string) => boolean): Reads {
  const parents = graph.parents.get(test)!
  const reads = { direct: new Set<string>(), published: new Set<string>() }
  const seen: Record<'direct' | 'published', Set<string>> = { direct: new Set(), published: new Set() }
  const open: { id: string; way: 'direct' | 'published' }[] = []
  const visit = (id: string, way: 'direct' | 'published') => {
    if (seen[way].has(id)) return
    seen[way].add(id)
    if (isMember(id)) reads[way].add(id)
    else open.push({ id, way })
  }
  for (const parent of parents) visit(parent, 'direct')
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = graph.nodes.get(next.id)!
    const way = isView(node) ? 'published' : next.way
    if (isView(node) || isEphemeral(node)) for (const parent of graph.parents.get(next.id)!) visit(parent, way)
  }
  return reads
}

/**
 * Gives a test to the last of the built nodes that it reads (ties cannot occur, the order is total). Ephemeral models
 * are transparent: they are part of the test's statement, so a test of one audits what it selects from.
 */
export function ownTest(graph: Graph, test: Test, isMember: (id: string) => boolean): OwnedTest {
  const parents = graph.parents.get(test.uniqueId)!
  let reads = parents
  let readsPublished: readonly string[] = none
  if (!parents.every(isMember)) {
    const { direct, published } = collectReads(graph, test.uniqueId, isMember)
    readsPublished = [...published]
    reads = [...new Set([...direct, ...readsPublished])]
  }
  let owner: string | null = null
  for (const id of reads) if (owner === null || graph.rank.get(id)! > graph.rank.get(owner)!) owner = id
  const after = test.config.audit === 'after' || (owner !== null && graph.nodes.get(owner)!.config.audit === 'after')
  const decides = !after && readsPublished.length === 0 && test.config.severity === 'error'
  return { id: test.uniqueId, owner, reads, readsPublished, decides, after }
}
