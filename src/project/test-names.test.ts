import { describe, expect, it } from 'vitest'
import type { ConfigValue } from '../config/node-config.ts'
import { genericTestHash, genericTestNames, testedNodeText } from './test-names.ts'

const orders = { kind: 'model', name: 'orders', reference: "ref('orders')" } as const

describe('generic test names', () => {
  // Names and hashes that dbt gives for its own example project.
  it.each<[string, { [key: string]: ConfigValue }, string, string]>([
    ['unique', { column_name: 'order_id' }, 'unique_orders_order_id', 'fed79b3a6e'],
    ['not_null', { column_name: 'order_id' }, 'not_null_orders_order_id', 'cf6c17daed'],
    [
      'relationships',
      { to: "ref('customers')", field: 'customer_id', column_name: 'customer_id' },
      'relationships_orders_customer_id__customer_id__ref_customers_',
      'c6ec7f58f2',
    ],
    [
      'accepted_values',
      { values: ['placed', 'shipped', 'completed', 'return_pending', 'returned'], column_name: 'status' },
      'accepted_values_orders_status__placed__shipped__completed__return_pending__returned',
      'be6b5b5ec3',
    ],
  ])('%s', (test, kwargs, name, hash) => {
    expect(genericTestNames(test, null, orders, kwargs).name).toBe(name)
    expect(genericTestHash(name, test, null, { ...kwargs, model: testedNodeText(orders) })).toBe(hash)
  })

  it('shortens names of 64 characters and more', () => {
    const values = ['placed', 'shipped', 'completed', 'return_pending', 'returned']
    const { shortName } = genericTestNames('accepted_values', null, orders, { values, column_name: 'status' })
    expect(shortName).toBe('accepted_values_orders_1ce6ab157c285f7cd2ac656013faf758')
  })

  it('names sources, namespaces and Python values', () => {
    const source = { kind: 'source', name: 'shop_orders', reference: "source('shop', 'orders')" } as const
    expect(genericTestNames('unique', null, source, { column_name: 'id' }).name).toBe('source_unique_shop_orders_id')
    const kwargs = { min_value: 0, inclusive: true, max_value: null }
    expect(genericTestNames('accepted_range', 'dbt_utils', orders, kwargs).name).toBe(
      'dbt_utils_accepted_range_orders_True__None__0',
    )
  })
})
