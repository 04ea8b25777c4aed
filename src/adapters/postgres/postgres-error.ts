import type { DatabaseFault } from '../../base/errors.ts'
import { findIdentifier, tokenAt } from '../../sql/scan-sql.ts'
import { kindOfState } from './sqlstate.ts'

/** The fields of an error message of the server, as the driver hands them over. */
export interface ServerError {
  readonly message: string
  readonly code?: string | undefined
  readonly severity?: string | undefined
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  readonly position?: string | undefined
  readonly schema?: string | undefined
  readonly table?: string | undefined
  readonly column?: string | undefined
  readonly constraint?: string | undefined
  readonly routine?: string | undefined
}

/** What the driver and the system say when a connection ends in the middle. */
const LOST_CODES: readonly string[] = [
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ECONNREFUSED',
  'ECONNABORTED',
]
const LOST_TEXT = /^Connection terminated|connection error and is not queryable|^Client was closed and is not queryable/

function fieldsOf(error: unknown): ServerError {
  if (!(error instanceof Error)) return { message: String(error) }
  return error as Error & Partial<ServerError>
}

/** Whether the connection is gone for good, so that only a new one can go on. */
export function isConnectionLost(error: unknown): boolean {
  const { code = '', message } = fieldsOf(error)
  return kindOfState(code) === 'connection' || LOST_CODES.includes(code) || LOST_TEXT.test(message)
}

/** UTF-16 offset of a 1-based position in code points; the end of the text is one too. */
function offsetOfPosition(text: string, position: string | undefined): number | undefined {
  if (position === undefined) return undefined
  let at = 0
  for (let points = Number(position) - 1; points > 0; points--) {
    if (at >= text.length) return undefined
    at += text.codePointAt(at)! < 0x10000 ? 1 : 2
  }
  return at
}

function placeOf(
  raw: ServerError,
  sql: string,
  name: string | undefined,
): { offset: number; length: number } | undefined {
  const offset = offsetOfPosition(sql, raw.position)
  const token = offset === undefined ? undefined : tokenAt(sql, offset)
  const found = token ?? (name === undefined ? undefined : findIdentifier(sql, name))
  return found === undefined ? undefined : { offset: found.start, length: found.end - found.start }
}

/** Reads an error of the driver; `sql` is the statement that raised it. */
export function postgresFault(error: unknown, sql?: string): DatabaseFault {
  const raw = fieldsOf(error)
  const kind = isConnectionLost(error) ? 'connection' : kindOfState(raw.code ?? '')
  const name = /"([^"]+)"/.exec(raw.message)?.[1]
  const place = sql === undefined ? undefined : placeOf(raw, sql, name)
  return {
    kind,
    message: raw.message,
    ...(place === undefined ? {} : place),
    ...(name === undefined ? {} : { name }),
    ...(sql === undefined ? {} : { sql }),
  }
}
