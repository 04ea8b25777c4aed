import type { Graph } from '../graph/graph.ts'
import type { FreshnessResult, FreshnessRun } from '../runner/freshness-result.ts'
import { artifactMetadata, type Invocation } from './metadata.ts'

export interface SourcesResultInput {
  readonly graph: Graph
  readonly run: FreshnessRun
  readonly invocation: Invocation
}

/** `sources.json` (v3) with every key that dbt writes. */
export function buildSourcesResult({ graph, run, invocation }: SourcesResultInput): Record<string, unknown> {
  return {
    metadata: artifactMetadata('sources/v3', invocation),
    results: run.results.map((result) => entryOf(result, graph)),
    elapsed_time: run.elapsed,
  }
}

function entryOf(result: FreshnessResult, graph: Graph): Record<string, unknown> {
  const { uniqueId: unique_id, measured } = result
  const source = graph.nodes.get(unique_id)
  if (measured === null || source?.resourceType !== 'source')
    return { unique_id, error: result.message, status: 'runtime error' }
  return {
    unique_id,
    max_loaded_at: measured.maxLoadedAt,
    snapshotted_at: measured.snapshottedAt,
    max_loaded_at_time_ago_in_s: measured.age,
    status: result.status,
    criteria: source.freshness,
    adapter_response: result.adapterResponse,
    timing: result.timing.map((t) => ({ name: t.name, started_at: t.startedAt, completed_at: t.completedAt })),
    thread_id: result.threadId,
    execution_time: result.executionTime,
  }
}
