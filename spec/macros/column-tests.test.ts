import { beforeAll, describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((db) => {
  beforeAll(async () => {
    await db.table('good', `select * from (values (1, 'it''s', 0.5), (2, 'b', 1.0), (3, 'b', 1.5)) as t (id, kind, x)`)
    await db.table(
      'bad',
      `select * from (values (1, 'é', -0.5), (1, ' ', 2.0), (4, '', null), (null, null, 0.5), (null, null, 1.5)) as t (id, kind, x)`,
    )
    await db.table('nobody', `select 1 as id, 'x' as kind, 1.5 as x where false`)
  })
  const bad = (name: string, column: string, args: object = {}) =>
    db.badRows(name, 'bad', { column_name: column, ...args })
  const passes = async (name: string, column: string, args: object = {}) => {
    expect(await db.badRows(name, 'good', { column_name: column, ...args })).toEqual([])
    expect(await db.badRows(name, 'nobody', { column_name: column, ...args })).toEqual([])
  }

  it('unique', async () => {
    await passes('unique', 'id')
    expect(await bad('unique', 'id')).toEqual([{ unique_field: 1, n_records: 2 }])
    expect(await bad('unique', 'upper(kind)')).toEqual([])
  })

  it('not_null', async () => {
    await passes('not_null', 'id')
    expect(await bad('not_null', 'id')).toHaveLength(2)
    expect(Object.keys((await bad('not_null', 'x'))[0]!)).toEqual(['id', 'kind', 'x'])
  })

  describe('accepted_values', () => {
    it('takes apostrophes', async () => {
      await passes('accepted_values', 'kind', { values: ["it's", 'b'] })
      expect(await bad('accepted_values', 'kind', { values: ["it's", ' ', ''] })).toEqual([
        { value_field: 'é', n_records: 1 },
      ])
    })

    it('takes numbers and booleans, quoted or not, and overlooks null', async () => {
      await passes('accepted_values', 'id', { values: [1, 2, 3] })
      await passes('accepted_values', 'id', { values: [1, 2, 3], quote: false })
      await passes('accepted_values', '(id > 0)', { values: [true] })
      await passes('accepted_values', 'cast(id as text)', { values: [1, 2, 3] })
      expect(await bad('accepted_values', 'id', { values: [1, null] })).toEqual([{ value_field: 4, n_records: 1 }])
    })

    it('accepts nothing when the list is empty', async () => {
      expect(await bad('accepted_values', 'id', { values: [] })).toHaveLength(2)
      await passes('accepted_values', 'nullif(id, id)', { values: [] })
    })
  })

  it('not_accepted_values', async () => {
    await passes('not_accepted_values', 'kind', { values: ["it''s", 'x'] })
    await passes('not_accepted_values', 'kind', { values: [] })
    expect(await bad('not_accepted_values', 'id', { values: [1, 2], quote: false })).toEqual([
      { value_field: 1, n_records: 2 },
    ])
  })

  it('accepted_range', async () => {
    await passes('accepted_range', 'x', { min_value: 0.5, max_value: 1.5 })
    expect(await bad('accepted_range', 'x', { min_value: 0 })).toHaveLength(1)
    expect(await bad('accepted_range', 'x', { max_value: 1.5 })).toHaveLength(1)
    expect(await bad('accepted_range', 'x', { max_value: 0 })).toHaveLength(3)
    expect(await bad('accepted_range', 'x', { min_value: 0.5, max_value: 'id', inclusive: false })).toHaveLength(3)
    await expect(bad('accepted_range', 'x')).rejects.toThrow(/min_value, max_value or both/)
  })

  it('not_empty_string', async () => {
    await passes('not_empty_string', 'kind')
    expect(await bad('not_empty_string', 'kind')).toHaveLength(2)
    expect(await bad('not_empty_string', 'kind', { trim_whitespace: false })).toHaveLength(1)
  })

  describe('sequential_values', () => {
    it('of numbers', async () => {
      await passes('sequential_values', 'id')
      await passes('sequential_values', 'x', { interval: 0.5 })
      expect(await bad('sequential_values', 'id')).toEqual([
        { current_value: 1, previous_value: 1 },
        { current_value: 4, previous_value: 1 },
      ])
    })

    it('of dates, in groups', async () => {
      const days = `select g, cast(d as date) as d from (values ('a', '2024-01-31'), ('a', '2024-02-29'), ('b', '2024-01-01'), ('b', '2024-03-01')) as t (g, d)`
      await db.table('days', days)
      const rows = await db.badRows('sequential_values', 'days', {
        column_name: 'd',
        datepart: 'month',
        group_by_columns: ['g'],
      })
      expect(rows).toEqual([{ g: 'b', current_value: '2024-03-01', previous_value: '2024-01-01' }])
    })
  })

  it('not_null_proportion', async () => {
    await passes('not_null_proportion', 'id', { at_least: 1 })
    expect(await bad('not_null_proportion', 'id', { at_least: 0.6 })).toEqual([])
    expect(await bad('not_null_proportion', 'id', { at_least: 0.7 })).toEqual([{ not_null_proportion: 0.6 }])
    expect(await bad('not_null_proportion', 'id', { at_least: 0, at_most: 0.5 })).toHaveLength(1)
    expect(await bad('not_null_proportion', 'x', { at_least: 1, group_by_columns: ['id'] })).toEqual([
      { id: 4, not_null_proportion: 0 },
    ])
  })

  it('at_least_one', async () => {
    expect(await db.badRows('at_least_one', 'good', { column_name: 'id' })).toEqual([])
    expect(await db.badRows('at_least_one', 'nobody', { column_name: 'id' })).toEqual([{ n_values: 0 }])
    expect(await bad('at_least_one', 'x', { group_by_columns: ['id'] })).toEqual([{ id: 4, n_values: 0 }])
  })

  it('not_constant', async () => {
    await passes('not_constant', 'id')
    expect(await bad('not_constant', 'coalesce(id, 1) - id')).toEqual([{ n_values: 1 }])
    expect(await db.badRows('not_constant', 'good', { column_name: 'id', group_by_columns: ['kind'] })).toEqual([
      { kind: "it's", n_values: 1 },
    ])
  })
})
