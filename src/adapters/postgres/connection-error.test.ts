import { describe, expect, it } from 'vitest'
import { connectionDiagnostic } from './connection-error.ts'

function codeOf(error: unknown): string {
  return connectionDiagnostic(error, { describe: 'db.example.com:5432/shop' }).code
}

function systemError(code: string, fields: object = {}): Error {
  return Object.assign(new Error(`connect ${code}`), { code, ...fields })
}

describe('connectionDiagnostic', () => {
  it('knows what can hardly be made to happen', () => {
    expect(codeOf(systemError('EAI_AGAIN', { hostname: 'db' }))).toBe('db/unknown-host')
    expect(codeOf(systemError('EHOSTUNREACH'))).toBe('db/host-unreachable')
    expect(codeOf(systemError('ENETUNREACH'))).toBe('db/host-unreachable')
    expect(codeOf(systemError('ETIMEDOUT'))).toBe('db/connect-timeout')
    expect(codeOf(systemError('ECONNRESET'))).toBe('db/connection-closed')
    expect(codeOf(systemError('EACCES', { address: '/run/.s.PGSQL.5432' }))).toBe('db/socket-missing')
    expect(codeOf(systemError('57P03'))).toBe('db/server-not-ready')
    expect(codeOf(systemError('53300'))).toBe('db/server-full')
    expect(codeOf(systemError('CERT_NOT_YET_VALID'))).toBe('db/certificate-expired')
    expect(codeOf(systemError('CERT_REVOKED'))).toBe('db/tls-failed')
    expect(codeOf(systemError('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'))).toBe('db/tls-failed')
    expect(codeOf(systemError('ERR_SSL_WRONG_VERSION_NUMBER'))).toBe('db/not-postgres')
    expect(codeOf(systemError('EMFILE'))).toBe('db/cannot-connect')
    expect(codeOf('odd')).toBe('db/cannot-connect')
  })

  it('speaks of one address where a name has several', () => {
    const both = new AggregateError([
      systemError('ECONNREFUSED', { address: '::1', port: 5432 }),
      systemError('ECONNREFUSED', { address: '127.0.0.1', port: 5432 }),
    ])
    const { message } = connectionDiagnostic(both, { describe: 'localhost:5432/shop' })
    expect(message).toBe('nothing listens at `127.0.0.1:5432` (localhost:5432/shop)')
  })

  it('does not need a server that speaks English', () => {
    const german = (code: string, message: string, routine: string) =>
      codeOf(Object.assign(new Error(message), { code, routine }))
    expect(german('28P01', 'Passwort-Authentifizierung für Benutzer »x« fehlgeschlagen', 'auth_failed')).toBe(
      'db/wrong-password',
    )
    expect(german('28000', 'Rolle »x« existiert nicht', 'InitializeSessionUserId')).toBe('db/role-cannot-log-in')
    expect(german('28000', 'kein pg_hba.conf-Eintrag für Host »::1«', 'ClientAuthentication')).toBe(
      'db/refused-by-rules',
    )
    expect(german('22023', 'Rolle »x« existiert nicht', 'call_string_check_hook')).toBe('db/role-unusable')
    expect(german('3D000', 'Datenbank »x« existiert nicht', 'InitPostgres')).toBe('db/database-missing')
  })

  it('repeats no secret', () => {
    const error = new Error('cannot parse "Passwort-1" of Passwort-1')
    const diagnostic = connectionDiagnostic(error, { describe: 'u:Passwort-1@db', secrets: ['Passwort-1'] })
    expect(JSON.stringify(diagnostic)).not.toContain('Passwort-1')
    expect(diagnostic.message).toContain('*****')
  })
})
