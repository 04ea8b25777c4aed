import { describe, expect, it } from 'vitest'
import { SourceFile } from '../base/source-file.ts'
import { parseFullYaml } from './parse-yaml.ts'
import { readPlainYaml } from './plain-yaml.ts'

/** Values and pieces that are put together below; some leave the plain part. */
const SCALARS = [
  'abc',
  "shop's own",
  '1 to 4.',
  "{to: ref('a', 'b')}",
  "{d: it's}",
  'x"y"',
  'a b  c',
  'true',
  'True',
  'no',
  'null',
  '~',
  '0',
  '-1',
  '1.5',
  '1.0',
  '007',
  '0x1F',
  '1e3',
  '.5',
  '2018-02-01',
  '0.5%',
  "'it''s'",
  "'{{x}}'",
  '"a # b"',
  '"a\\n"',
  'a#b',
  'a #comment',
  'a: b',
  'http://x.y/z',
  'x:',
  '[a, b]',
  '[]',
  '{}',
  '[a, [b, 1], {c: d}]',
  '{a: 1, b: "x, y"}',
  '{a: {b: c}}',
  '{a:1}',
  '{a}',
  '[a: b]',
  '[a, ]',
  '{a: 1,}',
  '[a',
  '*x',
  '&x y',
  '!tag x',
  '|',
  '- a',
  '{{x}}',
  '@x',
  '`x`',
  '%x',
  '-',
  '?',
  'é',
  '12345678901234567890',
  "'open",
  '"a" b',
  "'a' # c",
  '[a] # c',
  '[a]x',
  '',
  ' ',
  '# only',
  '(a)',
  '/a/b',
  '*',
  "ref('x')",
  'a, b',
  '+1',
  '<<',
  'NULL',
  'falsey',
  "[ref('x'), y]",
  '{to: ref(x)}',
]
const SHAPES = [
  (s: string) => `a: ${s}\n`,
  (s: string) => `a: ${s}`,
  (s: string) => `a:\n  b: ${s}\n  c: 1\n`,
  (s: string) => `- ${s}\n- x\n`,
  (s: string) => `a:\n- ${s}\n- k: ${s}\n  l: 2\nb: 1\n`,
  (s: string) => `a:\n  - n: ${s}\n    t: [x]\n\n  # note\n  - n: y\n`,
  (s: string) => `# head\n\na: x\n\nb: ${s} \nc:\n`,
  (s: string) => `a: ${s}\n  more\n`,
  (s: string) => `a:\n  ${s}\n`,
  (s: string) => `${s}\n`,
  (s: string) => `a: 1\n b: ${s}\n`,
  (s: string) => `a: ${s}\na: 2\n`,
  (s: string) => `a:\n    b: 1\n  c: ${s}\n`,
  (s: string) => `-   a: ${s}\n    b: 2\n-   c: 3\n`,
  (s: string) => `a: {x: ${s}, y: 1}\nb: [${s}, 2]\n`,
]

describe('readPlainYaml', () => {
  it('gives the tree of the full parser, or nothing', () => {
    let plain = 0
    for (const shape of SHAPES) {
      for (const scalar of SCALARS) {
        const text = shape(scalar)
        const tree = readPlainYaml(text)
        if (tree === undefined) continue
        plain++
        const full = parseFullYaml(new SourceFile('a.yml', text))
        expect({ text, diagnostics: full.diagnostics, tree }).toEqual({ text, diagnostics: [], tree: full.root })
      }
    }
    expect(plain).toBeGreaterThan(300)
  })

  it.each([
    'a: |\n  x\n',
    'a: &x 1\n',
    '---\na: 1\n',
    'a: "\\t"\n',
    'a:\tb\n',
    'a: 1\r\n',
    '? a\n: b\n',
    '- - a\n',
    'a: x\n  y\n',
    '',
  ])('leaves %j to the full parser', (text) => {
    expect(readPlainYaml(text)).toBeUndefined()
  })
})
