import { afterEach, expect, it } from 'vitest'
import { onEachDatabase } from '../on-each-database.ts'
import { found, statuses, UnitTested } from './shop.ts'

const passing = `unit_tests:
  - name: reads_what_is_given
    description: dict rows, an ephemeral parent looked through, a seed's real rows
    model: orders
    given:
      - input: ref('stg_orders')
        rows:
          - {id: 1, amount: 5.50, code: DE}
          - {id: 9007199254740993, amount: 1, code: XX}
          - {amount: null}
    expect:
      rows:
        - {id: 9007199254740993, amount: 4.000, country: null}
        - {id: null, amount: null, country: null}
        - {id: 1, amount: 22, country: Germany}
  - name: gives_an_ephemeral_model_and_a_seed
    model: orders
    given:
      - input: ref('eph_orders')
        format: csv
        rows: |
          id,double_amount,code
          1,"10.00",DE
          2,,
      - {input: ref('countries'), rows: [{code: DE, name: "Deutschland, Bund"}]}
    overrides: {vars: {rate: 3}}
    expect:
      format: csv
      rows: |
        id, amount, country
        2,,
        1, 30, "Deutschland, Bund"
  - name: overrides_a_macro
    model: orders
    given:
      - input: ref('stg_orders')
        format: sql
        rows: select 7 as id, 1.5 as amount
      - {input: ref('countries'), rows: []}
    overrides: {macros: {doubled: "100"}}
    expect:
      format: sql
      rows: select 7 as id, 200 as amount, cast(null as varchar(9)) as country
  - name: first_run
    model: merged
    given: [{input: ref('stg_orders'), fixture: three_orders}]
    overrides: {macros: {is_incremental: false}}
    expect: {fixture: tests/fixtures/three_orders.csv}
  - name: later_run
    model: merged
    given:
      - {input: ref('stg_orders'), fixture: three_orders.csv}
      - {input: this, rows: [{ordered_at: 2024-01-01}]}
    overrides: {macros: {is_incremental: true}}
    expect: {rows: [{id: 2}, {id: 3}]}
  - name: table_after_the_merge
    model: merged
    given:
      - {input: ref('stg_orders'), fixture: three_orders}
      - {input: this, rows: [{id: 2, amount: 1, ordered_at: 2024-01-01}, {id: 0, amount: 1, ordered_at: 2023-01-01}]}
    expect:
      table_after:
        - {id: 0, amount: 1, ordered_at: 2023-01-01}
        - {id: 2, amount: 6, ordered_at: 2024-01-02 00:00:00}
        - {id: 3, amount: 7.00, ordered_at: 2024-01-03T12:00:00}
`
const fixtures = {
  'tests/fixtures/three_orders.csv': 'id,amount,ordered_at\n1,5,2024-01-01\n2,6,2024-01-02\n3,7,2024-01-03 12:00:00\n',
}

onEachDatabase((here) => {
  let shop: UnitTested | undefined
  afterEach(() => shop?.remove())

  it('passes before anything was built, and leaves nothing behind', async () => {
    shop = new UnitTested(here.database.target, passing, fixtures)
    const report = await shop.test({}, { vars: { rate: 77 } })
    expect(found(report)).toEqual([])
    expect(new Set(Object.values(statuses(report)))).toEqual(new Set(['pass']))
    expect(report.results).toHaveLength(6)
    const left = await here.database.sql(
      "select table_name from information_schema.tables where table_schema not in ('information_schema', 'pg_catalog')",
    )
    expect(left).toEqual([])
  })

  it('says cell by cell what differs', async () => {
    shop = new UnitTested(
      here.database.target,
      `unit_tests:
  - name: wrong
    model: orders
    given:
      - input: ref('stg_orders')
        rows:
          - {id: 1, amount: 5, code: DE}
          - {id: 2, amount: 6, code: FR}
          - {id: 3, amount: 7, code: FR}
          - {id: 3, amount: 7, code: FR}
    expect:
      rows:
        - {id: 1, amount: 20, country: Germany}
        - {id: 2, amount: 25, country: France}
        - {id: 3, amount: 28, country: France}
        - {id: 4, amount: null, country: null}
`,
    )
    const report = await shop.test()
    expect(report.exitCode).toBe(1)
    expect(found(report)).toEqual([
      'unit-test/failed models/unit.yml:14:27 unit test `wrong` of `orders`: 1 row differs, 1 is missing, 1 is unexpected',
    ])
    expect(report.diagnostics[0]!.rows).toEqual({
      columns: ['', 'id', 'amount', 'country'],
      rows: [
        ['differs', '2', '25 → 24', 'France'],
        ['missing', '4', null, null],
        ['unexpected', '3', '28', 'France'],
      ],
    })
    expect(report.results[0]).toMatchObject({ status: 'fail', failures: 3 })
    expect(report.results[0]!.message).toContain('25 → 24')
  })

  it('stands before its model in a build, and holds it back with all below it', async () => {
    shop = new UnitTested(here.database.target, passing.replace('amount: 22', 'amount: 23'), {
      ...fixtures,
      'models/reader.sql': 'select * from {{ref "orders"}}',
    })
    const report = await shop.build()
    expect(report.exitCode).toBe(1)
    expect(statuses(report)).toMatchObject({
      reads_what_is_given: 'fail',
      table_after_the_merge: 'pass',
      orders: 'skipped',
      reader: 'skipped',
      merged: 'success',
      stg_orders: 'success',
    })
    const orders = report.results.find((r) => r.uniqueId === 'model.shop.orders')!
    expect(orders.message).toBe('skipped because `reads_what_is_given` failed')
    expect(orders.because).toBe('unit_test.shop.orders.reads_what_is_given')
  })

  it('proves what a snapshot makes of its history', async () => {
    const snapshot = `snapshots:
  - name: history
    relation: ref('stg_orders')
    config: {unique_key: id, strategy: timestamp, updated_at: ordered_at, hard_deletes: invalidate}
  - name: checked
    relation: ref('stg_orders')
    config: {unique_key: id, strategy: check, check_cols: [code], snapshot_time: "2024-06-01"}
`
    const yaml = `unit_tests:
  - name: a_change_ends_a_version
    model: history
    given:
      - {input: ref('stg_orders'), rows: [{id: 1, code: DE, ordered_at: 2024-05-01}, {id: 2, code: FR, ordered_at: 2024-04-01}]}
      - {input: this, rows: [{id: 1, code: null, dbt_valid_from: 2024-01-01}]}
    expect:
      table_after:
        - {id: 1, code: null, dbt_valid_from: 2024-01-01, dbt_valid_to: 2024-05-01}
        - {id: 1, code: DE, dbt_valid_from: 2024-05-01, dbt_valid_to: null}
        - {id: 2, code: FR, dbt_valid_from: 2024-04-01, dbt_valid_to: null}
  - name: null_then_DE_then_null_are_three_versions
    model: checked
    given:
      - {input: ref('stg_orders'), rows: [{id: 1, code: null}]}
      - input: this
        rows:
          - {id: 1, code: null, dbt_valid_from: 2024-01-01, dbt_valid_to: 2024-02-01}
          - {id: 1, code: DE, dbt_valid_from: 2024-02-01}
    expect:
      table_after:
        - {id: 1, code: null, dbt_valid_from: 2024-01-01, dbt_valid_to: 2024-02-01}
        - {id: 1, code: DE, dbt_valid_from: 2024-02-01, dbt_valid_to: 2024-06-01}
        - {id: 1, code: null, dbt_valid_from: 2024-06-01, dbt_valid_to: null}
  - name: the_same_again_is_no_version
    model: checked
    given:
      - {input: ref('stg_orders'), rows: [{id: 1, code: null}]}
      - {input: this, rows: [{id: 1, code: null, dbt_valid_from: 2024-01-01}]}
    expect: {table_after: [{id: 1, dbt_valid_to: null}]}
`
    shop = new UnitTested(here.database.target, yaml, { 'snapshots/s.yml': snapshot })
    const report = await shop.test()
    expect(found(report)).toEqual([])
    expect(Object.values(statuses(report))).toEqual(['pass', 'pass', 'pass'])
  })

  it('reads types from declared columns, from the warehouse, or else from the values', async () => {
    const sources = `sources:
  - name: raw
    schema: main
    tables:
      - {name: declared, columns: [{name: id, data_type: bigint}, {name: seen, data_type: timestamp}]}
      - {name: standing}
      - {name: unknown}
`
    const query = (
      table: string,
    ) => `select id, seen, {{literal (join (columns_of (source "raw" "${table}")) " ")}} as names
from {{source "raw" "${table}"}} where seen > cast('2024-01-01' as timestamp)`
    const yaml = (table: string) => `  - name: ${table}
    model: m_${table}
    given:
      - input: source('raw', '${table}')
        rows: [{id: 1, seen: 2024-01-01}, {id: 2, seen: 2024-01-02}]
    expect: {rows: [{id: 2, seen: 2024-01-02, names: id seen}]}
`
    const tables = ['declared', 'standing', 'unknown']
    await here.database.sql('create table main.standing (id bigint, seen timestamp)', 'select 1')
    shop = new UnitTested(
      here.database.target,
      `${sources}unit_tests:\n${tables.map(yaml).join('')}`,
      Object.fromEntries(tables.map((t) => [`models/m_${t}.sql`, query(t)])),
    )
    const report = await shop.test()
    expect(found(report)).toEqual([])
    expect(Object.values(statuses(report))).toEqual(['pass', 'pass', 'pass'])
  })

  it('waits for the functions that its model calls', async () => {
    const yaml = `functions:
  - name: trebled
    arguments: [{name: x, data_type: integer}]
    returns: {data_type: integer}
unit_tests:
  - name: calls_a_function
    model: calling
    given: [{input: ref('stg_orders'), rows: [{id: 2}]}]
    expect: {rows: [{n: 6}]}
`
    shop = new UnitTested(here.database.target, '', {
      'models/unit.yml': 'models: []',
      'functions/f.yml': yaml,
      'functions/trebled.sql': 'x * 3',
      'models/calling.sql': 'select {{function "trebled"}}(cast(id as integer)) as n from {{ref "stg_orders"}}',
    })
    const report = await shop.build({ select: ['+calling'] })
    expect(found(report)).toEqual([])
    expect(statuses(report)).toMatchObject({ calls_a_function: 'pass', calling: 'success' })
  })

  it('loads a large seed for the test alone', async () => {
    const yaml = `unit_tests:
  - name: reads_a_large_seed
    model: counted
    given: [{input: ref('stg_orders'), rows: [{id: 1500}]}]
    expect: {rows: [{id: 1500, label: n1500, "rows": 1500}]}
`
    const rows = Array.from({ length: 1500 }, (_, i) => `${i + 1},n${i + 1}\n`).join('')
    shop = new UnitTested(here.database.target, yaml, {
      'seeds/numbers.csv': `id,label\n${rows}`,
      'models/counted.sql':
        'select o.id, numbers.label, (select count(*) from {{ref "numbers"}}) as "rows" from {{ref "stg_orders"}} as o join {{ref "numbers"}} on numbers.id = o.id',
    })
    const report = await shop.test()
    expect(found(report)).toEqual([])
    expect(statuses(report)).toEqual({ reads_a_large_seed: 'pass' })
    const left = await here.database.sql("select count(*) from information_schema.tables where table_schema = 'main'")
    expect(left).toEqual([[0]])
  })
})
