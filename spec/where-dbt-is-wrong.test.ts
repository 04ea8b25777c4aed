import { afterEach, expect, it } from 'vitest'
import { Engine } from '../src/commands/engine.ts'
import { TemporaryProject } from './errors/temporary-project.ts'
import { BatchedShop } from './microbatch/batched-shop.ts'
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

  const history = (config: string) => ({
    'models/m.yml': `snapshots:
  - name: history
    relation: ref('people')
    config: { strategy: timestamp, unique_key: id, updated_at: changed_at${config} }
`,
  })
  const people = (...rows: readonly string[]) => ({
    'models/people.sql': `select id, name, cast(changed_at as timestamp) as changed_at from (values ${rows.join(', ')}) as p (id, name, changed_at)`,
  })

  it('refuses two rows of one key and time in a snapshot, and shows the key, where dbt makes two current rows', async () => {
    const shop = make({
      ...history(''),
      ...people("(1, 'a', '2024-01-01')", "(7, 'b', '2024-01-01')", "(7, 'c', '2024-01-01')"),
    })
    const { exitCode, found } = await shop.build()
    expect({ exitCode, codes: found.map((f) => f.code) }).toEqual({
      exitCode: 1,
      codes: ['run/snapshot-duplicates'],
    })
    expect(JSON.stringify(found[0])).toContain('7')
  })

  it('finds a null key of a snapshot again, so that it piles up no versions', async () => {
    const shop = make({ ...history(''), ...people("(cast(null as integer), 'a', '2024-01-01')") })
    for (let run = 0; run < 3; run++) expect(await shop.build()).toEqual(good)
    expect(await rows('select count(*) from main.history')).toMatchObject([[1]])
  })

  it('tells of a bad `hard_deletes` before anything is run', async () => {
    const shop = make({ ...history(', hard_deletes: invalid'), ...people("(1, 'a', '2024-01-01')") })
    const { exitCode, found } = await shop.build()
    expect({ exitCode, codes: found.map((f) => f.code) }).toEqual({ exitCode: 2, codes: ['config/wrong-value'] })
  })

  it('tells of an unknown key in `selectors.yml`', async () => {
    const selector = 'selectors:\n  - name: nightly\n    definition: { method: tag, valeu: nightly }\n'
    const shop = make({ ...people("(1, 'a', '2024-01-01')"), 'selectors.yml': selector })
    const { exitCode, found } = await shop.build()
    expect({ exitCode, code: found[0]?.code, at: found[0]?.at }).toEqual({
      exitCode: 2,
      code: 'config/unknown-key',
      at: 'selectors.yml:3:32',
    })
  })

  it('keeps the good batches when a failed full refresh of a microbatch model is retried', async () => {
    const query = `select id, happened_at, cast(case when id = {{var "bad" 0}} then 'none' else '1' end as integer) as n
  from {{source "raw" "events"}}`
    const shop = new BatchedShop(here).model('m', '', query)
    project = shop.project
    await shop.events([
      [1, '2026-01-01', 10],
      [2, '2026-01-02', 20],
      [3, '2026-01-03', 30],
    ])
    await shop.build('2026-01-03 12:00:00')
    const refresh = await shop.build('2026-01-03 12:00:00', { fullRefresh: true }, { vars: { bad: 2 } })
    expect(refresh.exitCode).toBe(1)
    expect(await shop.ids('m')).toEqual([1, 2, 3])
    const again = await Engine.retry({ projectDir: shop.project.root, env: {}, vars: { bad: 0 } })
    expect(again.exitCode).toBe(0)
    expect(await shop.ids('m')).toEqual([1, 2, 3])
  })
})
