import type { Adapter } from './adapter.ts'
import type { Dialect } from './dialect.ts'
import { duckDbDialect } from './duckdb/duckdb-dialect.ts'
import { type DuckDbProfile, databaseFile, parseDuckDbProfile } from './duckdb/duckdb-profile.ts'
import { describePostgres } from './postgres/describe-postgres.ts'
import { postgresDialect } from './postgres/postgres-dialect.ts'
import { type PostgresProfile, parsePostgresProfile } from './postgres/postgres-profile.ts'
import type { OpenContext, ProfileOutput, TargetProfile } from './profile.ts'

/** Everything that is known of an engine without connecting to it. */
export interface EngineType<P extends TargetProfile = TargetProfile> {
  readonly type: string
  readonly dialect: Dialect
  /** Raises `UserError` with every mistake in the target. */
  parseProfile(output: ProfileOutput): P
  /** Whether the data outlives the connection. */
  keepsData(profile: P): boolean
  /** Where the data is, for `debug`; never a credential. */
  describe(profile: P, baseDir: string): string
  /** The engine's version; for a server, undefined until it is connected. */
  version(): Promise<string | undefined>
  open(profile: P, context: OpenContext): Promise<Adapter>
}

const duckdb: EngineType<DuckDbProfile> = {
  type: 'duckdb',
  dialect: duckDbDialect,
  parseProfile: parseDuckDbProfile,
  keepsData: (profile) => profile.path !== ':memory:',
  describe: (profile, baseDir) => databaseFile(profile, baseDir) ?? ':memory:',
  version: async () => (await import('./duckdb/open-duckdb.ts')).duckDbVersion(),
  open: async (profile, context) => (await import('./duckdb/open-duckdb.ts')).openDuckDb(profile, context),
}

const postgres: EngineType<PostgresProfile> = {
  type: 'postgres',
  dialect: postgresDialect,
  parseProfile: parsePostgresProfile,
  keepsData: () => true,
  describe: describePostgres,
  version: async () => undefined,
  open: async (profile, context) => (await import('./postgres/open-postgres.ts')).openPostgres(profile, context),
}

/** The engines, by the `type` of a target: the one list that all others follow. */
export const engineTypes: ReadonlyMap<string, EngineType> = new Map([
  [duckdb.type, duckdb as EngineType],
  [postgres.type, postgres as EngineType],
])
