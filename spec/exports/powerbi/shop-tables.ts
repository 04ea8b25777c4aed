import type { LogicalType } from '../../../src/adapters/logical-type.ts'
import type { ConfigValue } from '../../../src/config/node-config.ts'
import type { ExportColumn, ExportTable } from '../../../src/exports/export-job.ts'

type Meta = { readonly [key: string]: ConfigValue }

const INTEGER: LogicalType = { kind: 'integer', bits: 64, signed: true }
const TEXT: LogicalType = { kind: 'text' }
const DATE: LogicalType = { kind: 'date' }
const MONEY: LogicalType = { kind: 'decimal', precision: 18, scale: 2 }

export function column(
  name: string,
  type: LogicalType,
  about: { description?: string; meta?: Meta } = {},
): ExportColumn {
  const { description = '', meta = {} } = about
  return {
    name,
    type,
    engineType: type.kind.toUpperCase(),
    description,
    meta,
    span: { path: 'models/shop.yml', start: 7, end: 9 },
  }
}

export function table(name: string, columns: readonly ExportColumn[], more: Partial<ExportTable> = {}): ExportTable {
  const relation = { database: 'db', schema: 'marts', identifier: name }
  const node = {
    name,
    uniqueId: `model.shop.${name}`,
    relation,
    span: { path: `models/${name}.sql`, start: 0, end: 0 },
  }
  return {
    node: node as unknown as ExportTable['node'],
    relation,
    name,
    description: '',
    meta: {},
    columns,
    sql: '',
    primaryKey: [],
    foreignKeys: [],
    ...more,
  }
}

const orders = table(
  'orders',
  [
    column('order_id', INTEGER),
    column('order_date', DATE, { description: 'Day of the order.\n\nIn UTC: "local" days are elsewhere.' }),
    column('shipped_date', DATE),
    column('customer_id', INTEGER),
    column('amount', MONEY, { meta: { power_bi: { caption: "Amount: 'net' = all", format: '"€" #,##0.00' } } }),
    column(
      'discount_rate',
      { kind: 'float', bits: 64 },
      { meta: { tableau: { format: 'p0.0%', caption: 'Discount' } } },
    ),
    column('placed_at', { kind: 'timestamp', zone: true }),
    column('is_gift', { kind: 'boolean' }),
    column('clicks', { kind: 'integer', bits: 64, signed: false }, { meta: { power_bi: { folder: 'Web' } } }),
    column('note "x" #(y)', TEXT, { meta: { power_bi: { hidden: true } } }),
    column('picture', { kind: 'blob' }),
  ],
  {
    description: 'One row an order.\n\n- paid ones\n- sent ones',
    primaryKey: ['order_id'],
    foreignKeys: [
      { columns: ['customer_id'], table: 'customers', targetColumns: ['customer_id'] },
      { columns: ['order_date'], table: 'dim_date', targetColumns: ['date'] },
      { columns: ['shipped_date'], table: 'dim_date', targetColumns: ['date'] },
    ],
    meta: {
      power_bi: {
        caption: 'Orders',
        measures: [
          {
            name: 'Revenue',
            expression: "SUM ( Orders[Amount: 'net' = all] )",
            format: '"€" #,##0;-"€" #,##0',
            description: 'Paid or not.',
            folder: 'Money\\All',
          },
          {
            name: '% of all',
            expression:
              'VAR everything =\n    CALCULATE ( [Revenue], ALL ( Orders ) )\n\nRETURN\n\tDIVIDE ( [Revenue], everything ) // share',
            format: '0.0%',
          },
        ],
      },
    },
  },
)

const customers = table(
  'customers',
  [
    column('customer_id', INTEGER),
    column('name', TEXT),
    column('country', TEXT),
    column('first_order_date', DATE),
    column('lifetime', { kind: 'decimal', precision: 38, scale: 9 }),
  ],
  {
    primaryKey: ['customer_id'],
    foreignKeys: [{ columns: ['first_order_date'], table: 'dim_date', targetColumns: ['date'] }],
  },
)

const calendar = table(
  'dim_date',
  [
    column('date', DATE),
    column('month', INTEGER),
    column('month_name', TEXT, { meta: { power_bi: { sort_by: 'month' } } }),
  ],
  { primaryKey: ['date'] },
)

/** Orders, their customers and a calendar, with what a model can say of itself. */
export const shopTables: readonly ExportTable[] = [orders, customers, calendar]
