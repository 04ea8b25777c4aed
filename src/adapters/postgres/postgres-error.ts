import type { DatabaseFault } from '../../base/errors.ts'
import { findIdentifier, tokenAt } from '../../sql/scan-sql.ts'
import { faultDetails } from './fault-details.ts'
import type { FaultDetails } from './raw-fault.ts'
import { isSqlState, type ServerError, serverError } from './server-error.ts'
import { kindOfState } from './sqlstate.ts'

/** What the system and the driver say when a connection ends in the middle. */
const LOST_CODES: readonly string[] = [
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOTCONN',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]
const LOST_TEXT =
  /^Connection terminated|connection error and is not queryable|^Client was closed and is not queryable|^Client network socket disconnected/

/** Hints of the server that point to where our own advice is better, or that advise what does harm. */
const REPLACED_HINTS: readonly string[] = ['22008', '2BP01', '42703', '42809', '42883', '42P16', '55000', '58P01']

/** Details that repeat whole rows. */
const ROW_DETAILS: readonly string[] = ['23502', '23514', '44000']

/** Kinds whose name stands in the statement, so that it can be looked for when the server tells no place. */
const NAMED_IN_STATEMENT: readonly string[] = [
  'column-missing',
  'table-missing',
  'schema-missing',
  'object-missing',
  'dependency',
  'exists',
  'permission',
  'wrong-object',
]

/** Longest statement of a function that is repeated in a note. */
const SHOWN_QUERY = 200

const SHOWN_MESSAGE = 400

/** Whether the connection is gone for good, so that only a new one can go on. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = serverError(error)
  if (isSqlState(code)) return kindOfState(code) === 'connection'
  return (code !== undefined && LOST_CODES.includes(code)) || LOST_TEXT.test(message)
}

/** UTF-16 offset of a 1-based position in code points; the end of the text is one too. */
function offsetOfPosition(text: string, position: string | undefined, lead: string): number | undefined {
  if (position === undefined) return undefined
  let at = 0
  for (let points = Number(position) - 1 - [...lead].length; points > 0; points--) {
    if (at >= text.length) return undefined
    at += text.codePointAt(at)! < 0x10000 ? 1 : 2
  }
  return at
}

/** The stretch of the statement that the mistake is in. */
function placeOf(sql: string, offset: number | undefined, kind: string, name: string | undefined) {
  const token = offset === undefined ? undefined : placeAt(sql, offset)
  if (token !== undefined && !(kind === 'column-missing' && /^\W$/.test(sql.slice(token.start, token.end))))
    return token
  if (name === undefined || !NAMED_IN_STATEMENT.includes(kind)) return token
  return findIdentifier(sql, name.split('.').at(-1)!) ?? token
}

function placeAt(sql: string, offset: number): { start: number; end: number } | undefined {
  if (sql.startsWith('/*', offset)) return { start: offset, end: offset + 2 }
  const token = tokenAt(sql, offset)
  if (token === undefined || token.start === offset) return token
  // The body of a function is one text to a reader of SQL, and the server points into it.
  const quote = /^\$\w*\$/.exec(sql.slice(token.start, token.end))?.[0]
  const start = quote === undefined ? offset : token.start + quote.length
  const inside = start >= offset ? undefined : tokenAt(sql.slice(start), offset - start)
  return inside === undefined ? token : { start: inside.start + start, end: inside.end + start }
}

function notesOf({ code = '', detail, internalQuery }: ServerError): readonly string[] {
  const notes =
    detail === undefined || ROW_DETAILS.includes(code) ? [] : detail.split('\n').filter((l) => l.trim() !== '')
  if (internalQuery === undefined) return notes
  const query = internalQuery.trim().replaceAll(/\s+/g, ' ')
  const shown = query.length > SHOWN_QUERY ? `${query.slice(0, SHOWN_QUERY)} …` : query
  return [...notes, `the mistake is in a statement that a function or a \`do\` block runs: ${shown}`]
}

/** Messages repeat the value that was wrong, however long it is. */
function shorten(message: string): string {
  return message.length > SHOWN_MESSAGE ? `${message.slice(0, SHOWN_MESSAGE)} …` : message
}

/** The server's own advice, unless ours takes its place. */
function hintOf(error: ServerError, details: FaultDetails): string | undefined {
  if (details.hint !== undefined) return details.hint
  return REPLACED_HINTS.includes(error.code ?? '') ? undefined : error.hint
}

/**
 * Reads an error of the driver; `sql` is the statement that raised it, sent behind `lead`. The SQLSTATE and the fields
 * decide, so that the words are the same whatever language the server speaks.
 */
export function postgresFault(error: unknown, sql?: string, lead = ''): DatabaseFault {
  const raw = serverError(error)
  const state = isSqlState(raw.code) ? raw.code : ''
  const known = isConnectionLost(error) ? 'connection' : kindOfState(state, raw.routine)
  const offset = offsetOfPosition(sql ?? '', raw.position, lead)
  const at = sql === undefined || offset === undefined ? undefined : placeAt(sql, offset)
  const token = at === undefined ? '' : sql!.slice(at.start, at.end)
  const details = faultDetails({ error: raw, kind: known, sql: sql ?? '', offset, token })
  const kind = details.kind ?? known
  const { name, candidates = [] } = details
  const place = sql === undefined ? undefined : placeOf(sql, details.offset ?? offset, kind, name)
  const hint = hintOf(raw, details)
  const notes = notesOf(raw)
  return {
    kind,
    message: shorten(details.message ?? raw.message),
    ...(place === undefined ? {} : { offset: place.start, length: place.end - place.start }),
    ...(name === undefined ? {} : { name }),
    ...(candidates.length === 0 ? {} : { candidates }),
    ...(hint === undefined ? {} : { hint }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(sql === undefined ? {} : { sql }),
  }
}
