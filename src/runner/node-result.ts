import type { Diagnostic } from '../base/diagnostic.ts'
import type { NodeStatus } from '../base/events.ts'

/** Windows as start and end, ISO 8601 in UTC. */
export interface BatchResults {
  readonly successful: readonly (readonly [start: string, end: string])[]
  readonly failed: readonly (readonly [start: string, end: string])[]
}

/** How one node ended. Times ISO 8601 UTC (`…Z`), durations in seconds. */
export interface NodeResult {
  readonly uniqueId: string
  readonly status: NodeStatus
  readonly message: string
  /** Bad rows of a test, or null. */
  readonly failures: number | null
  readonly executionTime: number
  readonly threadId: string
  readonly timing: readonly {
    readonly name: 'compile' | 'execute'
    readonly startedAt: string
    readonly completedAt: string
  }[]
  /** For example `{ rows_affected: 10 }`, or the accounting of a load. */
  readonly adapterResponse: Readonly<Record<string, number | string>>
  /** Null when the node never came that far. */
  readonly compiledSql: string | null
  readonly diagnostics: readonly Diagnostic[]
  /** Of a microbatch model: the windows that are published, and those that are not. */
  readonly batchResults: BatchResults | null
  /** unique id of the node because of which this one was skipped or withheld. */
  readonly because: string | null
}

export interface RunOutcome {
  readonly results: readonly NodeResult[]
  readonly startedAt: string
  readonly elapsed: number
  readonly cancelled: boolean
}
