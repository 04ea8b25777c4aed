import { afterEach, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { HistoryProject } from './history-project.ts'

onEachDatabase((here) => {
  let project: HistoryProject
  afterEach(() => project.remove())
  const clean = { exitCode: 0, found: [] }
  const config = (deletes: string, day: string) =>
    `strategy: timestamp, unique_key: id, updated_at: updated_at, hard_deletes: ${deletes}, snapshot_time: ${day}`
  const both = [
    [1, `'DE'`, '2024-01-01'],
    [null, `'FR'`, '2024-01-01'],
  ] as const

  it('`ignore` leaves the version of a key that is gone open', async () => {
    project = new HistoryProject(here.database, config('ignore', '2024-02-01'))
    await project.rows(...both)
    await project.take()
    await project.rows(both[0])
    expect(await project.take()).toEqual(clean)
    expect(await project.history()).toEqual(['1 DE 2024-01-01..', '- FR 2024-01-01..'])
  })

  it('`invalidate` ends it, and a key that comes back begins anew without overlapping', async () => {
    project = new HistoryProject(here.database, config('invalidate', '2024-02-01'))
    await project.rows(...both)
    await project.take()
    await project.rows(both[0])
    expect(await project.take()).toEqual(clean)
    expect(await project.take()).toEqual(clean)
    expect(await project.history()).toEqual(['1 DE 2024-01-01..', '- FR 2024-01-01..2024-02-01'])
    project.configure(config('invalidate', '2024-03-01'))
    await project.rows(...both)
    expect(await project.take()).toEqual(clean)
    expect(await project.take()).toEqual(clean)
    expect(await project.history('id, country, dbt_updated_at')).toEqual([
      '1 DE 2024-01-01 2024-01-01..',
      '- FR 2024-01-01 2024-01-01..2024-02-01',
      '- FR 2024-01-01 2024-03-01..',
    ])
    await project.rows(both[0], [null, `'IT'`, '2024-04-01'])
    await project.take()
    expect((await project.history()).slice(-2)).toEqual(['- FR 2024-03-01..2024-04-01', '- IT 2024-04-01..'])
  })

  it('`new_record` adds a version that says so', async () => {
    project = new HistoryProject(here.database, config('new_record', '2024-02-01'))
    await project.rows(...both)
    await project.take()
    await project.rows(both[0])
    expect(await project.take()).toEqual(clean)
    expect(await project.take()).toEqual(clean)
    const lines = ['1 DE False 2024-01-01..', '- FR False 2024-01-01..2024-02-01', '- FR True 2024-02-01..']
    expect(await project.history('id, country, dbt_is_deleted')).toEqual(lines)
    await project.rows(both[0], [null, `'FR'`, '2024-01-15'])
    project.configure(config('new_record', '2024-03-01'))
    expect(await project.take()).toEqual(clean)
    await project.rows(both[0])
    project.configure(config('new_record', '2024-04-01'))
    expect(await project.take()).toEqual(clean)
    expect(await project.history('id, country, dbt_is_deleted')).toEqual([
      ...lines.slice(0, 2),
      '- FR True 2024-02-01..2024-03-01',
      '- FR False 2024-03-01..2024-04-01',
      '- FR True 2024-04-01..',
    ])
    expect(await project.sql('select count(*) - count(distinct dbt_scd_id) from main.history')).toEqual([[0]])
  })

  it('a version that begins after the time of the run is not ended before it begins', async () => {
    project = new HistoryProject(here.database, config('invalidate', '2023-01-01'))
    await project.rows(...both)
    await project.take()
    await project.rows(both[0])
    const { found } = await project.take()
    expect(found).toMatchObject([
      { code: 'run/snapshot-late-versions', text: expect.stringContaining('1 missing row') },
    ])
    expect(await project.history()).toEqual(['1 DE 2024-01-01..', '- FR 2024-01-01..'])
  })

  it('reading no rows ends nothing, and the end of open versions can be a date', async () => {
    const open = `${config('invalidate', '2024-02-01')}, dbt_valid_to_current: 9999-12-31`
    project = new HistoryProject(here.database, open)
    await project.rows(...both)
    await project.take()
    const before = await project.history()
    expect(before).toEqual(['1 DE 2024-01-01..9999-12-31', '- FR 2024-01-01..9999-12-31'])
    expect(await project.take({ empty: true })).toEqual(clean)
    expect(await project.take({ fullRefresh: true })).toEqual(clean)
    expect(await project.history()).toEqual(before)
    await project.rows([1, `'IT'`, '2024-01-05'])
    expect(await project.snapshot()).toBe(0)
    expect(await project.history()).toEqual([
      '1 DE 2024-01-01..2024-01-05',
      '1 IT 2024-01-05..9999-12-31',
      '- FR 2024-01-01..2024-02-01',
    ])
  })
})
