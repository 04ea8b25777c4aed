import { isCredentialKey } from '../base/scrub.ts'
import type { Graph } from '../graph/graph.ts'
import { relationOf } from '../project/relation-of.ts'
import type { NodeRelation } from '../project/resource.ts'
import type { NodeResult, RunOutcome } from '../runner/node-result.ts'
import { artifactMetadata, type Invocation } from './metadata.ts'
import { storesFailures } from './stored-failures.ts'

/** What the command was told, in dbt's words. Keys that a command does not know are left out. */
export interface RunArguments {
  /** `run`, `build`, `test`, `seed` …; readers dispatch on it. */
  readonly which: string
  /** The command line; its secrets are scrubbed when the artifact is written. */
  readonly invocation_command: string
  /** Absolute; the folder that holds `profiles.yml`. */
  readonly profiles_dir: string
  /** Absolute. */
  readonly project_dir: string
  readonly profile: string | null
  readonly target: string
  readonly threads: number
  readonly vars: Readonly<Record<string, unknown>>
  readonly select: readonly string[]
  readonly exclude: readonly string[]
  readonly selector: string | null
  readonly indirect_selection?: string
  readonly resource_types?: readonly string[]
  readonly exclude_resource_types?: readonly string[]
  readonly full_refresh?: boolean
  readonly fail_fast?: boolean
  readonly empty?: boolean
  readonly event_time_start?: string
  readonly event_time_end?: string
  readonly sample?: string
  readonly store_failures?: boolean
  readonly publish?: boolean
  readonly warn_error?: boolean
  readonly write_json?: boolean
  readonly all_or_nothing?: boolean
  /** Of a clone. */
  readonly tables?: boolean
  /** Of a retry: when the run began that it repeats. */
  readonly now?: string
  readonly defer?: boolean
  readonly favor_state?: boolean
  /** Absolute, as is the next. */
  readonly state?: string | null
  readonly defer_state?: string | null
  readonly target_path?: string
}

export interface RunResultsInput {
  readonly graph: Graph
  readonly outcome: RunOutcome
  readonly arguments: RunArguments
  readonly invocation: Invocation
  /** The relation's full quoted name. */
  readonly relationName: (relation: NodeRelation) => string
}

/** `run_results.json` (v6) with every key that dbt writes. */
export function buildRunResults(input: RunResultsInput): Record<string, unknown> {
  return { ...resultsHead(input), results: input.outcome.results.map((r) => resultEntry(r, input)) }
}

/** The text of `run_results.json` in pieces of one result. */
export function* runResultsText(input: RunResultsInput): Iterable<string> {
  const { metadata, ...rest } = resultsHead(input)
  yield `{"metadata":${JSON.stringify(metadata)},"results":[`
  let separator = ''
  for (const result of input.outcome.results) {
    yield separator + JSON.stringify(resultEntry(result, input))
    separator = ','
  }
  yield `],${JSON.stringify(rest).slice(1)}`
}

function resultsHead({ invocation, outcome, arguments: args }: RunResultsInput): Record<string, unknown> {
  return {
    metadata: artifactMetadata('run-results/v6', invocation),
    elapsed_time: outcome.elapsed,
    args: { ...args, vars: maskCredentials(args.vars), send_anonymous_usage_stats: false },
  }
}

function maskCredentials(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskCredentials)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([k, v]) => [k, isCredentialKey(k) ? '*****' : maskCredentials(v)]),
  )
}

type TimingEntry = { readonly name: string; readonly started_at: string; readonly completed_at: string }

/** Readers need both entries as soon as a node was worked on; a phase that it does not have takes no time. */
function timingEntries({ timing }: NodeResult): readonly TimingEntry[] {
  const entries = new Map(
    timing.map((t) => [t.name, { name: t.name, started_at: t.startedAt, completed_at: t.completedAt }]),
  )
  const [compile, execute] = [entries.get('compile'), entries.get('execute')]
  if (compile === undefined && execute === undefined) return []
  const at = compile?.completed_at ?? execute!.started_at
  const moment = (name: string) => ({ name, started_at: at, completed_at: at })
  return [compile ?? moment('compile'), execute ?? moment('execute')]
}

const compiledKinds: ReadonlySet<string> = new Set(['model', 'snapshot', 'test', 'unit_test', 'function'])

function resultEntry(
  result: NodeResult,
  { graph, relationName, arguments: args }: RunResultsInput,
): Record<string, unknown> {
  const node = graph.nodes.get(result.uniqueId)
  const hasRelation =
    node !== undefined &&
    (node.resourceType === 'test'
      ? storesFailures(node, args.store_failures)
      : node.config.materialized !== 'ephemeral' && node.resourceType !== 'unit_test')
  const relation = node === undefined ? null : relationOf(node)
  const compiles = node === undefined || compiledKinds.has(node.resourceType)
  return {
    status: result.status,
    timing: timingEntries(result),
    thread_id: result.threadId,
    execution_time: result.executionTime,
    adapter_response: result.adapterResponse,
    message: result.message === '' ? null : result.message,
    failures: result.failures,
    unique_id: result.uniqueId,
    compiled: compiles ? result.compiledSql !== null : null,
    compiled_code: compiles ? result.compiledSql : null,
    relation_name: hasRelation && relation !== null ? relationName(relation) : null,
    batch_results: result.batchResults,
    overload_results: null,
  }
}
