import { afterEach, expect, it } from 'vitest'
import type { Cell } from '../../src/adapters/adapter.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { type Here, onEachDatabase } from '../on-each-database.ts'

onEachDatabase((here: Here) => {
  let project: TemporaryProject | undefined
  afterEach(() => {
    project?.remove()
    project = undefined
  })
  const rows = (sql: string): Promise<readonly (readonly Cell[])[]> => here.database.sql(sql)
  const versions = (latest: number, more = '') => `models:
  - name: dim
    latest_version: ${latest}
    config: {materialized: table, latest_version_pointer: {enabled: true}}
    columns: [{name: id, data_tests: [unique]}, {name: name}]
    versions:
      - {v: 1}
      - {v: 2, columns: [{include: all, exclude: [name]}]${more}}
`

  it('stand beside each other, and the view of the model’s name shows the latest', async () => {
    const dim = "select 1 as id, 'Ann' as name"
    project = new TemporaryProject(
      {
        'models/stg_orders.sql': null,
        'models/dim.sql': `{{config materialized="table"}}${dim}`,
      },
      here.database.target,
    )
    expect(await project.build()).toEqual({ exitCode: 0, found: [] })
    project.write({
      'models/dim.sql': null,
      'models/dim_v1.sql': dim,
      'models/dim_v2.sql': 'select id, 7 as n from {{ref "dim" v=1}}',
      'models/reader.sql': 'select * from {{ref "dim"}}',
      'models/dim.yml': versions(1),
    })
    expect(await project.build()).toEqual({ exitCode: 0, found: [] })
    expect(await rows('select * from main.dim')).toEqual([[1, 'Ann']])
    expect(await rows('select * from main.reader')).toEqual([[1, 'Ann']])
    project.write({ 'models/dim.yml': versions(2) })
    expect(await project.build()).toEqual({ exitCode: 0, found: [] })
    expect(await rows('select * from main.dim')).toEqual([[1, 7]])
    expect(await rows('select * from main.dim_v1')).toEqual([[1, 'Ann']])
    expect(await project.build()).toEqual({ exitCode: 0, found: [] })
  })

  it('leave the view as it was when the latest fails its tests', async () => {
    project = new TemporaryProject(
      {
        'models/stg_orders.sql': null,
        'models/dim_v1.sql': "select 1 as id, 'Ann' as name",
        'models/dim_v2.sql': 'select 1 as id, 7 as n',
        'models/dim.yml': versions(1),
      },
      here.database.target,
    )
    await project.build()
    project.write({
      'models/dim.yml': versions(2),
      'models/dim_v2.sql': 'select 1 as id, 8 as n union all select 1, 9',
    })
    expect((await project.build()).exitCode).toBe(1)
    expect(await rows('select * from main.dim')).toEqual([[1, 'Ann']])
    expect(await rows('select * from main.dim_v2')).toEqual([[1, 7]])
  })
})
