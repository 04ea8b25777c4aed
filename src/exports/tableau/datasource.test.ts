import { describe, expect, test } from 'vitest'
import { dataSourceDocument, dataSourceElement } from './datasource.ts'
import { describeDataSource } from './describe-source.ts'
import { tableOf } from './testing.ts'
import { xmlText } from './xml-text.ts'

const sales = tableOf(
  'sales',
  { order_id: 'bigint', country: 'text', ordered_on: 'date', revenue: 'double', open_rate: 'double', photo: 'blob' },
  { primaryKey: ['order_id'] },
)

const source = describeDataSource(
  {
    identity: { project: 'shop', export: 'sales_extract', part: 'sales' },
    caption: 'Sales & more',
    tables: [{ table: sales, schema: 'Extract', relation: 'Extract' }],
    connection: { kind: 'hyper', caption: 'sales', path: 'Data/Extracts/sales.hyper' },
    folders: 'kept',
  },
  [],
)

describe('a data source', () => {
  test('has a field for every column that Tableau can show, with what the names tell', () => {
    expect(source.fields.map((f) => `${f.caption}: ${f.role} ${f.type} ${f.aggregation} ${f.semanticRole}`)).toEqual([
      'Order ID: dimension ordinal Count null',
      'Country: dimension nominal null [Country].[ISO3166_2]',
      'Ordered On: dimension ordinal null null',
      'Revenue: measure quantitative null null',
      'Open Rate: measure quantitative Avg null',
    ])
  })

  test('has no two fields of one caption', () => {
    const orders = tableOf('orders', { 'Order ID': 'text', order_id: 'bigint', net_sum: 'double', netSum: 'double' })
    const { fields } = describeDataSource(
      {
        identity: { project: 'shop', export: 'orders', part: 'orders' },
        caption: 'Orders',
        tables: [{ table: orders, schema: 'Extract', relation: 'Extract' }],
        connection: { kind: 'hyper', caption: 'orders', path: 'x.hyper' },
        folders: 'kept',
      },
      [],
    )
    expect(fields.map(({ caption }) => caption)).toEqual(['Order ID', 'order_id', 'net_sum', 'netSum'])
  })

  test('has the same ids in every run, others in another export', () => {
    const again = (name: string): string =>
      describeDataSource(
        {
          identity: { project: 'shop', export: name, part: 'sales' },
          caption: 'x',
          tables: [{ table: sales, schema: 'Extract', relation: 'Extract' }],
          connection: { kind: 'hyper', caption: 'sales', path: 'x.hyper' },
          folders: 'dropped',
        },
        [],
      ).name
    expect(source.name).toMatch(/^federated\.[0-9a-z]{28}$/)
    expect(again('sales_extract')).toBe(source.name)
    expect(again('other')).not.toBe(source.name)
  })

  test('is written as Tableau writes it', () => {
    const text = xmlText(dataSourceDocument(source))
    expect(text).toContain(
      "<datasource formatted-name='Sales &#x26; more' inline='true' source-platform='win' version='18.1' xmlns:user=",
    )
    expect(text).toContain("dbname='Data/Extracts/sales.hyper'")
    expect(text).toContain("<column aggregation='Avg' caption='Open Rate' datatype='real' name='[open_rate]'")
    expect(xmlText(dataSourceElement(source))).toContain(`name='${source.name}'`)
  })

  test('of several tables says how they relate and tells equal names apart', () => {
    const items = tableOf(
      'items',
      { order_id: 'bigint', sku: 'text' },
      { foreignKeys: [{ columns: ['order_id'], table: 'sales', targetColumns: ['order_id'] }] },
    )
    const both = describeDataSource(
      {
        identity: { project: 'shop', export: 'both', part: '' },
        caption: 'Both',
        tables: [sales, items].map((table) => ({ table, schema: 'Extract', relation: table.name })),
        connection: { kind: 'hyper', caption: 'both', path: 'Data/Extracts/both.hyper' },
        folders: 'dropped',
      },
      [],
    )
    expect(both.relationships).toEqual([
      { from: 'items', to: 'sales', on: [{ from: 'order_id (items)', to: 'order_id' }] },
    ])
    const text = xmlText(dataSourceElement(both))
    expect(text).toContain("<map key='[order_id (items)]' value='[items].[order_id]' />")
    expect(text).toContain("<expression op='[order_id (items)]' />")
  })
})

test('line breaks in attributes and characters that XML cannot hold survive or are marked', () => {
  const text = xmlText({ type: 'element', name: 'a', attributes: { b: "x\n'<\u0001\ud800😀" }, children: [] })
  expect(text.split('\n')[1]).toBe("<a b='x&#10;&#x27;&#x3C;\ufffd\ufffd😀' />")
})
