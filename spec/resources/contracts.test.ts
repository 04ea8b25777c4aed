import { afterEach, describe, expect, it } from 'vitest'
import type { Cell } from '../../src/adapters/adapter.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { type Here, onEachDatabase } from '../on-each-database.ts'

const CUSTOMERS = "select 1 as id, cast('Ann' as varchar) as name union all select 2, 'Bob'"

/** A dimension and a fact with every kind of constraint. */
const yml = (orders: string, more = ''): string => `models:
  - name: customers
    config: {materialized: table, contract: {enforced: true}}
    columns:
      - {name: name, data_type: varchar}
      - {name: id, data_type: int, constraints: [{type: primary_key}]}
  - name: orders
    config: {materialized: table, contract: {enforced: true}}
    columns:
${orders}
${more}`

const ORDERS = `      - name: id
        data_type: integer
        constraints: [{type: not_null}, {type: unique, name: orders_unique}]
      - name: customer_id
        data_type: integer
        constraints:
          - {type: foreign_key, to: ref('customers'), to_columns: [id]}
      - name: amount
        data_type: numeric(10, 2)
        constraints: [{type: check, name: amount_positive, expression: "amount > 0"}]`

const orders = (...rows: readonly (readonly [string, string, string])[]): string =>
  rows
    .map(
      ([id, customer, amount]) =>
        `select cast(${amount} as numeric(10,2)) as amount, cast(${id} as integer) as id, cast(${customer} as integer) as customer_id`,
    )
    .join('\nunion all\n')

const GOOD = orders(['1', '1', '5'], ['2', '2', '7.5'])

onEachDatabase((here: Here) => {
  let project: TemporaryProject | undefined
  afterEach(() => {
    project?.remove()
    project = undefined
  })
  const make = (files: Readonly<Record<string, string>>): TemporaryProject => {
    project = new TemporaryProject({ 'models/stg_orders.sql': null as never, ...files }, here.database.target)
    return project
  }
  const rows = (sql: string): Promise<readonly (readonly Cell[])[]> => here.database.sql(sql)
  const shop = (ordersSql: string, columns = ORDERS, more = ''): Readonly<Record<string, string>> => ({
    'models/customers.sql': CUSTOMERS,
    'models/orders.sql': ordersSql,
    'models/m.yml': yml(columns, more),
  })
  const columnsOf = async (table: string): Promise<string> => {
    const found = await rows(
      `select column_name, data_type from information_schema.columns where table_schema = 'main' and table_name = '${table}' order by ordinal_position`,
    )
    return found.map(([name]) => name).join(' ')
  }

  describe('a contract', () => {
    it('gives the published relation its order, and is kept by a second run', async () => {
      const p = make(shop(GOOD))
      expect(await p.build()).toEqual({ exitCode: 0, found: [] })
      expect(await columnsOf('orders')).toBe('id customer_id amount')
      expect(await columnsOf('customers')).toBe('name id')
      expect(await p.build()).toEqual({ exitCode: 0, found: [] })
      expect(await rows('select id, amount from main.orders order by id')).toEqual([
        [1, '5.00'],
        [2, '7.50'],
      ])
    })

    it.each(['table', 'view', 'incremental', 'materialized_view'])('of a %s shows all that differs', async (kind) => {
      const columns =
        '{name: id, data_type: integer}, {name: b, data_type: "varchar"}, {name: c, data_type: date}, {name: e, data_type: string}'
      const p = make({
        'models/a.sql': "select 1 as id, 2 as b, 3 as d, cast('x' as varchar) as e",
        'models/m.yml': `models:\n  - name: a\n    config: {materialized: ${kind}, on_schema_change: fail, contract: {enforced: true}}\n    columns: [${columns}]\n`,
      })
      const { exitCode, found } = await p.build()
      expect([exitCode, found.length]).toEqual([1, 1])
      expect(found[0]).toMatchObject({ code: 'run/contract-broken', at: expect.stringContaining('models/m.yml:4:') })
      expect(found[0]!.text).toContain('3 columns differ')
      expect(found[0]!.rows!.rows.map((row) => [row[0], row[3]])).toEqual([
        ['b', 'type differs'],
        ['c', 'missing in the query'],
        ['d', 'not declared'],
      ])
      expect(await columnsOf('a')).toBe('')
    })

    it('counts precision where it is written, and knows the engine’s types', async () => {
      const model = (type: string) => ({
        'models/a.sql': 'select cast(1 as numeric(12, 3)) as x, 1 as id',
        'models/m.yml': `models:\n  - name: a\n    config: {contract: {enforced: true}}\n    columns: [{name: id, data_type: int4}, {name: x, data_type: "${type}"}]\n`,
      })
      const p = make(model('decimal(12,3)'))
      expect(await p.build()).toEqual({ exitCode: 0, found: [] })
      p.write(model('numeric(10,2)'))
      expect((await p.build()).found.map((d) => [d.code, d.at])).toEqual([['run/contract-broken', 'models/m.yml:4:65']])
      p.write(model('numeric'))
      expect((await p.build()).found.map((d) => [d.code, d.at])).toEqual([
        ['project/unspecific-numeric', 'models/m.yml:4:65'],
      ])
      p.write(model('moneyy'))
      expect((await p.build()).found.map((d) => [d.code, d.at])).toEqual([
        ['run/unknown-contract-type', 'models/m.yml:4:65'],
      ])
    })

    it('holds for a seed and for the new columns of an incremental model', async () => {
      const model = (columns: string, sql: string) => ({
        'seeds/codes.csv': 'code,name\n1,a\n2,\n',
        'seeds/s.yml':
          'seeds:\n  - name: codes\n    config: {contract: {enforced: true}, column_types: {code: integer, name: varchar}}\n    columns: [{name: code, data_type: integer, constraints: [{type: unique}]}, {name: name, data_type: varchar}]\n',
        'models/i.sql': sql,
        'models/m.yml': `models:\n  - name: i\n    config: {materialized: incremental, unique_key: id, on_schema_change: append_new_columns, contract: {enforced: true}}\n    columns: [${columns}]\n`,
      })
      const id = '{name: id, data_type: integer, constraints: [{type: primary_key}]}'
      const p = make(model(id, 'select 1 as id union all select 2'))
      expect(await p.build()).toEqual({ exitCode: 0, found: [] })
      p.write(
        model(
          `${id}, {name: n, data_type: integer, constraints: [{type: check, expression: "n > 5"}]}`,
          'select 2 as id, 7 as n',
        ),
      )
      expect(await p.build()).toEqual({ exitCode: 0, found: [] })
      expect(await rows('select id, n from main.i order by id')).toEqual([
        [1, null],
        [2, 7],
      ])
      p.write({ 'models/i.sql': 'select 2 as id, 6 as n union all select 2, 8' })
      const { found } = await p.build()
      expect(found.map((d) => [d.code, d.at])).toEqual([['run/constraint-violated', 'models/m.yml:4:67']])
      expect(await rows('select count(*) from main.i')).toEqual([[2]])
      p.write({ 'seeds/codes.csv': 'code,name\n1,a\n1,b\n' })
      expect((await p.build({ select: ['codes'] })).found.map((d) => d.code)).toEqual(['run/constraint-violated'])
    })
  })

  describe('constraints', () => {
    it.each<[string, string, string, string, readonly (readonly (string | null)[])[]]>([
      ['not_null', orders(['1', '1', '5'], ['null', '2', '6']), '12:30', '`not null`', [[null, '2', '6.00']]],
      ['unique', orders(['1', '1', '5'], ['1', '2', '6']), '12:48', '`orders_unique`', [['1', '2']]],
      ['foreign_key', orders(['1', '9', '5'], ['2', '2', '6']), '16:20', 'foreign key', [['9']]],
      ['check', orders(['1', '1', '5'], ['2', '2', '-6']), '19:30', 'amount_positive', [['2', '2', '-6.00']]],
    ])('%s is checked before publishing, and the old rows stay', async (_, sql, at, says, samples) => {
      const p = make(shop(GOOD))
      await p.build()
      p.write({ 'models/orders.sql': sql })
      const { exitCode, found } = await p.build()
      expect(exitCode).toBe(1)
      expect(found.map((d) => [d.code, d.at])).toEqual([['run/constraint-violated', `models/m.yml:${at}`]])
      expect(found[0]!.text).toContain(says)
      expect(found[0]!.rows!.rows).toEqual(samples)
      expect(await rows('select sum(amount) from main.orders')).toEqual([['12.50']])
    })

    const refused = async (sql: string): Promise<boolean> =>
      rows(sql).then(
        () => false,
        () => true,
      )

    it.each(['swap', 'in_place'])('are kept by the table itself through a replacement by %s', async (replace) => {
      const p = make({ ...shop(GOOD), 'project.yml': `name: shop\nprofile: shop\nmodels:\n  +replace: ${replace}\n` })
      for (let run = 0; run < 3; run++) {
        expect(await p.build()).toEqual({ exitCode: 0, found: [] })
        const insert = (values: string) => refused(`insert into main.orders (id, customer_id, amount) values ${values}`)
        expect([await insert('(null, 1, 1)'), await insert('(1, 1, 1)'), await insert('(8, 1, -1)')]).toEqual([
          true,
          true,
          true,
        ])
        expect(await refused("insert into main.customers values ('x', 1)")).toBe(true)
      }
    })

    it('are kept by partitioned tables, whose rows enter and are replaced', async () => {
      for (const materialized of ['table', 'incremental']) {
        const config = `materialized="${materialized}" unique_key=(list "day" "id") on_schema_change="fail" partition_by=(dict column="day" type="range" granularity="month")`
        const p = make({
          'models/a.sql': `{{config ${config}}}select cast('2024-01-05' as date) as day, 1 as id union all select cast('2024-02-05' as date), 1`,
          'models/m.yml':
            'models:\n  - name: a\n    config: {contract: {enforced: true}}\n    constraints: [{type: primary_key, columns: [day, id]}, {type: check, expression: "id > 0"}]\n    columns: [{name: day, data_type: date}, {name: id, data_type: integer}]\n',
        })
        for (let run = 0; run < 3; run++) {
          const { exitCode, found } = await p.build()
          expect([exitCode, found.filter((d) => d.code !== 'run/config-without-effect')]).toEqual([0, []])
          expect(await refused("insert into main.a values ('2024-01-05', 1)")).toBe(true)
          expect(await refused("insert into main.a values ('2024-01-06', 0)")).toBe(true)
        }
        p.remove()
        await here.database.reset()
      }
    })

    it('change with their declaration, in tables and incremental models', async () => {
      for (const materialized of ['table', 'incremental']) {
        const model = (constraints: string) => ({
          'models/a.sql': `{{config materialized="${materialized}" on_schema_change="fail" unique_key="id"}}select 1 as id, 5 as n`,
          'models/m.yml': `models:\n  - name: a\n    config: {contract: {enforced: true}}\n    constraints: [${constraints}]\n    columns: [{name: id, data_type: integer}, {name: n, data_type: integer}]\n`,
        })
        const insert = async (values: string) =>
          (await refused(`insert into main.a values ${values}`)) || (await refused('delete from main.a where id = 2'))
        const p = make(model('{type: unique, columns: [n]}, {type: check, expression: "n < 10"}'))
        expect(await p.build()).toEqual({ exitCode: 0, found: [] })
        expect([await insert('(2, 5)'), await insert('(2, 12)')]).toEqual([true, true])
        p.write(model('{type: check, expression: "n < 20"}, {type: not_null, columns: [n]}'))
        expect(await p.build()).toEqual({ exitCode: 0, found: [] })
        expect([
          await insert('(2, 5)'),
          await insert('(2, 12)'),
          await insert('(2, 30)'),
          await insert('(2, null)'),
        ]).toEqual([false, false, true, true])
        p.write(model(''))
        expect(await p.build()).toEqual({ exitCode: 0, found: [] })
        expect([await insert('(2, 30)'), await insert('(2, null)')]).toEqual([false, false])
        await rows('insert into main.a values (3, 99)')
        if (materialized === 'incremental') {
          p.write(model('{type: check, name: small, expression: "n < 50"}'))
          const { found } = await p.build()
          expect(found.map((d) => [d.code, d.rows?.rows])).toEqual([['run/constraint-violated', [['3', '99']]]])
        }
        p.remove()
        await here.database.reset()
      }
    })

    it('tell what is wrong with their SQL at their own place', async () => {
      const column = (constraint: string) =>
        `      - {name: id, data_type: integer}\n      - {name: customer_id, data_type: integer}\n      - name: amount\n        data_type: numeric(10,2)\n        constraints: [${constraint}]`
      const p = make(shop(GOOD, column('{type: check, expression: "amont > 0"}')))
      expect((await p.build()).found.map((d) => [d.code, d.at])).toEqual([['db/column-missing', 'models/m.yml:14:30']])
      p.write(shop(GOOD, column(`{type: foreign_key, to: "ref('customers')", to_columns: [nr]}`)))
      expect((await p.build()).found.map((d) => [d.code, d.at])).toEqual([
        ['project/unknown-constraint-column', 'models/m.yml:14:30'],
      ])
      p.write(shop(GOOD, column('{type: custom, expression: "chek (amount > 0)"}')))
      expect((await p.build()).found.map((d) => [d.code, d.at])).toEqual([
        ['db/constraint-refused', 'models/m.yml:14:30'],
      ])
    })
  })
})
