import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import type { RunOptions } from '../../src/commands/options.ts'
import { schemaFaults } from '../artifacts/dbt-schema.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { load, mistakes } from '../project/project-tree.ts'

const properties = `functions:
  - name: is_positive_int
    description: Whether a text is a whole number above zero.
    config: {volatility: deterministic, tags: [text]}
    arguments:
      - {name: a_string, data_type: text, description: The text}
    returns: {data_type: boolean, description: Never null for a text}
  - name: share
    arguments:
      - {name: part, data_type: "numeric(10,1)"}
      - {name: whole, data_type: "numeric(10,1)"}
      - {name: digits, data_type: integer, default_value: 2}
    returns: {data_type: "numeric(18,4)"}
  - name: biggest
    arguments: [{name: at_most, data_type: integer}]
    returns: {data_type: integer}
  - name: answer
    returns: {data_type: integer}
`

const files = {
  'functions/functions.yml': properties,
  'functions/text/is_positive_int.sql': `-- a whole number
{{#if (eq target.type "postgres")}}
a_string ~ '^[0-9]+$' and a_string !~ '^0+$'
{{else}}
regexp_full_match(a_string, '[0-9]+') and not regexp_full_match(a_string, '0+')
{{/if}}`,
  'functions/share.sql': 'round(part / nullif(whole, 0), digits)',
  'functions/biggest.sql':
    'select max(n) from {{ref "numbers"}} where n <= at_most and {{function "is_positive_int"}}(cast(n as text))',
  'functions/answer.sql': '6 * 7.4',
  'models/stg_orders.sql': null,
  'models/numbers.sql': `{{config materialized="table"}}
select 3 as n union all select 8 union all select 0`,
  'models/uses.sql': `select {{function "is_positive_int"}}('12') as yes, {{function "shop" "is_positive_int"}}('0') as no,
  {{function "share"}}(1.26, 3) as third, {{function "share"}}(1, 3, 3) as finer, {{function "share"}}(1, 0) as none,
  {{function "biggest"}}(7) as big, {{function "answer"}}() as answer`,
}

onEachDatabase((here) => {
  let project: TemporaryProject
  afterEach(() => project.remove())

  const on = (more: Record<string, string | null> = {}) =>
    new TemporaryProject({ ...files, ...more }, { ...here.database.target, threads: 2 })

  async function build(options: RunOptions = {}) {
    const engine = await Engine.open({ projectDir: project.root, env: {} })
    const outcome = await engine.build(options)
    const statuses = Object.fromEntries(outcome.results.map((r) => [r.uniqueId.split('.')[2]!, r.status]))
    return { engine, outcome, statuses, messages: outcome.diagnostics.map((d) => d.message) }
  }
  const relation = (identifier: string) =>
    here.engine.dialect.relation({ database: here.database.name, schema: 'main', identifier })
  const rows = (sql: string) => here.database.sql(sql)

  it('are built before what uses them and give the declared types', async () => {
    project = on()
    const { outcome, statuses, messages, engine } = await build()
    expect(messages).toEqual([])
    expect(outcome.exitCode).toBe(0)
    expect(statuses).toMatchObject({ is_positive_int: 'success', biggest: 'success', uses: 'success' })
    const order = outcome.results.map((r) => r.uniqueId.split('.')[2])
    expect(order.indexOf('is_positive_int')).toBeLessThan(order.indexOf('biggest'))
    expect(outcome.results.find((r) => r.uniqueId === 'function.shop.share')).toMatchObject({
      message: 'CREATE FUNCTION',
      compiledSql: 'round(part / nullif(whole, 0), digits)',
    })
    expect(await rows(`select yes, no, third, finer, none, big, answer from ${relation('uses')}`)).toEqual([
      [true, false, '0.4300', '0.3330', null, 3, 44],
    ])
    const manifest = JSON.parse(readFileSync(join(project.root, 'target/manifest.json'), 'utf8'))
    expect(schemaFaults('manifest', manifest)).toEqual([])
    expect(manifest.functions['function.shop.share']).toMatchObject({
      arguments: [
        { name: 'part', data_type: 'numeric(10,1)', default_value: null },
        { name: 'whole', data_type: 'numeric(10,1)', default_value: null },
        { name: 'digits', data_type: 'integer', default_value: '2' },
      ],
      returns: { data_type: 'numeric(18,4)', description: '' },
      config: { type: 'scalar', volatility: null, materialized: 'function' },
      relation_name: relation('share'),
    })
    expect(manifest.nodes['model.shop.uses']).toMatchObject({
      functions: [['is_positive_int'], ['shop', 'is_positive_int'], ['share'], ['biggest'], ['answer']],
      depends_on: { nodes: expect.arrayContaining(['function.shop.biggest']) },
    })
    // Once more, over what stands.
    expect((await build()).outcome.exitCode).toBe(0)
    const listed = (await engine.ls({ select: ['function:*'] })).nodes
    expect(listed.map((n) => [n.selector, n['functions']])).toEqual(
      expect.arrayContaining([
        ['shop.biggest', [['is_positive_int']]],
        ['shop.text.is_positive_int', []],
      ]),
    )
    const names = async (...select: string[]) =>
      (await engine.ls({ select, resourceTypes: ['model', 'function'] })).nodes.map((n) => n.name).sort()
    expect(await names('+function:shop.big*')).toEqual(['biggest', 'is_positive_int', 'numbers'])
    expect(await names('resource_type:function,tag:text')).toEqual(['is_positive_int'])
    expect(await names('config.volatility:deterministic')).toEqual(['is_positive_int'])
  })

  it('take rows of a table one by one, also by a column that is called like an argument', async () => {
    project = on({
      'models/uses.sql': `{{config materialized="table"}}
select sum({{function "share"}}(part, 4)) as total
from (select 1 as part union all select 2) as t group by {{function "share"}}(1, 1)`,
    })
    expect((await build()).messages).toEqual([])
    expect(await rows(`select total from ${relation('uses')}`)).toEqual([['0.7500']])
  })

  it('stay as they were when a test fails on them, or on a view that shows them', async () => {
    project = on({
      'models/shows.sql': 'select {{function "answer"}}() as answer',
      'models/shows.yml': `models: [{name: shows, columns: [{name: answer, data_tests: [{accepted_values: {values: [44, 45], quote: false}}]}]}]`,
      'tests/answer_is_small.sql': 'select 1 as one where {{function "answer"}}() > 100',
    })
    expect((await build()).messages).toEqual([])
    const seen = () => rows(`select answer from ${relation('shows')}`)
    expect(await seen()).toEqual([[44]])
    project.write({ 'functions/answer.sql': '46' })
    const refused = await build()
    expect([refused.outcome.exitCode, refused.statuses['answer'], refused.statuses['shows']]).toEqual([
      1,
      'error',
      'error',
    ])
    expect(await seen()).toEqual([[44]])
    project.write({ 'functions/answer.sql': '1000', 'models/shows.yml': null })
    const tested = await build({ select: ['function:answer+'] })
    expect([tested.statuses['answer'], tested.statuses['answer_is_small'], tested.statuses['shows']]).toEqual([
      'error',
      'fail',
      'skipped',
    ])
    expect(await seen()).toEqual([[44]])
    project.write({ 'functions/answer.sql': '45', 'models/shows.yml': null })
    expect((await build()).outcome.exitCode).toBe(0)
    expect(await seen()).toEqual([[45]])
  })

  it('change their arguments and types under views that use them', async () => {
    project = on()
    expect((await build()).messages).toEqual([])
    project.write({
      'functions/functions.yml': properties
        .replace(
          '- name: answer\n',
          '- name: answer\n    arguments: [{name: plus, data_type: integer, default_value: 0}]\n',
        )
        .replace(/integer\}\n$/, 'text}\n'),
      'functions/answer.sql': "'is ' || (42 + plus)",
    })
    expect((await build({ select: ['function:answer'] })).messages).toEqual([])
    // A view that was not built again still works.
    expect(await rows(`select big from ${relation('uses')}`)).toEqual([[3]])
    expect((await build()).messages).toEqual([])
    expect(await rows(`select answer from ${relation('uses')}`)).toEqual([['is 42']])
    expect(await rows(`select ${relation('answer')}(1)`)).toEqual([['is 43']])
    if (here.engine.name !== 'postgres') return
    const strays = () => rows(`select count(*) from pg_proc where proname like 'answer\\_\\_tsdbt\\_%'`)
    expect(await strays()).toEqual([[1]])
    await build({ select: ['function:answer'] })
    expect(await strays()).toEqual([[0]])
  })

  it('that fail name the line, and what uses them is skipped', async () => {
    project = on({ 'functions/answer.sql': '6 *\n  nothing_like_that(7)' })
    const { outcome, statuses } = await build()
    expect(outcome.exitCode).toBe(1)
    expect(statuses).toMatchObject({ answer: 'error', uses: 'skipped', biggest: 'success' })
    const [found] = outcome.diagnostics
    const { line, column } = outcome.files.get(found!.span!.path)!.position(found!.span!.start)
    expect([found!.span!.path, line, column]).toEqual(['functions/answer.sql', 2, 3])
  })

  it('are planned, compiled and never shown or run by other commands', async () => {
    project = on()
    const { engine } = await build()
    const plan = await engine.build({ select: ['function:share'], dryRun: true })
    expect(plan.plan.map((u) => [u.mode, u.members.map((m) => m.uniqueId)])).toEqual([
      ['transaction', ['function.shop.share']],
    ])
    expect((await engine.compile({ select: ['function:answer'] })).nodes).toMatchObject([{ sql: '6 * 7.4' }])
    expect((await engine.run()).results.map((r) => r.uniqueId.split('.')[0])).not.toContain('function')
  })
})

const fn = (text: string, sql = '1') => ({ 'functions/f.sql': sql, 'functions/f.yml': `functions:\n${text}` })

describe('mistakes in functions', () => {
  it.each<[string, Record<string, string>, string]>([
    ['no entry', { 'functions/f.sql': '1' }, 'project/function-undescribed functions/f.sql:1:1'],
    ['no result', fn('  - name: f'), 'config/missing-key functions/f.yml:2:5 n'],
    [
      'no type of the result',
      fn('  - {name: f, returns: {description: x}}'),
      'config/missing-key functions/f.yml:2:24 {',
    ],
    [
      'an argument without a type',
      fn('  - {name: f, returns: {data_type: int}, arguments: [{name: a}]}'),
      'config/missing-key functions/f.yml:2:54 {',
    ],
    [
      'an argument with blanks',
      fn('  - {name: f, returns: {data_type: int}, arguments: [{name: a b, data_type: int}]}'),
      'config/bad-argument-name functions/f.yml:2:61 a b',
    ],
    [
      'a default before none',
      fn(
        '  - {name: f, returns: {data_type: int}, arguments: [{name: a, data_type: int, default_value: 1}, {name: b, data_type: int}]}',
      ),
      'config/default-before-required functions/f.yml:2:106 b',
    ],
    [
      'an aggregate',
      fn('  - {name: f, returns: {data_type: int}, config: {type: aggregate}}'),
      'project/function-type functions/f.yml:2:57 aggregate',
    ],
    [
      'an unknown volatility',
      fn('  - {name: f, returns: {data_type: int}, config: {volatility: imutable}}'),
      'config/wrong-value functions/f.yml:2:63 imutable',
    ],
    [
      'overloads',
      fn('  - {name: f, returns: {data_type: int}, overloads: [{arguments: []}]}'),
      'config/not-offered functions/f.yml:2:42 overloads',
    ],
    [
      'an empty file',
      fn('  - {name: f, returns: {data_type: int}}', '-- soon'),
      'project/empty-model functions/f.sql:1:1',
    ],
    [
      'an unknown function',
      { ...fn('  - {name: f, returns: {data_type: int}}'), 'models/m.sql': 'select {{function "ff"}}() as x' },
      'graph/unknown-function models/m.sql:1:19 "ff"',
    ],
    [
      'a disabled function',
      {
        ...fn('  - {name: f, returns: {data_type: int}, config: {enabled: false}}'),
        'models/m.sql': 'select {{function "f"}}() as x',
      },
      'graph/unknown-function models/m.sql:1:19 "f"',
    ],
    [
      'a computed name',
      { 'models/m.sql': 'select {{function (get (query "select 1") 0)}}() as x' },
      'template/unresolved-reference models/m.sql:1:19 (get (query "select 1") 0)',
    ],
    [
      'an entry without a file',
      { 'functions/f.yml': 'functions: [{name: f, returns: {data_type: int}}]' },
      'project/unknown-node (warning) functions/f.yml:1:20 f',
    ],
    ['a Python function', { 'functions/f.py': 'x' }, 'project/unsupported-file (warning) functions/f.py'],
  ])('%s', (_, tree, expected) => expect(mistakes(load(tree))).toEqual([expected]))
})
