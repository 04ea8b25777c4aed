import type { Cell } from '../adapters/adapter.ts'
import type { FixtureValue } from '../config/unit-test-entry.ts'

/**
 * How values of a type are compared: numbers by value (5.000 = 5), `double` as the engine's own floating numbers, booleans,
 * text as it stands, and everything else in the engine's form.
 */
export type ValueFamily = 'number' | 'double' | 'boolean' | 'text' | 'other'

export function valueFamily(type: string): ValueFamily {
  const name = type.toLowerCase().replace(/\(.*/, '').trim()
  if (type.endsWith(']') || /^(?:struct|map|union)\b/.test(name)) return 'other'
  if (/^u?(?:tiny|small|big|huge)?int(?:eger)?\d*$/.test(name)) return 'number'
  if (name === 'numeric' || name === 'decimal' || name === 'bignum') return 'number'
  if (/^(?:double(?: precision)?|float\d*|real)$/.test(name)) return 'double'
  if (name === 'boolean' || name === 'bool') return 'boolean'
  return /^(?:text|varchar|character varying|character|char|bpchar|string|name)$/.test(name) ? 'text' : 'other'
}

/** The form of a cell in which equal values are equal texts; null is SQL's null. */
export function canonicalCell(cell: Cell, family: ValueFamily): string | null {
  if (cell === null) return null
  if (family === 'double') return canonicalDouble(String(cell))
  if (family === 'number') return canonicalNumber(String(cell)) ?? String(cell)
  return typeof cell === 'object' ? stableText(cell) : String(cell)
}

/** The same of a value of a fixture; undefined when only the engine knows its form. */
export function canonicalValue(value: FixtureValue, family: ValueFamily): string | null | undefined {
  if (value === null) return null
  if (typeof value === 'object') return undefined
  const text = String(value)
  switch (family) {
    case 'text':
      return text
    case 'boolean':
      return /^(?:true|false)$/i.test(text) ? text.toLowerCase() : undefined
    case 'double':
      return typeof value === 'string' && isNumber(text) ? canonicalDouble(text) : undefined
    case 'number':
      return typeof value === 'string' ? canonicalNumber(text) : undefined
    default:
      return undefined
  }
}

const NUMBER = /^([-+]?)(\d*)\.?(\d*)(?:[eE]([-+]?\d{1,4}))?$/

function isNumber(text: string): boolean {
  return NUMBER.test(text) && /\d/.test(text)
}

function canonicalDouble(text: string): string {
  const value = Number(text)
  return Number.isNaN(value) ? 'NaN' : String(value === 0 ? 0 : value)
}

/** A decimal of any length without the zeros that say nothing; undefined for text that is no number. */
function canonicalNumber(text: string): string | undefined {
  const found = NUMBER.exec(text)
  if (found === null || !/\d/.test(text)) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = found
  const shift = Number(exponent)
  const digits = `${whole}${fraction}`
  const point = whole.length + shift
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0')
  const at = Math.max(point, 1)
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, '')
  const right = padded.slice(at).replace(/0+$/, '')
  const value = right === '' ? left : `${left}.${right}`
  return sign === '-' && value !== '0' ? `-${value}` : value
}

/** JSON whose keys are sorted. */
function stableText(cell: Cell): string {
  return JSON.stringify(cell, (_key, value: unknown) => {
    if (typeof value === 'bigint') return value.toString()
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
