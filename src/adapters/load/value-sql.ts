import { quoteString } from '../../sql/quote.ts'

/** How values are written in the files of one source. */
export interface ValueFormat {
  readonly decimal: string
  readonly thousands: string | undefined
  /** strftime patterns, tried in order; empty means ISO. */
  readonly dateFormats: readonly string[]
  readonly timestampFormats: readonly string[]
  /** Texts that mean null besides the empty cell. */
  readonly nullWords: readonly string[]
}

/** What a type needs of us; the engine's `cast` alone rounds `1.5` to 2, drops the time of day and drops time zones. */
export type TypeFamily =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  /** A decimal of any size, which stays text. */
  | 'number'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'other'

/** How the values of a column are to be read. */
export interface ValueType {
  /** As `typeof` prints it. */
  readonly type: string
  readonly family: TypeFamily
  /** The most characters that a text may have. */
  readonly limit?: number | undefined
}

const INTEGERS = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/

/** `type` as `typeof` prints it. */
export function typeFamily(type: string): TypeFamily {
  if (type === 'VARCHAR') return 'text'
  if (INTEGERS.test(type)) return 'integer'
  if (type.startsWith('DECIMAL')) return 'decimal'
  if (type === 'DOUBLE' || type === 'FLOAT') return 'float'
  if (type === 'DATE') return 'date'
  if (type.startsWith('TIMESTAMP WITH TIME ZONE')) return 'timestamptz'
  if (type.startsWith('TIMESTAMP')) return 'timestamp'
  return 'other'
}

const LIMITED = /^(?:n?varchar|character varying|char varying|character|n?char|bpchar|text|string)\s*\(\s*(\d+)\s*\)$/i

/** The most characters that a type takes, as it is written: `varchar(10)`. */
export function lengthLimit(type: string): number | undefined {
  const digits = LIMITED.exec(type.trim())?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** True when the engine's own conversion in `read_csv` loses nothing and says when it fails. */
export function readsNatively({ family, type, limit }: ValueType, format: ValueFormat): boolean {
  if (family === 'text') return format.nullWords.length === 0 && limit === undefined
  const plainNumbers = format.decimal === '.' && format.thousands === undefined
  return (plainNumbers && (family === 'decimal' || family === 'float')) || type === 'BOOLEAN'
}

const DAY = '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}'
const TIME = '[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?'
const ZONE = '( ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?))'

/** A zoned time as the engine reads it: `10:00+02` needs its seconds, a blank before the zone is one too many. */
function zoned(cell: string): string {
  const seconds = `regexp_replace(${cell}, '^([^ T]+[ T][0-9]{1,2}:[0-9]{2}) ?(Z|UTC|[+-].*)$', '\\1:00\\2')`
  const zone = `regexp_replace(regexp_replace(${seconds}, ' ?(Z|UTC)$', '+00'), ' ([+-][0-9:]+)$', '\\1')`
  return `try_cast(${zone} as timestamptz)`
}

/** A cell's text after the words for null are taken out: null means that the value is null. */
export function cellSql(text: string, family: TypeFamily, format: ValueFormat): string {
  const words = format.nullWords.map(quoteString).join(', ')
  if (words === '') return text
  return `case when ${family === 'text' ? text : `trim(${text})`} in (${words}) then null else ${text} end`
}

/** True for a cell that has text but no value. */
export function isBadSql(cell: string, value: string): string {
  return `${cell} is not null and ${value} is null and trim(${cell}) <> ''`
}

/**
 * The value of a cell, null when the text is none of the type or blank. `cell` is used several times, so it should be a
 * column. The first branch of each `case` is what nearly all values take, and costs no regular expression.
 */
export function valueSql(cell: string, { type, family, limit }: ValueType, format: ValueFormat): string {
  const bare = `trim(${cell})`
  const cast = (text: string) => `try_cast(${text} as ${type})`
  const matches = (pattern: string) => `regexp_full_match(${bare}, '${pattern}')`
  switch (family) {
    case 'text':
      // Blanks behind the limit are cut, as the standard says; anything else there is too long.
      return limit === undefined
        ? cell
        : `case when length(rtrim(${cell})) <= ${limit} then left(${cell}, ${limit}) end`
    case 'number': {
      const number = numberSql(cell, format)
      const digits = '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?'
      return `case when regexp_full_match(trim(${number}), '${digits}') then trim(${number}) end`
    }
    case 'integer': {
      const number = numberSql(cell, format)
      // What prints as it was written was read exactly; `1.0` is whole, `1.5`, `1e3` and `0x1F` are not taken.
      return `case when ${cast(number)}::varchar = ${number} then ${cast(number)} when regexp_full_match(trim(${number}), '[+-]?[0-9]+([.]0*)?') then ${cast(number)} end`
    }
    case 'decimal':
    case 'float':
      return cast(numberSql(cell, format))
    case 'date': {
      if (format.dateFormats.length > 0) return `${parsed(bare, format.dateFormats)}::date`
      const midnight = '([ T]00:00(:00([.]0+)?)?Z?)?'
      return `case when length(${cell}) = 10 and substr(${cell}, 5, 1) in ('-', '/') then ${cast(cell)} when ${matches(DAY + midnight)} then ${cast(bare)} end`
    }
    case 'timestamp': {
      if (format.timestampFormats.length > 0) return `${parsed(bare, format.timestampFormats)}::${type}`
      const usual = `length(${cell}) = 19 and substr(${cell}, 17, 1) = ':'`
      const plain = matches(`${DAY}([ T]${TIME})?`)
      const utc = `(${zoned(bare)} at time zone 'UTC')::${type}`
      return `case when ${usual} then ${cast(cell)} when ${plain} then ${cast(bare)} when ${matches(`${DAY}[ T]${TIME}${ZONE}`)} then ${utc} end`
    }
    case 'timestamptz': {
      const utc = (timestamp: string) => `${timestamp} at time zone 'UTC'`
      if (format.timestampFormats.length > 0) return utc(parsed(bare, format.timestampFormats))
      const plain = matches(`${DAY}([ T]${TIME})?`)
      return `case when ${plain} then ${utc(`try_cast(${bare} as timestamp)`)} when ${matches(`${DAY}[ T]${TIME}${ZONE}`)} then ${zoned(bare)} end`
    }
    case 'other':
      return cast(cell)
  }
}

/** The first format that fits. The engine's `%Y` takes `24` for the year 24, so a small year must have its zeros. */
function parsed(cell: string, formats: readonly string[]): string {
  const attempts = formats.map((format) => {
    const value = `try_strptime(${cell}, ${quoteString(format)})`
    if (!format.includes('%Y')) return value
    return `case when year(${value}) >= 1000 or regexp_matches(${cell}, '[0-9]{4}') then ${value} end`
  })
  return attempts.length === 1 ? `(${attempts[0]})` : `coalesce(${attempts.join(', ')})`
}

function escapeClass(character: string): string {
  return `[${character === '\\' || character === ']' || character === '^' ? '\\' : ''}${character}]`
}

/** The number with a point and without groups. Groups that are none (`1,5` where `,` groups) stay, and fail. */
function numberSql(cell: string, format: ValueFormat): string {
  const { decimal, thousands } = format
  const pointed = (text: string) => (decimal === '.' ? text : `replace(${text}, ${quoteString(decimal)}, '.')`)
  // A point that is not the decimal sign must not become one.
  const strict = (text: string) =>
    decimal === '.' || thousands === '.'
      ? pointed(text)
      : `case when not contains(${text}, '.') then ${pointed(text)} end`
  if (thousands === undefined) return decimal === '.' ? cell : `(${strict(cell)})`
  const group = `${escapeClass(thousands)}[0-9]{3}`
  const grouped = `[+-]?[0-9]{1,3}(${group})+(${escapeClass(decimal)}[0-9]*)?`
  const ungrouped = pointed(`replace(${cell}, ${quoteString(thousands)}, '')`)
  const isGrouped = `regexp_full_match(trim(${cell}), ${quoteString(grouped)})`
  const has = `contains(${cell}, ${quoteString(thousands)})`
  return `(case when ${isGrouped} then ${ungrouped} when not ${has} then ${strict(cell)} end)`
}
