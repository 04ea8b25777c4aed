import { describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((db) => {
  const points = `(values ('a', 1, 4.5), ('a', 2, 1.25), ('a', 3, null), ('a', 4, 100), ('b', 1, 2), ('b', 2, 3.5), ('c', 1, null)) as t (g, day, x)`

  describe('median_over', () => {
    it('stands on every row of the partition', async () => {
      const rows = await db.rows(
        `select g, day, {{median_over "x" partition_by="g"}} as m from ${points} order by g, day`,
      )
      expect(rows.map((row) => row[2])).toEqual([4.5, 4.5, 4.5, 4.5, 2.75, 2.75, null])
    })

    it('takes all rows without a partition, and stands within a larger expression', async () => {
      const rows = await db.rows(`select x - {{median_over "x"}} as d from ${points} where x is not null order by x`)
      expect(rows.flat().map(Number)).toEqual([-2.25, -1.5, 0, 1, 96.5])
    })
  })

  it('array_median and array_mad give a moving median', async () => {
    const sql = `
      with framed as (
        select day, {{array_agg "x"}} over (order by day rows between 3 preceding and 1 preceding) as before
        from (values (1, 10.0), (2, 12.5), (3, null), (4, 20.0), (5, 11.0)) as t (day, x)
      )
      select day, {{array_median "before"}} as m, {{array_mad "before"}} as mad from framed order by day`
    expect(await db.rows(sql)).toEqual([
      [1, null, null],
      [2, 10, 0],
      [3, 11.25, 1.25],
      [4, 11.25, 1.25],
      [5, 16.25, 3.75],
    ])
  })

  it('gives the anomaly of a constant series followed by a leap', async () => {
    const sql = `
      with series as (select generated_number as day, case when generated_number = 29 then 100 else 10 end as x from ({{generate_series 29}}) as n),
      framed as (select day, x, {{array_agg "x"}} over (order by day rows between 28 preceding and 1 preceding) as before from series)
      select x, {{array_median "before"}}, {{array_mad "before"}} from framed where day = 29`
    expect(await db.rows(sql)).toEqual([[100, 10, 0]])
  })
})
