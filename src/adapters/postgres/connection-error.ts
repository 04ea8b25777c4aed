import type { Diagnostic, Place } from '../../base/diagnostic.ts'
import { Scrubber } from '../../base/scrub.ts'
import type { Span } from '../../base/span.ts'
import * as kinds from './errors.ts'
import { isSqlState, quotedNames, type ServerError, serverError } from './server-error.ts'
import { tlsDiagnostic } from './tls-error.ts'

export interface ConnectionPlace {
  /** Server and database in words, as `debug` shows them; never a password. */
  readonly describe: string
  /** The target in `profiles.yml`. */
  readonly span?: Span | undefined
  /** What must appear nowhere: the password. */
  readonly secrets?: readonly string[] | undefined
}

/** What the system tells of a connection that it could not make. */
interface SystemError extends ServerError {
  readonly hostname?: string | undefined
  readonly address?: string | undefined
  readonly port?: number | undefined
  readonly path?: string | undefined
}

type Reading = (error: SystemError, where: string, place: Place) => Diagnostic | undefined

const READINGS: readonly Reading[] = [systemDiagnostic, driverDiagnostic, tlsDiagnostic, serverDiagnostic]

/** What went wrong while connecting, as one diagnostic with what to do about it. */
export function connectionDiagnostic(error: unknown, { describe, span, secrets = [] }: ConnectionPlace): Diagnostic {
  const scrubber = new Scrubber()
  for (const secret of secrets) scrubber.add(secret)
  const raw = firstOf(error)
  const place: Place = span === undefined ? {} : { span }
  let found: Diagnostic | undefined
  for (const read of READINGS) found ??= read(raw, describe, place)
  found ??= kinds.cannotConnect({ where: describe, reason: raw.message || (raw.code ?? 'no reason is given') }, place)
  const clean = (texts: readonly string[] | undefined) => texts?.map((text) => scrubber.scrub(text))
  return { ...found, message: scrubber.scrub(found.message), hints: clean(found.hints), notes: clean(found.notes) }
}

/** A host with several addresses fails once for each; the last address decides, as the first is often IPv6 that nobody serves. */
function firstOf(error: unknown): SystemError {
  const errors = error instanceof AggregateError ? error.errors : []
  return serverError(errors.length === 0 ? error : errors.at(-1))
}

const UNREACHABLE: readonly string[] = ['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL']
const CLOSED: readonly string[] = ['ECONNRESET', 'EPIPE', 'ECONNABORTED']

function systemDiagnostic(error: SystemError, where: string, place: Place): Diagnostic | undefined {
  const { code = '', address = '', port } = error
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL') {
    return kinds.unknownHost({ where, host: error.hostname ?? 'host', passing: code !== 'ENOTFOUND' }, place)
  }
  const socket = address.startsWith('/')
  if (socket && ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ECONNREFUSED'].includes(code)) {
    return kinds.socketMissing({ path: address, denied: code === 'EACCES' || code === 'EPERM' }, place)
  }
  if (code === 'ECONNREFUSED') {
    const shown = address.includes(':') ? `[${address}]` : address
    return kinds.connectionRefused({ where, address: shown === '' ? 'this address' : `\`${shown}:${port}\`` }, place)
  }
  if (code === 'ETIMEDOUT') return kinds.connectTimeout({ where }, place)
  if (UNREACHABLE.includes(code)) return kinds.hostUnreachable({ where }, place)
  return CLOSED.includes(code) ? kinds.connectionClosed({ where }, place) : undefined
}

/** What the driver says itself, without a code. */
function driverDiagnostic({ code, message }: SystemError, where: string, place: Place): Diagnostic | undefined {
  if (code !== undefined) return undefined
  if (/timeout expired|connection timeout/.test(message)) return kinds.connectTimeout({ where }, place)
  if (/password must be a|The "(?:data|string|password)" argument must be/.test(message)) {
    return kinds.passwordMissing({ where }, place)
  }
  if (/^Connection terminated|socket disconnected|not queryable/.test(message)) {
    return kinds.connectionClosed({ where }, place)
  }
  if (message === 'The server does not support SSL connections') return kinds.tlsUnsupported({ where }, place)
  if (/error establishing an SSL|invalid response|received invalid|Unexpected message|message type/i.test(message)) {
    return kinds.notPostgres({ where }, place)
  }
  if (!message.startsWith('SASL:')) return undefined
  const reason = /server signature/.test(message)
    ? 'the server could not prove that it knows the password'
    : 'client and server know no common way to check the password'
  return kinds.cannotConnect({ where, reason }, place)
}

/** What the server says; its states, not its words, decide. */
function serverDiagnostic(error: SystemError, where: string, place: Place): Diagnostic | undefined {
  const { code, message, routine = '' } = error
  if (!isSqlState(code)) return undefined
  const name = quotedNames(message)[0]
  switch (code) {
    case '28P01':
      return kinds.wrongPassword({ where, user: name }, place)
    case '28000':
      return loginDiagnostic(error, where, place)
    case '3D000':
      return kinds.databaseMissing({ where, name }, place)
    case '53300':
      return kinds.serverFull({ where, reason: message }, place)
    case '57P01':
    case '57P02':
    case '57P03':
      return kinds.serverNotReady({ where, reason: message }, place)
    case '22023':
      return routine === 'call_string_check_hook' ? kinds.roleUnusable({ role: name, missing: true }, place) : undefined
    case '42501':
      return /\bset role\b/i.test(message) || routine === 'call_string_check_hook'
        ? kinds.roleUnusable({ role: name, missing: false }, place)
        : kinds.databaseRefused({ where, reason: message }, place)
    case '55000':
      return kinds.databaseRefused({ where, reason: message }, place)
    default:
      return undefined
  }
}

/** One state stands for rules that do not fit, a role that is not there and a certificate that is missing. */
function loginDiagnostic({ message, routine }: SystemError, where: string, place: Place): Diagnostic {
  if (routine === 'InitializeSessionUserId') return kinds.roleCannotLogIn({ where, reason: message }, place)
  if (/\b(?:client )?certificate\b|Zertifikat|certificat/i.test(message))
    return kinds.clientCertificate({ where }, place)
  const plain = /no encryption|SSL off|unverschlüsselt|keine Verschlüsselung|SSL aus/i.test(message)
  return kinds.refusedByRules({ where, reason: message, plain }, place)
}
