import type pg from 'pg'
import type { Client } from 'pg'
import type { from, to } from 'pg-copy-streams'
import { CancelledError, UserError } from '../../base/errors.ts'
import type { Adapter } from '../adapter.ts'
import { cannotOpen } from '../errors.ts'
import type { OpenContext } from '../profile.ts'
import { connectionDiagnostic } from './connection-error.ts'
import { describePostgres } from './describe-postgres.ts'
import { PostgresAdapter } from './postgres-adapter.ts'
import { PostgresConnection } from './postgres-connection.ts'
import { PostgresConnector } from './postgres-connector.ts'
import type { PostgresLink } from './postgres-link.ts'
import type { PostgresProfile } from './postgres-profile.ts'
import { TargetLock } from './target-lock.ts'
import { encryptions } from './tls-options.ts'

/** How long publishing waits for a lock, each time, unless the target says otherwise. */
const LOCK_TIMEOUT_MS = 1_000
const OLDEST_VERSION = 130_000

interface Driver {
  readonly pg: typeof pg
  readonly copyFrom: typeof from
  readonly copyTo: typeof to
}

/** Loads the driver: some 40 ms, so only when a server is needed. */
async function loadDriver(): Promise<Driver> {
  // A bundle hands a CommonJS package over as `default` alone.
  const [client, copy] = await Promise.all([import('pg'), import('pg-copy-streams')])
  return { pg: client.default, copyFrom: copy.default.from, copyTo: copy.default.to }
}

/**
 * Connects to the server of a profile; an embedded one is started when it does not run. Raises `UserError` with one
 * diagnostic when the server cannot be reached, refuses the login, or is too old.
 */
export async function openPostgres(profile: PostgresProfile, context: OpenContext): Promise<Adapter> {
  if (!profile.embedded) return connect(profile, context, async () => {})
  const { startEmbeddedServer } = await import('./embedded-server.ts')
  const { stop, ...address } = await startEmbeddedServer({
    folder: context.baseDir,
    database: profile.database,
    signal: context.signal,
  })
  try {
    return await connect({ ...profile, ...address, sslMode: 'disable' }, context, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function connect(profile: PostgresProfile, context: OpenContext, stop: () => Promise<void>): Promise<Adapter> {
  const { link, lock, connect: connectFirst } = await linkTo(profile, context)
  const first = await openFirst(profile, context, link, connectFirst)
  const { database, retries, host, port, user, sslMode } = profile
  const tls = sslMode !== 'disable' && sslMode !== 'allow'
  const live = { engine: 'postgres', host, port, database, user, tls }
  const { threads, span = profile.span } = context
  return new PostgresAdapter({ link, live, first, lock, database, threads, retries, span, close: stop })
}

/** What connections to a target are made of. Nothing is connected yet. */
export async function linkTo(
  profile: PostgresProfile,
  context: OpenContext,
): Promise<{
  readonly link: PostgresLink
  readonly lock: TargetLock
  /** As that of the link, but the signal of the context ends the waiting. */
  connect(): Promise<Client>
}> {
  const { pg: driver, copyFrom, copyTo } = await loadDriver()
  const connector = new PostgresConnector(driver, profile, await encryptions(profile, context.baseDir))
  const { signal, runId, waitMs, comment, span = profile.span } = context
  const lock = new TargetLock({
    connect: (holds) => connector.connect({ holds, signal }).catch((error) => refuse(error, profile, context)),
    runId,
    waitMs,
    signal,
    span,
  })
  const link: PostgresLink = {
    connect: () => connector.connect(),
    requestCancel: (client) => connector.requestCancel(client),
    copyFrom,
    copyTo,
    lockTimeoutMs: profile.lockTimeoutMs ?? LOCK_TIMEOUT_MS,
    comment,
    assertHeld: () => lock.assertHeld(),
  }
  return { link, lock, connect: () => connector.connect({ signal }) }
}

async function openFirst(
  profile: PostgresProfile,
  context: OpenContext,
  link: PostgresLink,
  connectFirst: () => Promise<Client>,
): Promise<PostgresConnection> {
  const connection = await PostgresConnection.open(link, connectFirst).catch((error) => refuse(error, profile, context))
  if (connection.serverVersion >= OLDEST_VERSION) return connection
  await connection.close()
  const reason = `its server is Postgres ${Math.floor(connection.serverVersion / 10_000)}, and tsdbt needs 13 or newer`
  throw new UserError(cannotOpen({ path: describePostgres(profile), reason }, { span: context.span ?? profile.span }))
}

/** Words why there is no connection. */
function refuse(error: unknown, profile: PostgresProfile, { span = profile.span }: OpenContext): never {
  if (error instanceof CancelledError) throw error
  const secrets = profile.password === undefined ? [] : [profile.password]
  throw new UserError(connectionDiagnostic(error, { describe: describePostgres(profile), span, secrets }))
}
