import type { DatabaseFault } from '../../base/errors.ts'
import { findIdentifier, tokenAt } from '../../sql/scan-sql.ts'

/** The object that DuckDB puts into an error's message under `errors_as_json`. */
interface RawError {
  readonly exception_type?: string
  readonly exception_message?: string
  readonly error_subtype?: string
  readonly position?: string
  readonly name?: string
  readonly type?: string
  readonly candidates?: string
}

/** Kinds that DuckDB's exception types stand for, when no pattern says more. */
const BY_TYPE: { readonly [type: string]: string } = {
  Parser: 'syntax',
  Syntax: 'syntax',
  Conversion: 'conversion',
  'Mismatch Type': 'type',
  'Invalid type': 'type',
  'Out of Range': 'range',
  'Divide by Zero': 'division-by-zero',
  Constraint: 'constraint',
  'Out of Memory': 'out-of-memory',
  Dependency: 'dependency',
  TransactionContext: 'conflict',
  Permission: 'permission',
  IO: 'file',
  HTTP: 'file',
  Connection: 'connection',
  FATAL: 'connection',
  INTERRUPT: 'interrupted',
  Interrupt: 'interrupted',
  'Not implemented': 'unsupported',
  'Missing Extension': 'unsupported',
}

/** What messages say where DuckDB gives no subtype. The first group, when there is one, is the name. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^Referenced column "(.+?)" not found/, 'column-missing'],
  [/^Referenced column (\S+) not found in FROM clause/, 'column-missing'],
  // `round(x, 2) as x` where no relation has an `x`: the engine takes it for the alias.
  [/^Column "(.+?)" referenced that exists in the SELECT clause/, 'column-missing'],
  [/does not have a column (?:named|with name) "(.+?)"/, 'column-missing'],
  [/^Referenced update column (.+?) not found/, 'column-missing'],
  [/^Column "?(.+?)"? (?:in EXCLUDE list |in REPLACE list )?not found/, 'column-missing'],
  [/^Column "(.+?)" does not exist on (?:left|right) side of join/, 'column-missing'],
  [/because (?:schema|database|catalog) "(.+?)" does not exist/, 'schema-missing'],
  [/^(?:Catalog|Schema with name|Database) "?(.+?)"? does not exist/, 'schema-missing'],
  [/^Referenced table "(.+?)" not found/, 'table-missing'],
  [/^Ambiguous reference to column name "(.+?)"/, 'ambiguous'],
  [/already exists/, 'exists'],
  [/must appear in the GROUP BY clause/, 'grouping'],
  [/cannot contain (?:aggregates|window functions)|aggregate function calls cannot be nested/, 'grouping'],
  [/^Macro \S+ does not support the supplied arguments/, 'type'],
  [/^No function matches|^Cannot (?:mix|compare|combine) values of type/, 'type'],
  [/can only be applied to/, 'type'],
  [/Conflict on (?:update|tuple)|write-write conflict|Transaction conflict/, 'conflict'],
  [/Cannot (?:drop|alter) entry|depend on it/, 'dependency'],
  [/No space left on device|No more space|disk quota/i, 'disk-full'],
  [/max_temp_directory_size|failed to offload data block/, 'disk-full'],
  [/Could not set lock on file/, 'locked'],
]

/** Advice that the engine adds and that the diagnostic says better, or that speaks of DuckDB's own shell. */
const TAILS: readonly RegExp[] = [
  /\n+Candidate (?:bindings|tables|functions)[\s\S]*$/,
  /\n+Did you mean[\s\S]*$/,
  /\n*\s*Candidate functions:[\s\S]*$/,
  / You might need to add explicit type casts\.(?=$|\n)/,
  /\n+Possible solutions:[\s\S]*$/,
  /\n+See also [\s\S]*$/,
  /\.? See also https?:\S+$/,
  /\n+Use "SET [\s\S]*$/,
]

/** What the driver says before the error of the engine, where a text has several statements. */
const LEAD = /^Failed to extract statements: /

const PREFIX = /^([A-Z][\w ]*?) Error: /

function parseRaw(whole: string): RawError {
  const message = whole.replace(LEAD, '')
  const prefix = PREFIX.exec(message)
  const rest = prefix === null ? message : message.slice(prefix[0].length)
  if (rest.startsWith('{"exception_type"')) {
    try {
      return JSON.parse(rest) as RawError
    } catch {
      return { exception_message: rest }
    }
  }
  return prefix === null ? { exception_message: rest } : { exception_type: prefix[1]!, exception_message: rest }
}

function cleanMessage(message: string): string {
  let text = message
  for (const tail of TAILS) text = text.replace(tail, '')
  return text.trim()
}

function kindOf(raw: RawError, message: string): { kind: string; name: string | undefined } {
  if (raw.error_subtype === 'COLUMN_NOT_FOUND') return { kind: 'column-missing', name: raw.name }
  if (raw.error_subtype === 'MISSING_ENTRY') {
    if (raw.type === 'Table' || raw.type === 'View') return { kind: 'table-missing', name: raw.name }
    if (raw.type?.endsWith('Function') === true) return { kind: 'function-missing', name: raw.name }
    if (raw.type === 'Schema') return { kind: 'schema-missing', name: raw.name }
    if (raw.type === 'Type') return { kind: 'type', name: raw.name }
    return { kind: 'other', name: raw.name }
  }
  for (const [pattern, kind] of PATTERNS) {
    const match = pattern.exec(message)
    if (match !== null) return { kind, name: match[1] ?? raw.name }
  }
  return { kind: BY_TYPE[raw.exception_type ?? ''] ?? 'other', name: raw.name }
}

function candidatesOf(raw: RawError, message: string, kind: string): readonly string[] | undefined {
  if (kind === 'type' && raw.error_subtype === 'NO_MATCHING_FUNCTION') return undefined
  if (raw.type === 'configuration parameter') return undefined
  const listed = /(?:Candidate bindings: :?|Candidate tables:|Did you mean:?)\s*((?:"[^"]+"(?:, )?)+)/.exec(message)
  const quoted = listed === null ? [] : [...listed[1]!.matchAll(/"([^"]+)"/g)].map((m) => m[1]!)
  if (quoted.length > 0) return quoted
  return raw.candidates === undefined || raw.candidates === ''
    ? undefined
    : raw.candidates.split(',').map((c) => c.trim())
}

/** UTF-16 offset of a UTF-8 byte offset; undefined when it lies outside the text. */
function offsetOfByte(text: string, byte: number): number | undefined {
  let bytes = 0
  let at = 0
  while (bytes < byte && at < text.length) {
    const point = text.codePointAt(at)!
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    at += point < 0x10000 ? 1 : 2
  }
  return bytes === byte ? at : undefined
}

/** UTF-16 offset of a code point offset; undefined when it lies outside the text. */
function offsetOfPoint(text: string, point: number): number | undefined {
  let at = 0
  for (let points = 0; points < point; points++) {
    if (at >= text.length) return undefined
    at += text.codePointAt(at)! < 0x10000 ? 1 : 2
  }
  return at
}

/**
 * Where a fault stands in `sql`. DuckDB counts the parser's positions in code points and all others in UTF-8 bytes; an
 * error that comes from inside a view counts in the view's text, so a position at which the named thing does not stand
 * is dropped.
 */
function locate(
  raw: RawError,
  sql: string,
  kind: string,
  name: string | undefined,
  lead: string,
): { offset: number; length: number } | undefined {
  const before = lead === '' ? 0 : kind === 'syntax' ? [...lead].length : Buffer.byteLength(lead)
  const position = raw.position === undefined ? undefined : Number(raw.position) - before
  const isPlace = (token: string): boolean =>
    kind === 'conversion' ? converts(token, raw.exception_message ?? '') : plausible(token, kind, name)
  if (position !== undefined && Number.isSafeInteger(position) && position >= 0) {
    const offset = kind === 'syntax' ? offsetOfPoint(sql, position) : offsetOfByte(sql, position)
    if (offset !== undefined) {
      const token = tokenAt(sql, offset)
      if (token !== undefined && isPlace(sql.slice(token.start, token.end))) {
        return { offset: token.start, length: token.end - token.start }
      }
    }
  }
  if (name === undefined) return undefined
  const found = findIdentifier(sql, name)
  return found === undefined ? undefined : { offset: found.start, length: found.end - found.start }
}

/** Where DuckDB places a value that does not fit: at the cast, at the literal, or at the column that is cast by itself. */
function converts(token: string, message: string): boolean {
  const column = / source column (\S+)/.exec(message)?.[1]
  return /^(?:(?:try_)?cast$|::|['\d])/i.test(token) || (column !== undefined && token.includes(column))
}

function plausible(token: string, kind: string, name: string | undefined): boolean {
  if (name === undefined || kind === 'syntax') return token !== ''
  const plain = token.replaceAll('""', '"').replaceAll('"', '').toLowerCase()
  return kind === 'type' || plain.includes(name.replaceAll('"', '').toLowerCase())
}

/** Reads an error of the driver; `sql` is the statement that raised it, sent behind `lead`. */
export function duckDbFault(error: unknown, sql?: string, lead = ''): DatabaseFault {
  const raw = parseRaw(error instanceof Error ? error.message : String(error))
  const text = raw.exception_message ?? ''
  const { kind, name } = kindOf(raw, text)
  const place = sql === undefined ? undefined : locate(raw, sql, kind, name, lead)
  const candidates = candidatesOf(raw, text, kind)
  return {
    kind,
    message: cleanMessage(text) || text,
    ...(place === undefined ? {} : place),
    ...(name === undefined ? {} : { name }),
    ...(candidates === undefined ? {} : { candidates }),
    ...(sql === undefined ? {} : { sql }),
  }
}
