import { expect, it } from 'vitest'
import { firstDifference, lineDiff } from './line-diff.ts'

const text = (...lines: string[]) => lines.join('\n')

it.each<[string, string, string, readonly string[]]>([
  ['a line in the middle', text('a', 'b', 'c'), text('a', 'x', 'c'), ['- b', '+ x']],
  ['a line that comes', text('a', 'c'), text('a', 'b', 'c'), ['+ b']],
  ['a line that goes', text('a', 'b', 'c'), text('a', 'c'), ['- b']],
  [
    'two places, with what stands between left out',
    text('a', 'b', 'c', 'd', 'e'),
    text('x', 'b', 'c', 'd', 'y'),
    ['- a', '+ x', '- e', '+ y'],
  ],
])('tells of %s', (_, before, now, lines) => {
  expect(lineDiff(before, now)).toEqual(lines)
})

it('counts what is too long to be told', () => {
  const before = Array.from({ length: 600 }, (_, i) => `old ${i}`).join('\n')
  const now = Array.from({ length: 600 }, (_, i) => `new ${i}`).join('\n')
  const lines = lineDiff(before, now)
  expect(lines).toHaveLength(9)
  expect(lines.at(-1)).toBe('… and 1192 more')
})

it('says where texts begin to differ', () => {
  expect(firstDifference(text('a', 'b'), text('a', 'c'))).toBe(2)
})
