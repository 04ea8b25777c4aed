import { describe, expect, it } from 'vitest'
import { MappedTextBuilder, originAt } from '../base/source-map.ts'
import { statementShape, withoutSemicolon } from './statement.ts'

const span = (start: number, end: number) => ({ path: 'm.sql', start, end })
const mapped = (text: string) => new MappedTextBuilder().mapped(text, span(0, text.length), true).build()

describe('statementShape', () => {
  it('sees that a text is empty', () => {
    for (const text of ['', ' \n', '-- only\n/* ; comments */', ' ; ;; ', '-- a\n;'])
      expect(statementShape(text)).toEqual({ kind: 'empty' })
  })

  it('takes semicolons in strings, names and comments for text', () => {
    const one = `select ';', ";", $$;$$ -- ;\n/* ; */ from t`
    expect(statementShape(one)).toEqual({ kind: 'one', start: 0, end: one.length })
    expect(statementShape(`${one} ; ; -- bye`)).toEqual({ kind: 'one', start: 0, end: one.length })
  })

  it('says where a second statement begins', () => {
    expect(statementShape('select 1; -- two\nselect 2;')).toEqual({ kind: 'several', start: 0, end: 8, second: 17 })
  })
})

describe('withoutSemicolon', () => {
  it('cuts at the semicolon that ends the statement and keeps the map', () => {
    const cut = withoutSemicolon(mapped("select ';' as a ;\n; -- done\n"))
    expect(cut.text).toBe("select ';' as a ")
    expect(originAt(cut, 7)?.span).toEqual(span(7, 7))
  })

  it('leaves other text as it is', () => {
    const text = mapped("select ';'")
    expect(withoutSemicolon(text)).toEqual(text)
    expect(withoutSemicolon(mapped('select 1; select 2')).text).toBe('select 1; select 2')
  })
})
