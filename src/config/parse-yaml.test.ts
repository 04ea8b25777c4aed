import { describe, expect, it } from 'vitest'
import { SourceFile } from '../base/source-file.ts'
import { parseYaml } from './parse-yaml.ts'
import { rawValue } from './yaml-reader.ts'

function parse(text: string): { value: unknown; errors: string[] } {
  const { root, diagnostics } = parseYaml(new SourceFile('a.yml', text))
  const errors = diagnostics.map((d) => `${d.code} ${JSON.stringify(text.slice(d.span!.start, d.span!.end))}`)
  return { value: root === undefined ? undefined : rawValue(root), errors }
}

describe('parseYaml', () => {
  it.each([
    ['on and off are text', 'a: on\nb: off\nc: yes', { a: 'on', b: 'off', c: 'yes' }],
    ['dates are text', 'a: 2018-02-01', { a: '2018-02-01' }],
    ['long integers keep their digits', 'a: 12345678901234567890\nb: 12', { a: '12345678901234567890', b: 12 }],
    ['numbers as keys are text', '1: a', { '1': 'a' }],
    [
      'anchors and merges',
      'a: &x {k: 1, l: 2}\nb: *x\nc:\n  <<: *x\n  k: 3',
      { a: { k: 1, l: 2 }, b: { k: 1, l: 2 }, c: { k: 3, l: 2 } },
    ],
    ['a missing value is nothing', 'a:\nb: ~', { a: null, b: null }],
    ['an empty file', '# nothing\n', undefined],
  ])('%s', (_name, text, value) => {
    expect(parse(text)).toEqual({ value, errors: [] })
  })

  it.each([
    ['an unclosed list', 'a: [1, 2\nb: 3', ['config/yaml-syntax "b"']],
    ['a tab', 'a:\n\tb: 1', ['config/yaml-syntax "\\t"']],
    ['only the first mistake', 'a: b: c\nd: [', ['config/yaml-syntax "b"']],
    ['a second document', 'a: 1\n---\nb: 2', ['config/yaml-syntax "---"']],
    ['a repeated key', 'a: 1\nb: 2\na: 3', ['config/duplicate-key "a"']],
    ['a template without quotes', 'a: {{x}}', ['config/bad-key "{{x}"']],
    ['an unknown anchor', 'a: &base 1\nb: *bse', ['config/unknown-anchor "*bse"']],
  ])('reports %s', (_name, text, errors) => {
    expect(parse(text).errors).toEqual(errors)
  })

  it('limits what aliases expand to', () => {
    const lines = ['a0: &a0 [x]']
    for (let i = 1; i <= 6; i++)
      lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`)
    expect(parse(lines.join('\n')).errors[0]).toBe('config/too-many-aliases "*a2"')
  })
})
