import type { LogicalType } from '../logical-type.ts'

const signed = (bits: 8 | 16 | 32 | 64 | 128): LogicalType => ({ kind: 'integer', bits, signed: true })
const unsigned = (bits: 8 | 16 | 32 | 64 | 128): LogicalType => ({ kind: 'integer', bits, signed: false })
const timestamp: LogicalType = { kind: 'timestamp', zone: false }

const TYPES: { readonly [name: string]: LogicalType } = {
  BOOLEAN: { kind: 'boolean' },
  TINYINT: signed(8),
  SMALLINT: signed(16),
  INTEGER: signed(32),
  BIGINT: signed(64),
  HUGEINT: signed(128),
  UTINYINT: unsigned(8),
  USMALLINT: unsigned(16),
  UINTEGER: unsigned(32),
  UBIGINT: unsigned(64),
  UHUGEINT: unsigned(128),
  BIGNUM: { kind: 'decimal', precision: null, scale: null },
  DECIMAL: { kind: 'decimal', precision: 18, scale: 3 },
  FLOAT: { kind: 'float', bits: 32 },
  DOUBLE: { kind: 'float', bits: 64 },
  VARCHAR: { kind: 'text' },
  ENUM: { kind: 'text' },
  UUID: { kind: 'uuid' },
  JSON: { kind: 'json' },
  BLOB: { kind: 'blob' },
  DATE: { kind: 'date' },
  TIME: { kind: 'time', zone: false },
  TIME_NS: { kind: 'time', zone: false },
  'TIME WITH TIME ZONE': { kind: 'time', zone: true },
  TIMESTAMP: timestamp,
  TIMESTAMP_S: timestamp,
  TIMESTAMP_MS: timestamp,
  TIMESTAMP_NS: timestamp,
  'TIMESTAMP WITH TIME ZONE': { kind: 'timestamp', zone: true },
  INTERVAL: { kind: 'interval' },
  GEOMETRY: { kind: 'geometry' },
  STRUCT: { kind: 'nested' },
  MAP: { kind: 'nested' },
  UNION: { kind: 'nested' },
  VARIANT: { kind: 'nested' },
}

/** What a type of DuckDB holds, by the name that the engine gives it: `DECIMAL(18,2)`, `STRUCT("a" INTEGER)[]`. */
export function logicalType(engineType: string): LogicalType {
  if (engineType.endsWith(']')) return { kind: 'nested' }
  const decimal = /^DECIMAL\((\d+), ?(\d+)\)$/.exec(engineType)
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) }
  const name = /^[^("]*/.exec(engineType)![0]
  return Object.hasOwn(TYPES, name) ? TYPES[name]! : { kind: 'other' }
}
