import { isoTime } from '../base/event-time.ts'
import type { BatchInfo } from '../base/events.ts'
import type { Batch } from '../base/time-grain.ts'
import type { MemberRun } from './member-run.ts'
import type { RunContext } from './run-context.ts'

/** Tells listeners of one batch: that it began, and how it ended. `work` says how many rows it gave, or null when it failed. */
export async function logBatch(
  { request }: RunContext,
  member: MemberRun,
  batch: Batch,
  work: () => Promise<number | null>,
): Promise<void> {
  const { info } = member.open!
  const { planned } = member.batches!
  const place = { node: info, batch: batchInfo(batch), index: planned.indexOf(batch) + 1, total: planned.length }
  const startedAt = new Date().toISOString()
  const began = performance.now()
  request.emit({ type: 'batch.started', ...place, at: startedAt })
  const rows = await work()
  request.emit({
    type: 'batch.finished',
    ...place,
    status: rows === null ? 'error' : 'success',
    rows,
    seconds: (performance.now() - began) / 1000,
    startedAt,
    finishedAt: new Date().toISOString(),
  })
}

function batchInfo({ id, name, start, end }: Batch): BatchInfo {
  return { id, name, start: isoTime(start), end: isoTime(end) }
}
