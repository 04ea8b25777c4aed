import type { DisjointSets } from './disjoint-sets.ts'
import { ephemeralFlag, memberFlag, type UnitVertices, viewFlag } from './unit-vertices.ts'

/**
 * Joins each view that owns a deciding test to what it shows: the views and, at last, the tables under it, all of this
 * run. Ephemerals are looked through. A view that is not selected ends the way: its definition is not staged, so nothing
 * above it could be audited against new rows before they are published.
 */
export function joinViews({ graph, flags, owned, before }: UnitVertices, sets: DisjointSets): void {
  const isBuiltView = (v: number) => (flags[v]! & (memberFlag | viewFlag)) === (memberFlag | viewFlag)
  /** For each built view: the built nodes it shows that are tables, or views that show one. */
  const shown: (readonly number[] | undefined)[] = new Array(flags.length)
  for (let v = 0; v < flags.length; v++) {
    if (isBuiltView(v)) shown[v] = readThroughEphemerals(v, flags, before).filter((p) => showsTable(p))
  }
  function showsTable(v: number): boolean {
    if ((flags[v]! & memberFlag) === 0) return false
    return (flags[v]! & viewFlag) === 0 || (shown[v]?.length ?? 0) > 0
  }

  const joined = new Uint8Array(flags.length)
  const open: number[] = []
  for (const test of owned) if (test.decides && test.owner !== null) open.push(graph.rank.get(test.owner)!)
  for (let v = open.pop(); v !== undefined; v = open.pop()) {
    if (joined[v] === 1 || !isBuiltView(v)) continue
    joined[v] = 1
    for (const p of shown[v]!) {
      sets.join(v, p)
      open.push(p)
    }
  }
}

function readThroughEphemerals(
  v: number,
  flags: Uint8Array,
  before: readonly (readonly number[])[],
): readonly number[] {
  const isNode = (p: number) => p < flags.length
  const parents = before[v]!.filter(isNode)
  if (!parents.some((p) => (flags[p]! & ephemeralFlag) !== 0)) return parents
  const seen = new Set(parents)
  const found: number[] = []
  for (const p of seen) {
    if ((flags[p]! & ephemeralFlag) === 0) found.push(p)
    else for (const q of before[p]!) if (isNode(q)) seen.add(q)
  }
  return found
}
