import { beforeAll, describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((db) => {
  beforeAll(async () => {
    await db.table(
      'orders',
      `select * from (values (1, 'a'), (2, 'a'), (3, 'x'), (4, 'x'), (5, null)) as t (id, customer)`,
    )
    await db.table('customers', `select * from (values ('a', true), ('b', false), (null, true)) as t (name, active)`)
    await db.table('nobody', `select 1 as id, 'a' as customer where false`)
  })

  it('relationships, with a null among the parents', async () => {
    const to = db.relation('customers')
    const bad = await db.badRows('relationships', 'orders', { column_name: 'customer', to, field: 'name' })
    expect(bad).toEqual([{ from_field: 'x' }, { from_field: 'x' }])
    expect(await db.badRows('relationships', 'nobody', { column_name: 'customer', to, field: 'name' })).toEqual([])
    expect(await db.badRows('relationships', 'customers', { column_name: 'name', to, field: 'name' })).toEqual([])
  })

  it('relationships_where', async () => {
    const args = { column_name: 'customer', to: db.relation('customers'), field: 'name' }
    expect(await db.badRows('relationships_where', 'orders', { ...args, from_condition: 'id < 3' })).toEqual([])
    expect(
      await db.badRows('relationships_where', 'orders', { ...args, to_condition: 'not active or name is null' }),
    ).toHaveLength(4)
    expect(await db.badRows('relationships_where', 'orders', args)).toHaveLength(2)
  })

  it('cardinality_equality', async () => {
    const of = (model: string, other: string) =>
      db.badRows('cardinality_equality', model, { column_name: 'customer', to: db.relation(other), field: 'customer' })
    expect(await of('orders', 'orders')).toEqual([])
    expect(await of('nobody', 'nobody')).toEqual([])
    const bad = await of('orders', 'nobody')
    expect(
      bad.map((row) => [row['value_field'], Number(row['n_records']), Number(row['n_other_records'])]).sort(),
    ).toEqual([
      [null, 1, 0],
      ['a', 2, 0],
      ['x', 2, 0],
    ])
  })

  describe('equal_rowcount and fewer_rows_than', () => {
    const numbers = (rows: readonly { [key: string]: unknown }[]) =>
      rows.map((row) => [Number(row['n_rows']), Number(row['n_compared'])])

    it('compare whole tables, empty ones included', async () => {
      const of = (test: string, model: string, other: string) =>
        db.badRows(test, model, { compare_model: db.relation(other) })
      expect(await of('equal_rowcount', 'orders', 'orders')).toEqual([])
      expect(await of('equal_rowcount', 'nobody', 'nobody')).toEqual([])
      expect(numbers(await of('equal_rowcount', 'orders', 'customers'))).toEqual([[5, 3]])
      expect(numbers(await of('equal_rowcount', 'nobody', 'customers'))).toEqual([[0, 3]])
      expect(await of('fewer_rows_than', 'customers', 'orders')).toEqual([])
      expect(numbers(await of('fewer_rows_than', 'orders', 'orders'))).toEqual([[5, 5]])
      expect(numbers(await of('fewer_rows_than', 'nobody', 'nobody'))).toEqual([[0, 0]])
    })

    it('compare groups', async () => {
      await db.table('some_orders', `select * from {{ref "orders"}} where id <> 4`)
      const args = { compare_model: db.relation('some_orders'), group_by_columns: ['customer'] }
      const bad = await db.badRows('equal_rowcount', 'orders', args)
      expect(bad.map((row) => row['customer'])).toEqual(['x'])
      expect(numbers(bad)).toEqual([[2, 1]])
      expect(await db.badRows('fewer_rows_than', 'orders', args)).toHaveLength(3)
    })
  })

  it('equality compares rows, as often as they occur', async () => {
    await db.table('copy', 'select id, customer, 1 as extra from {{ref "orders"}}')
    await db.table(
      'changed',
      `select * from (values (1, 'a'), (2, 'b'), (3, 'x'), (4, 'x'), (5, null), (5, null)) as t (id, customer)`,
    )
    expect(await db.badRows('equality', 'orders', { compare_model: db.relation('copy') })).toEqual([])
    expect(
      await db.badRows('equality', 'copy', { compare_model: db.relation('orders'), exclude_columns: ['EXTRA'] }),
    ).toEqual([])
    expect(
      await db.badRows('equality', 'orders', { compare_model: db.relation('changed'), compare_columns: ['id'] }),
    ).toEqual([{ which_side: 'only in the other', id: 5 }])
    const bad = await db.badRows('equality', 'orders', { compare_model: db.relation('changed') })
    expect(bad.map((row) => [row['which_side'], row['id'], row['customer']]).sort()).toEqual([
      ['only in the model', 2, 'a'],
      ['only in the other', 2, 'b'],
      ['only in the other', 5, null],
    ])
  })
})
