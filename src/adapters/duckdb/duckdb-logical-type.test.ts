import { expect, it } from 'vitest'
import { logicalType } from './duckdb-logical-type.ts'

it.each([
  ['BOOLEAN', { kind: 'boolean' }],
  ['TINYINT', { kind: 'integer', bits: 8, signed: true }],
  ['UBIGINT', { kind: 'integer', bits: 64, signed: false }],
  ['HUGEINT', { kind: 'integer', bits: 128, signed: true }],
  ['BIGNUM', { kind: 'decimal', precision: null, scale: null }],
  ['DECIMAL(38,10)', { kind: 'decimal', precision: 38, scale: 10 }],
  ['FLOAT', { kind: 'float', bits: 32 }],
  ["ENUM('a', 'b]')", { kind: 'text' }],
  ['VARCHAR', { kind: 'text' }],
  ['TIME WITH TIME ZONE', { kind: 'time', zone: true }],
  ['TIMESTAMP_NS', { kind: 'timestamp', zone: false }],
  ['TIMESTAMP WITH TIME ZONE', { kind: 'timestamp', zone: true }],
  ["GEOMETRY('EPSG:4326')", { kind: 'geometry' }],
  ['INTEGER[]', { kind: 'nested' }],
  ['DECIMAL(18,2)[3]', { kind: 'nested' }],
  ['STRUCT("a b" INTEGER)', { kind: 'nested' }],
  ['MAP(VARCHAR, INTEGER)', { kind: 'nested' }],
  ['UNION("n" INTEGER)', { kind: 'nested' }],
  ['BIT', { kind: 'other' }],
  ['toString', { kind: 'other' }],
  ['"NULL"', { kind: 'other' }],
  ['', { kind: 'other' }],
])('reads %s', (name, type) => {
  expect(logicalType(name)).toEqual(type)
})
