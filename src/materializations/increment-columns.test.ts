import { describe, expect, it } from 'vitest'
import { matchColumns, withColumnNames } from './increment-columns.ts'
import type { Increment } from './step.ts'

const columns = (...names: string[]) => names.map((name) => ({ name, type: 'INTEGER' }))

describe('matchColumns', () => {
  it('matches by name, in any order', () => {
    const matched = matchColumns(columns('a', 'b', 'c'), columns('d', 'b', 'a'), false)
    expect(matched.common).toEqual([
      { name: 'a', staged: 'a' },
      { name: 'b', staged: 'b' },
    ])
    expect(matched.added.map((c) => c.name)).toEqual(['d'])
    expect(matched.removed.map((c) => c.name)).toEqual(['c'])
  })

  it('heeds case only where the engine does', () => {
    expect(matchColumns(columns('Id'), columns('ID'), true).common).toEqual([{ name: 'Id', staged: 'ID' }])
    expect(matchColumns(columns('Id'), columns('ID'), false)).toMatchObject({ common: [], added: [{ name: 'ID' }] })
  })

  it('tells changed types', () => {
    const retyped = matchColumns(columns('a'), [{ name: 'a', type: 'VARCHAR' }], false).retyped
    expect(retyped).toEqual([{ name: 'a', from: 'INTEGER', to: 'VARCHAR' }])
  })
})

describe('withColumnNames', () => {
  const relation = { database: 'd', schema: 's', identifier: 't' }
  const increment: Increment = {
    target: relation,
    staged: relation,
    strategy: 'merge',
    uniqueKey: ['ID', 'day'],
    predicates: [],
    updateColumns: null,
    eventTime: null,
    batchSize: null,
    excludeColumns: ['missing', 'Note'],
    onSchemaChange: 'ignore',
  }

  it('takes the name as it is written, else the one that differs in case only', () => {
    const named = withColumnNames(increment, columns('id', 'Day', 'day', 'note'))
    expect(named.uniqueKey).toEqual(['id', 'day'])
    expect(named.excludeColumns).toEqual(['missing', 'note'])
    expect(named.updateColumns).toBeNull()
  })
})
