import { expect, it } from 'vitest'
import { columnsToCheck, moment } from './snapshot-check.ts'

it.each([
  ['2024-06-30', '2024-06-30'],
  ['2024-06-30T12:00:00Z', '2024-06-30 12:00:00'],
  ['2024-06-30 12:00:00.123456', '2024-06-30 12:00:00.123456'],
])('%s is a time', (text, value) => expect(moment(text)).toEqual({ ok: true, value }))

it.each(['2023-02-29', '30.06.2024', '2024-06-30 12:00:00+02', '', 5, null])('%s is none', (value) =>
  expect(moment(value).ok).toBe(false),
)

it('`all`, a name or names say what is compared', () => {
  expect(columnsToCheck('all')).toEqual({ ok: true, value: 'all' })
  expect(columnsToCheck('a')).toEqual({ ok: true, value: ['a'] })
  expect(columnsToCheck(['a', 'b'])).toEqual({ ok: true, value: ['a', 'b'] })
  for (const value of ['', [], 5, null, [1]]) expect(columnsToCheck(value).ok).toBe(false)
})
