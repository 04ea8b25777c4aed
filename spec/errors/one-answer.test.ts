import { afterEach, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { TemporaryProject } from './temporary-project.ts'

/** Mistakes that could bring forth others: each has one answer, at its own place. */
interface Mistake {
  readonly files: Readonly<Record<string, string>>
  readonly code: string
  readonly at: string
  readonly says: string
}

const described = (test: string) =>
  `models:\n  - name: stg_orders\n    columns:\n      - name: id\n        tests:\n          - ${test}\n`

const mistakes: Readonly<Record<string, Mistake>> = {
  'a misspelt argument of a test is not missing as well': {
    files: { 'models/m.yml': described('accepted_values: { vals: [1] }') },
    code: 'project/unknown-test-argument',
    at: 'models/m.yml:6:32',
    says: 'did you mean `values`?',
  },
  'a misspelt configuration of a test': {
    files: { 'models/m.yml': described('not_null: { severty: warn }') },
    code: 'project/unknown-test-argument',
    at: 'models/m.yml:6:25',
    says: 'did you mean `severity`?',
  },
  'a misspelt `name` is not missing as well': {
    files: { 'models/m.yml': 'models:\n  - nam: stg_orders\n' },
    code: 'config/unknown-key',
    at: 'models/m.yml:2:5',
    says: 'did you mean `name`?',
  },
  'a wrong name of the project makes no folder unknown': {
    files: { 'project.yml': 'name: my shop\nprofile: shop\nmodels:\n  my shop:\n    +materialized: table\n' },
    code: 'config/bad-name',
    at: 'project.yml:1:7',
    says: 'letters, digits and underscores',
  },
  'a broken file of macros makes no caller wrong': {
    files: {
      'macros/m.sql': '{{#*macro cents x}}{{#if x}}{{x}}{{/macro}}\n{{#*test small model}}select 1{{/test}}',
      'models/m.sql': 'select {{cents "1"}} as a',
      'models/m.yml': 'models:\n  - name: stg_orders\n    tests: [small]\n',
    },
    code: 'template/unclosed-block',
    at: 'macros/m.sql:1:20',
    says: 'close it with `{{/if}}`',
  },
  'text without quotes': {
    files: { 'models/m.sql': 'select * from {{ref customers}}' },
    code: 'template/unknown-name',
    at: 'models/m.sql:1:21',
    says: 'a text stands in quotes, `"customers"`',
  },
  'a boolean in another language': {
    files: { 'models/m.yml': 'models:\n  - name: stg_orders\n    config: { enabled: ja }\n' },
    code: 'config/wrong-type',
    at: 'models/m.yml:3:24',
    says: 'must be `true` or `false`, not the text `ja`',
  },
  'a key that stands too far left in a list': {
    files: { 'models/m.yml': 'models:\n    - name: stg_orders\n   columns: []\n' },
    code: 'config/yaml-syntax',
    at: 'models/m.yml:3:1',
    says: 'indent',
  },
}

let project: TemporaryProject
afterEach(() => project.remove())

onEachDatabase((here) => {
  it.each(Object.entries(mistakes))('%s', async (_, { files, code, at, says }) => {
    project = new TemporaryProject(files, here.database.target)
    const { exitCode, found } = await project.build()
    expect(exitCode).toBe(2)
    expect(found).toEqual([{ code, at, text: expect.any(String) }])
    expect(found[0]!.text).toContain(says)
  })
})
