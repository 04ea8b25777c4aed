import { dbtVersion, version } from '../base/version.ts'

/** What artifacts say of the run that wrote them. */
export interface Invocation {
  /** A UUID. */
  readonly id: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly generatedAt: string
}

type ArtifactKind = 'manifest/v12' | 'run-results/v6' | 'catalog/v1' | 'sources/v3'

/** The head of an artifact. Readers dispatch on the exact URL; `env` is the one place there for a version of our own. */
export function artifactMetadata(kind: ArtifactKind, invocation: Invocation): Record<string, unknown> {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${kind}.json`,
    dbt_version: dbtVersion,
    generated_at: invocation.generatedAt,
    invocation_id: invocation.id,
    invocation_started_at: invocation.startedAt,
    env: { TSDBT_VERSION: version },
  }
}
