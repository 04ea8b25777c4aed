import type pg from 'pg'
import type { Client, ClientConfig } from 'pg'
import { CancelledError } from '../../base/errors.ts'
import { pause } from '../pause.ts'
import { isConnectionLost } from './postgres-error.ts'
import type { PostgresProfile } from './postgres-profile.ts'
import { send } from './postgres-query.ts'
import type { Encryption } from './tls-options.ts'

/** What libpq waits for as well when `connect_timeout` is small; a cancel request has no password to check. */
const CANCEL_TIMEOUT_MS = 5_000
const FIRST_PAUSE_MS = 100
const TOO_MANY_CONNECTIONS = '53300'
/** The server's rules refuse this address, user, database and encryption together. */
const REFUSED_BY_RULES = '28000'

/** Makes clients for one target: logs in, encrypts as the target says, and sets what every session needs. */
export class PostgresConnector {
  readonly #driver: typeof pg
  readonly #profile: PostgresProfile
  #encryptions: readonly Encryption[]

  constructor(driver: typeof pg, profile: PostgresProfile, encryptions: readonly Encryption[]) {
    this.#driver = driver
    this.#profile = profile
    this.#encryptions = encryptions
  }

  /** A client that is connected. A failure that may pass is tried again as the profile says; raises the driver's error. */
  async connect(options: { readonly holds?: string; readonly signal?: AbortSignal | undefined } = {}): Promise<Client> {
    for (let tried = 0; ; tried++) {
      if (isAborted(options.signal)) throw new CancelledError()
      try {
        return await this.#connectOnce(options)
      } catch (error) {
        if (isAborted(options.signal)) throw new CancelledError()
        if (tried >= this.#profile.retries || !mayPass(error)) throw error
        await pause(FIRST_PAUSE_MS * 3 ** tried, options.signal)
      }
    }
  }

  /** Asks the server, over a connection of its own, to interrupt a client; resolves when the server has taken note. */
  requestCancel(client: Client): Promise<void> {
    const [ssl] = this.#encryptions
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
    const { host, port } = this.#profile
    const connection = new this.#driver.Connection({ ssl: ssl! }) as unknown as CancelConnection
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => connection.stream.destroy(new Error('timeout expired')), CANCEL_TIMEOUT_MS)
      const send = () => connection.cancel(processID, secretKey)
      connection.on('connect', () => (ssl === false ? send() : connection.requestSsl()))
      connection.on('sslconnect', send)
      connection.on('error', reject)
      // The server closes the connection after it has passed the signal on.
      connection.on('end', () => {
        clearTimeout(timer)
        resolve()
      })
      if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`)
      else connection.connect(port, host)
    })
  }

  async #connectOnce(options: { readonly holds?: string; readonly signal?: AbortSignal | undefined }): Promise<Client> {
    const [first, second] = this.#encryptions
    try {
      return await this.#login(first!, options)
    } catch (error) {
      if (second === undefined || isAborted(options.signal) || !mayDifferEncrypted(error)) throw error
      try {
        const client = await this.#login(second, options)
        this.#encryptions = [second]
        return client
      } catch (other) {
        throw codeOf(other) === REFUSED_BY_RULES ? error : other
      }
    }
  }

  async #login(
    ssl: Encryption,
    { holds, signal }: { readonly holds?: string; readonly signal?: AbortSignal | undefined },
  ): Promise<Client> {
    const client = new this.#driver.Client(this.#config(ssl, holds))
    // Without a listener, a connection that is lost while nothing runs would end the process.
    client.on('error', () => undefined)
    const stop = () => client.connection.stream.destroy()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      await client.connect()
      await noticeDeadClient(client)
      return client
    } catch (error) {
      client.connection.stream.destroy()
      throw error
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  #config(ssl: Encryption, holds: string | undefined): ClientConfig {
    const { host, port, user, password, database, connectTimeoutMs, keepaliveMs, applicationName } = this.#profile
    return {
      host,
      port,
      user,
      database,
      // A text would let the driver look into the environment and the home folder when there is none.
      password: () => password ?? '',
      ssl,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: keepaliveMs > 0,
      keepAliveInitialDelayMillis: keepaliveMs,
      application_name: holds === undefined ? applicationName : `${applicationName} ${holds}`,
      options: startupOptions(this.#profile, holds !== undefined),
    }
  }
}

interface CancelConnection {
  readonly stream: { destroy(error?: Error): void }
  on(event: 'connect' | 'sslconnect' | 'end', listener: () => void): void
  on(event: 'error', listener: (error: unknown) => void): void
  connect(portOrPath: number | string, host?: string): void
  requestSsl(): void
  cancel(processId: number, secretKey: number): void
}

/** Settings of a session, sent along with the login so that they cost no round trip. */
function startupOptions(profile: PostgresProfile, holds: boolean): string {
  const keepalive = Math.ceil(profile.keepaliveMs / 1000)
  const settings: readonly (readonly [string, string | number | undefined])[] = [
    ['TimeZone', 'UTC'],
    ['DateStyle', 'ISO'],
    ['IntervalStyle', 'postgres'],
    ['bytea_output', 'hex'],
    ['extra_float_digits', 1],
    ['standard_conforming_strings', 'on'],
    ['client_min_messages', 'warning'],
    ['default_transaction_isolation', 'read committed'],
    ['role', profile.role],
    ['search_path', profile.searchPath],
    ['statement_timeout', holds ? 0 : profile.statementTimeoutMs],
    ['lock_timeout', holds ? 0 : profile.lockTimeoutMs],
    // A client that is gone without a word must not keep its locks for the two hours of the system's default.
    ...(keepalive === 0
      ? []
      : ([
          ['tcp_keepalives_idle', keepalive],
          ['tcp_keepalives_interval', 10],
          ['tcp_keepalives_count', 6],
        ] as const)),
  ]
  return settings
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `-c ${name}=${String(value).replace(/[\\\s]/g, '\\$&')}`)
    .join(' ')
}

/**
 * From version 14 on, a server can look whether its client still lives while a statement runs. Otherwise the statement of a
 * run that was killed goes on to its end. Servers on systems that cannot tell refuse the setting.
 */
async function noticeDeadClient(client: Client): Promise<void> {
  const version = `pg_catalog.current_setting('server_version_num')::int`
  try {
    await send(
      client,
      `select pg_catalog.set_config('client_connection_check_interval', '5s', false) where ${version} >= 140000`,
    )
  } catch (error) {
    if (isConnectionLost(error)) throw error
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? ''
}

/** Whether the next try may succeed: no server yet, none any more, or no room. */
function mayPass(error: unknown): boolean {
  const timedOut = error instanceof Error && error.message === 'timeout expired'
  return isConnectionLost(error) || timedOut || codeOf(error) === TOO_MANY_CONNECTIONS
}

/** Whether the answer may be another one with TLS where there was none, or the other way round. */
function mayDifferEncrypted(error: unknown): boolean {
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : ''
  return code === REFUSED_BY_RULES || code === 'EPROTO' || code.startsWith('ERR_SSL') || /\bSSL\b/.test(message)
}
