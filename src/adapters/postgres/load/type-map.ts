import { type TypeFamily, typeFamily } from '../../load/value-sql.ts'

/** How values of a type of Postgres are read: the type of the reader, and the rules for text. */
export interface ReadAs {
  readonly type: string
  readonly family: TypeFamily
}

/** Types of the reader that Postgres calls otherwise or lacks; each has room for all values. */
const STORED: { readonly [type: string]: string } = {
  VARCHAR: 'text',
  BOOLEAN: 'boolean',
  TINYINT: 'smallint',
  UTINYINT: 'smallint',
  SMALLINT: 'smallint',
  USMALLINT: 'integer',
  INTEGER: 'integer',
  UINTEGER: 'bigint',
  BIGINT: 'bigint',
  UBIGINT: 'numeric(20,0)',
  HUGEINT: 'numeric(39,0)',
  UHUGEINT: 'numeric(39,0)',
  BIGNUM: 'numeric',
  FLOAT: 'real',
  DOUBLE: 'double precision',
  BLOB: 'bytea',
  BIT: 'bit varying',
  DATE: 'date',
  TIME: 'time without time zone',
  TIME_NS: 'time without time zone',
  'TIME WITH TIME ZONE': 'time with time zone',
  TIMESTAMP: 'timestamp without time zone',
  TIMESTAMP_S: 'timestamp without time zone',
  TIMESTAMP_MS: 'timestamp without time zone',
  TIMESTAMP_NS: 'timestamp without time zone',
  'TIMESTAMP WITH TIME ZONE': 'timestamp with time zone',
  INTERVAL: 'interval',
  UUID: 'uuid',
  JSON: 'jsonb',
}

/** Types of Postgres that the reader knows, as `format_type` writes them without their modifier. */
const READ: { readonly [type: string]: string } = {
  text: 'VARCHAR',
  'character varying': 'VARCHAR',
  character: 'VARCHAR',
  bpchar: 'VARCHAR',
  name: 'VARCHAR',
  boolean: 'BOOLEAN',
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  real: 'FLOAT',
  'double precision': 'DOUBLE',
  bytea: 'BLOB',
  date: 'DATE',
  'time without time zone': 'TIME',
  'time with time zone': 'TIME WITH TIME ZONE',
  'timestamp without time zone': 'TIMESTAMP',
  'timestamp with time zone': 'TIMESTAMP WITH TIME ZONE',
  interval: 'INTERVAL',
  uuid: 'UUID',
  json: 'JSON',
  jsonb: 'JSON',
}

const MAX_DIGITS = 38

/** True for a list of values that are no lists themselves; Postgres has arrays for these. */
export function isPlainList(type: string): boolean {
  return type.endsWith('[]') && isScalar(type.slice(0, -2))
}

/** True for what becomes JSON, because Postgres has no type of its own for it. */
export function isNested(type: string): boolean {
  return /^(STRUCT|MAP|UNION)\(/.test(type) || (type.endsWith(']') && !isPlainList(type))
}

function isScalar(type: string): boolean {
  return type in STORED || /^DECIMAL\(/.test(type)
}

/** The type of Postgres that keeps values of a type of the reader. */
export function storedType(type: string): string {
  const known = STORED[type]
  if (known !== undefined) return known
  if (type.startsWith('DECIMAL')) return type.replace('DECIMAL', 'numeric')
  if (isPlainList(type)) return `${storedType(type.slice(0, -2))}[]`
  return isNested(type) ? 'jsonb' : 'text'
}

/** How the reader reads values for a type of Postgres, as `format_type` writes it. What it does not know stays text. */
export function readAs(stored: string): ReadAs {
  const bare = stored.replace(/\([^)]*\)/, '')
  const known = READ[bare]
  if (known !== undefined) return { type: known, family: typeFamily(known) }
  if (bare === 'numeric') {
    const [, digits, scale] = /\((\d+),(\d+)\)/.exec(stored)?.map(Number) ?? []
    const fits = digits !== undefined && scale !== undefined && digits <= MAX_DIGITS && scale <= digits
    // Without a precision Postgres keeps every digit, so that the reader must not round.
    return fits ? { type: `DECIMAL(${digits},${scale})`, family: 'decimal' } : { type: 'VARCHAR', family: 'number' }
  }
  const element = bare.endsWith('[]') ? READ[bare.slice(0, -2)] : undefined
  return element === undefined ? { type: 'VARCHAR', family: 'text' } : { type: `${element}[]`, family: 'other' }
}

/** True for types that take every text up to their length, which the reader has checked. */
export function takesText(stored: string): boolean {
  return /^(text|character varying|character|bpchar)\b(?!.*\[\])/.test(stored)
}
