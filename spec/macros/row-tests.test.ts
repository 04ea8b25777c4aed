import { beforeAll, describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((db) => {
  beforeAll(async () => {
    await db.table(
      'orders',
      `select * from (values (1, 'a', 10, 8), (2, 'a', 5, 5), (3, 'b', null, 4)) as t (id, customer, impressions, clicks)`,
    )
    await db.table('nobody', `select 1 as id, 'a' as customer, 10 as impressions, 8 as clicks where false`)
  })

  it('expression_is_true, of the table and of a column', async () => {
    expect(await db.badRows('expression_is_true', 'orders', { expression: 'clicks <= impressions' })).toEqual([])
    expect(await db.badRows('expression_is_true', 'nobody', { expression: 'false' })).toEqual([])
    expect(await db.badRows('expression_is_true', 'orders', { expression: 'clicks < impressions or id = 9' })).toEqual([
      { id: 2, customer: 'a', impressions: 5, clicks: 5 },
    ])
    expect(await db.badRows('expression_is_true', 'orders', { column_name: 'clicks', expression: '> 4' })).toHaveLength(
      1,
    )
  })

  it('unique_combination_of_columns', async () => {
    const of = (columns: string[], quote = false) =>
      db.badRows('unique_combination_of_columns', 'orders', { combination_of_columns: columns, quote_columns: quote })
    expect(await of(['customer', 'id'])).toEqual([])
    expect(await of(['customer', 'impressions > 100'])).toHaveLength(1)
    expect(await of(['customer'], true)).toEqual([{ customer: 'a', n_records: 2 }])
    await db.table('null_keys', 'select cast(null as integer) as a, 1 as b union all select null, 1')
    expect(
      await db.badRows('unique_combination_of_columns', 'null_keys', { combination_of_columns: ['a', 'b'] }),
    ).toEqual([{ a: null, b: 1, n_records: 2 }])
  })

  it('not_empty', async () => {
    expect(await db.badRows('not_empty', 'orders')).toEqual([])
    expect(await db.badRows('not_empty', 'nobody')).toEqual([{ n_rows: 0 }])
    expect(await db.badRows('not_empty', 'null_keys')).toEqual([])
    expect(await db.badRows('not_empty', 'null_keys', { column_name: 'a' })).toEqual([{ n_rows: 0 }])
  })

  describe('recency', () => {
    const as_of = "timestamp '2024-03-01 12:00:00'"
    beforeAll(() =>
      db.table(
        'loads',
        `select s, cast(t as timestamp) as loaded_at from (values ('x', '2024-02-28 12:00:00'), ('x', '2024-01-01'), ('y', '2024-02-27'), ('z', null)) as t (s, t)`,
      ),
    )

    it('counts back from a moment', async () => {
      const of = (interval: number, extra: object = {}) =>
        db.badRows('recency', 'loads', { field: 'loaded_at', datepart: 'day', interval, as_of, ...extra })
      expect(await of(2)).toEqual([])
      expect(await of(1)).toEqual([{ most_recent: '2024-02-28 12:00:00', threshold: '2024-02-29 12:00:00' }])
      expect((await of(2, { group_by_columns: ['s'] })).map((row) => row['s']).sort()).toEqual(['y', 'z'])
      expect((await of(3, { group_by_columns: ['s'] })).map((row) => row['s']).sort()).toEqual(['y', 'z'])
      expect((await of(3, { group_by_columns: ['s'], ignore_time_component: true })).map((row) => row['s'])).toEqual([
        'z',
      ])
    })

    it('counts back from now when nothing is said, and calls an empty table late', async () => {
      expect(
        await db.badRows('recency', 'loads', { field: 'current_timestamp', datepart: 'hour', interval: 1 }),
      ).toEqual([])
      expect(await db.badRows('recency', 'loads', { field: 'loaded_at', datepart: 'month', interval: 1 })).toHaveLength(
        1,
      )
      expect(
        await db.badRows('recency', 'nobody', { field: 'current_timestamp', datepart: 'day', interval: 1 }),
      ).toHaveLength(1)
    })
  })

  describe('mutually_exclusive_ranges', () => {
    const ranges = (name: string, rows: string) =>
      db.table(name, `select k, cast(f as date) as f, cast(t as date) as t from (values ${rows}) as t (k, f, t)`)
    const of = (table: string, extra: object = {}) =>
      db.badRows('mutually_exclusive_ranges', table, {
        lower_bound_column: 'f',
        upper_bound_column: 't',
        partition_by: 'k',
        ...extra,
      })

    it('takes versions that follow each other, the last one open', async () => {
      await ranges('versions', "(1, '2024-01-01', '2024-02-01'), (1, '2024-02-01', null), (2, '2024-01-15', null)")
      expect(await of('versions')).toEqual([])
      expect(await of('versions', { gaps: 'not_allowed' })).toEqual([])
      expect(await of('versions', { gaps: 'required' })).toHaveLength(1)
      expect(await of('versions', { partition_by: '' })).toHaveLength(2)
    })

    it('finds overlaps, two open ranges, gaps, empty and reversed ranges', async () => {
      await ranges('overlap', "(1, '2024-01-01', '2024-02-02'), (1, '2024-02-01', '2024-03-01')")
      expect(await of('overlap')).toHaveLength(1)
      await ranges('open_twice', "(1, '2024-01-01', null), (1, '2024-02-01', null)")
      expect(await of('open_twice')).toHaveLength(1)
      await ranges('gap', "(1, '2024-01-01', '2024-01-31'), (1, '2024-02-01', null)")
      expect([await of('gap'), await of('gap', { gaps: 'required' })]).toEqual([[], []])
      expect(await of('gap', { gaps: 'not_allowed' })).toHaveLength(1)
      await ranges('empty_range', "(1, '2024-01-01', '2024-01-01')")
      expect(await of('empty_range')).toHaveLength(1)
      expect(await of('empty_range', { zero_length_range_allowed: true })).toEqual([])
      await ranges('reversed', "(1, '2024-01-02', '2024-01-01'), (2, null, '2024-01-01')")
      expect(await of('reversed', { zero_length_range_allowed: true })).toHaveLength(2)
    })

    it('refuses an unknown kind of gaps', async () => {
      await expect(of('gap', { gaps: 'some' })).rejects.toThrow(/gaps is `some`/)
    })
  })
})
