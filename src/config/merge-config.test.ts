import { describe, expect, it } from 'vitest'
import type { ConfigLayer } from './config-layer.ts'
import { DEFAULT_CONFIG, mergeConfig } from './merge-config.ts'
import type { ConfigValue } from './node-config.ts'

const span = { path: 'a', start: 0, end: 0 }
const layer = (settings: Record<string, ConfigValue>): ConfigLayer =>
  Object.entries(settings).map(([key, value]) => ({ key, value, raw: value, span }))

describe('mergeConfig', () => {
  it.each<[string, Record<string, ConfigValue>[], ConfigValue]>([
    ['materialized', [{ materialized: 'table' }, { materialized: 'view' }], 'view'],
    ['tags', [{ tags: ['a', 'b'] }, { tags: ['b', 'c'] }], ['a', 'b', 'c']],
    ['meta', [{ meta: { a: 1, b: { x: 1 } } }, { meta: { b: { y: 2 }, c: 3 } }], { a: 1, b: { y: 2 }, c: 3 }],
    ['docs', [{ docs: { show: false } }, { docs: { node_color: 'red' } }], { show: false, node_color: 'red' }],
    ['column_types', [{ column_types: { a: 'int' } }, { column_types: { b: 'text' } }], { a: 'int', b: 'text' }],
    ['grants', [{ grants: { select: ['a'] } }, { grants: { select: ['b'] } }], { select: ['b'] }],
    [
      'grants',
      [{ grants: { select: ['a'] } }, { grants: { '+select': ['b'], insert: ['c'] } }],
      { select: ['a', 'b'], insert: ['c'] },
    ],
    ['unique_key', [{ unique_key: ['a'] }, { unique_key: null }], null],
  ])('%s', (key, layers, expected) => {
    const { config } = mergeConfig(DEFAULT_CONFIG.model, layers.map(layer))
    expect((config as unknown as Record<string, unknown>)[key]).toEqual(expected)
  })

  it('appends hooks with repeats', () => {
    const hook = [{ sql: 'analyze', transaction: true }]
    const { config } = mergeConfig(DEFAULT_CONFIG.model, [layer({ 'pre-hook': hook }), layer({ 'pre-hook': hook })])
    expect(config['pre-hook']).toEqual([...hook, ...hook])
  })

  it('shares the defaults when nothing is said, and leaves them as they are', () => {
    expect(mergeConfig(DEFAULT_CONFIG.model, [[], []]).config).toBe(DEFAULT_CONFIG.model)
    mergeConfig(DEFAULT_CONFIG.model, [layer({ tags: ['a'], meta: { a: 1 } })])
    expect(DEFAULT_CONFIG.model).toMatchObject({ tags: [], meta: {} })
  })

  it('keeps the raw value of the last layer', () => {
    const layers = [[{ key: 'schema', value: 'a', raw: '{{var "s"}}', span }]]
    expect(mergeConfig(DEFAULT_CONFIG.model, layers).unrendered).toEqual({ schema: '{{var "s"}}' })
  })
})
