import { describe, expect, it } from 'vitest'
import type { UserError } from '../base/errors.ts'
import { MappedTextBuilder } from '../base/source-map.ts'
import { singleStatement } from './single-statement.ts'

const mapped = (text: string) =>
  new MappedTextBuilder().mapped(text, { path: 'm.sql', start: 0, end: text.length }, true).build()

describe('singleStatement', () => {
  it.each([
    ['select 1', 'select 1'],
    ['\n select 1 ; \n', 'select 1'],
    ["select ';' as a", "select ';' as a"],
    ['select 1 -- ; done', 'select 1'],
    ['select 1 -- done', 'select 1 -- done'],
    ['-- head\nselect 1;;\n-- tail', '-- head\nselect 1'],
    ['select $$;$$ as a', 'select $$;$$ as a'],
  ])('%j', (text, expected) => {
    expect(singleStatement(mapped(text), 'm').text).toBe(expected)
  })

  it('keeps the source map', () => {
    expect(singleStatement(mapped('\n select 1;'), 'm').segments[0]!.span).toEqual({ path: 'm.sql', start: 2, end: 10 })
  })

  it('points at the second statement', () => {
    try {
      singleStatement(mapped('select 1;\nselect 2'), 'm')
      expect.unreachable()
    } catch (error) {
      const [diagnostic] = (error as UserError).diagnostics
      expect(diagnostic).toMatchObject({ code: 'compile/several-statements', span: { start: 10 } })
    }
  })

  it.each(['', '  \n', '-- only a comment', '/* x */ ;'])('refuses %j', (text) => {
    expect(() => singleStatement(mapped(text), 'm')).toThrow('compile/empty-statement')
  })
})
