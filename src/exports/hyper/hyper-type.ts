import type { LogicalType } from '../../adapters/logical-type.ts'
import type { HyperOptions } from '../../config/exports/hyper-options.ts'

/** How a column is written to a `.hyper` file. */
export interface HyperTypeRule {
  /** Hyper's own name of the type. */
  readonly type: string
  /** The value, in standard SQL of the warehouse, from an expression of the column. */
  readonly value: (column: string) => string
  /** True for values that the type has no place for. */
  readonly outside?: (column: string) => string
  /** Why such values have none. */
  readonly why?: string
  /** True for values of which the type keeps less than all digits. */
  readonly loses?: (column: string) => string
  /** Whether other `decimals` would take the values that are outside. */
  readonly decimal?: true
}

type Options = Pick<HyperOptions, 'version' | 'decimals' | 'intervals'>

/** `blob`: Tableau knows no binary data; `scale`: more digits after the point than the file holds. */
export type Refusal = 'blob' | 'scale'

const plain = (type: string) => (): HyperTypeRule => ({ type, value: (column) => column })
const cast = (type: string, target: string) => (): HyperTypeRule => ({
  type,
  value: (column) => `cast(${column} as ${target})`,
})
const asText = cast('text', 'text')

/** Where Hyper has decimals of 38 digits: from this version of the file on. */
const WIDE_VERSION = 3
/** Whole numbers up to here are doubles without loss. */
const EXACT_DOUBLE = '9007199254740992'
const YEARS = 'Tableau knows the years 0001 to 9999'
const NOT_FINITE = 'Tableau shows finite numbers only'

/** One rule for each kind of type; `docs/hyper.md` has them as a table. */
const RULES: {
  readonly [K in LogicalType['kind']]: (
    type: Extract<LogicalType, { kind: K }>,
    options: Options,
  ) => HyperTypeRule | Refusal
} = {
  boolean: plain('boolean'),
  text: asText,
  uuid: asText,
  json: asText,
  // As the engine shows it: its cast may differ.
  other: () => ({ type: 'text', value: (column) => `case when ${column} is not null then concat(${column}) end` }),
  geometry: asText,
  time: asText,
  nested: () => ({ type: 'text', value: (column) => `cast(to_json(${column}) as text)` }),
  blob: () => 'blob',
  interval: (_, { intervals }) =>
    intervals === 'text' ? asText() : double((c) => `cast(extract(epoch from ${c}) as double precision)`),
  date: () => dated('date', (column) => column, ["date '0001-01-01'", "date '9999-12-31'"]),
  timestamp: ({ zone }) =>
    dated('timestamp', (column) => (zone ? `(${column} at time zone 'UTC')` : `cast(${column} as timestamp)`), [
      "timestamp '0001-01-01 00:00:00'",
      "timestamp '9999-12-31 23:59:59.999999'",
    ]),
  float: () => double(),
  integer: ({ bits, signed }, options) => {
    if (bits < 32 || (bits === 32 && signed)) return cast('integer', 'integer')()
    if (bits === 32 || (bits === 64 && signed)) return cast('bigint', 'bigint')()
    return wideDecimal(bits === 64 ? 20 : 39, 0, options)
  },
  decimal: ({ precision, scale }, options) =>
    precision === null || scale === null ? anyDecimal(options) : decimal(precision, scale, options),
}

/** How a column of this type is written, or why it is not. */
export function hyperType(type: LogicalType, options: Options): HyperTypeRule | Refusal {
  const rule = RULES[type.kind] as (type: LogicalType, options: Options) => HyperTypeRule | Refusal
  return rule(type, options)
}

/** NaN less NaN and infinity less infinity are NaN, which is not zero. */
function notFinite(value: string): string {
  return `${value} - ${value} <> 0`
}

function dated(type: string, value: HyperTypeRule['value'], [first, last]: readonly [string, string]): HyperTypeRule {
  return {
    type,
    value,
    outside: (column) => `${value(column)} < ${first} or ${value(column)} > ${last}`,
    why: YEARS,
  }
}

function decimal(precision: number, scale: number, options: Options): HyperTypeRule | Refusal {
  // Postgres has scales below zero and above the precision.
  const after = Math.max(scale, 0)
  const digits = Math.max(precision - Math.min(scale, 0), after)
  if (digits > 18) return wideDecimal(digits, after, options)
  return { ...numeric(digits, after), outside: notFinite, why: NOT_FINITE }
}

function numeric(precision: number, scale: number): HyperTypeRule {
  const type = `numeric(${precision},${scale})`
  return { type, value: (column) => `cast(${column} as ${type})` }
}

/** More digits than the usual file holds: narrowed when each value fits, which is looked at before. */
function wideDecimal(precision: number, scale: number, { version, decimals }: Options): HyperTypeRule | Refusal {
  if (decimals === 'text') return asText()
  if (decimals === 'double') return double()
  const held = version >= WIDE_VERSION ? 38 : 18
  if (precision <= held) return { ...numeric(precision, scale), outside: notFinite, why: NOT_FINITE }
  if (scale > held) return 'scale'
  const bound = `1${'0'.repeat(held - scale)}`
  return {
    ...numeric(held, scale),
    outside: (column) => `${column} >= ${bound} or ${column} <= -${bound}`,
    why: `the file holds numeric(${held},${scale})`,
    decimal: true,
  }
}

/** Each value has a scale of its own, which no type of Hyper has: a double, as in Tableau's own extracts. */
function anyDecimal({ decimals }: Options): HyperTypeRule {
  if (decimals === 'text') return asText()
  if (decimals === 'double') return double()
  return {
    ...double(),
    loses: (column) => `${asDouble(column)} > ${EXACT_DOUBLE} or ${asDouble(column)} < -${EXACT_DOUBLE}`,
  }
}

function asDouble(column: string): string {
  return `cast(${column} as double precision)`
}

function double(value: (column: string) => string = asDouble): HyperTypeRule {
  return { type: 'double precision', value, outside: (column) => notFinite(value(column)), why: NOT_FINITE }
}
