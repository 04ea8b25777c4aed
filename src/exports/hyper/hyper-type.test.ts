import { describe, expect, test } from 'vitest'
import type { LogicalType } from '../../adapters/logical-type.ts'
import { type HyperTypeRule, hyperType } from './hyper-type.ts'

const usual = { version: 2, decimals: 'exact', intervals: 'text' } as const
const integer = (bits: 8 | 16 | 32 | 64 | 128, signed = true): LogicalType => ({ kind: 'integer', bits, signed })
const decimal = (precision: number | null, scale: number | null): LogicalType => ({ kind: 'decimal', precision, scale })

function rule(type: LogicalType, options: Parameters<typeof hyperType>[1] = usual): HyperTypeRule {
  const found = hyperType(type, options)
  if (typeof found === 'string') throw new Error(`refused: ${found}`)
  return found
}

describe('the type of a column in a .hyper file', () => {
  test.each<[LogicalType, string, string]>([
    [{ kind: 'boolean' }, 'boolean', 'x'],
    [{ kind: 'text' }, 'text', 'cast(x as text)'],
    [{ kind: 'uuid' }, 'text', 'cast(x as text)'],
    [{ kind: 'json' }, 'text', 'cast(x as text)'],
    [{ kind: 'other' }, 'text', 'case when x is not null then concat(x) end'],
    [{ kind: 'geometry' }, 'text', 'cast(x as text)'],
    [{ kind: 'nested' }, 'text', 'cast(to_json(x) as text)'],
    [{ kind: 'time', zone: false }, 'text', 'cast(x as text)'],
    [{ kind: 'interval' }, 'text', 'cast(x as text)'],
    [{ kind: 'date' }, 'date', 'x'],
    [{ kind: 'timestamp', zone: false }, 'timestamp', 'cast(x as timestamp)'],
    [{ kind: 'timestamp', zone: true }, 'timestamp', "(x at time zone 'UTC')"],
    [{ kind: 'float', bits: 32 }, 'double precision', 'cast(x as double precision)'],
    [integer(8), 'integer', 'cast(x as integer)'],
    [integer(16, false), 'integer', 'cast(x as integer)'],
    [integer(32), 'integer', 'cast(x as integer)'],
    [integer(32, false), 'bigint', 'cast(x as bigint)'],
    [integer(64), 'bigint', 'cast(x as bigint)'],
    [integer(64, false), 'numeric(18,0)', 'cast(x as numeric(18,0))'],
    [integer(128), 'numeric(18,0)', 'cast(x as numeric(18,0))'],
    [decimal(9, 2), 'numeric(9,2)', 'cast(x as numeric(9,2))'],
    [decimal(38, 4), 'numeric(18,4)', 'cast(x as numeric(18,4))'],
    [decimal(3, 5), 'numeric(5,5)', 'cast(x as numeric(5,5))'],
    [decimal(4, -3), 'numeric(7,0)', 'cast(x as numeric(7,0))'],
    [decimal(null, null), 'double precision', 'cast(x as double precision)'],
  ])('%j is %s', (type, hyper, value) => {
    const found = rule(type)
    expect([found.type, found.value('x')]).toEqual([hyper, value])
  })

  test('binary data has none, nor have more digits after the point than the file holds', () => {
    expect(hyperType({ kind: 'blob' }, usual)).toBe('blob')
    expect(hyperType(decimal(38, 20), usual)).toBe('scale')
  })

  test.each([
    ['double', 'double precision'],
    ['text', 'text'],
  ] as const)('decimals: %s holds for all of more than 18 digits and for no others', (decimals, type) => {
    const options = { ...usual, decimals }
    const wide = [decimal(38, 20), decimal(19, 0), integer(64, false), integer(128), decimal(null, null)]
    expect(wide.map((t) => rule(t, options).type)).toEqual(wide.map(() => type))
    expect(rule(decimal(18, 2), options).type).toBe('numeric(18,2)')
    expect(rule(integer(64), options).type).toBe('bigint')
  })

  test('version 3 holds 38 digits', () => {
    const options = { ...usual, version: 3 } as const
    expect(rule(decimal(38, 20), options).type).toBe('numeric(38,20)')
    expect(rule(integer(64, false), options).type).toBe('numeric(20,0)')
    expect(rule(integer(128), options)).toMatchObject({ type: 'numeric(38,0)', decimal: true })
  })

  test('intervals can be seconds', () => {
    const { type, value } = rule({ kind: 'interval' }, { ...usual, intervals: 'seconds' })
    expect([type, value('x')]).toEqual(['double precision', 'cast(extract(epoch from x) as double precision)'])
  })

  test('tells which values have no place', () => {
    expect(rule(decimal(38, 16)).outside?.('x')).toBe('x >= 100 or x <= -100')
    expect(rule({ kind: 'float', bits: 64 }).outside?.('x')).toBe(
      'cast(x as double precision) - cast(x as double precision) <> 0',
    )
    expect(rule({ kind: 'date' }).outside?.('x')).toBe("x < date '0001-01-01' or x > date '9999-12-31'")
    expect(rule({ kind: 'text' }).outside).toBeUndefined()
    expect(rule(decimal(null, null)).loses?.('x')).toMatch(/^cast\(x as double precision\) > 9007199254740992 or /)
  })
})
