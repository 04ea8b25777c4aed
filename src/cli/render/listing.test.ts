import { expect, it } from 'vitest'
import type { ListedNode } from '../../commands/outcome.ts'
import { renderListing } from './listing.ts'

const node: ListedNode = {
  unique_id: 'model.shop.orders',
  name: 'orders',
  resource_type: 'model',
  package_name: 'shop',
  alias: 'orders',
  original_file_path: 'models/marts/orders.sql',
  path: 'marts/orders.sql',
  source_name: null,
  freshness: null,
  publication_unit: null,
  tags: ['daily'],
  direct_parents: ['model.shop.a'],
  config: { materialized: 'table', meta: { owner: { team: 'sales' } } },
  depends_on: { macros: [], nodes: ['model.shop.a'] },
  fqn: ['shop', 'marts', 'orders'],
  selector: 'shop.marts.orders',
}

it.each([
  ['selector', 'shop.marts.orders'],
  ['name', 'orders'],
  ['path', 'models/marts/orders.sql'],
])('lists as %s', (format, line) => {
  expect(renderListing([node], format, undefined)).toEqual([line])
})

it('calls a source table by both names', () => {
  const table: ListedNode = { ...node, name: 'orders', resource_type: 'source', source_name: 'crm', alias: null }
  expect(renderListing([table], 'name', undefined)).toEqual(['crm.orders'])
  const keys = ['alias', 'name', 'source_name']
  expect(renderListing([table], 'json', keys)).toEqual(['{"name":"orders","source_name":"crm"}'])
})

it('lists dbt’s default keys as JSON', () => {
  expect(Object.keys(JSON.parse(renderListing([node], 'json', undefined)[0]!))).toEqual([
    'alias',
    'name',
    'package_name',
    'depends_on',
    'direct_parents',
    'tags',
    'config',
    'resource_type',
    'original_file_path',
    'unique_id',
  ])
})

it('picks keys, nested ones too, and leaves out what a node does not have', () => {
  const keys = [
    'name',
    'config.materialized',
    'config.meta.owner.team',
    'freshness',
    'config.nothing.here',
    'depends_on.nodes',
  ]
  expect(JSON.parse(renderListing([node], 'json', keys)[0]!)).toEqual({
    name: 'orders',
    'config.materialized': 'table',
    'config.meta.owner.team': 'sales',
    'depends_on.nodes': ['model.shop.a'],
  })
})
