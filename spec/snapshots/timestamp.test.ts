import { afterEach, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { HistoryProject } from './history-project.ts'

const config = 'strategy: timestamp, unique_key: id, updated_at: updated_at'

onEachDatabase((here) => {
  let project: HistoryProject
  afterEach(() => project.remove())
  const clean = { exitCode: 0, found: [] }

  it('a changed row ends its version and begins the next; what did not change stays as it is', async () => {
    project = new HistoryProject(here.database, config)
    await project.rows([1, `'DE'`, '2024-01-01'], [2, 'null', '2024-01-01'])
    expect(await project.take()).toEqual(clean)
    expect(await project.history()).toEqual(['1 DE 2024-01-01..', '2 - 2024-01-01..'])
    const before = await project.sql('select * from main.history order by id')
    expect(await project.take()).toEqual(clean)
    expect(await project.sql('select * from main.history order by id')).toEqual(before)
    await project.rows([1, `'FR'`, '2024-02-01'], [2, 'null', '2024-01-01'], [3, `'IT'`, '2024-02-02'])
    expect(await project.take()).toEqual(clean)
    expect(await project.history()).toEqual([
      '1 DE 2024-01-01..2024-02-01',
      '1 FR 2024-02-01..',
      '2 - 2024-01-01..',
      '3 IT 2024-02-02..',
    ])
    const [[ids, keyed]] = (await project.sql(
      `select count(distinct dbt_scd_id), count(case when dbt_scd_id = md5(cast(id as varchar) || '|' || cast(dbt_updated_at as varchar)) then 1 end) from main.history`,
    )) as [[number, number]]
    expect([Number(ids), Number(keyed)]).toEqual([4, 4])
  })

  it('several versions of a key in one run follow each other, also null, value, null', async () => {
    project = new HistoryProject(here.database, config)
    const first = [
      [1, 'null', '2024-01-01'],
      [1, `'DE'`, '2024-02-01'],
      [1, 'null', '2024-03-01'],
    ] as const
    await project.rows(...first)
    expect(await project.take()).toEqual(clean)
    const three = ['1 - 2024-01-01..2024-02-01', '1 DE 2024-02-01..2024-03-01']
    expect(await project.history()).toEqual([...three, '1 - 2024-03-01..'])
    await project.rows(...first, [1, `'FR'`, '2024-04-01'], [1, `'IT'`, '2024-05-01'], [2, `'DE'`, '2024-05-01'])
    expect(await project.take()).toEqual(clean)
    expect(await project.history()).toEqual([
      ...three,
      '1 - 2024-03-01..2024-04-01',
      '1 FR 2024-04-01..2024-05-01',
      '1 IT 2024-05-01..',
      '2 DE 2024-05-01..',
    ])
    expect(await project.take()).toEqual(clean)
    expect((await project.history()).length).toBe(6)
  })

  it('a null key is a key like any other', async () => {
    project = new HistoryProject(here.database, config)
    await project.rows([null, `'DE'`, '2024-01-01'])
    await project.take()
    expect(await project.take()).toEqual(clean)
    await project.rows([null, `'FR'`, '2024-02-01'])
    expect(await project.take()).toEqual(clean)
    expect(await project.history()).toEqual(['- DE 2024-01-01..2024-02-01', '- FR 2024-02-01..'])
  })

  it('versions that come too late are counted and left out', async () => {
    project = new HistoryProject(here.database, config)
    await project.rows([1, `'DE'`, '2024-03-01'])
    await project.take()
    await project.rows([1, `'XX'`, '2024-01-01'], [1, `'DE'`, '2024-03-01'], [2, `'DE'`, '2024-03-01'])
    const { exitCode, found } = await project.take()
    expect(exitCode).toBe(0)
    expect(found).toMatchObject([{ code: 'run/snapshot-late-versions', text: expect.stringContaining('1 row is') }])
    expect(await project.history()).toEqual(['1 DE 2024-03-01..', '2 DE 2024-03-01..'])
  })
})
