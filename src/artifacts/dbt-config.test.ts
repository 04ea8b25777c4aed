import { expect, it } from 'vitest'
import { HandBuiltProject } from '../../spec/artifacts/hand-built-project.ts'
import type { NodeConfig } from '../config/node-config.ts'
import { modelConfig } from './dbt-config.ts'

const entry = (config: Partial<NodeConfig>) =>
  modelConfig(new HandBuiltProject().model('a', [], { config }).build().models[0]!)
const keys = ['indexes', 'unlogged', 'fillfactor', 'tablespace', 'partition_by', 'replace']

it('carries what a model asks of its storage as it is written, and nothing that is not', () => {
  const plain = entry({})
  expect(keys.filter((key) => key in plain)).toEqual([])
  expect(plain['on_configuration_change']).toBe('apply')
  const asked = {
    indexes: [{ columns: ['id'], unique: true }],
    unlogged: false,
    partition_by: { column: 'day', type: 'range', granularity: 'month' },
    replace: 'swap',
    on_configuration_change: 'fail',
  } as const
  expect(entry(asked)).toMatchObject(asked)
})
