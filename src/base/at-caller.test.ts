import { expect, it } from 'vitest'
import { atCaller } from './at-caller.ts'

const span = (path: string, start = 0) => ({ path, start, end: start + 1 })

it('moves a mistake inside built-in macros to the call in the project', () => {
  const place = {
    span: span('<tsdbt>/macros/columns.sql'),
    frames: [
      { macro: '_names', span: span('<tsdbt>/macros/columns.sql', 40) },
      { macro: 'star', span: span('macros/mine.sql', 7) },
      { macro: 'mine', span: span('models/a.sql', 3) },
    ],
    notes: ['first'],
  }
  expect(atCaller(place)).toEqual({
    span: span('macros/mine.sql', 7),
    frames: [{ macro: 'mine', span: span('models/a.sql', 3) }],
    notes: ['first', 'this happened in the built-in macro `star`'],
  })
})

it('leaves places in the project alone', () => {
  const place = { span: span('macros/mine.sql'), frames: [{ macro: 'mine', span: span('models/a.sql') }] }
  expect(atCaller(place)).toBe(place)
  const alone = { span: span('<tsdbt>/macros/columns.sql') }
  expect(atCaller(alone)).toBe(alone)
})
