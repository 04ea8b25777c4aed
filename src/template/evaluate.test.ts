import { describe, expect, it } from 'vitest'
import { UserError } from '../base/errors.ts'
import { SourceFile } from '../base/source-file.ts'
import { raised } from './errors.ts'
import { callMacro, evaluate } from './evaluate.ts'
import { evaluateScalar } from './evaluate-scalar.ts'
import { QueryNeeded } from './host.ts'
import { diagnosticsOf, marked, scopeOf, templateOf, type World } from './testing.ts'

function run(text: string, world: World = {}): string {
  return evaluate(templateOf(text), scopeOf(world)).text
}

function fails(text: string, world: World = {}): string {
  const [first] = diagnosticsOf(() => run(text, world))
  return marked(first!, first!.span?.path === 'macros/m.sql' ? world.macros! : text)
}

describe('values and operators', () => {
  it.each([
    ['{{7}} {{0.1}} {{7.0}} {{-3}}', '7 0.1 7 -3'],
    ['{{true}} {{null}}|', 'true |'],
    ['{{\'a"b\'}}{{"c\'d"}}', 'a"bc\'d'],
    ['{{join (list 1 "b" true) "-"}}', '1-b-true'],
    ['{{get (dict a=1 b="x") "b"}}', 'x'],
    ['{{get (list "a" "b") 1}}{{get (list "a" "b") -1}}', 'bb'],
    ['{{get (dict a=1) "z" 5}}{{get (dict a=1) "z" default=6}}', '56'],
    ['{{join (range 3)}}', '0, 1, 2'],
    ['{{join (range 2 5) ""}}{{join (range 6 0 -2) ""}}', '234642'],
    ['{{concat "a" 1 "b"}}', 'a1b'],
    ['{{join (concat (list 1) (list 2 3)) ""}}', '123'],
    ['{{eq 1 1}}{{eq 1 "1"}}{{ne "a" "b"}}', 'truefalsetrue'],
    ['{{eq (list 1 2) (list 1 2)}}{{eq (dict a=1) (dict a=1)}}', 'truetrue'],
    ['{{lt 1 2}}{{lte 2 2}}{{gt "b" "a"}}{{gte 1 2}}', 'truetruetruefalse'],
    ['{{not ""}}{{not 0}}{{not (list)}}{{not (dict)}}{{not "0"}}', 'truetruetruetruefalse'],
    ['{{in "a" (list "a")}}{{in "b" "abc"}}{{in "k" (dict k=1)}}{{in 3 (list 1)}}', 'truetruetruefalse'],
    ['{{is_null null}}{{is_null 0}}', 'truefalse'],
    ['{{add 1 2 3}} {{sub 5 2}} {{mul 2 3}} {{div 7 2}} {{mod 7 4}}', '6 3 6 3.5 3'],
    ['{{add 0.1 0.2}}', '0.30000000000000004'],
    ['{{slice "héllo🎉" 1 3}}{{slice "a🎉b" 1 2}}', 'él🎉'],
    ['{{join (slice (list 1 2 3) 1) ""}}', '23'],
    ['{{join (keys (dict b=1 a=2))}}|{{join (values (dict b=1 a=2))}}', 'b, a|1, 2'],
    ['{{#each (items (dict a=1)) as |i|}}{{i.key}}={{i.value}}{{/each}}', 'a=1'],
    ['{{length (list 1 2)}}{{length "é🎉"}}{{length (dict a=1)}}', '221'],
    ['{{upper "aé"}}{{lower "AB"}}{{trim "  x "}}', 'AÉabx'],
    ['{{replace "a.b.c" "." "_"}}', 'a_b_c'],
    ['{{join (split "a,b" ",") "|"}}', 'a|b'],
    ['{{default null "x"}}{{default "" "y"}}{{default 0 "z"}}', 'x0'],
    ['{{iif true "a" (error "never")}}', 'a'],
    ['{{or "" "b"}}{{and "a" "b"}}{{or "x" (error "no")}}{{and "" (error "no")}}|', 'bbx|'],
    ['{{int "12"}}{{int 3.9}}{{float "1.50"}}{{string 5}}', '1231.55'],
    ['{{json (dict a=(list 1 "x" null))}}', '{"a":[1,"x",null]}'],
    ['{{join (sort (list "b" "a")) ""}}{{join (sort (list 10 9)) ","}}', 'ab9,10'],
    ['{{join (unique (list 1 "1" 1)) ","}}', '1,1'],
    ['{{first (list 4 5)}}{{last (list 4 5)}}{{first (list)}}|', '45|'],
    ['{{join (pluck (list (dict a=1) (dict a=2)) "a")}}', '1, 2'],
    ['{{json (where (list (dict a=1 b=2) (dict a=2)) a=1)}}', '[{"a":1,"b":2}]'],
    ['a{{newline}}b', 'a\nb'],
    ['{{literal "it\'s"}} {{literal 5}}', "'it''s' 5"],
    ['in ({{literals (list "a" "b")}})', "in ('a', 'b')"],
    ['{{identifier "Order ID"}}', '"Order ID"'],
    ['{{{concat "<" "&"}}}{{concat "<" "&"}}', '<&<&'],
  ])('%s', (text, expected) => expect(run(text)).toBe(expected))
})

describe('blocks', () => {
  it.each<[string, string, World?]>([
    ['{{#if true}}a{{else}}b{{/if}}{{#if null}}a{{else if 1}}c{{/if}}', 'ac'],
    ['{{#unless false}}a{{else}}b{{/unless}}', 'a'],
    ['{{^if false}}a{{/if}}', 'a'],
    [
      '{{#each (list "a" "b") as |x i|}}{{i}}{{x}}{{@index}}{{@first}}{{@last}};{{/each}}',
      '0a0truefalse;1b1falsetrue;',
    ],
    ['{{#each (list 1 2)}}{{.}}{{/each}}', '12'],
    ['{{#each (list (dict a=1))}}{{./a}}{{/each}}', '1'],
    ['{{#each (dict a=1 b=2) as |v k|}}{{k}}{{v}}{{@key}}{{/each}}', 'a1ab2b'],
    ['{{#each (list)}}x{{else}}none{{/each}}{{#each null}}x{{else}}none{{/each}}', 'nonenone'],
    [
      '{{#each (list 1 2) as |x|}}{{#each (list 3 4) as |y|}}{{x}}{{y}}{{@../index}} {{/each}}{{/each}}',
      '130 140 231 241 ',
    ],
    ['{{#each (list 1) as |x|}}{{#each (list 2) as |x|}}{{x}}{{/each}}{{x}}{{/each}}', '21'],
    ['{{#each (list 1)}}{{this}}{{/each}}{{this.schema}}', 's.mes'],
    ['{{set a=1}}{{#if true}}{{set a=2}}{{/if}}{{a}}', '2'],
    ['{{#each (list 1 2) as |x|}}{{set last_one=x}}{{/each}}{{last_one}}', '2'],
    ['{{#capture "c"}}x{{add 1 1}}{{/capture}}[{{c}}]', '[x2]'],
    ['{{set xs=(list)}}{{push xs 1}}{{push xs 2}}{{json xs}}', '[1,2]'],
    ['{{set xs=(list 1)}}{{set ys=xs}}{{push xs 2}}{{json ys}}{{json xs}}', '[1][1,2]'],
    ['{{set xs=(list)}}{{push xs 1}}{{set ys=xs}}{{push xs 2}}{{json ys}}{{json xs}}', '[1][1,2]'],
    ['{{set xs=(list 1 2)}}{{#each xs as |x|}}{{push xs x}}{{/each}}{{json xs}}', '[1,2,1,2]'],
    ['{{#each (list "a" "b") sep=", "}}{{.}}{{/each}}', 'a, b'],
    ['{{#each (list "a" "b") sep=","}}\n  {{.}}\n{{/each}}\nfrom', '  a,\n  b\nfrom'],
    ['{{#each (list 1 2) sep="union all"}}select {{.}}{{/each}}', 'select 1 union all select 2'],
    ['{{#each (list 1 2) sep="union all"}}\nselect {{.}}\n{{/each}}', 'select 1 union all\nselect 2\n'],
    ['{{#each (list 1 2 3) sep=","}}{{#unless (eq . 2)}}{{.}}{{/unless}}{{/each}}', '1,3'],
    ['{{#each (list) sep=","}}x{{/each}}|', '|'],
    ['a\n{{#each (list 1 2) as |x|}}\n{{#if (eq x 1)}}\nb{{x}}\n{{/if}}\n{{/each}}\nc', 'a\nb1\nc'],
    ['{{config materialized="table"}}\n\nselect 1', '\nselect 1'],
    ['{{#if (is_incremental)}}i{{else}}f{{/if}}', 'i', { incremental: true }],
    ['{{model}} {{r.x}}', 'm 1', { globals: { model: 'm', r: { x: 1 } } }],
  ])('%j', (text, expected, world) => expect(run(text, world)).toBe(expected))
})

describe('the project', () => {
  it.each<[string, string, World?]>([
    [
      '{{ref "a"}} {{ref "p" "b"}} {{ref "c" v=2}} {{source "s" "t"}} {{quarantine "s" "t"}}',
      's.a s.p_b s.c_v2 s.t s.t__quarantine',
    ],
    ['{{var "a"}}{{var "b" 2}}{{var "c" default="d"}}', '12d', { vars: { a: 1 } }],
    ['{{env_var "A"}}{{env_var "B" "x"}}', '1x', { env: { A: '1' } }],
    ['{{target.name}}{{get target "schema"}}', 'devmain'],
    ['{{#each (query "q") as |r|}}{{r.n}}{{/each}}', '12', { rows: [{ n: 1 }, { n: 2 }] }],
    ['{{#each (query "q") as |r|}}{{r.n}}{{/each}}|', '|'],
    ['{{join (columns_of (ref "a"))}}', 'id, x', { rows: [{ name: 'id' }, { name: 'x' }] }],
    ['{{join (values_of (ref "a") "c")}}', 'u, v', { rows: [{ value: 'u' }, { value: 'v' }] }],
    ['in ({{literals (values_of (ref "a") "c")}})', 'in (null)'],
    ['a{{depends_on (ref "x")}}b', 'ab'],
  ])('%s', (text, expected, world) => expect(run(text, world)).toBe(expected))

  it('says warnings and logs through the host', () => {
    const said: string[] = []
    expect(run('{{warn "w"}}{{log (list 1 "x")}}', { said })).toBe('')
    expect(said).toEqual(['warning: w', 'info: [1,"x"]'])
  })
})

const MACROS = `{{#*macro cents column scale=2}}
  round({{column}} / 100.0, {{scale}})
{{/macro}}
{{#*macro twice x}}{{return (mul x 2)}}never{{/macro}}
{{#*macro names}}{{return (list "a" "b")}}{{/macro}}
{{#*macro shadow length upper}}{{length}}-{{upper}}{{/macro}}
{{#*macro late a b=(concat a "!")}}{{a}}{{b}}{{/macro}}
{{#*macro own}}{{set x=1}}{{x}}{{/macro}}
{{#*macro outer y}}{{cents y}}{{/macro}}
{{#*macro duckdb.both}}duck{{/macro}}{{#*macro both}}plain{{/macro}}
{{#*macro postgres.only_pg}}pg{{/macro}}
{{#*macro fact n}}{{#if (lte n 1)}}{{return 1}}{{/if}}{{return (mul n (fact (sub n 1)))}}{{/macro}}
{{#*macro endless}}{{endless}}{{/macro}}
{{#*macro bad}}
select {{nope}}
{{/macro}}
{{#*macro via}}{{bad}}{{/macro}}
{{#*macro hello}}own{{/macro}}`

describe('macros', () => {
  const world: World = {
    macros: MACROS,
    packageMacros:
      '{{#*macro hello}}pkg{{/macro}}{{#*macro greet}}{{hello}}{{inner}}{{/macro}}{{#*macro inner}}in{{/macro}}',
    library:
      '{{#*macro lib_a}}{{tsdbt.lib_b}}{{lib_b}}{{/macro}}{{#*macro lib_b}}b{{/macro}}{{#*macro hello}}built-in{{/macro}}',
  }

  it.each([
    ['{{cents "a"}}', 'round(a / 100.0, 2)'],
    [
      '{{cents "a" scale=4}} {{cents "a" 3}} {{cents column="b"}}',
      'round(a / 100.0, 4) round(a / 100.0, 3) round(b / 100.0, 2)',
    ],
    ['{{upper (cents "a")}}', 'ROUND(A / 100.0, 2)'],
    ['{{add (twice 4) 1}}', '9'],
    ['{{#each (names) as |n|}}{{n}};{{/each}}{{#each names}}{{.}}{{/each}}', 'a;b;ab'],
    ['{{shadow 1 2}}', '1-2'],
    ['{{late "a"}}{{late "a" b="c"}}', 'aa!ac'],
    ['{{set x=5}}{{own}}{{x}}', '15'],
    ['{{both}}', 'duck'],
    ['{{fact 5}}', '120'],
    ['{{hello}}{{pkg.hello}}{{tsdbt.hello}}', 'ownpkgbuilt-in'],
    ['{{pkg.greet}}', 'ownin'],
    ['{{lib_a}}', 'bb'],
    ['{{set cents="v"}}{{cents}}', 'v'],
    ['[{{outer "z"}}]', '[round(z / 100.0, 2)]'],
  ])('%s', (text, expected) => expect(run(text, world)).toBe(expected))

  it('is not broken by an override of a built-in', () => {
    const text = '{{#*macro lib_b}}mine{{/macro}}{{#*macro upper x}}up{{/macro}}'
    const library = `${world.library}{{#*macro lib_c}}{{upper "a"}}{{tsdbt.upper "a"}}{{/macro}}`
    expect(run('{{lib_a}}{{lib_b}}{{upper "a"}}', { macros: text, library })).toBe('bbmineup')
  })

  it('prefers the override of the engine', () => {
    expect(run('{{both}}{{only_pg}}', { ...world, engine: 'postgres' })).toBe('plainpg')
    expect(fails('{{only_pg}}', world)).toBe('template/macro-other-engine: only_pg')
  })

  it('points into the macro, with the calls as frames', () => {
    const text = 'a {{via}}'
    const [mistake] = diagnosticsOf(() => run(text, world))
    expect(marked(mistake!, MACROS)).toBe('template/unknown-name: nope')
    expect(mistake!.span!.path).toBe('macros/m.sql')
    expect(mistake!.frames!.map((f) => [f.macro, f.span.path])).toEqual([
      ['bad', 'macros/m.sql'],
      ['via', 'models/a.sql'],
    ])
  })
})

describe('mistakes', () => {
  it.each<[string, string]>([
    ['{{nope}}', 'template/unknown-name: nope'],
    ['é🎉 {{nope 1}}', 'template/unknown-name: nope'],
    ['{{upper (nope)}}', 'template/unknown-name: nope'],
    ['{{constructor}}', 'template/unknown-name: constructor'],
    ['{{toString 1}}', 'template/unknown-name: toString'],
    ['{{set d=(dict a=1)}}{{d.b}}', 'template/unknown-property: d.b'],
    ['{{set d=(dict a=1)}}{{d.constructor}}', 'template/unknown-property: d.constructor'],
    ['{{set d=(dict a=1)}}{{d.__proto__}}', 'template/unknown-property: d.__proto__'],
    ['{{get (dict a=1) "toString"}}', 'template/unknown-property: "toString"'],
    ['{{target.password}}', 'template/unknown-property: target.password'],
    ['{{get (list 1) 5}}', 'template/invalid-value: 5'],
    ['{{div 1 0}}', 'template/invalid-value: 0'],
    ['{{mod 1 0}}', 'template/invalid-value: 0'],
    ['{{add 1 "2"}}', 'template/wrong-type: "2"'],
    ['{{lt 1 "2"}}', 'template/wrong-type: "2"'],
    ['{{join "a"}}', 'template/wrong-type: "a"'],
    ['{{int "x"}}', 'template/invalid-value: "x"'],
    ['{{list 1 2}}', 'template/not-printable: {{list 1 2}}'],
    ['{{literals (list)}}', 'template/invalid-value: list'],
    ['{{#each "abc"}}x{{/each}}', 'template/wrong-type: "abc"'],
    ['{{ref 5}}', 'template/wrong-type: 5'],
    ['{{upper}}', 'template/missing-argument: upper'],
    ['{{upper "a" "b"}}', 'template/extra-argument: "b"'],
    ['{{upper "a" loud=true}}', 'template/unknown-argument: loud=true'],
    ['{{cents}}', 'template/missing-argument: cents'],
    ['{{cents "a" 1 2}}', 'template/extra-argument: 2'],
    ['{{cents "a" scal=1}}', 'template/unknown-argument: scal=1'],
    ['{{cents "a" column="b"}}', 'template/duplicate-argument: column="b"'],
    ['{{push xs 1}}', 'template/unknown-name: xs'],
    ['{{set xs=1}}{{push xs 1}}', 'template/wrong-type: xs'],
    ['{{#each (list (list)) as |x|}}{{push x 1}}{{/each}}', 'template/invalid-statement: x'],
    ['{{.}}', 'template/no-loop: .'],
    ['{{@index}}', 'template/no-loop: @index'],
    ['{{#each (list 1)}}{{@indx}}{{/each}}', 'template/no-loop: @indx'],
    ['{{error "stop"}}', 'template/raised: error'],
    ['{{var "nope"}}', 'template/missing-variable: "nope"'],
    ['{{env_var "NOPE"}}', 'template/missing-environment: "NOPE"'],
    ['{{range 2000000}}', 'template/limit: 2000000'],
    ['{{#each (range 2000)}}{{#each (range 2000) as |x|}}{{/each}}{{/each}}', 'template/limit: (range 2000)'],
    ['{{endless}}', 'template/limit: endless'],
    ['{{set s="0123456789abcdef"}}{{#each (range 30)}}{{set s=(concat s s)}}{{/each}}', 'template/limit: concat'],
    [
      '{{set s="0123456789abcdef"}}{{#each (range 16)}}{{set s=(concat s s)}}{{/each}}{{#each (range 30)}}{{s}}{{/each}}',
      'template/limit: {{s}}',
    ],
  ])('%s', (text, expected) => expect(fails(text, { macros: MACROS })).toBe(expected))

  it('suggests the nearest name', () => {
    const hint = (text: string) => diagnosticsOf(() => run(text, { macros: MACROS, vars: { window: 1 } }))[0]!.hints![0]
    expect(hint('{{cent "a"}}')).toBe('did you mean `cents`?')
    expect(hint('{{reff "a"}}')).toBe('did you mean `ref`?')
    expect(hint('{{target.nmae}}')).toBe('did you mean `name`?')
    expect(hint('{{var "windw"}}')).toBe('did you mean `window`?')
    expect(hint('{{cents "a" scal=1}}')).toBe('did you mean `scale`?')
  })
})

describe('the source map', () => {
  const world: World = { macros: MACROS }

  it.each(['select {{cents "a"}}\n', 'é🎉\r\n  {{cents "é"}}\r\nx', 'a\r{{cents "b"}}\rc', '{{!-- c --}}\nb {{1}} c'])(
    'of %j leads back',
    (text) => {
      const mapped = evaluate(templateOf(text), scopeOf(world))
      let end = 0
      for (const s of mapped.segments) {
        expect(s.start).toBe(end)
        end = s.end
        const source = s.span.path === 'models/a.sql' ? text : MACROS
        if (s.exact) expect(source.slice(s.span.start, s.span.end)).toBe(mapped.text.slice(s.start, s.end))
        else expect(source.slice(s.span.start, s.span.end)).toMatch(/^\{\{.*\}\}$/)
        expect(s.frames.length).toBe(s.span.path === 'models/a.sql' ? 0 : 1)
      }
      expect(end).toBe(mapped.text.length)
    },
  )

  it('names nested calls, innermost first', () => {
    const text = 'x {{outer "q"}}'
    const { segments } = evaluate(templateOf(text), scopeOf(world))
    const inner = segments.find((s) => s.frames.length === 2)!
    expect(inner.frames.map((f) => f.macro)).toEqual(['cents', 'outer'])
    expect(text.slice(inner.frames[1]!.span.start, inner.frames[1]!.span.end)).toBe('{{outer "q"}}')
  })
})

describe('calls from outside', () => {
  it('give text and value', () => {
    const scope = scopeOf({ macros: MACROS })
    const macro = (name: string) => scope.macros.resolve('macro', name, 'duckdb', 'shop')!
    expect(callMacro(macro('cents'), { positional: ['x'], named: { scale: 1 } }, scope).text.text).toBe(
      'round(x / 100.0, 1)',
    )
    expect(callMacro(macro('twice'), { named: { x: 4 } }, scope).value).toBe(8)
    const calledAt = { path: 'a.yml', start: 3, end: 9 }
    const [mistake] = diagnosticsOf(() => callMacro(macro('cents'), { named: { colum: 'x' }, calledAt }, scope))
    expect(mistake).toMatchObject({ code: 'template/unknown-argument', span: calledAt })
    const [inside] = diagnosticsOf(() => callMacro(macro('via'), { calledAt }, scope))
    expect(inside!.frames!.at(-1)).toEqual({ macro: 'via', span: calledAt })
  })

  it('give a place to what the host refuses without one', () => {
    const scope = scopeOf()
    const host = {
      ...scope.host,
      ref: (): never => {
        throw new UserError(raised({ text: 'no' }))
      },
    }
    const text = 'from {{ref "a"}}'
    const [mistake] = diagnosticsOf(() => evaluate(templateOf(text), { ...scope, host }))
    expect(marked(mistake!, text)).toBe('template/raised: "a"')
  })

  it('pass on that an answer is needed', () => {
    const scope = scopeOf()
    const host = {
      ...scope.host,
      query: () => {
        throw new QueryNeeded({ kind: 'query', sql: 'select 1' })
      },
    }
    expect(() => evaluate(templateOf('{{query "select 1"}}'), { ...scope, host })).toThrow(QueryNeeded)
  })
})

describe('scalars of YAML', () => {
  const scalar = (text: string, world: World = {}) =>
    evaluateScalar(text, new SourceFile('project.yml', `key: '${text}'`), 6, scopeOf(world))

  it.each<[string, unknown]>([
    ['plain', 'plain'],
    ['{{env_var "PORT" 5432}}', 5432],
    ['{{eq 1 1}}', true],
    ['{{list 1 2}}', [1, 2]],
    ['{{null}}', null],
    ['a{{1}}', 'a1'],
  ])('%s', (text, expected) => expect(scalar(text)).toEqual(expected))

  it('point into the file', () => {
    expect(diagnosticsOf(() => scalar('x {{nope}}'))[0]!.span).toEqual({ path: 'project.yml', start: 10, end: 14 })
    expect(diagnosticsOf(() => scalar('{{#if x}}'))[0]!.span).toEqual({ path: 'project.yml', start: 6, end: 11 })
  })
})
