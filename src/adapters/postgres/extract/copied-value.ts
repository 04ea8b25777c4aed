import { quoteIdentifier } from '../../../sql/quote.ts'
import type { LogicalType } from '../../logical-type.ts'

const MAX_DIGITS = 38

/** The SQL of Postgres that gives a column's values in text that `readValue` reads. */
export function copiedValue(name: string, type: LogicalType): string {
  const column = quoteIdentifier(name)
  return type.kind === 'nested' ? `to_json(${column})` : column
}

/** What the reader makes of a type; a number with more digits than it knows stays text. */
export function readType(type: LogicalType): LogicalType {
  const large = type.kind === 'decimal' && (type.precision ?? 0) > MAX_DIGITS
  if (large) return { kind: 'decimal', precision: null, scale: null }
  if (type.kind === 'nested') return { kind: 'json' }
  // The reader would write the offset of `10:00:00+02` in another way.
  if (type.kind === 'time' && type.zone) return { kind: 'text' }
  return type
}

/** The SQL of the reader for a text column that Postgres has written. */
export function readValue(column: string, type: LogicalType): string {
  const as = (name: string) => `${column}::${name}`
  switch (type.kind) {
    case 'boolean':
    case 'uuid':
    case 'json':
      return as(type.kind)
    case 'integer':
      return as(integerType(type))
    case 'float':
      return as(type.bits === 32 ? 'float' : 'double')
    case 'date':
      return `replace(${column}, ' BC', ' (BC)')::date`
    case 'time':
      return as('time')
    case 'timestamp':
      return `${beforeChrist(column)}::${type.zone ? 'timestamptz' : 'timestamp'}`
    case 'interval':
      return `replace(${column}, '+', '')::interval`
    case 'blob':
      return `unhex(substr(${column}, 3))`
    default:
      return column
  }
}

function integerType({ bits, signed }: Extract<LogicalType, { readonly kind: 'integer' }>): string {
  return `${signed ? '' : 'u'}${bits === 128 ? 'huge' : bits === 64 ? 'big' : bits === 32 ? '' : bits === 16 ? 'small' : 'tiny'}int${bits === 32 ? 'eger' : ''}`
}

/** Postgres writes the era behind the time, the reader before it. */
function beforeChrist(column: string): string {
  return `case when ends_with(${column}, ' BC') then regexp_replace(${column}, '^(\\S+) (.*) BC$', '\\1 (BC) \\2') else ${column} end`
}
