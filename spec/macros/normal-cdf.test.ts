import { expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

/** z and the lower tail, from tables of erfc computed with 50 digits. */
const tails: readonly (readonly [number, number])[] = [
  [0, 0.5],
  [-0.001, 0.49960105778608893],
  [-0.5, 0.3085375387259869],
  [-1, 0.15865525393145705],
  [-1.959963984540054, 0.025],
  [-2.5, 0.006209665325776135],
  [-4.519846, 3.0942315401298324e-6],
  [-6, 9.865876450376981e-10],
  [-7, 1.279812543885835e-12],
  [-7.08, 7.207723086467529e-13],
  [-10, 7.619853024160525e-24],
  [-20, 2.7536241186062337e-89],
  [-37, 5.725571222524577e-300],
]

onEachEngine((db) => {
  it.each(tails)('the lower tail at %d is exact in proportion', async (z, expected) => {
    expect(Math.abs(Number(await db.value(`{{normal_cdf "${z}"}}`)) / expected - 1)).toBeLessThan(1e-8)
  })

  it.each(tails)('the upper side at minus %d is the rest', async (z, tail) => {
    expect(Math.abs(Number(await db.value(`{{normal_cdf "${-z}"}}`)) - (1 - tail))).toBeLessThan(2e-15)
  })

  it('gives the p value of an A/B test of 1,000 against 1,200 of 10,000', async () => {
    const sql = `
      with arms as (select 10000.0 as na, 1000.0 as xa, 10000.0 as nb, 1200.0 as xb),
      pooled as (select *, (xa + xb) / (na + nb) as p from arms),
      scored as (select (xb / nb - xa / na) / sqrt(p * (1 - p) * (1 / na + 1 / nb)) as z from pooled)
      select z, 2 * {{normal_cdf "-abs(z)"}} as p_value, 2 * (1 - {{normal_cdf "abs(z)"}}) as by_difference from scored`
    const [z, p, byDifference] = (await db.rows(sql))[0]!.map(Number)
    expect(z).toBeCloseTo(4.519846, 6)
    expect(p! / 6.188458781738767e-6).toBeCloseTo(1, 9)
    expect(byDifference! / p!).toBeCloseTo(1, 9)
  })

  it('keeps null and NaN, and ends at 0 and 1', async () => {
    expect(await db.value('{{normal_cdf "null"}}')).toBe(null)
    expect(await db.value(`{{normal_cdf "'NaN'"}}`)).toBeNaN()
    expect(await db.value(`{{normal_cdf "'-Infinity'"}}`)).toBe(0)
    expect(await db.value(`{{normal_cdf "'Infinity'"}}`)).toBe(1)
    expect(await db.value('{{normal_cdf "-1000"}}')).toBe(0)
  })

  it('takes aggregates and windows', async () => {
    const rows = await db.rows(`select {{normal_cdf "sum(x) over () - 3"}} as p from (values (1), (2)) as t (x)`)
    expect(rows).toEqual([[0.5], [0.5]])
  })
})
