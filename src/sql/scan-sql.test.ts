import { describe, expect, it } from 'vitest'
import { findIdentifier, scanSql, significantTokens, tokenAt } from './scan-sql.ts'

const tokens = (sql: string) => [...significantTokens(sql)].map((t) => `${t.kind}:${sql.slice(t.start, t.end)}`)

describe('scanSql', () => {
  it('leaves no gap, whatever the text', () => {
    const texts = [
      'select 1',
      "'open",
      '"open',
      '/* /* */ open',
      '$$ open',
      '-- end',
      '🎉 é "x""y" \u00a0',
      '$1 $a$b$a$',
      '',
    ]
    for (const text of texts) expect([...scanSql(text)].map((t) => text.slice(t.start, t.end)).join('')).toBe(text)
  })

  it('tells words, names, strings, numbers and symbols apart', () => {
    expect(
      tokens(
        `select a.b, "c ""d", 'it''s', 1.5e-3, x::int, y->>'k' from größe_1 -- ; not\n/* a /* b */ ; */ where e = E'\\'';`,
      ),
    ).toEqual([
      'word:select',
      'word:a',
      'symbol:.',
      'word:b',
      'symbol:,',
      'name:"c ""d"',
      'symbol:,',
      "string:'it''s'",
      'symbol:,',
      'number:1.5e-3',
      'symbol:,',
      'word:x',
      'symbol:::',
      'word:int',
      'symbol:,',
      'word:y',
      'symbol:->>',
      "string:'k'",
      'word:from',
      'word:größe_1',
      'word:where',
      'word:e',
      'symbol:=',
      "string:E'\\''",
      'symbol:;',
    ])
  })

  it('reads dollar quotes with and without a tag', () => {
    expect(tokens("$$a ; 'b$$ $tag$ $$ ; $tag$ x$1")).toEqual([
      "string:$$a ; 'b$$",
      'string:$tag$ $$ ; $tag$',
      'word:x$1',
    ])
  })

  it('keeps a character outside the basic plane whole', () => {
    expect(tokens('a 🎉 b')).toEqual(['word:a', 'symbol:🎉', 'word:b'])
  })
})

describe('tokenAt', () => {
  const slice = (sql: string, offset: number) => {
    const token = tokenAt(sql, offset)
    return token && sql.slice(token.start, token.end)
  }

  it('takes a dotted name as one, from its first part', () => {
    expect(slice('select a."b c".d from t', 7)).toBe('a."b c".d')
    expect(slice('select a. from t', 7)).toBe('a')
    expect(slice('select 1.5', 7)).toBe('1.5')
  })

  it('skips blanks and comments, and gives the last token at the end', () => {
    expect(slice('select /* x */ a', 6)).toBe('a')
    expect(slice('select (1 ', 10)).toBe('1')
    expect(slice('', 0)).toBeUndefined()
  })
})

describe('findIdentifier', () => {
  it('finds the only place, quoted or not, outside strings and comments', () => {
    expect(findIdentifier(`select 'foo' -- foo\n, "FOO"`, 'foo')).toEqual({ start: 22, end: 27 })
    expect(findIdentifier('select foo, foo', 'foo')).toBeUndefined()
    expect(findIdentifier('select bar', 'foo')).toBeUndefined()
  })

  it('looks past the names that `as` gives', () => {
    expect(findIdentifier('select foo + 1 AS foo', 'foo')).toEqual({ start: 7, end: 10 })
    expect(findIdentifier('select 1 as "foo"', 'foo')).toEqual({ start: 12, end: 17 })
    expect(findIdentifier('select foo + foo as foo', 'foo')).toBeUndefined()
  })
})
