import { afterEach, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { HistoryProject } from './history-project.ts'

const config = 'strategy: timestamp, unique_key: id, updated_at: updated_at'
const renamed = `snapshot_meta_column_names: { dbt_valid_from: from_time, dbt_valid_to: to_time, dbt_scd_id: version_id, dbt_updated_at: changed_at }`

onEachDatabase((here) => {
  let project: HistoryProject
  afterEach(() => project.remove())
  const clean = { exitCode: 0, found: [] }
  const row = (columns: string, day: string) => `select ${columns}, cast('${day}' as timestamp) as updated_at`

  it('new columns come, removed ones stay, types that only grow are followed', async () => {
    project = new HistoryProject(here.database, config)
    await project.source(row(`1 as id, 'DE' as country, cast(5 as integer) as points`, '2024-01-01'))
    await project.take()
    await project.source(
      row(`cast(1 as bigint) as id, cast(7000000000 as bigint) as points, cast('x' as varchar) as email`, '2024-02-01'),
    )
    expect(await project.take()).toEqual(clean)
    expect(await project.take()).toEqual(clean)
    await project.source(row(`cast(1 as smallint) as id, cast(8 as smallint) as points, 'y' as email`, '2024-03-01'))
    expect(await project.take()).toEqual(clean)
    expect(await project.history('country, points, email')).toEqual([
      'DE 5 - 2024-01-01..2024-02-01',
      '- 7000000000 x 2024-02-01..2024-03-01',
      '- 8 y 2024-03-01..',
    ])
  })

  it('a new column makes versions of the rows in which it is not null, when all columns are compared', async () => {
    const all = (day: string) => `strategy: check, unique_key: id, check_cols: all, snapshot_time: ${day}`
    project = new HistoryProject(here.database, all('2024-01-01'))
    await project.source(`select * from (values (1, 'DE'), (2, 'FR')) as t (id, country)`)
    await project.take()
    project.configure(all('2024-02-01'))
    await project.source(`select * from (values (1, 'DE', 'x'), (2, 'FR', null)) as t (id, country, email)`)
    expect(await project.take()).toEqual(clean)
    expect(await project.history('id, email')).toEqual([
      '1 - 2024-01-01..2024-02-01',
      '1 x 2024-02-01..',
      '2 - 2024-01-01..',
    ])
  })

  it('a type that is another one is an error, and nothing has changed', async () => {
    project = new HistoryProject(here.database, config)
    await project.source(row(`1 as id, cast('2024-01-01' as date) as country`, '2024-01-01'))
    await project.take()
    await project.source(row(`1 as id, 'text' as country`, '2024-02-01'))
    const { exitCode, found } = await project.take()
    expect(exitCode).toBe(1)
    expect(found).toMatchObject([{ code: 'run/snapshot-column-retyped', at: 'snapshots/history.yml:2:11' }])
    expect(await project.history('id, country')).toEqual(['1 2024-01-01 2024-01-01..'])
  })

  it('the added columns may have other names', async () => {
    project = new HistoryProject(here.database, `${config}, ${renamed}`)
    await project.source(row(`1 as id, 'DE' as country`, '2024-01-01'))
    await project.take()
    await project.source(row(`1 as id, 'FR' as country`, '2024-02-01'))
    expect(await project.take()).toEqual(clean)
    const rows = await project.sql(
      'select country, changed_at = from_time, to_time is null, length(version_id) from main.history order by from_time',
    )
    expect(rows.map((r) => r.map(String))).toEqual([
      ['DE', 'true', 'false', '32'],
      ['FR', 'true', 'true', '32'],
    ])
  })

  it('a table without the added columns is no history', async () => {
    project = new HistoryProject(here.database, config)
    await project.source(row(`1 as id, 'DE' as country`, '2024-01-01'))
    await project.sql('create table main.history as select 1 as id, 5 as dbt_valid_to', 'select 1')
    const { exitCode, found } = await project.take()
    expect(exitCode).toBe(1)
    expect(found).toMatchObject([{ code: 'run/snapshot-columns-missing' }])
    expect(found[0]!.text).toContain('`dbt_scd_id`, `dbt_updated_at`, `dbt_valid_from`')
    expect(await project.sql('select * from main.history')).toEqual([[1, 5]])
  })

  it('a snapshot of dbt is gone on with, and told of when it has two current versions of a key', async () => {
    project = new HistoryProject(here.database, config)
    await project.rows([1, `'FR'`, '2024-02-01'])
    const version = (id: number, scd: string) =>
      `select ${id} as id, 'DE' as country, timestamp '2024-01-01' as updated_at, '${scd}' as dbt_scd_id,
        timestamp '2024-01-01' as dbt_updated_at, timestamp '2024-01-01' as dbt_valid_from, cast(null as timestamp) as dbt_valid_to`
    await project.sql(`create table main.history as ${version(1, 'a')}`, 'select 1')
    expect(await project.take()).toEqual(clean)
    expect(await project.history()).toEqual(['1 DE 2024-01-01..2024-02-01', '1 FR 2024-02-01..'])
    await project.sql(
      'drop table main.history',
      `create table main.history as ${version(1, 'a')} union all ${version(1, 'b')}`,
      'select 1',
    )
    const { exitCode, found } = await project.take()
    expect([exitCode, found.map((f) => f.code)]).toEqual([1, ['run/snapshot-several-current']])
    expect(found[0]!.rows?.rows).toEqual([['1', '2']])
  })
})
