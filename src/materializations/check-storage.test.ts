import { expect, it } from 'vitest'
import { HandBuiltProject } from '../../spec/artifacts/hand-built-project.ts'
import type { NodeConfig } from '../config/node-config.ts'
import { checkStorage, unusedFeatures } from './check-storage.ts'

function nodes(...configs: readonly Partial<NodeConfig>[]) {
  const project = new HandBuiltProject()
  configs.forEach((config, i) => void project.model(`m${i}`, [], { config: { materialized: 'table', ...config } }))
  return project.build().models
}
const indexes = [{ columns: ['id'] }]
const plain = { type: 'duckdb', capabilities: {} }

it('warns once of each key that an engine has nothing for', () => {
  const asked = nodes({ indexes, unlogged: true }, { indexes, unlogged: false }, { grants: { select: ['a'] } })
  expect(unusedFeatures(asked, plain).map((d) => [d.message, d.notes ?? []])).toEqual([
    ['`indexes` has no effect on duckdb', ['1 more node has it']],
    ['`unlogged` has no effect on duckdb', []],
    ['`grants` has no effect on duckdb', []],
  ])
  expect(unusedFeatures(asked, { type: 'x', capabilities: { tableStorage: true, grants: true } })).toEqual([])
})

it('does not warn where nothing is asked for, and of views nowhere', () => {
  const nothing = nodes({ indexes: [] }, { indexes, materialized: 'view' }, { indexes, materialized: 'ephemeral' })
  expect(unusedFeatures(nothing, plain)).toEqual([])
})

it('refuses a unique index that cannot hold over partitions', () => {
  const partition_by = { column: 'Day', type: 'list' } as const
  const check = (columns: string[]) =>
    checkStorage(nodes({ partition_by, indexes: [{ columns, unique: true }] })[0]!).map((d) => d.code)
  expect(check(['id'])).toEqual(['run/unique-without-partition'])
  expect(check(['id', 'day'])).toEqual([])
})
