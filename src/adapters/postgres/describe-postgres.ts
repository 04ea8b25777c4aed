import type { PostgresProfile } from './postgres-profile.ts'

/** Where the data is, without the user and the password. */
export function describePostgres(profile: PostgresProfile): string {
  return profile.embedded
    ? `embedded server, ${profile.database}`
    : `${profile.host}:${profile.port}/${profile.database}`
}
