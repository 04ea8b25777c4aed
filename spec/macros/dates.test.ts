import { describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((db) => {
  describe('date_trunc', () => {
    it.each([
      ['year', '2024-01-01 00:00:00'],
      ['quarter', '2024-04-01 00:00:00'],
      ['month', '2024-05-01 00:00:00'],
      ['week', '2024-05-13 00:00:00'],
      ['day', '2024-05-19 00:00:00'],
      ['HOUR', '2024-05-19 23:00:00'],
      ['minute', '2024-05-19 23:59:00'],
      ['second', '2024-05-19 23:59:58'],
    ])('goes to the beginning of the %s', async (unit, expected) => {
      expect(await db.value(`{{date_trunc "${unit}" "'2024-05-19 23:59:58.7'"}}`)).toBe(expected)
    })

    it('begins weeks on Monday, also before 1970 and across a year', async () => {
      expect(await db.value(`{{date_trunc "week" "date '2024-01-07'"}}`)).toBe('2024-01-01 00:00:00')
      expect(await db.value(`{{date_trunc "week" "date '2024-01-08'"}}`)).toBe('2024-01-08 00:00:00')
      expect(await db.value(`{{date_trunc "week" "date '1969-12-28'"}}`)).toBe('1969-12-22 00:00:00')
      expect(await db.value(`{{date_trunc "week" "date '2023-01-01'"}}`)).toBe('2022-12-26 00:00:00')
    })

    it('keeps null, and refuses a unit that does not exist', async () => {
      expect(await db.value('{{date_trunc "month" "cast(null as date)"}}')).toBe(null)
      await expect(db.text('{{date_trunc "fortnight" "d"}}')).rejects.toThrow(
        /unknown date part `fortnight`.*quarter, month/,
      )
    })
  })

  describe('dateadd', () => {
    it.each([
      ['month', 1, '2024-01-31', '2024-02-29 00:00:00'],
      ['month', 1, '2023-01-31', '2023-02-28 00:00:00'],
      ['month', -1, '2024-03-31', '2024-02-29 00:00:00'],
      ['month', 0, '2024-03-31', '2024-03-31 00:00:00'],
      ['quarter', -1, '2024-05-31', '2024-02-29 00:00:00'],
      ['year', 1, '2024-02-29', '2025-02-28 00:00:00'],
      ['week', 2, '2024-02-20', '2024-03-05 00:00:00'],
      ['day', -60, '2024-03-01', '2024-01-01 00:00:00'],
      ['hour', 25, '2024-02-28 23:00:00', '2024-03-01 00:00:00'],
      ['second', -1, '2024-01-01', '2023-12-31 23:59:59'],
    ])('%s %i from %s', async (unit, count, from, expected) => {
      expect(await db.value(`{{dateadd "${unit}" ${count} "'${from}'"}}`)).toBe(expected)
    })

    it('takes expressions for the number and the date', async () => {
      const sql = `select {{dateadd "day" "n - 1" "d"}} as moved from (values (date '2024-02-28', 2), (null, 1), (date '2024-01-01', null)) as t (d, n)`
      expect(await db.rows(sql)).toEqual([['2024-02-29 00:00:00'], [null], [null]])
    })

    it('stands within a larger expression', async () => {
      expect(await db.value(`{{dateadd "day" 1 "'2024-01-01'"}} > {{dateadd "month" -1 "'2024-01-31'"}}`)).toBe(true)
    })
  })

  describe('datediff', () => {
    it.each([
      ['day', '2023-12-31', '2024-01-01', 1],
      ['day', '2024-02-28', '2024-03-01', 2],
      ['day', '2024-01-01 00:00:01', '2024-01-01 23:59:59', 0],
      ['month', '2023-12-31', '2024-01-01', 1],
      ['month', '2024-03-01', '2023-12-31', -3],
      ['quarter', '2024-03-31', '2024-04-01', 1],
      ['quarter', '2024-04-01', '2023-03-31', -5],
      ['year', '2023-12-31 23:59:59', '2024-01-01', 1],
      ['week', '2024-01-07', '2024-01-08', 1],
      ['week', '2024-01-08', '2024-01-14', 0],
      ['week', '2024-01-08', '2024-01-07', -1],
      ['week', '1969-12-28', '1970-01-05', 2],
      ['hour', '2024-01-01 10:59:59', '2024-01-01 11:00:00', 1],
      ['hour', '2024-01-01 11:00:00', '2024-01-01 10:59:59', -1],
      ['hour', '1969-12-31 23:30:00', '1970-01-01 00:30:00', 1],
      ['minute', '2024-01-01 10:00:59', '2024-01-01 11:01:00', 61],
      ['second', '2024-01-01 00:00:00.9', '2024-01-01 00:00:01.1', 1],
      ['second', '2024-01-01', '2024-01-02', 86400],
    ])('counts the borders of a %s from %s to %s', async (unit, first, second, expected) => {
      expect(await db.value(`{{datediff "'${first}'" "'${second}'" "${unit}"}}`)).toBe(expected)
    })

    it('is null when a side is null', async () => {
      for (const unit of ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'])
        expect(await db.value(`{{datediff "cast(null as date)" "'2024-01-01'" "${unit}"}}`), unit).toBe(null)
    })
  })

  describe('months_between', () => {
    it.each([
      ['2024-01-15', '2024-02-14', 0],
      ['2024-01-15', '2024-02-15', 1],
      ['2024-01-31', '2024-02-29', 1],
      ['2024-01-31', '2024-02-28', 0],
      ['2024-01-15 10:00:00', '2024-02-15 09:59:59', 0],
      ['2023-01-01', '2024-03-01', 14],
      ['2024-02-29', '2023-02-28', -12],
      ['2024-02-15', '2024-01-16', 0],
      ['2024-02-15', '2024-01-15', -1],
    ])('from %s to %s', async (first, second, expected) => {
      expect(await db.value(`{{months_between "'${first}'" "'${second}'"}}`)).toBe(expected)
    })

    it('never passes the second date when added to the first', async () => {
      const days = (n: string) => `cast({{dateadd "day" "${n}" "'2023-12-20'"}} as date)`
      const wrong = await db.rows(`
        with days as (select generated_number as n from ({{generate_series 75}}) as series),
        pairs as (select ${days('a.n')} as d1, ${days('b.n')} as d2 from days as a cross join days as b where b.n >= a.n),
        counted as (select d1, d2, {{months_between "d1" "d2"}} as m from pairs)
        select * from counted where {{dateadd "month" "m" "d1"}} > d2 or {{dateadd "month" "m + 1" "d1"}} <= d2`)
      expect(wrong).toEqual([])
    })
  })

  describe('last_day, month_start and date_part', () => {
    it.each([
      ['month', '2024-02-10', '2024-02-29'],
      ['month', '2023-12-31 23:59:59', '2023-12-31'],
      ['quarter', '2024-02-10', '2024-03-31'],
      ['year', '2024-02-10', '2024-12-31'],
      ['week', '2024-02-12', '2024-02-18'],
    ])('last day of the %s of %s', async (unit, day, expected) => {
      expect(await db.value(`{{last_day "'${day}'" "${unit}"}}`)).toBe(expected)
    })

    it('means the month when nothing is said', async () => {
      expect(await db.value(`{{last_day "'2023-02-01'"}}`)).toBe('2023-02-28')
      expect(await db.value(`{{month_start "'2023-02-28 23:00:00'"}}`)).toBe('2023-02-01')
      expect(await db.value(`{{month_start "cast(null as date)"}}`)).toBe(null)
    })

    it.each([
      ['year', 2024],
      ['isoyear', 2025],
      ['quarter', 4],
      ['month', 12],
      ['week', 1],
      ['day', 30],
      ['hour', 13],
      ['second', 59],
      ['dayofweek', 1],
      ['isodow', 1],
      ['dayofyear', 365],
      ['epoch', 1735565519],
    ])('%s of 2024-12-30 13:31:59.9', async (part, expected) => {
      expect(await db.value(`{{date_part "${part}" "'2024-12-30 13:31:59.9'"}}`)).toBe(expected)
    })

    it('counts Sunday as 0 and as 7, and seconds before 1970 downwards', async () => {
      expect(await db.value(`{{date_part "dayofweek" "'2024-01-07'"}}`)).toBe(0)
      expect(await db.value(`{{date_part "isodow" "'2024-01-07'"}}`)).toBe(7)
      expect(await db.value(`{{date_part "epoch" "'1969-12-31 23:59:58.5'"}}`)).toBe(-2)
    })
  })

  describe('date_spine', () => {
    it('lists the days up to, but without, the end', async () => {
      expect(await db.rows(`{{date_spine "day" "'2024-02-28'" "'2024-03-02'"}}`)).toEqual([
        ['2024-02-28'],
        ['2024-02-29'],
        ['2024-03-01'],
      ])
      expect(await db.columns(`{{date_spine "day" "'2024-02-28'" "'2024-03-02'"}}`)).toEqual(['date_day'])
    })

    it('steps by month from the start, not from the day before', async () => {
      expect(await db.rows(`{{date_spine "month" "'2024-01-31'" "'2024-05-01'"}}`)).toEqual([
        ['2024-01-31'],
        ['2024-02-29'],
        ['2024-03-31'],
        ['2024-04-30'],
      ])
    })

    it('takes sub-queries, keeps hours as timestamps, and is empty for an empty span', async () => {
      const spine = `{{date_spine "hour" "(select min(d) from t)" "(select max(d) from t)"}}`
      const moments = `with t as (select cast('2024-01-01 22:30:00' as timestamp) as d union all select cast('2024-01-02 00:30:00' as timestamp)) `
      expect(await db.rows(moments + spine)).toEqual([['2024-01-01 22:30:00'], ['2024-01-01 23:30:00']])
      expect(await db.rows(`{{date_spine "day" "'2024-01-02'" "'2024-01-02'"}}`)).toEqual([])
      expect(await db.rows(`{{date_spine "week" "'2024-01-09'" "'2024-01-02'"}}`)).toEqual([])
    })
  })

  it('current_timestamp is a moment of this day', async () => {
    expect(await db.value(`{{datediff "now()" (current_timestamp) "day"}}`)).toBe(0)
  })
})
