import { afterEach, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { HistoryProject } from './history-project.ts'

const at = (day: string, more = '') => `strategy: check, unique_key: id, check_cols: all, snapshot_time: ${day}${more}`

onEachDatabase((here) => {
  let project: HistoryProject
  afterEach(() => project.remove())
  const clean = { exitCode: 0, found: [] }

  it('compares the columns, null with null, and begins versions at the time of the run', async () => {
    project = new HistoryProject(here.database, at('2024-01-01'))
    await project.source(`select 1 as id, cast(null as varchar) as country, 1 as n`)
    expect(await project.take()).toEqual(clean)
    project.configure(at('2024-02-01'))
    expect(await project.take()).toEqual(clean)
    expect(await project.history()).toEqual(['1 - 2024-01-01..'])
    await project.source(`select 1 as id, cast('DE' as varchar) as country, 1 as n`)
    expect(await project.take()).toEqual(clean)
    project.configure(at('2024-03-01'))
    await project.source(`select 1 as id, cast(null as varchar) as country, 1 as n`)
    expect(await project.take()).toEqual(clean)
    expect(await project.history()).toEqual([
      '1 - 2024-01-01..2024-02-01',
      '1 DE 2024-02-01..2024-03-01',
      '1 - 2024-03-01..',
    ])
  })

  it('takes the time of the run where nothing says another', async () => {
    project = new HistoryProject(here.database, 'strategy: check, unique_key: id, check_cols: [country]')
    await project.source(`select 1 as id, 'DE' as country, 1 as n`)
    await project.take()
    await project.source(`select 1 as id, 'DE' as country, 2 as n`)
    expect(await project.take()).toEqual(clean)
    expect(await project.sql('select count(*) from main.history')).toEqual([[1]])
    await project.source(`select 1 as id, 'FR' as country, 3 as n`)
    expect(await project.take()).toEqual(clean)
    expect(
      await project.sql(
        `select a.country, a.n, b.country, b.n, a.dbt_valid_to = b.dbt_valid_from, a.dbt_valid_from < b.dbt_valid_from,
          a.dbt_valid_from > timestamp '2026-01-01' from main.history a join main.history b on a.id = b.id and b.dbt_valid_to is null
          where a.dbt_valid_to is not null`,
      ),
    ).toEqual([['DE', 1, 'FR', 3, true, true, true]])
  })

  it('a second run at the same time changes nothing, and says what it left out', async () => {
    project = new HistoryProject(here.database, at('2024-01-01'))
    await project.source(`select 1 as id, 'DE' as country`)
    await project.take()
    await project.source(`select 1 as id, 'FR' as country`)
    const { exitCode, found } = await project.take()
    expect([exitCode, found.map((f) => f.code)]).toEqual([0, ['run/snapshot-late-versions']])
    expect(await project.history()).toEqual(['1 DE 2024-01-01..'])
    project.configure(at('2024-01-02'))
    expect(await project.take()).toEqual(clean)
    expect(await project.history()).toEqual(['1 DE 2024-01-01..2024-01-02', '1 FR 2024-01-02..'])
  })

  it('keys may be of several columns, with nulls in them', async () => {
    const config = (day: string) => at(day).replace('unique_key: id', 'unique_key: [id, country]')
    project = new HistoryProject(here.database, config('2024-01-01'))
    const rows = (n: number) =>
      `select * from (values (1, 'DE', 1), (1, null, ${n}), (null, 'DE', 1), (2, 'a|b', 1)) as t (id, country, n)`
    await project.source(rows(1))
    expect(await project.take()).toEqual(clean)
    project.configure(config('2024-02-01'))
    await project.source(rows(2))
    expect(await project.take()).toEqual(clean)
    expect((await project.history('id, country, n')).filter((line) => line.includes('2024-02-01'))).toEqual([
      '1 - 1 2024-01-01..2024-02-01',
      '1 - 2 2024-02-01..',
    ])
    const [[rowsKept, ids]] = (await project.sql('select count(*), count(distinct dbt_scd_id) from main.history')) as [
      [number, number],
    ]
    expect([rowsKept, ids].map(Number)).toEqual([5, 5])
  })

  it('with `updated_at` a version begins there, and at the time of the run when that did not move', async () => {
    const config = (day: string) => `${at(day)}, updated_at: updated_at`
    project = new HistoryProject(here.database, config('2024-06-01').replace('all', '[country]'))
    await project.rows([1, `'DE'`, '2024-01-01'])
    await project.take()
    await project.rows([1, `'FR'`, '2024-02-01'])
    expect(await project.take()).toEqual(clean)
    await project.rows([1, `'IT'`, '2024-02-01'])
    expect(await project.take()).toEqual(clean)
    expect(await project.history('country, dbt_updated_at')).toEqual([
      'DE 2024-01-01 2024-01-01..2024-02-01',
      'FR 2024-02-01 2024-02-01..2024-06-01',
      'IT 2024-02-01 2024-06-01..',
    ])
  })
})
