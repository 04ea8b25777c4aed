import type { Test } from '../project/resource.ts'
import type { Graph } from './graph.ts'
import { nearestTargets } from './nearest-targets.ts'
import { walk } from './selection/walk.ts'
import { isEphemeral, isView, makesRelation, type OwnedTest, ownTest, readsBelow } from './test-owners.ts'

/** Tests that read nothing which is built, all with the same parents; or the unit tests of one model. */
export interface LoneTests {
  readonly parents: readonly string[]
  readonly tests: readonly string[]
  /** Unit tests bring their own rows: they wait for nothing, and stand before the model that is their parent. */
  readonly unit: boolean
}

export const memberFlag = 1
export const viewFlag = 2
export const ephemeralFlag = 4

/** What units are made of: the nodes of the graph by their rank, then the groups of lone tests, as numbers. */
export interface UnitVertices {
  readonly graph: Graph
  /** For each node: whether this run builds it, and what it is. */
  readonly flags: Uint8Array
  readonly owned: readonly OwnedTest[]
  readonly lone: readonly LoneTests[]
  /** What each vertex cannot do without; lone tests stand before what they hold back. */
  readonly before: readonly (readonly number[])[]
  /** What only the tests of a vertex read. */
  readonly readBefore: readonly (readonly number[])[]
}

const none: readonly number[] = []

/** Numbers the nodes of a run, gives its tests to their owners and collects what must come before what. */
export function layOutUnits(graph: Graph, selected: ReadonlySet<string>): UnitVertices {
  const { order, rank, nodes } = graph
  const flags = new Uint8Array(order.length)
  const before: number[][] = []
  const tests: Test[] = []
  const unitTests = new Map<string, string[]>()
  for (let v = 0; v < order.length; v++) {
    const id = order[v]!
    const node = nodes.get(id)!
    if (node.resourceType === 'test') {
      if (selected.has(id)) tests.push(node)
      before.push([])
      continue
    }
    if (node.resourceType === 'unit_test') {
      if (selected.has(id)) unitTests.set(node.model, [...(unitTests.get(node.model) ?? []), id])
      before.push([])
      continue
    }
    flags[v] = (isView(node) ? viewFlag : 0) | (isEphemeral(node) ? ephemeralFlag : 0)
    if (makesRelation(node) && selected.has(id)) flags[v]! |= memberFlag
    before.push(graph.parents.get(id)!.map((parent) => rank.get(parent)!))
  }
  const isMember = (id: string) => (flags[rank.get(id)!]! & memberFlag) !== 0
  const owned = ownTests(graph, tests, isMember)
  const lone = [
    ...groupLoneTests(graph, owned),
    ...[...unitTests].map(([model, ids]) => ({ parents: [model], tests: ids, unit: true })),
  ]
  const readBefore: (readonly number[])[] = new Array(order.length + lone.length).fill(none)
  for (const test of owned) {
    if (test.owner === null || test.reads.length === 1) continue
    const others = test.reads.filter((id) => id !== test.owner).map((id) => rank.get(id)!)
    const owner = rank.get(test.owner)!
    readBefore[owner] = [...readBefore[owner]!, ...others]
  }
  addLoneTests({ graph, flags, lone, before })
  return { graph, flags, owned, lone, before, readBefore }
}

function groupLoneTests(graph: Graph, owned: readonly OwnedTest[]): readonly LoneTests[] {
  const groups = new Map<string, { parents: readonly string[]; tests: string[]; unit: false }>()
  for (const test of owned) {
    if (test.owner !== null) continue
    const parents = graph.parents.get(test.id)!
    const key = parents.length === 1 ? parents[0]! : [...parents].sort().join(' ')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { parents, tests: [test.id], unit: false })
    else group.tests.push(test.id)
  }
  return [...groups.values()]
}

function ownTests(graph: Graph, tests: readonly Test[], isMember: (id: string) => boolean): readonly OwnedTest[] {
  const below = readsBelow(graph, isMember)
  return tests.map((test) => ownTest(graph, test, isMember, below))
}

interface LoneVertices {
  readonly graph: Graph
  readonly flags: Uint8Array
  readonly lone: readonly LoneTests[]
  readonly before: number[][]
}

/** Gives each group of lone tests a vertex, after its parents and before the first members that it holds back. */
function addLoneTests({ graph, flags, lone, before }: LoneVertices): void {
  const { order, rank, children } = graph
  const isMember = (v: number) => (flags[v]! & memberFlag) !== 0
  const single = lone.some((group) => group.parents.length === 1)
  const downwards = single ? order.map((id) => children.get(id)!.map((child) => rank.get(child)!)) : []
  const firstBelow = nearestTargets([...downwards.keys()].reverse(), downwards, isMember)
  for (const { parents, unit } of lone) {
    const ranks = parents.map((parent) => rank.get(parent)!)
    const [only] = ranks
    const below = () => (ranks.length === 1 ? firstBelow[only!]! : membersBelowAll(graph, parents, isMember))
    for (const reader of unit && isMember(only!) ? [only!] : below()) before[reader]!.push(before.length)
    before.push(unit ? [] : ranks)
  }
}

/** Built nodes that have all of `parents` among their ancestors. */
function membersBelowAll(
  graph: Graph,
  parents: readonly string[],
  isMember: (v: number) => boolean,
): readonly number[] {
  const counts = new Map<number, number>()
  for (const parent of parents) {
    for (const id of walk(new Set([parent]), graph.children)) {
      const v = graph.rank.get(id)!
      if (isMember(v)) counts.set(v, (counts.get(v) ?? 0) + 1)
    }
  }
  return [...counts].filter(([, count]) => count === parents.length).map(([v]) => v)
}
