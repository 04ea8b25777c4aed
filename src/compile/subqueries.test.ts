import { describe, expect, it } from 'vitest'
import { MappedTextBuilder, originAt } from '../base/source-map.ts'
import { Subqueries } from './subqueries.ts'

describe('Subqueries', () => {
  it.each([
    ['', 'from S as "t"'],
    [' as x', 'from S as x'],
    [' x', 'from S x'],
    [' "x"', 'from S "x"'],
    [' -- note\n x', 'from S -- note\n x'],
    [' where a', 'from S as "t" where a'],
    ['\nleft join b', 'from S as "t"\nleft join b'],
    [', b', 'from S as "t", b'],
    [')', 'from S as "t")'],
  ])('gives an alias only where none follows: %j', (following, expected) => {
    const subqueries = new Subqueries()
    const text = subqueries.add('S', '"t"')
    expect(subqueries.resolveText(`from ${text}${following}`)).toBe(expected)
  })

  it('keeps the place of the expression', () => {
    const subqueries = new Subqueries()
    const span = { path: 'm.sql', start: 14, end: 25 }
    const mapped = new MappedTextBuilder()
      .mapped('select 1 from ', { path: 'm.sql', start: 0, end: 14 }, true)
      .mapped(subqueries.add('(select 1)', '"t"'), span, false)
      .mapped(' where x', { path: 'm.sql', start: 25, end: 33 }, true)
      .build()
    const resolved = subqueries.resolve(mapped)
    expect(resolved.text).toBe('select 1 from (select 1) as "t" where x')
    expect(originAt(resolved, 16)?.span).toEqual(span)
    expect(originAt(resolved, resolved.text.length - 1)?.span.start).toBe(32)
  })
})
