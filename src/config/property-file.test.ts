import { describe, expect, it } from 'vitest'
import { UserError } from '../base/errors.ts'
import { SourceFile } from '../base/source-file.ts'
import { badDocCall } from './errors.ts'
import { type PropertyFile, readPropertyFile } from './property-file.ts'

function read(text: string): { file: PropertyFile; errors: string[] } {
  const evaluate = (expression: string): string | number => {
    if (expression === '{{limit}}') return 5
    if (expression.includes('{{broken')) throw new UserError(badDocCall({}))
    return `<${expression}>`
  }
  const file = readPropertyFile(new SourceFile('models/a.yml', text), evaluate)
  return {
    file,
    errors: file.diagnostics.map((d) => `${d.code} ${JSON.stringify(text.slice(d.span!.start, d.span!.end))}`),
  }
}

describe('readPropertyFile', () => {
  it('explains a comma that cuts off a text in a flow mapping', () => {
    const { file } = read('models:\n  - { name: a, description: All orders, in dollars. }\n')
    expect(file.diagnostics.map((d) => [d.code, d.hints])).toEqual([
      ['config/unknown-key', ['inside `{ }` a comma ends a value: put a text with a comma in quotes']],
    ])
  })

  it('reads a model with columns and tests in all their forms', () => {
    const { file, errors } = read(`
version: 2
models:
  - name: orders
    description: All '{{orders}}'
    config: {materialized: table, tags: daily}
    meta: {owner: me}
    data_tests:
      - dbt_utils.unique_combination_of_columns:
          arguments: {combination_of_columns: [a, b]}
      - test_name: accepted_range
        name: in_range
        min_value: 0
    columns:
      - name: id
        data_type: bigint
        tests:
          - unique
          - not_null: {severity: warn, where: 'id > 1'}
          - accepted_values:
              values: [a, "it's", 1]
              config: {limit: '{{limit}}'}
`)
    expect(errors).toEqual([])
    const [node] = file.nodes
    expect(node).toMatchObject({ kind: 'model', name: 'orders', description: "All '{{orders}}'" })
    expect(node!.config.map((s) => [s.key, s.value])).toEqual([
      ['meta', { owner: 'me' }],
      ['materialized', 'table'],
      ['tags', ['daily']],
    ])
    expect(node!.tests.map((t) => [t.namespace, t.name, t.label, t.args])).toEqual([
      ['dbt_utils', 'unique_combination_of_columns', null, { combination_of_columns: ['a', 'b'] }],
      [null, 'accepted_range', 'in_range', { min_value: 0 }],
    ])
    const tests = node!.columns[0]!.tests
    expect(tests.map((t) => [t.name, t.args])).toEqual([
      ['unique', {}],
      ['not_null', {}],
      ['accepted_values', { values: ['a', "it's", 1] }],
    ])
    expect(tests[1]!.config.map((s) => [s.key, s.value])).toEqual([
      ['severity', 'warn'],
      ['where', 'id > 1'],
    ])
    expect(tests[2]!.config.map((s) => [s.key, s.value, s.raw])).toEqual([['limit', 5, '{{limit}}']])
  })

  it.each([
    ['an unknown key', 'models:\n  - name: a\n    descripton: x', ['config/unknown-key "descripton"']],
    [
      'a configuration beside config',
      'models:\n  - name: a\n    materialized: table',
      ['config/unknown-key "materialized"'],
    ],
    [
      'an unknown materialization',
      'models:\n  - name: a\n    config: {materialized: tabel}',
      ['config/wrong-value "tabel"'],
    ],
    ['a number as text', 'models:\n  - name: 12', ['config/wrong-type "12"']],
    ['quoted booleans', 'models:\n  - name: a\n    config: {enabled: "yes"}', ['config/wrong-type "\\"yes\\""']],
    ['a list that is none', 'models: {name: a}', ['config/wrong-type "{name: a}"']],
    [
      'an unknown test configuration',
      'models:\n  - name: a\n    tests:\n      - unique: {config: {sevrity: warn}}',
      ['config/unknown-key "sevrity"'],
    ],
    [
      'arguments that are not indented',
      'models:\n  - name: a\n    tests:\n      - accepted_values:\n        values: [a]',
      ['config/bad-test "values"'],
    ],
    [
      'a column described twice',
      'models:\n  - name: a\n    columns: [{name: x}, {name: X}]',
      ['config/described-twice "X"'],
    ],
    [
      'later resources, once each',
      'semantic_models: [{name: e}, {name: f}]\nmetrics: []',
      ['config/unsupported-resource "semantic_models"'],
    ],
    [
      'constraints that lack something',
      'models:\n  - name: a\n    constraints: [{type: unique}, {type: chek}]\n    columns: [{name: x, constraints: [{type: check}, {type: foreign_key, to: ref(y)}]}]',
      [
        'config/constraint-incomplete "check"',
        'config/constraint-incomplete "foreign_key"',
        'config/constraint-incomplete "unique"',
        'config/wrong-value "chek"',
      ],
    ],
    [
      'an unknown doc',
      `models:\n  - name: a\n    description: 'see {{doc "x"}}'`,
      ['config/unknown-doc "{{doc \\"x\\"}}"'],
    ],
    [
      'a template with a mistake',
      `models:\n  - name: a\n    config: {schema: 'x{{broken}}'}`,
      ['config/bad-doc-call "x{{broken}}"'],
    ],
    [
      'two mistakes',
      'models:\n  - nam: a\n  - name: b\n    columns: 3',
      ['config/unknown-key "nam"', 'config/wrong-type "3"'],
    ],
    ['a version of one', 'version: 1', ['config/wrong-value "1"']],
  ])('reports %s', (_name, text, errors) => {
    expect(read(text).errors).toEqual(errors)
  })
})

describe('sources', () => {
  it('reads files with their defaults', () => {
    const { file, errors } = read(`
sources:
  - name: ads
    schema: raw_ads
    loader: fivetran
    freshness: {warn_after: {count: 1, period: day}, error_after: {count: 3, period: day}}
    tables:
      - name: daily
        files: {location: 'data/*.csv.gz', max_bad_rows: 0.5%, deduplicate: [a, b]}
        freshness: {error_after: {count: 9, period: hour}}
      - name: other
        freshness: null
`)
    expect(errors).toEqual([])
    const [daily, other] = file.sources
    expect(daily).toMatchObject({
      sourceName: 'ads',
      name: 'daily',
      schema: 'raw_ads',
      loader: 'fivetran',
      identifier: 'daily',
    })
    expect(daily!.files).toMatchObject({
      location: ['data/*.csv.gz'],
      format: 'csv',
      delimiter: ',',
      quote: '"',
      escape: '"',
      header: true,
      undeclared: 'keep',
      deduplicate: ['a', 'b'],
      onBadRows: 'quarantine',
      maxBadRows: { share: 0.005 },
      onRemovedFiles: 'keep',
    })
    expect(daily!.freshness).toEqual({
      warn_after: { count: 1, period: 'day' },
      error_after: { count: 9, period: 'hour' },
      filter: null,
    })
    expect(other!.files).toBeNull()
    expect(other!.freshness).toBeNull()
  })

  it.each([
    ['0.5%', { share: 0.005 }],
    ['0', { rows: 0 }],
    ['12', { rows: 12 }],
    ['0.25', { share: 0.25 }],
  ])('max_bad_rows %s', (text, expected) => {
    const { file } = read(`sources: [{name: s, tables: [{name: t, files: {location: a.csv, max_bad_rows: ${text}}}]}]`)
    expect(file.sources[0]!.files!.maxBadRows).toEqual(expected)
  })

  it.each([
    ['location: ../a.csv', ['config/path-outside "../a.csv"']],
    ['location: [a.csv, /etc/passwd]', ['config/path-outside "/etc/passwd"']],
    ['location: /a.csv, outside_project: true', []],
    ["location: a.csv, delimiter: '\\t'", ['config/wrong-type "\'\\\\t\'"']],
    ['location: a.csv, max_bad_rows: lots', ['config/wrong-type "lots"']],
    ['location: a.csv, max_bad_rows: 101%', ['config/wrong-type "101%"']],
    ['location: a.csv, formt: csv', ['config/unknown-key "formt"']],
    ['format: csv', ['config/missing-key "{"']],
    ["location: a.csv, decimal: ',', thousands: ','", ['config/wrong-type "\',\'"']],
    ["location: a.csv, delimiter: '§'", ['config/wrong-type "\'§\'"']],
    ['location: a.csv, quote: "\\n"', [`config/wrong-type ${JSON.stringify('"\\n"')}`]],
    ['location: a.csv, delimiter: "\\x01", thousands: ’', []],
    ['location: a.csv, deduplicate: []', []],
  ])('files: {%s}', (text, errors) => {
    expect(read(`sources: [{name: s, tables: [{name: t, files: {${text}}}]}]`).errors).toEqual(errors)
  })
})
