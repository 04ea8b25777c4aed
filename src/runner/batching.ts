import type { TimeWindow } from '../base/event-time.ts'
import type { Batch } from '../base/time-grain.ts'

/** Which batches of its microbatch models a run builds. */
export interface Batching {
  /** When the run began, or what counts as that. */
  readonly now: number
  /** The window that was asked for. */
  readonly window: TimeWindow | null
  /** Batches that were asked for one by one, by unique id of their model. */
  readonly given: ReadonlyMap<string, readonly Batch[]>
  /** Queries read no rows, so that no window may be replaced. */
  readonly empty: boolean
}
