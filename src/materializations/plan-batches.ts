import { UserError } from '../base/errors.ts'
import { printTime, readTime, type TimeWindow } from '../base/event-time.ts'
import { type Batch, batchesOf, ceilTo, floorTo, stepBy } from '../base/time-grain.ts'
import type { Model } from '../project/resource.ts'
import { batchesBeginLate, tooManyBatches } from './errors.ts'

/** More batches than this are a mistake of `begin` or `batch_size`. */
const limit = 100_000

/** What decides which batches a model has in a run. */
export interface BatchQuestion {
  readonly now: number
  /** The window that was asked for. */
  readonly window: TimeWindow | null
  /** True when the table stands and is not built from nothing. */
  readonly incremental: boolean
}

/**
 * The batches of a microbatch model, oldest first, as dbt counts them: to the end of the grain in which now lies; from
 * `begin` when the table is built from nothing, else `lookback` batches before the last one. Raises `UserError` when
 * there is none.
 */
export function planBatches({ config, span, uniqueId }: Model, question: BatchQuestion): readonly Batch[] {
  const { now, window, incremental } = question
  const grain = config.batch_size!
  const end = ceilTo(window?.end ?? now, grain)
  const start = window === null ? startOf() : floorTo(window.start, grain)
  if (start >= end)
    throw new UserError(batchesBeginLate({ begin: printTime(start), end: printTime(end) }, { span, node: uniqueId }))
  // No batch is longer than a grain's longest, so this counts too many at worst by a few.
  if ((end - start) / (stepBy(start, grain, 1) - start) > limit)
    throw new UserError(tooManyBatches({ begin: printTime(start), grain, limit }, { span, node: uniqueId }))
  return batchesOf({ start, end }, grain)

  function startOf(): number {
    // The end is a boundary, so the batch that ends there is one more, as in dbt.
    return incremental ? stepBy(end, grain, -(config.lookback + 1)) : floorTo(readTime(config.begin!)!, grain)
  }
}

/** The windows of batches, those that touch each other as one. */
export function joinedWindows(batches: readonly Batch[]): readonly TimeWindow[] {
  const windows: TimeWindow[] = []
  for (const { start, end } of batches) {
    const last = windows.at(-1)
    if (last?.end === start) windows[windows.length - 1] = { start: last.start, end }
    else windows.push({ start, end })
  }
  return windows
}
