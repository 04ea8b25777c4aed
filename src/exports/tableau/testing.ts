import type { LogicalType } from '../../adapters/logical-type.ts'
import type { ExportColumn, ExportTable } from '../export-job.ts'

const TYPES: { readonly [name: string]: LogicalType } = {
  text: { kind: 'text' },
  boolean: { kind: 'boolean' },
  integer: { kind: 'integer', bits: 32, signed: true },
  bigint: { kind: 'integer', bits: 64, signed: true },
  hugeint: { kind: 'integer', bits: 128, signed: true },
  double: { kind: 'float', bits: 64 },
  decimal: { kind: 'decimal', precision: 18, scale: 2 },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp', zone: false },
  blob: { kind: 'blob' },
}

/** For tests: a table of columns by name and type. */
export function tableOf(
  name: string,
  columns: { readonly [column: string]: string },
  more: Partial<ExportTable> = {},
): ExportTable {
  return {
    node: { uniqueId: `model.shop.${name}`, name } as ExportTable['node'],
    relation: { database: 'db', schema: 'main', identifier: name },
    name,
    description: '',
    meta: {},
    columns: Object.entries(columns).map(
      ([column, type]): ExportColumn => ({
        name: column,
        type: TYPES[type]!,
        engineType: type,
        description: '',
        meta: {},
        span: null,
      }),
    ),
    sql: `select * from ${name}`,
    primaryKey: [],
    foreignKeys: [],
    ...more,
  }
}
