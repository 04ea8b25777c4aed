import { DisjointSets } from './disjoint-sets.ts'
import type { Graph } from './graph.ts'
import { joinViews } from './join-views.ts'
import { nearestTargets } from './nearest-targets.ts'
import { strongComponents } from './strong-components.ts'
import { isEphemeral } from './test-owners.ts'
import { topologicalOrder } from './topological-order.ts'
import type { PublicationUnit } from './unit.ts'
import { layOutUnits, memberFlag, type UnitVertices } from './unit-vertices.ts'

export interface UnitOptions {
  /** Tests hold back publishing (`build`). False: every node is published by itself and tests run afterwards. */
  readonly audit: boolean
  /** One unit of everything; tests with `audit: after` still run after it. */
  readonly wholeRun: boolean
}

/**
 * The units of a run in the order of their plan, in time linear in the graph (for usual graphs).
 *
 * - Members are the selected nodes that make a relation. Everything else (ephemerals, unselected nodes) is transparent:
 *   it carries the order and the failures of what lies above it, as in dbt.
 * - With `audit`, a view which owns a deciding test is joined to the tables and views it reads, through views and
 *   ephemerals only. A view between is thereby a member.
 * - Units that would have to wait for each other are one: the strongly connected components of the graph between units
 *   are merged, which makes every unit convex and the rest acyclic.
 * - Unit tests of a model stand alone before it, and wait for nothing.
 * - Tests that read nothing built stand alone, before the members all of whose ancestors include the tests' parents: a
 *   failing test on a source skips its readers.
 */
export function planUnits(
  graph: Graph,
  selected: ReadonlySet<string>,
  options: UnitOptions,
): readonly PublicationUnit[] {
  const vertices = layOutUnits(graph, selected)
  const sets = new DisjointSets(vertices.before.length)
  if (options.wholeRun) joinAll(vertices, sets)
  else if (options.audit) joinViews(vertices, sets)
  mergeWaiting(vertices, sets)
  return assemble(afterFunctions(vertices, sets), sets, options.audit)
}

/** One unit of all members; tests that stand alone join it, so that they hold back everything. Unit tests stand before it. */
function joinAll({ flags, before, lone }: UnitVertices, sets: DisjointSets): void {
  const first = flags.findIndex((flag) => (flag & memberFlag) !== 0)
  if (first === -1) return
  for (let v = first; v < before.length; v++) {
    if (v >= flags.length ? !lone[v - flags.length]!.unit : (flags[v]! & memberFlag) !== 0) sets.join(first, v)
  }
}

/** The edges between sets; those of a vertex that stands for no set are empty. */
function contract(before: readonly (readonly number[])[], sets: DisjointSets): readonly (readonly number[])[] {
  const between: number[][] = before.map(() => [])
  for (let v = 0; v < before.length; v++) {
    const list = before[v]!
    if (list.length === 0) continue
    const to = sets.find(v)
    for (const w of list) {
      const from = sets.find(w)
      if (from !== to) between[to]!.push(from)
    }
  }
  return between
}

function mergeWaiting({ before, readBefore }: UnitVertices, sets: DisjointSets): void {
  const all = before.map((list, v) => (readBefore[v]!.length === 0 ? list : [...list, ...readBefore[v]!]))
  const { component, count } = strongComponents(contract(all, sets))
  const first = new Int32Array(count).fill(-1)
  for (let v = 0; v < before.length; v++) {
    const c = component[sets.find(v)]!
    if (first[c] === -1) first[c] = v
    else sets.join(first[c]!, v)
  }
}

/**
 * Unit tests wait for the functions that their model calls, unless they are published together with the model: nothing else can
 * make a circle, because the model waits for them, too.
 */
function afterFunctions(vertices: UnitVertices, sets: DisjointSets): UnitVertices {
  const { graph, flags, lone } = vertices
  const before = [...vertices.before]
  for (const [i, { unit, parents }] of lone.entries()) {
    if (!unit) continue
    const model = graph.rank.get(parents[0]!)!
    const wanted = functionsOf(graph, parents[0]!).map((id) => graph.rank.get(id)!)
    const own = wanted.filter((f) => (flags[f]! & memberFlag) !== 0 && sets.find(f) !== sets.find(model))
    before[flags.length + i] = own
  }
  return { ...vertices, before }
}

/** Functions that a model calls, itself or through ephemeral models. */
function functionsOf(graph: Graph, model: string): readonly string[] {
  const found = new Set<string>()
  const visit = (id: string): void => {
    for (const parent of graph.parents.get(id)!) {
      const node = graph.nodes.get(parent)!
      if (node.resourceType === 'function') found.add(parent)
      else if (isEphemeral(node)) visit(parent)
    }
  }
  visit(model)
  return [...found]
}

interface UnitDraft {
  readonly members: string[]
  readonly tests: string[]
  readonly testsAfter: string[]
}

function fillUnits(
  { graph, flags, owned, lone }: UnitVertices,
  sets: DisjointSets,
  audit: boolean,
): ReadonlyMap<number, UnitDraft> {
  const { order, rank } = graph
  const drafts = new Map<number, UnitDraft>()
  const draft = (unit: number): UnitDraft => {
    let made = drafts.get(unit)
    if (made === undefined) {
      made = { members: [], tests: [], testsAfter: [] }
      drafts.set(unit, made)
    }
    return made
  }
  for (let v = 0; v < order.length; v++) {
    if ((flags[v]! & memberFlag) !== 0) draft(sets.find(v)).members.push(order[v]!)
  }
  for (const test of owned) {
    if (test.owner === null) continue
    const unit = sets.find(rank.get(test.owner)!)
    const showsLater = test.readsPublished.some((id) => sets.find(rank.get(id)!) === unit)
    const { tests, testsAfter } = draft(unit)
    if (audit && !test.after && !showsLater) tests.push(test.id)
    else testsAfter.push(test.id)
  }
  for (const [i, group] of lone.entries()) draft(sets.find(order.length + i)).tests.push(...group.tests)
  return drafts
}

/** The nearest units before each unit; vertices that belong to none are looked through. */
function linkUnits(
  before: readonly (readonly number[])[],
  sets: DisjointSets,
  isUnit: (vertex: number) => boolean,
): readonly ReadonlySet<number>[] {
  const between = contract(before, sets)
  const successors: number[][] = before.map(() => [])
  for (let v = 0; v < between.length; v++) for (const from of between[v]!) successors[from]!.push(v)
  return nearestTargets(topologicalOrder(successors), between, isUnit)
}

function assemble(vertices: UnitVertices, sets: DisjointSets, audit: boolean): readonly PublicationUnit[] {
  const drafts = fillUnits(vertices, sets, audit)
  const requires = linkUnits(vertices.before, sets, (v) => drafts.has(v))
  const reads = contract(vertices.readBefore, sets)
  const successors: number[][] = vertices.before.map(() => [])
  for (const unit of drafts.keys()) {
    for (const from of requires[unit]!) successors[from]!.push(unit)
    for (const from of reads[unit]!) successors[from]!.push(unit)
  }
  const idOf = (unit: number) => {
    const { members, tests } = drafts.get(unit)!
    return members[0] ?? tests[0]!
  }
  const sorted = (units: Iterable<number>) => [...units].sort((a, b) => a - b).map(idOf)
  const plan: PublicationUnit[] = []
  for (const unit of topologicalOrder(successors)) {
    const draft = drafts.get(unit)
    if (draft === undefined) continue
    const [needed, read] = [requires[unit]!, reads[unit]!]
    const needs = sorted(needed)
    const after = read.length === 0 ? needs : sorted(new Set([...needed, ...read]))
    plan.push({ id: idOf(unit), ...draft, after, requires: needs })
  }
  return plan
}
