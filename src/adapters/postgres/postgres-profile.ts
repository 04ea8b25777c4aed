import type { Span } from '../../base/span.ts'
import type { ConfigValue } from '../../config/node-config.ts'
import { missingProfileKey } from '../errors.ts'
import type { ProfileOutput, TargetProfile } from '../profile.ts'
import { ProfileReader } from '../profile-reader.ts'

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof SSL_MODES)[number]

/** A file that the target names, and where it does. */
export interface ProfileFile {
  readonly path: string
  readonly span: Span
}

export interface PostgresProfile extends TargetProfile {
  readonly type: 'postgres'
  /** A server of the project's own, started when it is needed; the address is the server's then. */
  readonly embedded: boolean
  /** A name, an address, or the folder of a socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string | undefined
  /** Taken on by every connection, so that relations belong to it. */
  readonly role: string | undefined
  readonly searchPath: string | undefined
  readonly sslMode: SslMode
  readonly sslRootCert: ProfileFile | undefined
  readonly sslCert: ProfileFile | undefined
  readonly sslKey: ProfileFile | undefined
  /** 0 waits as long as the system does. */
  readonly connectTimeoutMs: number
  /** Undefined leaves the server's setting. */
  readonly statementTimeoutMs: number | undefined
  readonly lockTimeoutMs: number | undefined
  readonly applicationName: string
  /** 0 sends none. */
  readonly keepaliveMs: number
  /** How often a connection that failed for a passing reason is tried again. */
  readonly retries: number
  readonly span: Span
}

const KEYS = [
  'type',
  'host',
  'port',
  'user',
  'password',
  'pass',
  'dbname',
  'database',
  'schema',
  'role',
  'search_path',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'connect_timeout',
  'statement_timeout',
  'lock_timeout',
  'application_name',
  'keepalives_idle',
  'retries',
  'threads',
  'schema_naming',
  'embedded',
] as const

/** What an embedded server decides by itself. */
const ADDRESS_KEYS = ['host', 'port', 'user', 'password', 'pass', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']

const UNITS: { readonly [unit: string]: number } = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }
/** The server's timeouts are 32-bit numbers of milliseconds. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** Milliseconds, written as the server's settings are: a number, or a text with a unit (`30s`, `5min`). */
function duration(reader: ProfileReader, key: string): number | undefined {
  const value = reader.output.values[key]
  if (value === undefined || value === null) return undefined
  const match = /^\s*(\d+)\s*(ms|s|min|h|d)?\s*$/.exec(typeof value === 'number' ? String(value) : asText(value))
  const milliseconds = match === null ? Number.NaN : Number(match[1]) * UNITS[match[2] ?? 'ms']!
  if (milliseconds <= MAX_TIMEOUT_MS) return milliseconds
  return reader.wrong([key], 'milliseconds, or a text such as `30s` or `5min`', value)
}

function asText(value: ConfigValue): string {
  return typeof value === 'string' ? value : ''
}

/** The value of a key that has two names, as in dbt. */
function either(reader: ProfileReader, key: string, other: string): string | undefined {
  const { values } = reader.output
  const [first, second] = [reader.text([key], values[key]), reader.text([other], values[other])]
  if (first !== undefined && second !== undefined && first !== second) {
    reader.wrong([other], `left out, because \`${key}\` says the same`, '…')
  }
  return first ?? second
}

function file(reader: ProfileReader, key: string): ProfileFile | undefined {
  const path = reader.text([key], reader.output.values[key])
  return path === undefined ? undefined : { path, span: reader.output.spanOf([key], 'value') }
}

function required(reader: ProfileReader, key: string, value: string | undefined, about: string): string {
  const written = reader.output.values[key]
  // What is written and wrong has been said already.
  if (value === undefined && (written === undefined || written === null))
    reader.diagnostics.push(missingProfileKey({ key, about }, { span: reader.output.spanOf(['type'], 'value') }))
  return value ?? ''
}

function readAddress(reader: ProfileReader, embedded: boolean) {
  const { values } = reader.output
  if (embedded) {
    for (const key of ADDRESS_KEYS) {
      if (values[key] !== undefined && values[key] !== null) reader.wrong([key], 'left out of an embedded target', '…')
    }
    const database = either(reader, 'dbname', 'database') ?? 'dev'
    return { host: '', port: 0, user: '', password: undefined, database }
  }
  const database = either(reader, 'dbname', 'database')
  return {
    host: required(reader, 'host', reader.text(['host'], values['host']), 'name or address of the server'),
    port: reader.whole(['port'], values['port'], { min: 1, max: 65_535 }) ?? 5432,
    user: required(reader, 'user', reader.text(['user'], values['user']), 'whom to log in as'),
    password: either(reader, 'password', 'pass'),
    database: values['database'] == null ? required(reader, 'dbname', database, 'which database to use') : database!,
  }
}

/**
 * Reads a target of `type: postgres`. Keys and meaning are those of dbt-postgres; `lock_timeout`, `statement_timeout`,
 * `application_name`, `schema_naming` and `embedded` are ours. Numbers may be text, as variables of the environment are.
 * Raises `UserError` with every mistake.
 */
export function parsePostgresProfile(output: ProfileOutput): PostgresProfile {
  const reader = new ProfileReader(output)
  const { values } = output
  reader.knownKeys(values, KEYS, [])
  const embedded = reader.flag(['embedded'], values['embedded'])
  const profile: PostgresProfile = {
    type: 'postgres',
    embedded,
    ...readAddress(reader, embedded),
    schema: reader.text(['schema'], values['schema']) ?? 'public',
    ...reader.common(),
    role: reader.text(['role'], values['role']),
    searchPath: reader.text(['search_path'], values['search_path']),
    sslMode: reader.choice(['sslmode'], values['sslmode'], SSL_MODES) ?? 'prefer',
    sslRootCert: file(reader, 'sslrootcert'),
    sslCert: file(reader, 'sslcert'),
    sslKey: file(reader, 'sslkey'),
    connectTimeoutMs: (reader.whole(['connect_timeout'], values['connect_timeout'], { min: 0 }) ?? 10) * 1000,
    statementTimeoutMs: duration(reader, 'statement_timeout'),
    lockTimeoutMs: duration(reader, 'lock_timeout'),
    applicationName: reader.text(['application_name'], values['application_name']) ?? 'tsdbt',
    keepaliveMs: (reader.whole(['keepalives_idle'], values['keepalives_idle'], { min: 0 }) ?? 60) * 1000,
    retries: reader.whole(['retries'], values['retries'], { min: 0 }) ?? 3,
    span: output.spanOf(['type'], 'value'),
  }
  for (const [key, other] of [
    ['sslcert', 'sslkey'],
    ['sslkey', 'sslcert'],
  ] as const) {
    if (values[key] != null && values[other] == null)
      reader.diagnostics.push(
        missingProfileKey({ key: other, about: `\`${key}\` needs it` }, { span: output.spanOf([key], 'key') }),
      )
  }
  reader.finish()
  return profile
}
