import { dbtVersion, version } from '../base/version.ts'

/** What artifacts say of the run that wrote them. */
export interface Invocation {
  /** A UUID. */
  readonly id: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly generatedAt: string
  /** Values that the caller's environment gives to all artifacts, by name. */
  readonly environment?: Readonly<Record<string, string>> | undefined
}

const customPrefix = 'DBT_ENV_CUSTOM_ENV_'

/** Variables that begin with dbt's `DBT_ENV_CUSTOM_ENV_`, under what follows it. */
export function customEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const custom: Record<string, string> = {}
  for (const [name, value] of Object.entries(env))
    if (name.startsWith(customPrefix) && value !== undefined) custom[name.slice(customPrefix.length)] = value
  return custom
}

type ArtifactKind = 'manifest/v12' | 'run-results/v6' | 'catalog/v1' | 'sources/v3'

/** The head of an artifact. Readers dispatch on the exact URL; `env` is the one place there for a version of our own. */
export function artifactMetadata(
  kind: ArtifactKind,
  invocation: Invocation,
  env: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${kind}.json`,
    dbt_version: dbtVersion,
    generated_at: invocation.generatedAt,
    invocation_id: invocation.id,
    invocation_started_at: invocation.startedAt,
    env: { ...invocation.environment, TSDBT_VERSION: version, ...env },
  }
}
