import { describe, expect, it } from 'vitest'
import { HandBuiltProject } from '../../spec/artifacts/hand-built-project.ts'
import { randomNumbers } from '../../spec/artifacts/random-numbers.ts'
import { buildGraph } from './build-graph.ts'
import type { Graph } from './graph.ts'
import { isEphemeral, isView, makesRelation } from './test-owners.ts'
import type { PublicationUnit } from './unit.ts'
import { planUnits } from './units.ts'

interface Case {
  readonly graph: Graph
  readonly selected: ReadonlySet<string>
  readonly units: readonly PublicationUnit[]
  readonly unitOf: ReadonlyMap<string, PublicationUnit>
}

function randomCase(seed: number): Case {
  const random = randomNumbers(seed)
  const project = new HandBuiltProject().source('s', 'plain').source('s', 'loaded', { loaded: true })
  const names = ['s.plain', 's.loaded']
  const some = (count: number) => [...new Set(Array.from({ length: count }, () => names[random(names.length)]!))]
  const size = 3 + random(12)
  for (let i = 0; i < size; i++) {
    const name = `m${String(random(900) + 100)}_${i}`
    const materialized = ['view', 'view', 'table', 'ephemeral', 'incremental'][random(5)]!
    project.model(name, some(1 + random(3)), { config: { materialized } })
    names.push(name)
  }
  for (let i = 0; i < size; i++) {
    const config = {
      severity: random(4) === 0 ? 'warn' : 'error',
      audit: random(6) === 0 ? 'after' : 'before',
    } as const
    project.test('check', some(1 + random(2)), { name: `check_${i}`, config })
  }
  const { graph } = buildGraph(project.build())
  const share = 1 + random(4)
  const selected = new Set(graph.order.filter(() => random(4) < share))
  const units = planUnits(graph, selected, { audit: true, wholeRun: false })
  const unitOf = new Map(
    units.flatMap((u) => [...u.members, ...u.tests, ...u.testsAfter].map((id) => [id, u] as const)),
  )
  return { graph, selected, units, unitOf }
}

function above(graph: Graph, from: string): ReadonlySet<string> {
  const seen = new Set([from])
  for (const id of seen) for (const child of graph.children.get(id)!) seen.add(child)
  return seen
}

/** Ids of the units that must succeed before `unit`, transitively. */
function required(unit: PublicationUnit, units: readonly PublicationUnit[]): ReadonlySet<string> {
  const byId = new Map(units.map((u) => [u.id, u]))
  const seen = new Set(unit.requires)
  for (const id of seen) for (const before of byId.get(id)!.requires) seen.add(before)
  return seen
}

function checkMembership({ graph, selected, units }: Case): void {
  const members = units.flatMap((u) => u.members)
  const tests = units.flatMap((u) => [...u.tests, ...u.testsAfter])
  const nodes = [...selected].map((id) => graph.nodes.get(id)!)
  expect([...members].sort()).toEqual(
    nodes
      .filter((n) => makesRelation(n) && n.resourceType !== 'test')
      .map((n) => n.uniqueId)
      .sort(),
  )
  expect([...tests].sort()).toEqual(
    nodes
      .filter((n) => n.resourceType === 'test')
      .map((n) => n.uniqueId)
      .sort(),
  )
}

function checkOrder({ units }: Case): void {
  const done = new Set<string>()
  for (const unit of units) {
    for (const id of unit.after) expect(done).toContain(id)
    for (const id of unit.requires) expect(unit.after).toContain(id)
    done.add(unit.id)
  }
}

/** A member's unit is, or requires, the unit of every built ancestor; and what is between two members is a member. */
function checkAncestors({ graph, units, unitOf }: Case): void {
  for (const unit of units) {
    const needs = required(unit, units)
    for (const member of unit.members) {
      for (const [id, other] of unitOf) {
        if (!other.members.includes(id) || !above(graph, id).has(member)) continue
        if (other !== unit) expect(needs).toContain(other.id)
        else
          for (const between of above(graph, id)) {
            if (unitOf.get(between)?.members.includes(between) && above(graph, between).has(member))
              expect(unitOf.get(between)).toBe(unit)
          }
      }
    }
  }
}

/** A view that decides in its unit is published with every table it shows through built views and ephemerals. */
function checkViews({ graph, units, unitOf, selected }: Case): void {
  for (const unit of units) {
    for (const test of unit.tests) {
      const node = graph.nodes.get(test)!
      const [owner, ...others] = node.dependsOn
      if (others.length > 0 || node.config.severity !== 'error' || !unit.members.includes(owner!)) continue
      const open = [owner!]
      for (const id of open) {
        const shown = graph.nodes.get(id)!
        if (!isView(shown) && !isEphemeral(shown)) expect(unitOf.get(id)).toBe(unit)
        else
          for (const parent of graph.parents.get(id)!) {
            if (
              isEphemeral(graph.nodes.get(parent)!) ||
              (selected.has(parent) && makesRelation(graph.nodes.get(parent)!))
            )
              open.push(parent)
          }
      }
    }
  }
}

/** All that a test of built nodes reads is finished when its unit starts, or is in it. */
function checkTests({ graph, units, unitOf }: Case): void {
  for (const unit of units) {
    for (const test of [...unit.tests, ...unit.testsAfter]) {
      for (const parent of graph.parents.get(test)!) {
        const other = unitOf.get(parent)
        if (other !== undefined && other !== unit) expect(unit.after).toContain(other.id)
      }
    }
  }
}

/** What has all the parents of a lone test above it is skipped when the test fails. */
function checkLoneTests({ graph, units }: Case): void {
  for (const lone of units.filter((u) => u.members.length === 0)) {
    const parents = graph.parents.get(lone.tests[0]!)!
    for (const unit of units) {
      const held = unit.members.some((m) => parents.every((p) => above(graph, p).has(m)))
      if (held) expect(required(unit, units)).toContain(lone.id)
    }
  }
}

describe('planUnits on random graphs', () => {
  it('keeps what it promises', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const made = randomCase(seed)
      checkMembership(made)
      checkOrder(made)
      checkAncestors(made)
      checkViews(made)
      checkTests(made)
      checkLoneTests(made)
    }
  })
})
