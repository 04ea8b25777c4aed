import type { Diagnostic } from '../base/diagnostic.ts'
import type { FreshnessStatus } from '../base/events.ts'
import type { NodeResult } from './node-result.ts'

/** How fresh one source is. Times ISO 8601 UTC, durations in seconds. */
export interface FreshnessResult {
  readonly uniqueId: string
  readonly status: FreshnessStatus
  readonly message: string
  /** Null when it could not be measured. */
  readonly measured: {
    /** The first moment of year 1 when there are no rows, as in dbt. */
    readonly maxLoadedAt: string
    readonly snapshottedAt: string
    readonly age: number
  } | null
  readonly executionTime: number
  readonly threadId: string
  readonly timing: NodeResult['timing']
  readonly adapterResponse: NodeResult['adapterResponse']
  readonly diagnostics: readonly Diagnostic[]
}

export interface FreshnessRun {
  readonly results: readonly FreshnessResult[]
  /** Statements of `on-run-start` and `on-run-end`. */
  readonly operations: readonly NodeResult[]
  readonly elapsed: number
  readonly cancelled: boolean
}
