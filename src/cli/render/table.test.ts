import { expect, it } from 'vitest'
import { renderTable } from './table.ts'

it('aligns by what a terminal shows', () => {
  expect(
    renderTable({
      columns: ['n', 'city'],
      rows: [
        ['1', '東京'],
        ['20', null],
      ],
      right: new Set([0]),
    }),
  ).toEqual(['|  n | city |', '| -- | ---- |', '|  1 | 東京 |', '| 20 | NULL |'])
})

it('leaves out last columns that do not fit, and says how many', () => {
  const table = { columns: ['id', 'name', 'note'], rows: [['1', 'Ana', 'long']] }
  expect(renderTable({ ...table, maxWidth: 14 })).toEqual([
    '| id | name |',
    '| -- | ---- |',
    '| 1  | Ana  |',
    '… and 1 more column',
  ])
  expect(renderTable({ ...table, maxWidth: 3 })).toContain('… and 2 more columns')
  expect(renderTable({ ...table, maxWidth: 21 })).toHaveLength(3)
})
