import type { LogicalType } from '../logical-type.ts'

const TYPES: { readonly [name: string]: LogicalType } = {
  boolean: { kind: 'boolean' },
  smallint: { kind: 'integer', bits: 16, signed: true },
  integer: { kind: 'integer', bits: 32, signed: true },
  bigint: { kind: 'integer', bits: 64, signed: true },
  oid: { kind: 'integer', bits: 32, signed: false },
  real: { kind: 'float', bits: 32 },
  'double precision': { kind: 'float', bits: 64 },
  text: { kind: 'text' },
  'character varying': { kind: 'text' },
  character: { kind: 'text' },
  bpchar: { kind: 'text' },
  name: { kind: 'text' },
  '"char"': { kind: 'text' },
  citext: { kind: 'text' },
  xml: { kind: 'text' },
  uuid: { kind: 'uuid' },
  json: { kind: 'json' },
  jsonb: { kind: 'json' },
  bytea: { kind: 'blob' },
  date: { kind: 'date' },
  'time without time zone': { kind: 'time', zone: false },
  'time with time zone': { kind: 'time', zone: true },
  'timestamp without time zone': { kind: 'timestamp', zone: false },
  'timestamp with time zone': { kind: 'timestamp', zone: true },
  geometry: { kind: 'geometry' },
  geography: { kind: 'geometry' },
  record: { kind: 'nested' },
}

/** What a type of Postgres holds, by the name that `format_type` gives it: `numeric(18,2)`, `timestamp(3) with time zone`. */
export function logicalType(engineType: string): LogicalType {
  if (engineType.endsWith('[]')) return { kind: 'nested' }
  if (/^numeric(?:\(|$)/.test(engineType)) return decimal(engineType)
  if (/^interval\b/.test(engineType)) return { kind: 'interval' }
  const name = engineType.replace(/\([^)]*\)/, '')
  // An extension's type bears its schema when that is not on the search path.
  const bare = /^\w+\.(citext|geometry|geography)$/.exec(name)?.[1] ?? name
  return Object.hasOwn(TYPES, bare) ? TYPES[bare]! : { kind: 'other' }
}

/** A scale may be negative, or larger than the precision: `numeric(3,-2)` holds 99900, `numeric(2,5)` holds 0.00099. */
function decimal(engineType: string): LogicalType {
  const [, digits, scale] = /\((\d+),(-?\d+)\)/.exec(engineType)?.map(Number) ?? []
  if (digits === undefined || scale === undefined) return { kind: 'decimal', precision: null, scale: null }
  if (scale < 0) return { kind: 'decimal', precision: digits - scale, scale: 0 }
  return { kind: 'decimal', precision: Math.max(digits, scale), scale }
}
