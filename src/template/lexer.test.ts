import grammar from 'handlebars/dist/cjs/handlebars/compiler/parser.js'
import { describe, expect, it } from 'vitest'
import { Lexer } from './lexer.ts'

interface PackageLexer {
  setInput(text: string): void
  lex(): number
  yytext: string
}

function tokens(lexer: Pick<PackageLexer, 'setInput' | 'yytext'> & { lex(): number | string }, text: string) {
  lexer.setInput(text)
  const found: (readonly [number | string, string])[] = []
  for (;;) {
    const token = lexer.lex()
    const kind = typeof token === 'string' ? (grammar.symbols_[token] ?? token) : token
    if (kind === grammar.symbols_['EOF']) return found
    found.push([kind, lexer.yytext])
  }
}

describe('the lexer', () => {
  it.each([
    'select {{x}} {{ y }} {{{z}}} {{&w}}',
    '{{f \'a\\\'b\' "c\\"d" -1.5 true null undefined (g h=1) k=(l)}}',
    '{{#if a}}b{{else if c}}d{{else}}e{{/if}}{{^f}}g{{/f}}{{#each xs as |x i|}}{{/each}}{{^}}{{ else }}',
    'a \\{{b}} c \\\\{{d}} {{!-- e --}} {{! f }} {{~g~}} \\{{h',
    '{{a.b/c}} {{@d}} {{./e}} {{../e}} {{f.[g h].i}} {{this.j}} {{.}}',
    '{{{{raw}}}} {{x}} {{{{y}}}} z {{{{/y}}}} {{{{/raw}}}} b',
    '{{#*macro f a b=1}}\nx\n{{/macro}} {{> p}} {{#> q}}{{/q}} {{* d}}',
    'no tags at all',
    '',
    '{{"a": 1}} {{nullable}} {{trueish}} {{1a}}',
    '{{x}}\\',
  ])('gives the tokens that the package gives: %s', (text) => {
    const own = tokens(new Lexer(0), text)
    const Fresh = Object.create(grammar.lexer as object) as PackageLexer & { yy: object }
    Fresh.yy = {}
    expect(own).toEqual(tokens(Fresh, text))
  })

  it('counts from its base in UTF-16 units', () => {
    const lexer = new Lexer(100)
    lexer.setInput('é🎉{{x}}')
    lexer.lex()
    expect(lexer.yylloc).toMatchObject({ first_column: 100, last_column: 103 })
    lexer.lex()
    lexer.lex()
    expect(lexer.yylloc).toMatchObject({ first_column: 105, last_column: 106 })
  })
})
