import { afterEach, expect, it } from 'vitest'
import type { EngineOptions, RunOptions } from '../../src/commands/options.ts'
import { type Here, onEachDatabase } from '../on-each-database.ts'
import { TemporaryProject } from './temporary-project.ts'

/** One mistake that a new user makes: what is written, and the one diagnostic that answers it. */
interface Mistake {
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>
  readonly run?: RunOptions
  readonly open?: EngineOptions
  readonly code: string
  readonly at: string
  /** A part of the message, its notes or its hints: the next step. */
  readonly says: string
  readonly exitCode: 0 | 1 | 2
}

const source = (files: string, columns = '[{ name: id, data_type: bigint }]') =>
  `sources:\n  - name: raw\n    tables:\n      - name: t\n        files: { ${files} }\n        columns: ${columns}\n`
const onModel = (tests: string, column = 'id') =>
  `models:\n  - name: stg_orders\n    columns:\n      - name: ${column}\n        tests: [${tests}]\n`

const mistakes: Readonly<Record<string, Mistake>> = {
  'unknown ref': {
    files: { 'models/m.sql': 'select *\nfrom {{ref "stg_order"}}\n' },
    code: 'graph/unknown-ref',
    at: 'models/m.sql:2:12',
    says: 'did you mean `stg_orders`?',
    exitCode: 2,
  },
  'unknown source': {
    files: { 'models/m.sql': 'select * from {{source "raw" "orders"}}' },
    code: 'graph/unknown-source',
    at: 'models/m.sql:1:30',
    says: 'declare it under `sources:`',
    exitCode: 2,
  },
  'unknown macro': {
    files: {
      'macros/m.sql': '{{#*macro cents x}}{{x}}{{/macro}}',
      'models/m.sql': 'select {{cens "a"}} as a',
    },
    code: 'template/unknown-name',
    at: 'models/m.sql:1:10',
    says: 'did you mean `cents`?',
    exitCode: 2,
  },
  'missing macro argument': {
    files: { 'macros/m.sql': '{{#*macro cents x}}{{x}}{{/macro}}', 'models/m.sql': 'select {{cents}} as a' },
    code: 'template/missing-argument',
    at: 'models/m.sql:1:10',
    says: '{{cents x}}',
    exitCode: 2,
  },
  'extra macro argument': {
    files: { 'macros/m.sql': '{{#*macro cents x}}{{x}}{{/macro}}', 'models/m.sql': 'select {{cents "a" "b"}} as a' },
    code: 'template/extra-argument',
    at: 'models/m.sql:1:20',
    says: '{{cents x}}',
    exitCode: 2,
  },
  'unclosed block': {
    files: { 'models/m.sql': 'select 1 as a\n{{#if (var "x" 1)}}\nwhere true\n' },
    code: 'template/unclosed-block',
    at: 'models/m.sql:2:1',
    says: '{{/if}}',
    exitCode: 2,
  },
  'Jinja syntax': {
    files: { 'models/m.sql': "select * from {{ ref('stg_orders') }}" },
    code: 'template/jinja',
    at: 'models/m.sql:1:15',
    says: '{{ref "stg_orders"}}',
    exitCode: 2,
  },
  'YAML syntax': {
    files: { 'models/m.yml': 'models:\n  - name: a\n   columns: []\n' },
    code: 'config/yaml-syntax',
    at: 'models/m.yml:3:1',
    says: 'not valid YAML',
    exitCode: 2,
  },
  'YAML duplicate key': {
    files: { 'models/m.yml': 'models:\n  - name: stg_orders\n    description: a\n    description: b\n' },
    code: 'config/duplicate-key',
    at: 'models/m.yml:4:5',
    says: '`description`',
    exitCode: 2,
  },
  'YAML unknown key': {
    files: { 'models/m.yml': 'models:\n  - name: stg_orders\n    colums: []\n' },
    code: 'config/unknown-key',
    at: 'models/m.yml:3:5',
    says: 'did you mean `columns`?',
    exitCode: 2,
  },
  'wrong type in YAML': {
    files: { 'models/m.yml': 'models:\n  - name: stg_orders\n    columns: 3\n' },
    code: 'config/wrong-type',
    at: 'models/m.yml:3:14',
    says: 'must be a list',
    exitCode: 2,
  },
  'two models of one name': {
    files: { 'models/x/stg_orders.sql': 'select 2 as id' },
    code: 'project/duplicate-name',
    at: 'models/x/stg_orders.sql:1:1',
    says: 'models/stg_orders.sql',
    exitCode: 2,
  },
  'a cycle': {
    files: { 'models/a.sql': 'select * from {{ref "b"}}', 'models/b.sql': 'select * from {{ref "a"}}' },
    code: 'graph/cycle',
    at: 'models/a.sql:1:21',
    says: 'a -> b -> a',
    exitCode: 2,
  },
  'a ref to a disabled model': {
    files: { 'models/a.sql': '{{config enabled=false}}\nselect 1 as id', 'models/b.sql': 'select * from {{ref "a"}}' },
    code: 'graph/disabled-ref',
    at: 'models/b.sql:1:21',
    says: 'enable it',
    exitCode: 2,
  },
  'no profile': {
    files: { 'profiles.yml': null },
    code: 'config/profiles-missing',
    at: 'project.yml:2:10',
    says: 'type: duckdb',
    exitCode: 2,
  },
  'no target': {
    open: { target: 'prod' },
    code: 'config/target-missing',
    at: '',
    says: '`dev`',
    exitCode: 2,
  },
  'missing environment variable': {
    files: { 'models/m.sql': 'select {{literal (env_var "REGION")}} as region' },
    code: 'template/missing-environment',
    at: 'models/m.sql:1:27',
    says: 'REGION',
    exitCode: 1,
  },
  'SQL syntax error': {
    files: { 'models/m.sql': 'select 1 as id\nselec 2 as id\n' },
    code: 'db/syntax',
    at: 'models/m.sql:2:1',
    says: 'selec',
    exitCode: 1,
  },
  'unknown column': {
    files: { 'models/m.sql': '-- é 🎉\nselect id, amout\nfrom {{ref "stg_orders"}}' },
    code: 'db/column-missing',
    at: 'models/m.sql:2:12',
    says: 'did you mean `amount`?',
    exitCode: 1,
  },
  'unknown table': {
    files: { 'models/m.sql': 'select *\nfrom nowhere' },
    code: 'db/table-missing',
    at: 'models/m.sql:2:6',
    says: 'nowhere',
    exitCode: 1,
  },
  'type error at run time': {
    files: {
      'models/m.sql':
        '{{config materialized="table"}}\nselect\n  cast(\'x\' || id as integer) as n\nfrom {{ref "stg_orders"}}',
    },
    code: 'db/conversion',
    at: 'models/m.sql:3:3',
    says: "'x1'",
    exitCode: 1,
  },
  'an SQL error inside a macro': {
    files: {
      'macros/m.sql': '{{#*macro filled c}}\ncoalesce({{c}}, nothing_here)\n{{/macro}}',
      'models/m.sql': 'select\n  {{filled "amount"}} as x\nfrom {{ref "stg_orders"}}',
    },
    code: 'db/column-missing',
    at: 'macros/m.sql:2:17',
    says: 'nothing_here',
    exitCode: 1,
  },
  'a seed with a ragged row': {
    files: { 'seeds/s.csv': 'id,name\n1,a\n2,b,c\n' },
    code: 'load/seed-bad-row',
    at: 'seeds/s.csv:3',
    says: '3 cells',
    exitCode: 1,
  },
  'a source file that is missing': {
    files: { 'models/s.yml': source('location: data/orders.csv, format: csv'), 'data/order.csv': 'id\n1\n' },
    code: 'load/file-missing',
    at: 'models/s.yml:5:28',
    says: 'data/order.csv',
    exitCode: 1,
  },
  'a source file that is empty': {
    files: { 'models/s.yml': source('location: data/t.csv, format: csv'), 'data/t.csv': '' },
    code: 'load/file-empty',
    at: 'data/t.csv:1',
    says: 'empty',
    exitCode: 0,
  },
  'a source file of the wrong encoding': {
    files: {
      'models/s.yml': source('location: data/t.csv, format: csv', '[{ name: id }]'),
      'data/t.csv': Uint8Array.from([...Buffer.from('id\nM'), 0xfc, ...Buffer.from('nchen\n')]),
    },
    code: 'load/wrong-encoding',
    at: 'models/s.yml:5:28',
    says: 'latin-1',
    exitCode: 1,
  },
  'a test that names a missing column': {
    files: { 'models/m.yml': onModel('unique', 'idd') },
    code: 'db/column-missing',
    at: 'models/m.yml:5:17',
    says: 'did you mean `id`?',
    exitCode: 1,
  },
  'a failing test': {
    files: { 'models/m.yml': onModel('{accepted_values: {values: [2]}}') },
    code: 'run/test-failed',
    at: 'models/m.yml:5:18',
    says: '1 bad row',
    exitCode: 1,
  },
  'a selector that matches nothing': {
    run: { select: ['stg_order'] },
    code: 'graph/selector-no-match',
    at: '<--select>:1:1',
    says: 'did you mean `stg_orders`?',
    exitCode: 0,
  },
}

/** Where an engine cannot do as well: Postgres tells no place of a cast that fails while the statement runs. */
const differences: Readonly<Record<string, Readonly<Record<string, Partial<Mistake>>>>> = {
  postgres: { 'type error at run time': { at: 'models/m.sql:1:1', says: '"x1"' } },
}

/** Mistakes that only one engine calls so. */
const onlyOn: Readonly<Record<string, Readonly<Record<string, Mistake>>>> = {
  postgres: {
    'a division by zero': {
      files: { 'models/m.sql': '{{config materialized="table"}}\nselect 7 / (id - 1) as x from {{ref "stg_orders"}}' },
      code: 'db/division-by-zero',
      at: 'models/m.sql:1:1',
      says: 'nullif',
      exitCode: 1,
    },
    'syntax of the other engine': {
      files: {
        'models/m.sql': 'select id from {{ref "stg_orders"}}\nqualify row_number() over (partition by id) = 1',
      },
      code: 'db/syntax',
      at: 'models/m.sql:2:9',
      says: 'Postgres has no `qualify`',
      exitCode: 1,
    },
    'a comparison of two types': {
      files: { 'models/m.sql': 'select id from {{ref "stg_orders"}} where amount::text = 3' },
      code: 'db/type',
      at: 'models/m.sql:1:56',
      says: 'cast one side',
      exitCode: 1,
    },
    'a text that is no number': {
      files: { 'models/m.sql': "select 1 as a,\n  'abc'::integer as n" },
      code: 'db/conversion',
      at: 'models/m.sql:2:3',
      says: '"abc"',
      exitCode: 1,
    },
    'two columns of one name': {
      files: { 'models/m.sql': 'select id, id from {{ref "stg_orders"}}' },
      code: 'db/duplicate-name',
      at: 'models/m.sql:1:1',
      says: 'two columns are called `id`',
      exitCode: 1,
    },
  },
}

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

const target = ({ database }: Here) => ({ ...database.target, threads: 2 })

onEachDatabase((here) => {
  const { name } = here.engine
  it.each(Object.entries({ ...mistakes, ...onlyOn[name] }))('%s', async (title, common) => {
    const mistake = { ...common, ...differences[name]?.[title] }
    project = new TemporaryProject(mistake.files, target(here))
    const { exitCode, found } = await project.build(mistake.run, mistake.open)
    expect(found.map(({ code, at }) => ({ code, at }))).toEqual([{ code: mistake.code, at: mistake.at }])
    expect(found[0]!.text).toContain(mistake.says)
    expect(exitCode).toBe(mistake.exitCode)
  })

  it('an incremental model whose columns changed', async () => {
    const model = (columns: string) =>
      `{{config materialized="incremental" unique_key="id" on_schema_change="fail"}}\nselect ${columns}\n`
    project = new TemporaryProject({ 'models/m.sql': model('1 as id') }, target(here))
    expect(await project.build()).toMatchObject({ exitCode: 0, found: [] })
    project.write({ 'models/m.sql': model('1 as id, 2 as extra') })
    const { exitCode, found } = await project.build()
    expect(exitCode).toBe(1)
    expect(found).toMatchObject([{ code: 'run/columns-changed', at: 'models/m.sql:1:1' }])
    expect(found[0]!.text).toMatch(/`extra`[\s\S]*--full-refresh/)
  })

  it('one run shows all compile errors, sorted', async () => {
    project = new TemporaryProject(
      {
        'models/a.sql': 'select {{nope "x"}}, {{var "start"}} from {{ref "nowhere"}}',
        'models/b.sql': '{{#if x}}',
        'models/m.yml': 'models:\n  - name: stg_orders\n    descripton: x\n',
        'macros/z.sql': '{{#*macro z a a}}{{a}}{{/macro}}',
      },
      target(here),
    )
    const { exitCode, found } = await project.build()
    expect(exitCode).toBe(2)
    expect(found.map(({ at }) => at)).toEqual([
      'macros/z.sql:1:15',
      'models/a.sql:1:10',
      'models/a.sql:1:49',
      'models/b.sql:1:1',
      'models/m.yml:3:5',
    ])
  })
})

it('a second process on the same database is told who holds it', async () => {
  project = new TemporaryProject()
  const { spawn } = await import('node:child_process')
  const holder = spawn(
    process.execPath,
    [
      '-e',
      `const { DuckDBInstance } = require('@duckdb/node-api')
DuckDBInstance.create(process.argv[1]).then(() => { console.log('open'); process.stdin.resume() })`,
      `${project.root}/shop.duckdb`,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'], cwd: new URL('../..', import.meta.url) },
  )
  await new Promise((resolve) => holder.stdout.once('data', resolve))
  try {
    const { exitCode, found } = await project.build()
    expect(exitCode).toBe(2)
    expect(found).toHaveLength(1)
    expect(found[0]!.code).toBe('db/locked')
    expect(found[0]!.text).toContain(String(holder.pid))
  } finally {
    holder.kill()
  }
})

it('a folder where nothing can be written', async () => {
  project = new TemporaryProject({
    'profiles.yml':
      'shop:\n  target: dev\n  outputs:\n    dev: { type: duckdb, path: blocked/shop.duckdb, schema: main }\n',
    // A file where the folder should be stops every user, also root.
    blocked: 'not a folder',
  })
  const { exitCode, found } = await project.build()
  expect(exitCode).toBe(2)
  expect(found).toHaveLength(1)
  expect(found[0]!.at).toMatch(/^profiles\.yml:4/)
  expect(found[0]!.text).toContain('blocked')
})
