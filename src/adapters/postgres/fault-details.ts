import { scanSql } from '../../sql/scan-sql.ts'
import { functionHint, operatorHint, syntaxHint, typeHint } from './foreign-sql.ts'
import { KNOWN_FUNCTIONS } from './known-functions.ts'
import { quotedNames, type ServerError } from './server-error.ts'

/** What is known of a fault before its words are chosen. */
export interface RawFault {
  readonly error: ServerError
  readonly kind: string
  readonly sql: string
  /** UTF-16 offset in `sql`; undefined when the server tells none. */
  readonly offset: number | undefined
  /** The text there. */
  readonly token: string
}

/** The parts of a fault that its kind decides; what is left out stays as the server has it. */
export interface FaultDetails {
  readonly kind?: string | undefined
  readonly message?: string | undefined
  readonly name?: string | undefined
  readonly candidates?: readonly string[] | undefined
  readonly hint?: string | undefined
  readonly offset?: number | undefined
}

type Reader = (fault: RawFault) => FaultDetails

const READERS: { readonly [kind: string]: Reader } = {
  'column-missing': columnMissing,
  'table-missing': tableMissing,
  'schema-missing': schemaMissing,
  'function-missing': functionMissing,
  'object-missing': ({ error }) => ({ name: quotedNames(error.message)[0] }),
  'duplicate-name': duplicateName,
  'view-columns': viewColumns,
  'division-by-zero': () => ({ hint: 'write `nullif(…, 0)` around the divisor' }),
  'disk-full': () => ({ hint: "free some space on the server's disk, or lower `threads`" }),
  'out-of-memory': () => ({ hint: 'lower `threads` of the target, or `work_mem` of the role' }),
  'lock-timeout': () => ({
    hint: 'end what holds it (`pg_stat_activity` and `pg_locks` show it), or raise `lock_timeout` of the target',
  }),
  'statement-timeout': () => ({ hint: 'raise `statement_timeout` of the target, or make the statement cheaper' }),
  'too-many-connections': () => ({
    hint: 'lower `threads` of the target, close other connections, or raise the limit of the role or the server',
  }),
  'read-only': () => ({
    hint: 'connect to the primary server instead of a standby, and look at `default_transaction_read_only`',
  }),
  'data-damaged': () => ({ hint: 'stop writing, and restore the server from a backup' }),
  ambiguous: ({ token }) => ({ name: token === '' ? undefined : plain(token) }),
  constraint,
  dependency: ({ error }) => ({
    name: quotedNames(error.message)[0],
    hint: 'drop or change what depends on it first; tsdbt never drops it along without being told',
  }),
  exists: ({ error }) => ({ name: quotedNames(error.message)[0] }),
  grouping,
  interrupted: timeoutOrCancel,
  permission,
  syntax,
  type,
}

/** Names, candidates, words and advice of a fault, from whatever its kind makes of the server's fields. */
export function faultDetails(fault: RawFault): FaultDetails {
  return READERS[fault.kind]?.(fault) ?? {}
}

/** The last part of a name, as it is written in a catalog. */
function plain(name: string): string {
  const last = /(?:^|\.)("(?:[^"]|"")*"|[^."]*)$/.exec(name)?.[1] ?? name
  return last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last
}

function quoted(name: string): string {
  return `\`${name}\``
}

/** Postgres keeps 63 bytes of a name. */
function cutHint(written: string): string | undefined {
  return Buffer.byteLength(written) > 63 ? 'Postgres cuts names after 63 bytes: give it a shorter one' : undefined
}

function columnMissing({ error, token }: RawFault): FaultDetails {
  const dotted = /\S+\.(\S+)/.exec(error.message)?.[1]
  const name = quotedNames(error.message)[0] ?? (/^["\p{L}_]/u.test(token) ? plain(token) : dotted)
  const offered = quotedNames(error.hint ?? '')
  const elsewhere = offered.filter((o) => o.includes('.') && plain(o) === name)
  return {
    name,
    candidates: offered.map(plain),
    hint: cutHint(plain(token)) ?? (elsewhere.length > 0 ? `write ${elsewhere.map(quoted).join(' or ')}` : undefined),
  }
}

function tableMissing({ error, token }: RawFault): FaultDetails {
  const name = quotedNames(error.message)[0]
  if (error.routine !== 'errorMissingRTE') return { name, hint: cutHint(plain(token)) ?? error.hint }
  const [alias] = quotedNames(error.hint ?? '')
  return { name, hint: alias === undefined ? error.hint : `write ${quoted(alias)}, the alias that it has here` }
}

function schemaMissing({ error, token }: RawFault): FaultDetails {
  const name = quotedNames(error.message)[0]
  if (error.code !== '0A000') return { name }
  return {
    name: (name ?? token).split('.')[0],
    hint: 'a statement sees the database of its connection only: name a schema and a table, or connect to the other database',
  }
}

/** `lower(integer, integer)` in a message of any language. */
function signatureOf(message: string): { name: string; types: string } | undefined {
  const found = /((?:[\p{L}\p{N}_$]+\.|"[^"]+"\.)*(?:[\p{L}\p{N}_$]+|"[^"]+"))\((.*)\)/u.exec(message)
  return found === null ? undefined : { name: found[1]!, types: found[2]! }
}

function functionMissing({ error, token }: RawFault): FaultDetails {
  const signature = signatureOf(error.message)
  const name = plain(signature?.name ?? token)
  const types = signature?.types ?? ''
  const builtIn = signature?.name.startsWith('pg_catalog.') === true || KNOWN_FUNCTIONS.includes(name)
  if (builtIn) return { kind: 'type', name, message: notDefined(name, types), hint: castHint(name, types) }
  const takes = types === '' ? 'no arguments' : `(${types})`
  return {
    name,
    candidates: KNOWN_FUNCTIONS,
    hint:
      functionHint(name) ??
      `if there is one, it does not take ${takes}: cast an argument, or write the schema before it`,
  }
}

function notDefined(name: string, types: string): string {
  return `${quoted(name)} is not defined for ${types === '' ? 'no arguments' : `(${types})`}`
}

function castHint(name: string, types: string): string {
  if (name === 'round' && types.startsWith('double precision,'))
    return 'cast the first argument: `round(x::numeric, 2)`'
  return 'cast an argument to a type that fits'
}

function type({ error, token }: RawFault): FaultDetails {
  const { message, routine = '', code } = error
  if (code === '42704') {
    const name = quotedNames(message)[0] ?? plain(token)
    return { name, message: `there is no type ${quoted(name)}`, hint: typeHint(name) }
  }
  const operation = /: (?:(.+?) )?([-+*/<>=~!@#%^&|`?]+) (.+)$/.exec(message)
  if (routine === 'op_error' && operation !== null) {
    const [, left, symbol = '', right = ''] = operation
    const types = [left, right].filter((t) => t !== undefined).join(', ')
    const shown = symbol
      .replace(/^(!?)~~(\*?)$/, (_, not: string, fold: string) => `${not && 'not '}${fold && 'i'}like`)
      .replace('inot', 'not')
    return { message: notDefined(shown, types), hint: operatorHint(symbol) ?? 'cast one side to the type of the other' }
  }
  return {
    hint: error.hint === undefined || code === '42804' ? 'cast the value to the type that is wanted' : error.hint,
  }
}

function duplicateName({ error }: RawFault): FaultDetails {
  const name = quotedNames(error.message)[0]
  if (name === undefined) return {}
  if (error.routine === 'check_for_column_name_collision') {
    return { kind: 'exists', name, message: `there is a column ${quoted(name)} already` }
  }
  if (error.code === '42701') {
    return {
      name,
      message: `two columns are called ${quoted(name)}`,
      hint: 'leave one out, or give it another name with `as`; `*` over a join takes the columns of both sides',
    }
  }
  return { name, message: `${quoted(name)} stands twice here`, hint: 'give one of them another name' }
}

function viewColumns({ error }: RawFault): FaultDetails {
  const [column, other] = quotedNames(error.message)
  const message =
    column === undefined
      ? 'the view would lose columns that it has now'
      : other === undefined
        ? `the type of ${quoted(column)} in the view would change`
        : `the column ${quoted(column)} of the view would be called ${quoted(other)}`
  const types = / from (.+) to (.+)$/.exec(error.message)
  return {
    name: column,
    message: other === undefined && types !== null ? `${message} from ${types[1]} to ${types[2]}` : message,
    hint: '`create or replace view` can only add columns at the end: drop the view and what reads it, and make them again',
  }
}

function constraint({ error }: RawFault): FaultDetails {
  const { code, table, column, constraint: rule } = error
  if (table === undefined) return { name: rule }
  const name = rule ?? column
  const by = rule === undefined ? '' : ` ${quoted(rule)}`
  const words: { readonly [state: string]: string } = {
    '23502': `a row of ${quoted(table)} has no value for ${quoted(column ?? '')}, which must have one`,
    '23503': `a row breaks the foreign key${by} of ${quoted(table)}`,
    '23505': `two rows of ${quoted(table)} have the same key: it must be unique by${by}`,
    '23514': `a row of ${quoted(table)} breaks the check${by}`,
    '23P01': `two rows of ${quoted(table)} exclude each other by${by}`,
  }
  return { name, message: words[code ?? ''] }
}

const AGGREGATE_ROUTINES: readonly string[] = ['substitute_grouped_columns_mutator', 'check_ungrouped_columns_walker']

function grouping({ error, token }: RawFault): FaultDetails {
  const { message, routine = '', code } = error
  if (AGGREGATE_ROUTINES.includes(routine) && token !== '') {
    const column = token.replaceAll('"', '')
    return {
      message: `${quoted(column)} is neither in \`group by\` nor inside an aggregate`,
      hint: `add it to \`group by\`, or take for example \`max(${token})\``,
    }
  }
  const clause = /\b[A-Z]{4,}(?: [A-Z]{2,})*\b/.exec(message)?.[0].toLowerCase()
  if (clause === undefined) return {}
  if (routine === 'check_agglevels_and_constraints') {
    return {
      message: `\`${clause}\` cannot contain aggregates`,
      hint: clause === 'where' ? 'filter groups with `having`' : 'compute it in a sub-query',
    }
  }
  if (routine !== 'transformWindowFuncCall' || code !== '42P20') return {}
  return {
    message: `\`${clause}\` cannot contain window functions`,
    hint: 'compute it in a sub-query and use it outside',
  }
}

/** Both come as 57014 and differ in their text alone; the words for a timeout in the server's languages. */
const TIMEOUT =
  /time-?out|Zeitüberschreitung|délai|tiempo de espera|tempo limite|тайм|таймаут|タイムアウト|시간 초과|실행시간|超时|czasu|zaman aşımı/i

function timeoutOrCancel({ error }: RawFault): FaultDetails {
  return TIMEOUT.test(error.message)
    ? { kind: 'statement-timeout', ...READERS['statement-timeout']!({ error } as RawFault) }
    : {}
}

function permission({ error }: RawFault): FaultDetails {
  const denied = /^permission denied for (schema|database|\w+(?: \w+)?) "?([^"]+?)"?$/.exec(error.message)
  if (denied === null) {
    return {
      name: quotedNames(error.message)[0],
      hint: 'ask its owner for the right, or set `role` of the target to a role that has it',
    }
  }
  const [, kind = '', name = ''] = denied
  const rights: { readonly [kind: string]: string } = {
    schema: `grant usage, create on schema ${name}`,
    database: `grant create on database ${name}`,
    function: `grant execute on function ${name}`,
    sequence: `grant usage on sequence ${name}`,
  }
  const right = rights[kind] ?? `grant select on ${name}`
  return {
    name,
    message: `this role may not use the ${kind} ${quoted(name)} so`,
    hint: `its owner can allow it, for example with \`${right} to …\`; or set \`role\` of the target to a role that may`,
  }
}

function syntax({ error, sql, offset }: RawFault): FaultDetails {
  const { routine, code } = error
  if (routine === 'exec_parse_message') return severalStatements(sql)
  if (code === '08P01' || code === '42P02') {
    return {
      message: 'the statement has a parameter such as `$1`, and no value for it',
      hint: 'write the value itself; text that holds `$` belongs in quotes',
    }
  }
  if (routine !== 'scanner_yyerror' || offset === undefined) return {}
  return { message: syntaxMessage(error.message, sql, offset), hint: syntaxHint(sql, offset) }
}

/** The usual message in English, from the text at the place. */
function syntaxMessage(message: string, sql: string, offset: number): string {
  if (sql.startsWith('/*', offset)) return 'unterminated /* comment'
  const [token] = scanSql(sql, offset)
  if (token === undefined || offset >= sql.length) return 'syntax error at end of input'
  const text = sql.slice(token.start, token.end)
  const unclosed = (quote: string) => text.startsWith(quote) && text.split(quote).length % 2 === 0
  if (unclosed("'") || message.startsWith('unterminated quoted string')) return `unterminated quoted string at ${text}`
  if (unclosed('"')) return `unterminated quoted identifier at ${text}`
  if (/^\$[^$]*\$/.test(text) && token.end === sql.length) return `unterminated quoted string at ${text}`
  return `syntax error at or near "${text}"`
}

function severalStatements(sql: string): FaultDetails {
  let ended = false
  let next: number | undefined
  for (const token of scanSql(sql)) {
    if (token.kind === 'space' || token.kind === 'comment') continue
    const end = sql[token.start] === ';'
    if (ended && !end) {
      next = token.start
      break
    }
    ended ||= end
  }
  return {
    message: 'these are several statements, and one is expected',
    hint: 'take away what stands behind the first `;`',
    offset: next,
  }
}
