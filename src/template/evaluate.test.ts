import { describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.ts'
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
