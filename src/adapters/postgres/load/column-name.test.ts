import { expect, it } from 'vitest'
import { columnName } from './column-name.ts'

it('folds what can be written without quotes', () => {
  expect(['Amount', 'order_ID', '_X1', 'Order No', '1st', 'Größe'].map((name) => columnName(name, false))).toEqual([
    'amount',
    'order_id',
    '_x1',
    'Order No',
    '1st',
    'Größe',
  ])
  expect(columnName('Amount', true)).toBe('Amount')
})

it('keeps long names apart within the limit', () => {
  const names = ['1', '2'].map((tail) => columnName('é'.repeat(40) + tail, false))
  expect(new Set(names).size).toBe(2)
  for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
  expect(columnName('a'.repeat(63), false)).toBe('a'.repeat(63))
})
