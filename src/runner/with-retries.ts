import type { MemberRun } from './member-run.ts'
import { ownWait } from './own-retries.ts'
import type { RunContext } from './run-context.ts'

/**
 * Does work of some members until it succeeds, fails for good, or neither the engine nor the `retries` of a node see a use
 * in trying again.
 * @param attempt leaves nothing behind when it fails; false means that a member failed or that the run was stopped
 */
export async function withRetries(
  context: RunContext,
  members: readonly MemberRun[],
  attempt: () => Promise<boolean>,
): Promise<boolean> {
  for (let tried = 1; ; tried++) {
    if (await attempt()) return true
    const wait = waitFor(context, members, tried)
    if (wait === null) return false
    tell(context, members, tried, wait)
    await context.stop.pause(wait)
    if (context.stop.reason !== null) return false
    for (const member of members) member.retry()
  }
}

function tell({ request }: RunContext, members: readonly MemberRun[], attempt: number, wait: number): void {
  for (const { node, failure, fault } of members) {
    if (failure === null) continue
    const reason = fault?.message ?? failure[0]?.message ?? 'failed'
    const { uniqueId, name } = node
    request.emit({ type: 'node.retried', node: uniqueId, name, attempt, reason, wait: wait / 1000 })
  }
}

function waitFor({ stop, request }: RunContext, members: readonly MemberRun[], tried: number): number | null {
  const failed = members.filter((member) => member.failure !== null)
  if (stop.reason !== null || failed.length === 0) return null
  const waits = failed.map((member) => {
    const { fault, repeatable } = member
    const engine = fault === null || !repeatable ? null : (request.adapter.retryAfter?.(fault, tried) ?? null)
    return engine ?? ownWait(member)
  })
  return waits.includes(null) ? null : Math.max(...(waits as number[]))
}
