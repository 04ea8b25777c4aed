import { describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((db) => {
  describe('safe_divide', () => {
    it.each([
      ['7', '2', 3.5],
      ['-7', '2', -3.5],
      ['1', '3', 1 / 3],
      ['0', '5', 0],
      ['5', '0', null],
      ['0', '0', null],
      ['5', '0.0', null],
      ['5', "cast('-0' as double precision)", null],
      ['null', '2', null],
      ['2', 'null', null],
      ['cast(7.50 as numeric(10, 2))', 'cast(2.50 as numeric(10, 2))', 3],
      ["cast('NaN' as double precision)", '2', 'NaN'],
    ])('%s by %s', async (numerator, denominator, expected) => {
      const value = await db.value(`{{safe_divide "${numerator}" "${denominator}"}}`)
      expect(typeof value === 'number' && Number.isNaN(value) ? 'NaN' : value).toBe(expected)
    })

    it('divides sums, and stands within a larger expression', async () => {
      const sql = `select 100 / {{safe_divide "sum(clicks)" "sum(impressions) - 0"}} as x from (values (10, 100), (90, 10000)) as t (clicks, impressions)`
      expect(await db.rows(sql)).toEqual([[100 / (100 / 10100)]])
    })
  })

  it('safe_add and safe_subtract take null for 0', async () => {
    expect(Number(await db.value('2 * {{safe_add (list "1" "null" "3.5")}}'))).toBe(9)
    expect(await db.value('{{safe_subtract (list "10" "null" "3")}}')).toBe(7)
  })

  describe('surrogate keys', () => {
    it('hash is the MD5 of the text', async () => {
      expect(await db.value(`{{hash "'é🎉'"}}`)).toBe('780522ef8cf2955af87414e456bb4138')
      expect(await db.value('{{hash "12"}}')).toBe('c20ad4d76fe97759aa27a0c99bff6710')
      expect(await db.value('{{hash "cast(null as text)"}}')).toBe(null)
    })

    it('is the key that dbt_utils makes', async () => {
      const key = await db.value(`{{generate_surrogate_key (list "1" "'a'" "cast(null as date)")}}`)
      expect(key).toBe(await db.value(`md5('1-a-_dbt_utils_surrogate_key_null_')`))
    })

    it('surrogate_key is the same, and tells null from empty text', async () => {
      const key = (value: string) => db.value(`{{surrogate_key (list "${value}" "date '2024-02-29'")}}`)
      expect(await key("''")).toBe(await db.value(`{{generate_surrogate_key (list "''" "date '2024-02-29'")}}`))
      expect(await key("''")).not.toBe(await key('cast(null as text)'))
    })

    it('is different for different rows', async () => {
      const sql = `select count(distinct {{surrogate_key (list "a" "b")}}) as n from (values ('x', 1), ('x', 2), ('y', 1), (null, 1), ('x', null)) as t (a, b)`
      expect(await db.rows(sql)).toEqual([[5]])
    })
  })
})
