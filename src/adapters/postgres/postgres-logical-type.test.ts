import { expect, it } from 'vitest'
import { logicalType } from './postgres-logical-type.ts'

it.each([
  ['boolean', { kind: 'boolean' }],
  ['smallint', { kind: 'integer', bits: 16, signed: true }],
  ['oid', { kind: 'integer', bits: 32, signed: false }],
  ['numeric', { kind: 'decimal', precision: null, scale: null }],
  ['numeric(18,2)', { kind: 'decimal', precision: 18, scale: 2 }],
  ['numeric(3,-2)', { kind: 'decimal', precision: 5, scale: 0 }],
  ['numeric(2,5)', { kind: 'decimal', precision: 5, scale: 5 }],
  ['numeric(10,2)[]', { kind: 'nested' }],
  ['character varying(10)', { kind: 'text' }],
  ['"char"', { kind: 'text' }],
  ['time(3) with time zone', { kind: 'time', zone: true }],
  ['timestamp(0) without time zone', { kind: 'timestamp', zone: false }],
  ['timestamp with time zone', { kind: 'timestamp', zone: true }],
  ['interval day to second(3)', { kind: 'interval' }],
  ['geometry(Point,4326)', { kind: 'geometry' }],
  ['public.geography', { kind: 'geometry' }],
  ['jsonb', { kind: 'json' }],
  ['bytea', { kind: 'blob' }],
  ['text[]', { kind: 'nested' }],
  ['inet', { kind: 'other' }],
  ['intervals', { kind: 'other' }],
  ['money', { kind: 'other' }],
  ['public."odd (type)"', { kind: 'other' }],
  ['constructor', { kind: 'other' }],
  ['', { kind: 'other' }],
])('reads %s', (name, type) => {
  expect(logicalType(name)).toEqual(type)
})
