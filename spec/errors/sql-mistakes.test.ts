import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { engines, type SpecDatabase } from '../engines.ts'
import { TemporaryProject } from './temporary-project.ts'

interface Mistake {
  /** Of the model `m`. */
  readonly sql: string
  readonly code: string
  readonly at: string
  /** Message, notes and hints, in this order. */
  readonly says: readonly string[]
  readonly select?: string
  /** The only engine that reads such a statement. */
  readonly engine?: string
}

const mistakes: Readonly<Record<string, Mistake>> = {
  'a column that the table before the dot lacks': {
    sql: 'select s.amont\nfrom {{ref "stg_orders"}} as s',
    code: 'db/column-missing',
    at: 'models/m.sql:1:8',
    says: ['no column `amont` in `s`', 'columns here: `id`, `amount`', 'did you mean `amount`?'],
  },
  'a column without a near name': {
    sql: 'select zzz from {{ref "stg_orders"}}',
    code: 'db/column-missing',
    at: 'models/m.sql:1:8',
    says: ['no column `zzz` here', 'columns here: `id`, `amount`'],
  },
  'a column that only its own alias is called': {
    sql: 'select round(amont, 2) as amont\nfrom {{ref "stg_orders"}}',
    code: 'db/column-missing',
    at: 'models/m.sql:1:14',
    says: ['no column `amont` here', 'columns here: `id`, `amount`', 'did you mean `amount`?'],
  },
  'a filter of windows by a name that is not there': {
    sql: 'select id from {{ref "stg_orders"}} qualify rn = 1',
    code: 'db/column-missing',
    at: 'models/m.sql:1:45',
    says: ['no column `rn` here', 'columns here: `id`, `amount`'],
    engine: 'duckdb',
  },
  'a clause that only another engine has': {
    sql: 'select id from {{ref "stg_orders"}} qualify rn = 1',
    code: 'db/syntax',
    at: 'models/m.sql:1:45',
    says: ['Postgres has no `qualify`', 'filter outside of it'],
    engine: 'postgres',
  },
  'a table that nothing is near to': {
    sql: 'select 1 as a from runs',
    code: 'db/table-missing',
    at: 'models/m.sql:1:20',
    says: ['no table or view `runs`'],
  },
  'a reference to what was never built': {
    sql: 'select id from {{ref "stg_orders"}}',
    select: 'm',
    code: 'db/table-missing',
    at: 'models/m.sql:1:16',
    says: ['no table or view `', 'stg_orders`', '`tsdbt build --select +m` builds it'],
  },
  'a statement that breaks off': {
    sql: 'select a from',
    code: 'db/syntax',
    at: 'models/m.sql:1:14',
    says: ['ends too early'],
  },
  'an open quote': {
    sql: 'select \'a as b\nfrom {{ref "stg_orders"}}\n',
    code: 'db/syntax',
    at: 'models/m.sql:1:8',
    says: ['this text has no end', "close it with `'`"],
  },
}

const hooks: Readonly<Record<string, { readonly files: Readonly<Record<string, string>>; readonly at: string }>> = {
  'of a folder': {
    files: {
      'project.yml':
        "name: shop\nprofile: shop\nmodels:\n  shop:\n    +post-hook:\n      - analyze\n      - 'insert into log select 1'\n",
    },
    at: 'project.yml:7:22',
  },
  'of a property file': {
    files: { 'models/m.yml': 'models:\n  - name: stg_orders\n    config: { pre_hook: "insert into log select 1" }\n' },
    at: 'models/m.yml:3:38',
  },
  'of a model': {
    files: { 'models/stg_orders.sql': '{{config post_hook="insert into log select 1"}}\nselect 1 as id' },
    at: 'models/stg_orders.sql:1:33',
  },
  'in a block of text': {
    files: {
      'models/m.yml':
        'models:\n  - name: stg_orders\n    config:\n      post_hook: |\n        insert into log select 1\n',
    },
    at: 'models/m.yml:5:21',
  },
}

describe.each(engines)('on $name', (engine) => {
  let project: TemporaryProject
  let database: SpecDatabase
  beforeAll(async () => {
    database = await engine.create()
  })
  afterEach(async () => {
    project.remove()
    await database.reset()
  })
  afterAll(() => database.drop())

  const start = (files: Readonly<Record<string, string>>) =>
    new TemporaryProject(files, { ...database.target, threads: 2 })

  it.each(Object.entries(mistakes).filter(([, { engine: only }]) => only === undefined || only === engine.name))(
    '%s',
    async (_, { sql, code, at, says, select }) => {
      project = start({ 'models/m.sql': sql })
      const { exitCode, found } = await project.build(select === undefined ? {} : { select: [select] })
      expect(exitCode).toBe(1)
      expect(found).toEqual([{ code, at, text: expect.any(String) }])
      const { text } = found[0]!
      let from = 0
      for (const part of says) {
        expect(text.slice(from)).toContain(part)
        from = text.indexOf(part, from) + part.length
      }
      expect(text).not.toMatch(/FROM clause|pg_|duckdb_|it could be/)
    },
  )

  it.each(Object.entries(hooks))(
    'a mistake in a hook %s is shown where the hook is written',
    async (_, { files, at }) => {
      project = start(files)
      const { exitCode, found } = await project.build()
      expect(exitCode).toBe(1)
      expect(found).toEqual([{ code: 'db/table-missing', at, text: 'there is no table or view `log`' }])
    },
  )

  it('a reference in a hook is shown where it is written', async () => {
    project = start({
      'models/m.yml': 'models:\n  - name: stg_orders\n    config: { pre_hook: \'select 1 from {{ref "nope"}}\' }\n',
    })
    const { exitCode, found } = await project.build()
    expect(exitCode).toBe(2)
    expect(found).toMatchObject([{ code: 'graph/unknown-ref', at: 'models/m.yml:3:46' }])
  })

  it.each([
    ['that asks for what was never built', 'values_of (ref "stg_orders") "id"', 'stg_orders`', 'build --select +m'],
    ['that asks for a wrong column', 'values_of (ref "built") "idd"', 'no column `idd` here', 'did you mean `id`?'],
  ])('a template %s says so in plain words', async (_, question, cause, hint) => {
    project = start({ 'models/built.sql': 'select 1 as id' })
    await project.build({ select: ['built'] })
    project.write({ 'models/m.sql': `select 1 as a\n{{#each (${question}) as |x|}}, {{x}}{{/each}}` })
    const { exitCode, found } = await project.build({ select: ['m'] })
    expect(exitCode).toBe(1)
    expect(found).toMatchObject([{ code: 'compile/query-failed', at: 'models/m.sql:2:20' }])
    expect(found[0]!.text).toContain(hint)
    expect(found[0]!.cause).toContain(cause)
  })

  it('a test of what was never built says how to leave it out', async () => {
    project = start({
      'models/m.sql': 'select 1 as id',
      'models/m.yml':
        "models:\n  - name: m\n    columns:\n      - name: id\n        tests: [{ relationships: { to: ref('stg_orders'), field: id } }]\n",
    })
    const { found } = await project.build({ select: ['m'] })
    expect(found).toMatchObject([{ code: 'db/table-missing' }])
    expect(found[0]!.text).toContain('build `stg_orders` first, or leave this test out')
  })

  it('a test that fails without rows shows no table of rows', async () => {
    project = start({
      'models/m.yml':
        'models:\n  - name: stg_orders\n    columns:\n      - name: id\n        tests: [{ not_null: { error_if: ">= 0" } }]\n',
    })
    const { found } = await project.build()
    expect(found).toMatchObject([{ code: 'run/test-failed', text: expect.stringContaining('found 0 bad rows') }])
    expect(found[0]!.rows).toBeUndefined()
  })

  it('a mistake in the `where` of a test is told as such', async () => {
    project = start({
      'models/m.yml':
        'models:\n  - name: stg_orders\n    columns:\n      - name: id\n        tests: [{ not_null: { where: "amont > 0" } }]\n',
    })
    const { exitCode, found } = await project.build()
    expect(exitCode).toBe(1)
    expect(found).toMatchObject([{ code: 'db/column-missing', at: 'models/m.yml:5:19' }])
    expect(found[0]!.text).toContain("the mistake is in the test's `where`: amont > 0")
  })
})
