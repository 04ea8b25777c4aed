import { describe, expect, it } from 'vitest'
import type { IndexSpec, TableStorage } from '../adapters/replacement.ts'
import { fittingIndexes, onlyIndexes, withTrueColumns } from './storage-columns.ts'

const index = (...columns: string[]): IndexSpec => ({
  columns,
  unique: false,
  type: null,
  include: [],
  where: null,
  name: null,
})

describe('withTrueColumns', () => {
  const resolve = (storage: TableStorage, columns = ['Id', 'day', 'DAY', 'odd (name)']) => {
    const { storage: found, diagnostics } = withTrueColumns(storage, columns)
    return { indexed: found.indexes.map((i) => i.columns), found, messages: diagnostics.map((d) => d.message) }
  }

  it('takes the name as it is, then in another case', () => {
    const { indexed, messages } = resolve(onlyIndexes([index('ID', 'DAY', 'day')]))
    expect([indexed, messages]).toEqual([[['Id', 'DAY', 'day']], []])
  })

  it('takes what holds a parenthesis for an expression, unless a column is called so', () => {
    expect(resolve(onlyIndexes([index('lower(x)', ' (a || b)', 'odd (name)')])).indexed).toEqual([
      ['(lower(x))', ' (a || b)', 'odd (name)'],
    ])
  })

  it('tells of every name that is no column', () => {
    const storage = {
      ...onlyIndexes([index('x'), { ...index('id'), include: ['y'] }]),
      partitionBy: { kind: 'list', column: 'z' } as const,
    }
    expect(resolve(storage).messages).toEqual([
      '`indexes` names `x`, which is no column of this model',
      '`indexes` names `y`, which is no column of this model',
      '`partition_by` names `z`, which is no column of this model',
    ])
  })
})

it('leaves out indexes on columns that are not there yet', () => {
  expect(fittingIndexes([index('id', 'x'), index('id')], ['id'])).toEqual([index('id')])
})
