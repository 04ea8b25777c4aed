import { readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { schemaFaults } from '../artifacts/dbt-schema.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { HistoryProject } from './history-project.ts'

const config = 'strategy: timestamp, unique_key: id, updated_at: updated_at'
const tested = `    description: Customers as they were
    columns:
      - { name: country, description: Where they live, data_tests: [{ accepted_values: { values: [DE, FR] } }] }
`
const inFile = `{{config strategy="timestamp" unique_key="id" updated_at="updated_at" post-hook="insert into main.log select count(*) from {{this}}"}}
select id, upper(country) as country, updated_at from {{source "app" "customers"}}
`

onEachDatabase((here) => {
  let project: HistoryProject
  afterEach(() => project.remove())
  const clean = { exitCode: 0, found: [] }

  it('a failing test leaves the history as it was, and what reads it', async () => {
    const current =
      '{{config materialized="table"}}\nselect id, country from {{ref "history"}} where dbt_valid_to is null\n'
    project = new HistoryProject(here.database, config, { 'models/current.sql': current })
    project.configure(config, tested)
    await project.rows([1, `'DE'`, '2024-01-01'])
    expect(await project.take()).toEqual(clean)
    const before = await project.sql('select * from main.history')
    await project.rows([1, `'XX'`, '2024-02-01'], [2, `'DE'`, '2024-02-01'])
    const { exitCode, found } = await project.take()
    expect(exitCode).toBe(1)
    expect(found.map((f) => f.code)).toEqual(['run/test-failed'])
    expect(await project.sql('select * from main.history')).toEqual(before)
    expect(await project.sql('select * from main.current')).toEqual([[1, 'DE']])
    await project.rows([1, `'FR'`, '2024-02-01'])
    expect(await project.take()).toEqual(clean)
    expect(await project.sql('select * from main.current')).toEqual([[1, 'FR']])
    expect(await left()).toEqual([])
  })

  it('a failing hook leaves the history as it was; one that works sees the new rows', async () => {
    const yaml = 'snapshots:\n  - name: history\n'
    project = new HistoryProject(here.database, config, { 'snapshots/history.sql': inFile })
    project.project.write({ 'snapshots/history.yml': yaml })
    await project.sql('create table main.log (n bigint)', 'select 1')
    await project.rows([1, `'de'`, '2024-01-01'])
    expect(await project.take()).toEqual(clean)
    await project.rows([1, `'fr'`, '2024-02-01'])
    await project.sql('drop table main.log', 'select 1')
    expect((await project.take()).exitCode).toBe(1)
    expect(await project.history()).toEqual(['1 DE 2024-01-01..'])
    await project.sql('create table main.log (n bigint)', 'select 1')
    expect(await project.take()).toEqual(clean)
    expect(await project.history()).toEqual(['1 DE 2024-01-01..2024-02-01', '1 FR 2024-02-01..'])
    expect(await project.sql('select * from main.log')).toEqual([[2]])
    expect(await left()).toEqual([])
  })

  it('the artifacts know it', async () => {
    project = new HistoryProject(here.database, config)
    project.configure(`${config}, hard_deletes: invalidate, tags: [daily]`, tested)
    await project.rows([1, `'DE'`, '2024-01-01'])
    expect(await project.take()).toEqual(clean)
    expect(await project.take()).toEqual(clean)
    const read = (name: string) => JSON.parse(readFileSync(`${project.project.root}/target/${name}`, 'utf8'))
    const manifest = read('manifest.json')
    expect(schemaFaults('manifest', manifest)).toEqual([])
    const node = manifest.nodes['snapshot.shop.history']
    expect(node).toMatchObject({
      resource_type: 'snapshot',
      fqn: ['shop', 'history'],
      original_file_path: 'snapshots/history.yml',
      path: 'history.sql',
      raw_code: 'select * from {{source "app" "customers"}}',
      compiled_path: 'target/compiled/shop/snapshots/history.yml/history.sql',
      sources: [['app', 'customers']],
      config: {
        materialized: 'snapshot',
        strategy: 'timestamp',
        unique_key: 'id',
        updated_at: 'updated_at',
        hard_deletes: 'invalidate',
        check_cols: null,
        tags: ['daily'],
      },
    })
    expect(node.compiled_code).toContain(node.depends_on.nodes.length === 1 ? 'select * from ' : '?')
    expect(readFileSync(`${project.project.root}/${node.compiled_path}`, 'utf8')).toBe(node.compiled_code)
    const results = read('run_results.json')
    expect(schemaFaults('run-results', results)).toEqual([])
    expect(results.results.find((r: { unique_id: string }) => r.unique_id === 'snapshot.shop.history')).toMatchObject({
      status: 'success',
      relation_name: node.relation_name,
      adapter_response: { code: 'INSERT', rows_affected: 0 },
    })
  })

  /** Relations that a run should have taken away. */
  async function left(): Promise<readonly (readonly unknown[])[]> {
    return project.sql(
      `select table_name from information_schema.tables where table_schema = 'main' and table_name like '%tsdbt%'`,
    )
  }
})
