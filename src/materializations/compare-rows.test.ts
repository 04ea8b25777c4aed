import { expect, it } from 'vitest'
import { type CanonicalRow, compareRows } from './compare-rows.ts'

const compare = (expected: readonly CanonicalRow[], actual: readonly CanonicalRow[], tolerance = 0) =>
  compareRows({ expected, actual, tolerance, numeric: [true, true, false] })

it('takes no notice of the order, and counts repeats', () => {
  expect(
    compare(
      [
        ['1', 'a'],
        ['2', null],
      ],
      [
        ['2', null],
        ['1', 'a'],
      ],
    ),
  ).toEqual({
    changed: [],
    missing: [],
    unexpected: [],
  })
  expect(compare([['1'], ['1']], [['1']])).toEqual({ changed: [], missing: [1], unexpected: [] })
  expect(compare([['1']], [['1'], ['1'], ['2']])).toEqual({ changed: [], missing: [], unexpected: [1, 2] })
})

it('pairs the rows that are most alike', () => {
  const expected = [
    ['1', '10', 'a'],
    ['2', '20', 'b'],
    ['3', '30', 'c'],
  ]
  const actual = [
    ['3', '30', 'x'],
    ['2', '21', 'y'],
    ['9', '9', 'z'],
  ]
  expect(compare(expected, actual)).toEqual({
    changed: [
      { expected: 1, actual: 1, columns: [1, 2] },
      { expected: 2, actual: 0, columns: [2] },
    ],
    missing: [0],
    unexpected: [2],
  })
})

it('pairs a single row with a single one, however different', () => {
  expect(compare([['1', '2']], [['3', '4']]).changed).toEqual([{ expected: 0, actual: 0, columns: [0, 1] }])
})

it('lets numbers differ by the tolerance, and nothing else', () => {
  const rows = (value: string, text = 'a'): CanonicalRow[] => [
    ['1', value, text],
    ['1', value, text],
  ]
  expect(compare(rows('0.5'), rows('0.5004'), 0.001).changed).toEqual([])
  expect(compare(rows('0.5'), rows('0.5004'), 0.001).missing).toEqual([])
  expect(compare(rows('0.5'), rows('0.502'), 0.001).changed).toHaveLength(2)
  expect(compare(rows('0.5'), rows('0.5004', 'b'), 0.001).changed[0]!.columns).toEqual([2])
  expect(compare([['1', null]], [['1', '0']], 1).changed).toHaveLength(1)
})

it('pairs nothing where there is too much', () => {
  const many = Array.from({ length: 300 }, (_, i): CanonicalRow => [String(i), 'a'])
  const { changed, missing } = compare(
    many,
    many.map(([i]) => [i!, 'b']),
  )
  expect([changed.length, missing.length]).toEqual([0, 300])
})
