import { describe, expect, it } from 'vitest'
import { HandBuiltProject } from '../../spec/artifacts/hand-built-project.ts'
import { buildGraph } from './build-graph.ts'

const names = (ids: readonly string[]) => ids.map((id) => id.split('.')[2])

describe('buildGraph', () => {
  it('orders parents before children, ties by unique id', () => {
    const project = new HandBuiltProject()
      .view('z')
      .view('b', ['z'])
      .view('a', ['z'])
      .table('c', ['b', 'a'])
      .test('unique', ['a'])
      .build()
    const { graph, diagnostics } = buildGraph(project)
    expect(diagnostics).toEqual([])
    expect(names(graph.order)).toEqual(['z', 'a', 'b', 'c', 'unique_a'])
    expect(graph.parents.get('model.shop.c')).toEqual(['model.shop.b', 'model.shop.a'])
    expect(names(graph.children.get('model.shop.a')!)).toEqual(['c', 'unique_a'])
    expect(graph.children.get('model.shop.c')).toEqual([])
    expect(graph.rank.get('model.shop.c')).toBe(3)
  })

  it('leaves out parents that do not exist', () => {
    const { graph } = buildGraph(new HandBuiltProject().view('a', ['model.shop.gone']).build())
    expect(graph.parents.get('model.shop.a')).toEqual([])
  })

  it('reports one cycle for each circle, at the first reference of its first file', () => {
    const project = new HandBuiltProject()
      .view('b', ['model.shop.a'])
      .view('a', ['model.shop.b'])
      .view('y', ['a', 'model.shop.z'])
      .view('x', ['y'])
      .view('z', ['x'])
      .view('below', ['z'])
      .build()
    const { graph, diagnostics } = buildGraph(project)
    const messages = diagnostics.map((d) => d.message).sort()
    expect(messages).toEqual(['circular reference: a -> b -> a', 'circular reference: x -> y -> z -> x'])
    const first = diagnostics.find((d) => d.message.includes('a -> b'))!
    expect(first.code).toBe('graph/cycle')
    expect(first.span).toEqual({ path: 'models/a.sql', start: 27, end: 28 })
    expect(project.files.get('models/a.sql')!.text.slice(27, 28)).toBe('b')
    expect(graph.order).toHaveLength(6)
  })

  it('reports a model that reads itself', () => {
    const { diagnostics } = buildGraph(new HandBuiltProject().view('a', ['model.shop.a']).build())
    expect(diagnostics.map((d) => d.message)).toEqual(['`a` refers to itself'])
  })

  it('finds a long circle without recursion', () => {
    const project = new HandBuiltProject()
    for (let i = 0; i < 10_000; i++) project.view(`m${i}`, [`model.shop.m${(i + 1) % 10_000}`])
    const built = project.build()
    expect(buildGraph(built).diagnostics).toHaveLength(1)
  })

  it('orders 10,000 nodes', () => {
    const project = new HandBuiltProject()
    for (let i = 0; i < 10_000; i++) project.view(`m${i}`, i < 100 ? [] : [`m${i - 1}`, `m${i - 50}`, `m${i - 100}`])
    const built = project.build()
    const { graph } = buildGraph(built)
    for (const id of graph.order)
      for (const parent of graph.parents.get(id)!) expect(graph.rank.get(parent)!).toBeLessThan(graph.rank.get(id)!)
  })
})
