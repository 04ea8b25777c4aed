import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { found, statuses, UnitTested } from './shop.ts'

const config = (text: string) => `{{config materialized="incremental" ${text}}}\n`
const later = '{{#if (is_incremental)}}\nwhere ordered_at > (select max(ordered_at) from {{this}})\n{{/if}}\n'
const files = {
  'models/input.sql':
    "{{config materialized=\"table\"}}\nselect 1 as id, 10 as amount, cast('2024-01-01' as date) as ordered_at union all select 2, 20, cast('2024-01-02' as date)",
  'models/good_merge.sql': `${config('unique_key="id" incremental_strategy="merge"')}select * from {{ref "input"}}`,
  'models/good_append.sql': `${config('')}select * from {{ref "input"}}\n${later}`,
  'models/bad_append.sql': `${config('')}select * from {{ref "input"}}`,
  'models/counting.sql': `${config('unique_key="id"')}select id, amount{{#if (is_incremental)}} + 1{{/if}} as amount from {{ref "input"}}`,
  'models/stamped.sql': `${config('unique_key="id"')}select id, {{#if (is_incremental)}}(select max(run) + 1 from {{this}}){{else}}1{{/if}} as run from {{ref "input"}}`,
  'snapshots/history.yml':
    "snapshots:\n  - name: history\n    relation: ref('input')\n    config: {unique_key: id, strategy: check, check_cols: all, schema: null}\n",
}
const ignoring = 'models:\n  - name: stamped\n    config: {meta: {idempotence: {ignore: [run]}}}\n'

onEachDatabase((here) => {
  let shop: UnitTested | undefined
  afterEach(() => shop?.remove())
  const check = async (select: readonly string[] = []) => (await shop!.open()).test({ idempotence: true, select })

  it('tells which models a second run changes, before they are built and after', async () => {
    shop = new UnitTested(here.database.target, ignoring, files)
    await shop.build({ select: ['input'] })
    const expected = {
      good_merge: 'pass',
      good_append: 'pass',
      bad_append: 'fail',
      counting: 'fail',
      stamped: 'pass',
      history: 'pass',
      merged: 'error',
    }
    expect(statuses(await check())).toEqual(expected)
    expect(
      (
        await shop.build({
          select: ['+merged', '1+stamped', 'good_merge', 'good_append', 'bad_append', 'counting', 'history'],
        })
      ).exitCode,
    ).toBe(0)
    const before = await here.database.sql(
      'select count(*) from main.bad_append union all select count(*) from main.history order by 1',
    )
    const report = await check()
    expect(statuses(report)).toEqual({ ...expected, merged: 'pass' })
    expect(report.exitCode).toBe(1)
    expect(found(report)).toEqual([
      'idempotence/full-refresh models/bad_append.sql:1:1 `bad_append` is not what a full refresh makes: 2 rows are unexpected',
      'idempotence/second-run models/bad_append.sql:1:1 a second run of `bad_append` changes its rows: 2 rows are unexpected',
      'idempotence/full-refresh models/counting.sql:1:1 `counting` is not what a full refresh makes: 2 rows differ',
    ])
    const counting = report.diagnostics.find((d) => d.message.includes('counting'))
    expect(counting!.rows).toEqual({
      columns: ['', 'id', 'amount'],
      rows: [
        ['differs', '1', '10 → 11'],
        ['differs', '2', '20 → 21'],
      ],
    })
    const after = await here.database.sql(
      'select count(*) from main.bad_append union all select count(*) from main.history order by 1',
    )
    expect(after).toEqual(before)
    const strays = await here.database.sql(
      "select count(*) from information_schema.tables where table_name like '%tsdbt~_%' escape '~' and table_schema = 'main'",
    )
    expect(strays).toEqual([[0]])
    const results = JSON.parse(readFileSync(join(shop.project.root, 'target/run_results.json'), 'utf8'))
    expect(results.args.which).toBe('test')
    expect(results.results).toHaveLength(7)
  })

  it('sees a table that has drifted from its input', async () => {
    shop = new UnitTested(here.database.target, ignoring, files)
    await shop.build({ select: ['input', 'good_append'] })
    await here.database.sql("insert into main.input values (3, 30, cast('2023-12-31' as date))", 'select 1')
    const report = await check(['good_append'])
    expect(found(report)).toEqual([
      'idempotence/full-refresh models/good_append.sql:1:1 `good_append` is not what a full refresh makes: 1 row is missing',
    ])
  })

  it('says when nothing is selected that could change', async () => {
    shop = new UnitTested(here.database.target, ignoring, files)
    const report = await check(['input'])
    expect(report.exitCode).toBe(0)
    expect(found(report).map((line) => line.split(' ')[0])).toEqual(['idempotence/nothing'])
  })
})
