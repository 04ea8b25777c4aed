import { describe, expect, it } from 'vitest'
import { analyze, analyzeDefinition, analyzeMacros } from './analyze.ts'
import { marked, scopeOf, templateOf, type World } from './testing.ts'

function facts(text: string, world: World = {}) {
  const { facts: found, diagnostics } = analyze(templateOf(text), scopeOf(world))
  expect(diagnostics).toEqual([])
  return found
}

function refs(text: string, world: World = {}): string {
  const found = facts(text, world)
  const names = found.refs.map((r) => [r.package, r.name, r.version === undefined ? undefined : `v${r.version}`])
  return names.map((parts) => parts.filter((p) => p !== undefined).join('.')).join(' ')
}

function mistakes(text: string, world: World = {}): readonly string[] {
  const all = analyze(templateOf(text), scopeOf(world)).diagnostics
  return all.map((d) => marked(d, d.span?.path === 'macros/m.sql' ? world.macros! : text))
}

const ALIASED = '{{#*macro from_two a b="y"}}{{ref a}} {{ref (concat "stg_" b)}}{{/macro}}'

describe('static references', () => {
  it.each<[string, string, World?]>([
    ['{{ref "a"}} {{ref "p" "b"}} {{ref "c" v=2}}', 'a p.b c.v2'],
    [
      '{{#if (is_incremental)}}{{ref "a"}}{{else if x}}{{ref "b"}}{{else}}{{ref "c"}}{{/if}}{{set x=1}}'.replace(
        'else if x',
        'else if true',
      ),
      'a b c',
    ],
    ['{{#if false}}{{ref "a"}}{{/if}}', 'a'],
    ['-- {{ref "a"}}\n{{!-- {{ref "b"}} --}}', 'a'],
    ['{{ref (concat "stg_" "a")}}', 'stg_a'],
    ['{{#each (list "a" "b") as |x|}}{{ref x}}{{/each}}', 'a b'],
    ['{{#each (list "a" "b")}}{{ref .}}{{/each}}', 'a b'],
    ['{{#each (list (dict n="a") (dict n="b")) as |x|}}{{ref x.n}}{{/each}}', 'a b'],
    ['{{#each (dict a="m" b="n") as |x k|}}{{ref (concat k "_" x)}}{{/each}}', 'a_m b_n'],
    ['{{#each (range 2 4) as |i|}}{{ref (concat "m" i)}}{{/each}}', 'm2 m3'],
    ['{{#each (list "a" "b") as |x|}}{{set n=(concat "stg_" x)}}{{ref n}}{{/each}}', 'stg_a stg_b'],
    ['{{set n="a"}}{{ref n}}', 'a'],
    ['{{set d=(dict x=(list "p" "q"))}}{{ref (get (get d "x") 1)}}', 'q'],
    ['{{ref (join (list "a" "b") "_")}}', 'a_b'],
    ['{{ref (var "which")}}', 'orders', { vars: { which: 'orders' } }],
    ['{{ref (var "which" "b")}}', 'b'],
    ['{{ref (env_var "W" "c")}}', 'c'],
    ['{{ref (concat target.name "_x")}}', 'dev_x'],
    ['{{#each (var "all") as |x|}}{{ref x}}{{/each}}', 'a b', { vars: { all: ['a', 'b'] } }],
    ['{{#each (var "all" (list)) as |x|}}{{ref x}}{{else}}{{ref "none"}}{{/each}}', 'none'],
    ['{{#each (columns_of (ref "a")) as |c|}}{{ref (concat "x" c)}}{{/each}}{{depends_on (ref "b")}}', 'a b'],
    ['{{set t="a"}}{{#if true}}{{set t="a"}}{{/if}}{{ref t}}', 'a'],
    ['{{#each (query "q") as |r|}}{{ref "a"}}{{r.x}}{{/each}}', 'a'],
    ['{{set names=(list)}}{{push names "a"}}{{#each names as |n|}}{{ref n}}{{/each}}', 'a'],
    ['{{from_two "m"}}', 'm stg_y', { macros: ALIASED }],
    ['{{from_two "m" b="n"}} {{from_two "o"}}', 'm stg_n o stg_y', { macros: ALIASED }],
    ['{{outer "q"}}', 'q stg_y', { macros: `{{#*macro outer x}}{{from_two x}}{{/macro}}${ALIASED}` }],
    ['{{#each (list "s" "t") as |x|}}{{from_two x x}}{{/each}}', 's stg_s t stg_t', { macros: ALIASED }],
    ['{{deep}}', 'z', { macros: '{{#*macro deep}}{{#if false}}{{ref "z"}}{{/if}}{{/macro}}' }],
    [
      '{{#each (names) as |n|}}{{ref n}}{{/each}}',
      'a b',
      { macros: '{{#*macro names}}{{return (list "a" "b")}}{{/macro}}' },
    ],
    [
      '{{count 3}}',
      'm',
      { macros: '{{#*macro count n}}{{#if (gt n 0)}}{{count (sub n 1)}}{{/if}}{{ref "m"}}{{/macro}}' },
    ],
    [
      '{{tree "a"}}',
      'a ax',
      { macros: '{{#*macro tree n}}{{ref n}}{{#if (lt (length n) 2)}}{{ref (concat n "x")}}{{/if}}{{/macro}}' },
    ],
  ])('%s', (text, expected, world) => expect(refs(text, world)).toBe(expected))

  it('tells sources from quarantines', () => {
    const { sources } = facts('{{source "s" "t"}} {{quarantine "s" "t"}}')
    expect(sources.map((s) => [s.source, s.table, s.quarantine])).toEqual([
      ['s', 't', false],
      ['s', 't', true],
    ])
  })

  it('knows what is used besides', () => {
    const world = { macros: '{{#*macro f}}{{this}}{{g}}{{/macro}}{{#*macro g}}{{var "a" 1}}{{/macro}}' }
    const found = facts('{{f}}{{env_var "E" ""}}{{var "b" 2}}{{#if (is_incremental)}}{{query "x"}}{{/if}}', world)
    expect(found).toMatchObject({
      macros: ['macro.shop.f', 'macro.shop.g'],
      variables: ['a', 'b'],
      environment: ['E'],
      usesThis: true,
      usesIncremental: true,
      usesQuery: true,
    })
  })

  it.each<[string, readonly string[], World?]>([
    ['{{#each (columns_of (ref "a")) as |c|}}{{ref c}}{{/each}}', ['template/unresolved-reference: c']],
    [
      '{{ref (iif (eq target.name "x") "a" "b")}}',
      ['template/unresolved-reference: (iif (eq target.name "x") "a" "b")'],
    ],
    ['{{set t="a"}}{{#if true}}{{set t="b"}}{{/if}}{{ref t}}', ['template/unresolved-reference: t']],
    [
      '{{source "s" (first (values_of (ref "a") "c"))}}',
      ['template/unresolved-reference: (first (values_of (ref "a") "c"))'],
    ],
    ['{{ref (var "missing")}}', ['template/missing-variable: "missing"']],
    [
      '{{f}}',
      ['template/unresolved-reference: x'],
      {
        macros: '{{#*macro f}}{{#each (query "q") as |x|}}{{g x}}{{/each}}{{/macro}}{{#*macro g x}}{{ref x}}{{/macro}}',
      },
    ],
  ])('refuses %s', (text, expected, world) => expect(mistakes(text, world)).toEqual(expected))
})

describe('names', () => {
  it.each<[string, readonly string[], World?]>([
    ['{{reff "a"}}', ['template/unknown-name: reff']],
    ['{{#if false}}{{nope}}{{/if}}', ['template/unknown-name: nope']],
    ['{{a.b}}', ['template/unknown-name: a.b']],
    [
      '{{constructor}}{{__proto__}}{{toString}}',
      ['template/unknown-name: constructor', 'template/unknown-name: __proto__', 'template/unknown-name: toString'],
    ],
    ['{{target.nmae}}', ['template/unknown-property: target.nmae']],
    ['{{#each (list 1) as |x|}}{{x}}{{y}}{{/each}}{{x}}', ['template/unknown-name: y', 'template/unknown-name: x']],
    ['{{#each (list 1 2 3)}}{{nope}}{{/each}}', ['template/unknown-name: nope']],
    ['{{f 1 2}}', ['template/extra-argument: 2'], { macros: '{{#*macro f a}}{{a}}{{/macro}}' }],
    ['{{f}}', ['template/missing-argument: f'], { macros: '{{#*macro f a}}{{a}}{{/macro}}' }],
    ['{{f 1 b=2}}', ['template/unknown-argument: b=2'], { macros: '{{#*macro f a}}{{a}}{{/macro}}' }],
    ['{{f 1 a=2}}', ['template/duplicate-argument: a=2'], { macros: '{{#*macro f a}}{{a}}{{/macro}}' }],
    ['{{upper}}{{upper "a" "b"}}', ['template/missing-argument: upper', 'template/extra-argument: "b"']],
    ['{{#each (range 3) as |i|}}{{#if @first}}{{else}}{{prev}}{{/if}}{{set prev=i}}{{/each}}', []],
    ['{{results}}', []],
    [
      '{{#if (eq target.type "postgres")}}{{only_pg}}{{/if}}',
      [],
      { macros: '{{#*macro postgres.only_pg}}x{{/macro}}' },
    ],
  ])('%s', (text, expected, world) => expect(mistakes(text, world)).toEqual(expected))

  it('reports a mistake in a macro once, with its callers', () => {
    const scope = scopeOf({ macros: '{{#*macro f}}{{nope}}{{/macro}}' })
    for (const path of ['models/a.sql', 'models/b.sql', 'models/c.sql']) {
      expect(analyze(templateOf('{{f}}', path), scope).diagnostics).toEqual([])
    }
    const own = scope.macros.all().filter((d) => d.packageName === 'shop')
    const [mistake, ...more] = analyzeMacros(own, scope)
    expect(more).toEqual([])
    expect(mistake).toMatchObject({ code: 'template/unknown-name', notes: ['the macro is called at 2 other places'] })
    expect(mistake?.frames?.[0]?.span.path).toBe('models/a.sql')
  })
})

describe('configuration', () => {
  const config = (text: string, world: World = {}) => facts(text, world).config.map((c) => [c.key, c.value])

  it('folds literals, variables, the target and operators', () => {
    const text =
      '{{config a="x" b=(list 1 2) c=(iif (eq target.name "dev") "d" "p") e=(var "v") f=(or (var "no" "") "z")}}'
    expect(config(text, { vars: { v: 7 } })).toEqual([
      ['a', 'x'],
      ['b', [1, 2]],
      ['c', 'd'],
      ['e', 7],
      ['f', 'z'],
    ])
  })

  it('sees configuration inside macros, with their arguments', () => {
    const world = { macros: '{{#*macro daily schema}}{{config schema=schema tags="daily"}}{{/macro}}' }
    expect(config('{{daily "ads"}}', world)).toEqual([
      ['tags', 'daily'],
      ['schema', 'ads'],
    ])
  })

  it('takes the defaults of a generic test', () => {
    const scope = scopeOf({ macros: '{{#*test t model}}{{config severity="warn"}}select 1 from {{model}}{{/test}}' })
    const definition = scope.macros.resolve('test', 't', 'duckdb', 'shop')!
    const { facts: found, diagnostics } = analyzeDefinition(definition, scope)
    expect(diagnostics).toEqual([])
    expect(found.config.map((c) => [c.key, c.value])).toEqual([['severity', 'warn']])
  })

  it.each<[string, readonly string[]]>([
    ['{{config a=(columns_of (ref "x"))}}', ['template/config-value: (columns_of (ref "x"))']],
    ['{{config a=(div 1 0)}}', ['template/invalid-value: 0']],
    ['{{config a=(var "nope")}}', ['template/missing-variable: "nope"']],
    ['{{config a=1}}{{config a=2}}', ['template/duplicate-config: a']],
    ['{{config a=nope}}', ['template/unknown-name: nope']],
  ])('refuses %s', (text, expected) => expect(mistakes(text)).toEqual(expected))
})
