import { describe, expect, it } from 'vitest'
import { HandBuiltProject } from '../../spec/artifacts/hand-built-project.ts'
import { buildGraph } from './build-graph.ts'
import { planUnits } from './units.ts'

const short = (id: string) =>
  id
    .split('.')
    .slice(id.startsWith('unit_test.') ? 3 : 2, id.startsWith('source.') || id.startsWith('unit_test.') ? 4 : 3)
    .join('.')

/** `a b [test] (late test) < after *requires`, one line a unit. */
function plan(
  project: HandBuiltProject,
  options: { audit?: boolean; wholeRun?: boolean; only?: string[]; without?: string[] } = {},
): string[] {
  const { graph } = buildGraph(project.build())
  const selected = new Set(options.only?.map((name) => project.id(name)) ?? graph.order)
  for (const name of options.without ?? []) selected.delete(project.id(name))
  const units = planUnits(graph, selected, { audit: options.audit ?? true, wholeRun: options.wholeRun ?? false })
  const done = new Set<string>()
  for (const unit of units) {
    for (const id of unit.after) expect(done, `${unit.id} waits for ${id}`).toContain(id)
    for (const id of unit.requires) expect(unit.after).toContain(id)
    done.add(unit.id)
  }
  return units.map((unit) => {
    const parts = [
      ...unit.members.map(short),
      ...unit.tests.map((t) => `[${short(t)}]`),
      ...unit.testsAfter.map((t) => `(${short(t)})`),
    ]
    const after = unit.after.map((id) => (unit.requires.includes(id) ? `*${short(id)}` : short(id)))
    return parts.join(' ') + (after.length > 0 ? ` < ${after.join(' ')}` : '')
  })
}

const withTests = (project: HandBuiltProject, ...models: string[]) =>
  models.reduce((p, m) => p.test('unique', [m]), project)

describe('planUnits: views leak', () => {
  it('keeps a table, its tests and an untested view over it apart', () => {
    const project = withTests(new HandBuiltProject().table('t').view('v', ['t']), 't')
    expect(plan(project)).toEqual(['t [unique_t]', 'v < *t'])
  })

  it('joins a tested view to the table it shows', () => {
    const project = withTests(new HandBuiltProject().table('t').view('v', ['t']).table('below', ['v']), 'v')
    expect(plan(project)).toEqual(['t v [unique_v]', 'below < *t'])
  })

  it('makes a view between a member', () => {
    const project = withTests(new HandBuiltProject().table('t').view('u', ['t']).view('v', ['u']), 'v')
    expect(plan(project)).toEqual(['t u v [unique_v]'])
  })

  it('joins two tables under one tested view, and what stands between', () => {
    const project = withTests(
      new HandBuiltProject().table('t1').table('t2').view('u', ['t1', 't2']).view('v', ['u']).view('w', ['t1']),
      'v',
    )
    expect(plan(project)).toEqual(['t1 t2 u v [unique_v]', 'w < *t1'])
  })

  it('sees through an ephemeral between view and table', () => {
    const project = withTests(new HandBuiltProject().table('t').ephemeral('e', ['t']).view('v', ['e']), 'v')
    expect(plan(project)).toEqual(['t v [unique_v]'])
  })

  it('leaves a tested view alone that shows no table of this run', () => {
    const project = withTests(
      new HandBuiltProject().source('crm', 'contacts').view('u', ['crm.contacts']).view('v', ['u']),
      'u',
      'v',
    )
    expect(plan(project)).toEqual(['u [unique_u]', 'v [unique_v] < *u'])
  })

  it('joins to seeds, incremental models and loaded sources as well', () => {
    const project = new HandBuiltProject()
      .source('crm', 'contacts', { loaded: true })
      .seed('s')
      .model('i', [], { config: { materialized: 'incremental' } })
      .view('v', ['crm.contacts', 's', 'i'])
    expect(plan(withTests(project, 'v'))).toEqual(['i s crm.contacts v [unique_v]'])
  })

  it('does not join for warnings, late tests or unselected tests', () => {
    const tables = () => new HandBuiltProject().table('t').view('v', ['t'])
    expect(plan(tables().test('unique', ['v'], { config: { severity: 'warn' } }))).toEqual(['t', 'v [unique_v] < *t'])
    expect(plan(tables().test('unique', ['v'], { config: { audit: 'after' } }))).toEqual(['t', 'v (unique_v) < *t'])
    expect(plan(withTests(tables(), 'v'), { without: ['unique_v'] })).toEqual(['t', 'v < *t'])
    const late = new HandBuiltProject().table('t').model('v', ['t'], { config: { audit: 'after' } })
    expect(plan(withTests(late, 'v'))).toEqual(['t', 'v (unique_v) < *t'])
  })

  it('does not join over a view that is not selected: its definition is not staged', () => {
    const project = withTests(new HandBuiltProject().table('t').view('u', ['t']).view('v', ['u']), 'v')
    expect(plan(project, { without: ['u'] })).toEqual(['t', 'v [unique_v] < *t'])
  })

  it('makes a unit convex: a table between two members is a member', () => {
    const project = withTests(
      new HandBuiltProject().table('t').table('x', ['t']).table('y', ['x']).view('v', ['t', 'y']),
      'v',
    )
    expect(plan(project)).toEqual(['t x y v [unique_v]'])
  })

  it('merges units that would wait for each other', () => {
    // {a, d} and {b, c} with a -> b and c -> d: each would wait for the other.
    const project = withTests(
      new HandBuiltProject().table('a').table('b', ['a']).view('c', ['b']).table('c2', ['c']).view('d', ['c2', 'a']),
      'c',
      'd',
    )
    expect(plan(project)).toEqual(['a b c c2 d [unique_c] [unique_d]'])
  })

  it('merges two units by the quotient alone', () => {
    const project = new HandBuiltProject()
      .table('a')
      .table('c')
      .table('b', ['a'])
      .view('d', ['c', 'a'])
      .view('c_view', ['c'])
      .view('e', ['b', 'c_view'])
    expect(plan(withTests(project, 'd', 'e'))).toEqual(['a b c c_view d e [unique_d] [unique_e]'])
  })
})

describe('planUnits: owners of tests', () => {
  it('gives a test to the last of its parents and waits for the other', () => {
    const project = new HandBuiltProject().table('a').table('b').test('relationships', ['b', 'a'])
    expect(plan(project)).toEqual(['a', 'b [relationships_a] < a'])
  })

  it('requires a parent only when the owner reads it', () => {
    const project = new HandBuiltProject().table('a').table('b', ['a']).test('relationships', ['a', 'b'])
    expect(plan(project)).toEqual(['a', 'b [relationships_b] < *a'])
  })

  it('lets the unit of a tested view wait for what its tests read', () => {
    const project = new HandBuiltProject().table('a').table('b').table('c', ['b']).view('v', ['a'])
    project.test('relationships', ['c', 'v'], { name: 'v_in_c' }).test('unique', ['v'])
    expect(plan(project)).toEqual(['b', 'c < *b', 'a v [unique_v] [v_in_c] < c'])
  })

  it('merges when a test closes a circle between units', () => {
    // `c` reads `a`, so it waits for {a, v}; `v` owns the test that reads `c`, so {a, v} waits for `c`.
    const project = new HandBuiltProject().table('a').table('c', ['a']).view('v', ['a'])
    project.test('relationships', ['c', 'v'], { name: 'v_in_c' })
    expect(plan(project)).toEqual(['a c v [v_in_c]'])
  })

  it('gives the test of an ephemeral to what it selects from', () => {
    const project = withTests(new HandBuiltProject().table('t').ephemeral('e', ['t']).table('w', ['e']), 'e')
    expect(plan(project)).toEqual(['t [unique_e]', 'w < *t'])
  })

  it('runs a test after publishing when it sees the member through a view that stays', () => {
    const project = new HandBuiltProject().table('t').view('u', ['t']).test('relationships', ['u', 't'])
    expect(plan(project, { without: ['u'] })).toEqual(['t (relationships_t)'])
  })

  it('lets tests on a plain source stand alone, before the readers', () => {
    const project = new HandBuiltProject().source('crm', 'contacts').table('t', ['crm.contacts']).table('free')
    project.test('unique', ['crm.contacts']).test('not_null', ['crm.contacts'])
    expect(plan(project)).toEqual([
      'free',
      '[not_null_crm_contacts] [unique_crm_contacts]',
      't < *not_null_crm_contacts',
    ])
  })

  it('holds back only what has all the parents of a lone test above it', () => {
    const project = new HandBuiltProject()
      .source('s', 'x')
      .source('s', 'y')
      .table('one', ['s.x'])
      .table('both', ['one', 's.y'])
    project.test('relationships', ['s.x', 's.y'])
    expect(plan(project)).toEqual(['one', '[relationships_s_y]', 'both < *one *relationships_s_y'])
  })

  it('keeps the order through nodes that are not selected', () => {
    const project = withTests(new HandBuiltProject().table('a').table('b', ['a']).table('c', ['b']), 'b')
    expect(plan(project, { without: ['b'] })).toEqual(['a', '[unique_b] < *a', 'c < *a *unique_b'])
  })

  it('makes groups of tests with the same parents when only tests are selected', () => {
    const project = withTests(new HandBuiltProject().table('a').table('b', ['a']), 'a', 'b').test('not_null', ['a'])
    expect(plan(project, { only: ['unique_a', 'unique_b', 'not_null_a'] })).toEqual([
      '[not_null_a] [unique_a]',
      '[unique_b]',
    ])
  })
})

describe('planUnits: modes', () => {
  const project = () =>
    withTests(new HandBuiltProject().source('s', 'x').table('t', ['s.x']).view('v', ['t']), 'v').test('unique', ['s.x'])

  it('publishes each node by itself without audit', () => {
    expect(plan(project(), { audit: false, only: ['t', 'v'] })).toEqual(['t', 'v < *t'])
    expect(plan(project(), { audit: false, only: ['t', 'v', 'unique_v'] })).toEqual(['t', 'v (unique_v) < *t'])
  })

  it('makes one unit of the whole run', () => {
    expect(plan(project().table('apart'), { wholeRun: true })).toEqual(['apart t v [unique_v] [unique_s_x]'])
  })

  it('plans nothing for nothing', () => {
    expect(plan(project(), { only: [] })).toEqual([])
    expect(plan(new HandBuiltProject().ephemeral('e'), {})).toEqual([])
  })
})

describe('planUnits: size', () => {
  it('plans 10,000 nodes', () => {
    const project = new HandBuiltProject()
    for (let i = 0; i < 10_000; i++) {
      const reads = i < 100 ? [] : [`m${i - 1}`, `m${i - 50}`, `m${i - 97}`]
      if (i % 5 < 2) project.view(`m${i}`, reads)
      else project.table(`m${i}`, reads)
      if (i % 2 === 0) project.test('unique', [`m${i}`])
    }
    const { graph } = buildGraph(project.build())
    const selected = new Set(graph.order)
    const planned = () => planUnits(graph, selected, { audit: true, wholeRun: false })
    expect(planned().flatMap((u) => u.members)).toHaveLength(10_000)
  })

  it('groups the tests of 10,000 models when only tests run', () => {
    const project = new HandBuiltProject()
    for (let i = 0; i < 10_000; i++) project.view(`m${i}`, i === 0 ? [] : [`m${i - 1}`]).test('unique', [`m${i}`])
    const { graph } = buildGraph(project.build())
    const tests = new Set(graph.order.filter((id) => id.startsWith('test.')))
    const planned = () => planUnits(graph, tests, { audit: true, wholeRun: false })
    expect(planned()).toHaveLength(10_000)
  })

  it.each(['view', 'table'])('looks through a chain of 5,000 unselected nodes of type %s', (materialized) => {
    const project = new HandBuiltProject().table('first')
    for (let i = 0; i < 5000; i++) {
      project.model(`m${i}`, [i === 0 ? 'first' : `m${i - 1}`], { config: { materialized } }).test('unique', [`m${i}`])
    }
    project.table('last', ['m4999'])
    const { graph } = buildGraph(project.build())
    const selected = new Set(graph.order.filter((id) => id.startsWith('test.') || /(first|last)$/.test(id)))
    const planned = () => planUnits(graph, selected, { audit: true, wholeRun: false })
    expect(planned().at(-1)!.requires).toHaveLength(materialized === 'view' ? 1 : 5001)
  })

  it('joins a chain of 5,000 tested views', () => {
    const project = new HandBuiltProject().table('m0')
    for (let i = 1; i <= 5000; i++) project.view(`m${i}`, [`m${i - 1}`]).test('unique', [`m${i}`])
    const { graph } = buildGraph(project.build())
    const units = planUnits(graph, new Set(graph.order), { audit: true, wholeRun: false })
    expect(units).toHaveLength(1)
    expect(units[0]!.tests).toHaveLength(5000)
  })
})

describe('planUnits: unit tests', () => {
  const project = () =>
    new HandBuiltProject()
      .table('a')
      .table('b', ['a'])
      .view('v', ['b'])
      .ephemeral('e', ['v'])
      .table('below', ['e'])
      .unitTest('ub', 'b')

  it('wait for nothing, and hold their model back', () => {
    expect(plan(project())).toEqual(['a', '[ub]', 'b < *a *ub', 'v < *b', 'below < *v'])
  })

  it('hold back the whole unit of their model', () => {
    expect(plan(withTests(project().unitTest('uv', 'v'), 'v'))).toEqual([
      'a',
      '[ub]',
      '[uv]',
      'b v [unique_v] < *a *ub *uv',
      'below < *b',
    ])
  })

  it('of an ephemeral model hold back its readers', () => {
    const plans = plan(project().unitTest('ue', 'e'))
    expect(plans.at(-1)).toBe('below < *v *ue')
    expect(plans).toContain('v < *b')
  })

  it('hold back what is below a model that is not built', () => {
    expect(plan(project(), { without: ['b'] })).toEqual(['a', '[ub]', 'v < *a *ub', 'below < *v'])
  })

  it('leave the tests of their model alone when nothing is built', () => {
    const plans = plan(withTests(project(), 'b'), { only: ['ub', 'unique_b'], audit: false })
    expect(plans.sort()).toEqual(['[ub]', '[unique_b]'])
  })

  it('stand before the one unit of a whole run', () => {
    expect(plan(withTests(project(), 'b'), { wholeRun: true })).toEqual(['[ub]', 'a b v below [unique_b] < *ub'])
  })
})
