import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { Scrubber } from '../../base/scrub.ts'
import { SourceFile, SourceSet } from '../../base/source-file.ts'
import { plainStyle } from '../console.ts'
import { countDiagnostics, renderDiagnostic } from './diagnostic.ts'

function render(diagnostic: Partial<Diagnostic>, files: Record<string, string> = {}): string {
  const sources = new SourceSet()
  for (const [path, text] of Object.entries(files)) sources.add(new SourceFile(path, text))
  const whole: Diagnostic = { code: 'graph/unknown-ref', severity: 'error', message: 'wrong', ...diagnostic }
  return renderDiagnostic(whole, sources, plainStyle)
}

function spanOf(path: string, text: string, part: string) {
  const start = text.indexOf(part)
  return { path, start, end: start + part.length }
}

describe('renderDiagnostic', () => {
  it('shows code, place, line, caret and hint', () => {
    const text = `${'\n'.repeat(11)}from {{ref "stg_order"}}\n`
    const path = 'models/marts/orders_daily.sql'
    const shown = render(
      {
        message: '`orders_daily` refers to `stg_order`, which does not exist',
        span: spanOf(path, text, 'stg_order'),
        hints: ['did you mean `stg_orders`?'],
      },
      { [path]: text },
    )
    expect(shown).toBe(`error[graph/unknown-ref]: \`orders_daily\` refers to \`stg_order\`, which does not exist
  --> models/marts/orders_daily.sql:12:13
   |
12 | from {{ref "stg_order"}}
   |             ^^^^^^^^^
hint: did you mean \`stg_orders\`?
`)
  })

  it.each([
    ['a tab', '\tselect é_x', 'é_x', '           ^^^'],
    ['CJK', "select '日本', x_y", 'x_y', '               ^^^'],
    ['an emoji', "select '🎉', x_y", 'x_y', '             ^^^'],
    ['a marked wide text', 'select 日本', '日本', '       ^^^^'],
  ])('puts the caret by display width after %s', (_, text, part, caret) => {
    const lines = render({ span: spanOf('a.sql', text, part) }, { 'a.sql': text }).split('\n')
    expect(lines[4]).toBe(`  | ${caret}`)
  })

  it('counts columns in UTF-16 units, as editors do', () => {
    const text = "select '🎉', x_y"
    expect(render({ span: spanOf('a.sql', text, 'x_y') }, { 'a.sql': text })).toContain(' --> a.sql:1:14\n')
  })

  it('marks the first and the last line of a longer span', () => {
    const text = 'select\n  a,\n  b\nfrom t\n'
    expect(render({ span: { path: 'a.sql', start: 0, end: text.indexOf(' t') } }, { 'a.sql': text })).toBe(
      `error[graph/unknown-ref]: wrong
 --> a.sql:1:1
  |
1 | select
  | ^^^^^^
...
4 | from t
  | ^^^^
`,
    )
  })

  it('shows a span that ends with a line break on its own line', () => {
    const text = 'select\nfrom'
    expect(render({ span: { path: 'a.sql', start: 0, end: 7 } }, { 'a.sql': text })).not.toContain('2 |')
  })

  it('marks the end of a text with one caret', () => {
    expect(render({ span: { path: 'a.sql', start: 8, end: 8 } }, { 'a.sql': 'select 1' }).split('\n')[4]).toBe(
      '  |         ^',
    )
  })

  it('shows the macro and each call on the way to it', () => {
    const macro = 'round({{column}} / 0)'
    const model = 'select {{cents "amount"}}\nfrom x'
    const shown = render(
      {
        span: spanOf('macros/money.sql', macro, '/ 0'),
        frames: [{ macro: 'cents', span: spanOf('models/a.sql', model, 'cents') }],
      },
      { 'macros/money.sql': macro, 'models/a.sql': model },
    )
    expect(shown).toBe(`error[graph/unknown-ref]: wrong
 --> macros/money.sql:1:18
  |
1 | round({{column}} / 0)
  |                  ^^^
 = in macro \`cents\`, called at models/a.sql:1:10
  |
1 | select {{cents "amount"}}
  |          -----
`)
  })

  it('shows a label at its own place, gutters aligned', () => {
    const yml = `${'\n'.repeat(98)}  - name: a\n  - name: a\n`
    const first = { path: 'm.yml', start: yml.indexOf(': a') + 2, end: yml.indexOf(': a') + 3 }
    const second = { path: 'm.yml', start: yml.lastIndexOf('name: a'), end: yml.lastIndexOf('name: a') + 7 }
    expect(render({ span: second, labels: [{ span: first, text: 'first here' }] }, { 'm.yml': yml })).toBe(
      `error[graph/unknown-ref]: wrong
   --> m.yml:100:5
    |
100 |   - name: a
    |     ^^^^^^^
   ::: m.yml:99:11
    |
 99 |   - name: a
    |           - first here
`,
    )
  })

  it('points into data files, which are not in memory', () => {
    const data = { path: 'seeds/a.csv', line: 1_000_000, column: 3, excerpt: '1,x\n' }
    expect(render({ data })).toBe(`error[graph/unknown-ref]: wrong
       --> seeds/a.csv:1000000:3
        |
1000000 | 1,x
        |   ^
`)
  })

  it('names a file whose text is not known', () => {
    expect(render({ span: { path: 'gone.yml', start: 3, end: 5 } })).toBe(
      'error[graph/unknown-ref]: wrong\n --> gone.yml\n',
    )
  })

  it('shows cause, rows, node, file to read, notes, then hints', () => {
    const shown = render({
      severity: 'warning',
      message: 'two rows\nof them',
      cause: 'Binder Error',
      rows: {
        columns: ['id', 'name'],
        rows: [
          ['1', null],
          ['22', '日本'],
        ],
      },
      node: 'test.shop.unique_a_id',
      see: 'target/compiled/a.sql',
      notes: ['a note'],
      hints: ['a hint\nin two lines'],
    })
    expect(shown).toBe(`warning[graph/unknown-ref]: two rows
  of them
caused by: Binder Error
  | id | name |
  | -- | ---- |
  | 1  | NULL |
  | 22 | 日本 |
node: test.shop.unique_a_id
see: target/compiled/a.sql
note: a note
hint: a hint
  in two lines
`)
  })

  it('cuts a very long line around the caret', () => {
    const text = `${'x'.repeat(5000)}BAD${'y'.repeat(5000)}`
    const lines = render({ span: spanOf('a.sql', text, 'BAD') }, { 'a.sql': text }).split('\n')
    expect(lines[3]!.length).toBeLessThan(180)
    expect(lines[3]!.slice(lines[4]!.indexOf('^'), lines[4]!.lastIndexOf('^') + 1)).toBe('BAD')
  })

  it('cuts a long line before or behind a secret, never inside, as a part of it would not be hidden', () => {
    const secret = new Scrubber()
    secret.add('hunter2-and-more')
    for (let gap = 60; gap < 160; gap++) {
      const text = `hunter2-and-more${'x'.repeat(gap)}BAD${'y'.repeat(gap)}hunter2-and-more`
      const file = new SourceFile('a.sql', text)
      const sources = { get: () => file, secretsIn: (line: string) => secret.find(line) }
      const diagnostic = {
        code: 'x/y',
        severity: 'error',
        message: 'wrong',
        span: spanOf('a.sql', text, 'BAD'),
      } as const
      const shown = secret.scrub(renderDiagnostic(diagnostic, sources, plainStyle))
      expect(shown.split('\n')[3]).toMatch(/^1 \| […*]*x+BADy+[…*]*$/)
    }
  })

  it('lets no control character of a file reach the terminal', () => {
    const text = 'select \x1b[31m bad'
    expect(render({ span: spanOf('a.sql', text, 'bad') }, { 'a.sql': text })).not.toContain('\x1b')
  })
})

describe('countDiagnostics', () => {
  it('counts errors and warnings', () => {
    const error: Diagnostic = { code: 'a/b', severity: 'error', message: '' }
    const warning: Diagnostic = { ...error, severity: 'warning' }
    expect(countDiagnostics([error, warning, error])).toBe('2 errors, 1 warning')
    expect(countDiagnostics([warning])).toBe('1 warning')
  })
})
