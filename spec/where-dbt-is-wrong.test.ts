import { afterEach, expect, it } from 'vitest'
import { TemporaryProject } from './errors/temporary-project.ts'
import { onEachDatabase } from './on-each-database.ts'

/** What dbt gets wrong and users have asked for, each on every engine. `docs/dbt.md` lists the same under "What is different". */
onEachDatabase((here) => {
  let project: TemporaryProject | undefined
  afterEach(() => project?.remove())

  const make = (files: Readonly<Record<string, string | null>>): TemporaryProject => {
    project = new TemporaryProject({ 'models/stg_orders.sql': null, ...files }, here.database.target)
    return project
  }
  const rows = (query: string) => here.database.sql(query)
  const good = { exitCode: 0, found: [] }

  it('takes an apostrophe in the values of `accepted_values`', async () => {
    const test = `models:
  - name: m
    columns:
      - name: title
        data_tests: [{ accepted_values: { arguments: { values: ["it's", "o''clock"] } } }]
`
    const shop = make({
      'models/m.yml': test,
      'models/m.sql': `{{config materialized="table"}}\nselect 'it''s' as title`,
    })
    expect(await shop.build()).toEqual(good)
    shop.write({ 'models/m.sql': `{{config materialized="table"}}\nselect 'its' as title` })
    expect((await shop.build()).exitCode).toBe(1)
    expect(await rows('select title from main.m')).toEqual([["it's"]])
  })

  it('keeps large numbers and leading zeros of seeds, and fills renamed columns by their names', async () => {
    const shop = make({ 'seeds/s.csv': 'id,zip,big\n1,00501,9007199254740993\n' })
    expect(await shop.build()).toEqual(good)
    expect(await rows('select zip, cast(big as varchar) from main.s')).toEqual([['00501', '9007199254740993']])
    shop.write({ 'seeds/s.csv': 'id,big,postcode\n1,9007199254740993,00501\n' })
    expect(await shop.build()).toEqual(good)
    expect(await rows('select postcode, cast(big as varchar) from main.s')).toEqual([['00501', '9007199254740993']])
  })

  it.each(['delete+insert', 'merge'])('finds a null key again (%s), so that it piles up no rows', async (strategy) => {
    const shop = make({
      'models/m.sql': `{{config materialized="incremental" unique_key="id" incremental_strategy="${strategy}"}}
select cast(null as integer) as id, {{var "n"}} as n`,
    })
    for (const n of [1, 2, 3]) expect(await shop.build({}, { vars: { n } })).toEqual(good)
    expect(await rows('select id, n from main.m')).toEqual([[null, 3]])
  })

  it('commits a change of type under `sync_all_columns`, rows and all', async () => {
    const model = (columns: string) =>
      `{{config materialized="incremental" unique_key="id" on_schema_change="sync_all_columns"}}\nselect ${columns}`
    const shop = make({ 'models/m.sql': model("1 as id, cast(5 as integer) as n, 'x' as gone") })
    expect(await shop.build()).toEqual(good)
    shop.write({ 'models/m.sql': model('2 as id, cast(5000000000 as bigint) as n') })
    expect(await shop.build()).toEqual(good)
    expect(await rows('select * from main.m order by id')).toMatchObject([
      [1, 5],
      [2, 5_000_000_000],
    ])
  })
})
