import { describe, expect, it } from 'vitest'
import { MappedTextBuilder, originAt } from '../base/source-map.ts'
import { injectCtes, unusedName } from './inject-ctes.ts'

const mapped = (text: string, path = 'm.sql') =>
  new MappedTextBuilder().mapped(text, { path, start: 0, end: text.length }, true).build()
const cte = (name: string, text: string) => ({ name, sql: mapped(text, `${name}.sql`) })

describe('injectCtes', () => {
  it('puts CTEs before a statement that has none', () => {
    const out = injectCtes(mapped('-- head\nselect * from a'), [cte('a', 'select 1 -- one')])
    expect(out.text).toBe('-- head\nwith a as (\nselect 1 -- one\n)\nselect * from a')
  })

  it('puts them before the first CTE, also under recursive', () => {
    const ctes = [cte('a', 'select 1'), cte('"b"', 'select * from a')]
    expect(injectCtes(mapped('with x as (select 1) select * from x'), ctes).text).toBe(
      'with a as (\nselect 1\n),\n"b" as (\nselect * from a\n), x as (select 1) select * from x',
    )
    expect(injectCtes(mapped('WITH /* r */ RECURSIVE x as (select 1) select 1'), ctes.slice(0, 1)).text).toBe(
      'WITH /* r */ RECURSIVE a as (\nselect 1\n), x as (select 1) select 1',
    )
  })

  it('does not take a comment, a string or a sub-query for the main `with`', () => {
    const out = injectCtes(mapped("-- with\nselect 'with x' from (with y as (select 1) from y)"), [
      cte('a', 'select 1'),
    ])
    expect(out.text).toMatch(/^-- with\nwith a as/)
    expect(injectCtes(mapped('"with" x'), [cte('a', 'select 1')]).text).toMatch(/^with a as/)
  })

  it('keeps every origin', () => {
    const out = injectCtes(mapped('with x as (select 1) select bad from x'), [cte('a', 'select wrong')])
    expect(originAt(out, out.text.indexOf('bad'))?.span).toEqual({ path: 'm.sql', start: 28, end: 28 })
    expect(originAt(out, out.text.indexOf('wrong'))?.span).toEqual({ path: 'a.sql', start: 7, end: 7 })
  })

  it('gives the statement back when there is nothing to inject', () => {
    const statement = mapped('select 1')
    expect(injectCtes(statement, [])).toBe(statement)
  })
})

describe('unusedName', () => {
  it('counts on until the name is in no text', () => {
    expect(unusedName('cte_a', ['select * from x'])).toBe('cte_a')
    expect(unusedName('cte_a', ['with CTE_A as (select 1)', 'cte_a_2'])).toBe('cte_a_3')
  })
})
