import { describe, expect, it } from 'vitest'
import { SourceFile } from '../base/source-file.ts'
import { parseTemplate } from './parse-template.ts'
import { marked } from './testing.ts'

const parse = (text: string) => parseTemplate(new SourceFile('models/a.sql', text), { packageName: 'shop' })
const mistakes = (text: string) => parse(text).diagnostics.map((d) => marked(d, text))
/** The text of all contents, with `|` where something else stands. */
const skeleton = (text: string) =>
  parse(text)
    .template!.program.body.map((s) => (s.type === 'content' ? s.text : '|'))
    .join('')

describe('mistakes of syntax', () => {
  it.each<[string, string]>([
    ['{{#if a}}x', 'template/unclosed-block: {{#if'],
    ['{{~#if a}}x', 'template/unclosed-block: {{~#if'],
    ['{{#if a}}\n{{#each xs}}\n{{/if}}', 'template/unclosed-block: {{#each'],
    ['{{#if a}}{{#each xs}}b{{/each}}', 'template/unclosed-block: {{#if'],
    ['{{#*macro f}}x', 'template/unclosed-block: {{#*macro'],
    ['é🎉{{#if a}}x', 'template/unclosed-block: {{#if'],
    ['{{#if a}}b{{/each}}', 'template/mismatched-block: each'],
    ['{{#if a}}{{#each b}}{{/if}}{{/each}}', 'template/mismatched-block: if'],
    ['x{{/if}}', 'template/mismatched-block: {{/if'],
    ['{{else}}', 'template/stray-else: {{else}}'],
    ['{{#if a}}b{{else}}c{{else}}d{{/if}}', 'template/stray-else: {{else}}'],
    ['{{ref "a"\nfrom x', 'template/unclosed-tag: {{'],
    ['{{ref "a"\nfrom {{ref "b"}}', 'template/unclosed-tag: {{'],
    ['{{f 1', 'template/unclosed-tag: {{'],
    ['a {{!-- b }} c', 'template/unclosed-tag: {{'],
    ['a {{! b', 'template/unclosed-tag: {{'],
    ['{{config a={{var "x"}} }}', 'template/nested-tag: {{'],
    ['a }} b', 'template/stray-close: }}'],
    ['{ref "a"}}', 'template/stray-close: }}'],
    ['{{ref "a}} x', 'template/unterminated-string: "a}} x'],
    ["{{ref 'a}} from\n{{ref 'b'}}", "template/unterminated-string: 'a}} from"],
    ['{{ #if x}}{{/if}}', 'template/blank-in-tag: {{ #'],
    ['{{#if x}}{{ /if}}', 'template/blank-in-tag: {{ /'],
    ["select {{'a': 1}}", 'template/struct-literal: {{'],
    ['{{"a": 1}}', 'template/struct-literal: {{'],
    ['{{> x}}', 'template/partial: {{> x}}'],
    ['{{#> x}}{{/x}}', 'template/partial: x'],
    ['{{}}', 'template/empty-tag: {{}}'],
    ['{{f a, b}}', 'template/syntax: ,'],
    ['{{f a + b}}', 'template/syntax: +'],
    ['{{f (g 1}}', 'template/syntax: }}'],
    ['{{f a=}}', 'template/syntax: }}'],
    ['{{x}}}', 'template/syntax: }}}'],
    ['{{{x}}', 'template/syntax: }}'],
    ['{{../x}}', 'template/syntax: ../x'],
    ['{{x.this}}', 'template/syntax: x.this'],
    ['{{f a=1 a=2}}', 'template/duplicate-argument: a'],
    ['{{f 9007199254740993}}', 'template/lossy-number: 9007199254740993'],
    ['a\0b', 'template/nul: \0'],
    ['{{#foo}}x{{/foo}}', 'template/unknown-block: foo'],
    ['{{#with x}}{{/with}}', 'template/unknown-block: with'],
    ['{{#set a=1}}{{/set}}', 'template/unknown-block: set'],
    ['{{#macro f}}x{{/macro}}', 'template/unknown-block: macro'],
    ['{{{{skip}}}}x{{{{/skip}}}}', 'template/unknown-block: skip'],
    ['{{#if}}x{{/if}}', 'template/invalid-statement: if'],
    ['{{#if eq a b}}x{{/if}}', 'template/invalid-statement: a'],
    ['{{#each xs seperator=","}}x{{/each}}', 'template/invalid-statement: seperator=","'],
    ['{{set "a"}}', 'template/invalid-statement: "a"'],
    ['{{config "table"}}', 'template/invalid-statement: "table"'],
    ['{{push xs}}', 'template/invalid-statement: {{push xs}}'],
    ['{{push a.b 1}}', 'template/invalid-statement: {{push a.b 1}}'],
    ['{{return 1}}', 'template/invalid-statement: {{return 1}}'],
    ['{{#capture x}}y{{/capture}}', 'template/invalid-statement: capture'],
    ['{{f (set a=1)}}', 'template/invalid-statement: set'],
  ])('%s', (text, expected) => expect(mistakes(text)).toEqual([expected]))

  it('limits nesting, without exhausting the stack', () => {
    const deep = `{{f ${'(g '.repeat(5_000)}1${')'.repeat(5_000)}}}`
    expect(parse(deep).diagnostics.map((d) => d.code)).toEqual(['template/too-deep'])
    const blocks = `${'{{#if x}}'.repeat(1_000)}${'{{/if}}'.repeat(1_000)}`
    expect(parse(blocks).diagnostics.map((d) => d.code)).toEqual(['template/too-deep'])
  })

  it('takes long chains of `else if`', () => {
    const chain = `{{#if a}}${Array.from({ length: 500 }, () => '{{else if b}}x').join('')}{{/if}}`
    expect(mistakes(chain)).toEqual([])
  })

  it.each([
    "{'a': {'b': 1}}",
    "select '}}' as x",
    "{'a': {'b': {{x}} }}",
    '{{# if x}}y{{/ if}}',
    '{{a.0}} {{a.0.b}} {{a.[x y]}} {{@index}} {{@../index}}',
    "select '{%' , '{#', '%'",
    '\\{{ ref("a") }}',
  ])('lets %s stand', (text) => expect(mistakes(text)).toEqual([]))
})

describe('Jinja', () => {
  const first = (text: string) => {
    const [d] = parse(text).diagnostics
    return [d?.code, text.slice(d!.span!.start, d!.span!.end), d!.hints![0]]
  }

  it.each([
    ["from {{ ref('a') }}", "{{ ref('a') }}", 'write `{{ref "a"}}`'],
    ["{{ ref('p', 'a', v=2) }}", "{{ ref('p', 'a', v=2) }}", 'write `{{ref "p" "a" v=2}}`'],
    ["{{ ref ('a') }}", "{{ ref ('a') }}", 'write `{{ref "a"}}`'],
    [
      "{{config(materialized='x', tags=['a'])}}",
      "{{config(materialized='x', tags=['a'])}}",
      'write `{{config materialized="x" tags=(list "a")}}`',
    ],
    ['{{ f(g(1), none) }}', '{{ f(g(1), none) }}', 'write `{{f (g 1) null}}`'],
    ['{{ x | upper }}', '{{ x | upper }}', 'write `{{upper x}}`'],
    ["{{ x | join(', ') }}", "{{ x | join(', ') }}", 'write `{{join x ", "}}`'],
    ['{% if is_incremental() %}a{% endif %}', '{% if is_incremental() %}', 'write `{{#if (is_incremental)}}`'],
    ['{%- for x in xs -%}a{% endfor %}', '{%- for x in xs -%}', 'write `{{#each xs as |x|}}`'],
    ["{% set x = ['a', 'b'] %}", "{% set x = ['a', 'b'] %}", 'write `{{set x=(list "a" "b")}}`'],
    ['{% macro f(a, b=1) %}x{% endmacro %}', '{% macro f(a, b=1) %}', 'write `{{#*macro f a b=1}}`'],
    ['a {# note #} b', '{# note #}', 'write `{{!-- note --}}`'],
  ])('%s', (text, where, hint) => expect(first(text)).toEqual(['template/jinja', where, hint]))

  it('reports each kind of construct once, and nothing else', () => {
    const text = "{{ config(a='b') }}{% if x %}{{ ref('a') }}{% endif %}{# c #}{{ ref('b') }}{{#if}}"
    expect(parse(text).diagnostics.map((d) => [d.code, text.slice(d.span!.start, d.span!.end)])).toEqual([
      ['template/jinja', "{{ config(a='b') }}"],
      ['template/jinja', '{% if x %}'],
      ['template/jinja', '{# c #}'],
    ])
  })

  it('leaves comments alone', () => expect(mistakes("{{!-- {% if %} {{ ref('a') }} --}}x")).toEqual([]))
})

describe('white space', () => {
  it.each([
    ['a\n{{config x=1}}\nb', 'a\n|b'],
    ['a\n  {{config x=1}}  \nb', 'a\n|b'],
    ['a\r\n{{config x=1}}\r\nb', 'a\r\n|b'],
    ['a\r{{config x=1}}\rb', 'a\r|b'],
    ['{{config\n  x=1\n}}\n\nb', '|\nb'],
    ['{{config x=1}}', '|'],
    ['a {{config x=1}}\nb', 'a |\nb'],
    ['a\n{{!-- c --}}\nb', 'a\nb'],
    ['a\n{{! c }}\nb', 'a\nb'],
    ['a {{! c }} b', 'a  b'],
    ['a\n{{set x=1}} {{set y=2}}\nb', 'a\n||b'],
    ['a\n{{push x 1}}\n{{warn "w"}}\n{{log "l"}}\n{{depends_on (ref "x")}}\n{{error "e"}}\nb', 'a\n|||||b'],
    ['a\n{{x}}\nb', 'a\n|\nb'],
    ['a\n{{log}}\nb', 'a\n|\nb'],
    ['a\n{{#if x}}\nb\n{{/if}}\nc', 'a\n|c'],
    ['a\n{{#*macro f}}\nb\n{{/macro}}\nc', 'a\nc'],
    ['a \n {{~x~}} \n b', 'a|b'],
    ['a {{~! c ~}} b', 'ab'],
    ['\\{{x}} {{y}}', '{{x}} |'],
    ['\\\\{{x}}', '\\|'],
    ['{{{{raw}}}}{{x}} {{{{/raw}}}}', '{{x}} '],
  ])('%j', (text, expected) => expect(skeleton(text)).toBe(expected))
})

describe('definitions', () => {
  const defined = (text: string) => parse(text).template!.definitions

  it('have names, engines and parameters', () => {
    const [a, b, c] = defined(
      '{{#*macro f x y=(list 1)}}b{{/macro}}\n{{#*macro postgres.f x}}{{/macro}}{{#*test t model column_name}}{{/test}}',
    )
    expect(a).toMatchObject({ kind: 'macro', name: 'f', engine: undefined, uniqueId: 'macro.shop.f' })
    expect(a!.parameters.map((p) => [p.name, p.required])).toEqual([
      ['x', true],
      ['y', false],
    ])
    expect(b).toMatchObject({ name: 'f', engine: 'postgres', uniqueId: 'macro.shop.postgres__f' })
    expect(c).toMatchObject({ kind: 'test', uniqueId: 'macro.shop.test_t' })
  })

  it.each([
    ['{{#*macro f}}x{{/macro}}\n-- note\n/* more */\n', true],
    ['{{!-- c --}}\n{{#*macro f}}x{{/macro}}\n', true],
    ['{{#*macro f}}x{{/macro}}\nselect 1', false],
    ['-- nothing', false],
  ])('%j holds definitions only: %s', (text, expected) => expect(parse(text).template!.definitionsOnly).toBe(expected))

  it.each([
    ['{{#*macro f a a}}x{{/macro}}', 'a'],
    ['{{#*macro f a a=1}}x{{/macro}}', 'a'],
    ['{{#*macro}}x{{/macro}}', 'macro'],
    ['{{#*macro "f"}}x{{/macro}}', '"f"'],
    ['{{#*macro f}}{{#*macro g}}{{/macro}}{{/macro}}', 'macro'],
    ['{{#if x}}{{#*macro g}}{{/macro}}{{/if}}', 'macro'],
    ['{{#*macro if}}x{{/macro}}', 'if'],
    ['{{#*macro mysql.f}}x{{/macro}}', 'mysql.f'],
    ['{{#*macro f a.b}}x{{/macro}}', 'a.b'],
    ['{{#*inline "f"}}x{{/inline}}', 'inline'],
    ['{{* f}}', '{{* f}}'],
    ['{{#*test t model where}}x{{/test}}', 'where'],
    ['{{#*test t model severity="x"}}x{{/test}}', 'severity'],
    ['{{#*test t column_name}}x{{/test}}', 't'],
  ])('%s is refused', (text, where) => expect(mistakes(text)).toEqual([`template/invalid-definition: ${where}`]))
})
