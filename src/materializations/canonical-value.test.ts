import { describe, expect, it } from 'vitest'
import { canonicalCell, canonicalValue, valueFamily } from './canonical-value.ts'

describe('valueFamily', () => {
  it.each([
    ['BIGINT', 'number'],
    ['DECIMAL(18,2)', 'number'],
    ['numeric(18,2)', 'number'],
    ['numeric', 'number'],
    ['smallint', 'number'],
    ['UTINYINT', 'number'],
    ['double precision', 'double'],
    ['DOUBLE', 'double'],
    ['FLOAT', 'double'],
    ['real', 'double'],
    ['boolean', 'boolean'],
    ['character varying(10)', 'text'],
    ['VARCHAR', 'text'],
    ['INTEGER[]', 'other'],
    ['STRUCT(a INTEGER)', 'other'],
    ['timestamp without time zone', 'other'],
    ['jsonb', 'other'],
  ])('%s is %s', (type, family) => expect(valueFamily(type)).toBe(family))
})

describe('numbers are compared by value', () => {
  it.each([
    ['5.000', '5'],
    ['+5', '5'],
    ['-0.0', '0'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['007', '7'],
    ['12e-3', '0.012'],
    ['1.20e2', '120'],
    ['-9007199254740993', '-9007199254740993'],
    ['0.1000000000000000000000001', '0.1000000000000000000000001'],
  ])('%s is %s', (written, canonical) => {
    expect(canonicalValue(written, 'number')).toBe(canonical)
    expect(canonicalCell(written, 'number')).toBe(canonical)
  })

  it('doubles as the engine sees them', () => {
    expect(canonicalValue('0.10', 'double')).toBe(canonicalCell(0.1, 'double'))
    expect(canonicalValue('-0', 'double')).toBe(canonicalCell(0, 'double'))
    expect(canonicalCell(2n ** 60n, 'number')).toBe('1152921504606846976')
  })

  it.each(['', '.', 'one', '1,000', '0x1f', '1 2'])('%j is no number', (text) => {
    expect(canonicalValue(text, 'number')).toBeUndefined()
    expect(canonicalValue(text, 'double')).toBeUndefined()
  })
})

it('knows booleans and texts, and leaves the rest to the engine', () => {
  expect(canonicalValue(true, 'boolean')).toBe('true')
  expect(canonicalValue('FALSE', 'boolean')).toBe('false')
  expect(canonicalValue('yes', 'boolean')).toBeUndefined()
  expect(canonicalValue(true, 'number')).toBeUndefined()
  expect(canonicalValue(' a', 'text')).toBe(' a')
  expect(canonicalValue('2024-01-01', 'other')).toBeUndefined()
  expect(canonicalValue([1], 'text')).toBeUndefined()
  expect(canonicalValue(null, 'other')).toBeNull()
})

it('takes objects with the same keys for the same, whatever their order', () => {
  expect(canonicalCell({ b: [1, { d: null, c: 2n }], a: 1 }, 'other')).toBe(
    canonicalCell({ a: 1, b: [1, { c: 2n, d: null }] }, 'other'),
  )
})
