import { tmpdir } from 'node:os'
import { onTestFinished } from 'vitest'
import type { Adapter } from '../../src/adapters/adapter.ts'
import { linkTo, openPostgres } from '../../src/adapters/postgres/open-postgres.ts'
import { PostgresConnection } from '../../src/adapters/postgres/postgres-connection.ts'
import { parsePostgresProfile } from '../../src/adapters/postgres/postgres-profile.ts'
import type { OpenContext } from '../../src/adapters/profile.ts'
import type { ConfigValue } from '../../src/config/node-config.ts'
import { profileOutput } from './open.ts'

type Values = { readonly [key: string]: ConfigValue }

function contextOf(options: Partial<OpenContext>): OpenContext {
  return { baseDir: tmpdir(), threads: 2, runId: '0123abcd', waitMs: 0, ...options }
}

/** Opens a target of a Postgres server and closes it with the test. */
export async function openPostgresTarget(values: Values, options: Partial<OpenContext> = {}): Promise<Adapter> {
  const profile = parsePostgresProfile(profileOutput({ ...values, type: 'postgres' }))
  const adapter = await openPostgres(profile, contextOf(options))
  onTestFinished(() => adapter.close())
  return adapter
}

/** A connection beside an adapter's, closed with the test. */
export async function postgresConnection(values: Values): Promise<PostgresConnection> {
  const profile = parsePostgresProfile(profileOutput({ ...values, type: 'postgres' }))
  const { link } = await linkTo(profile, contextOf({}))
  const connection = await PostgresConnection.open(link)
  onTestFinished(() => connection.close())
  return connection
}
