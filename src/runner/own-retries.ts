import { durationMs } from '../base/duration.ts'
import type { MemberRun } from './member-run.ts'

/** Faults that may be gone at the next attempt, whatever the node does. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'timeout',
  'connection',
  'too-many-connections',
  'lock-timeout',
  'locked',
  'in-use',
  'deadlock',
  'serialization',
  'conflict',
  'resources',
  'out-of-memory',
  'disk-full',
  'file',
])

/** Milliseconds until a node that failed is tried again because its `retries` say so; null when they do not, or are used up. */
export function ownWait(member: MemberRun): number | null {
  const { retries } = member.node.config
  if (retries === null || !member.repeatable || member.retried >= retries.attempts) return null
  if (retries.on === 'transient' && !TRANSIENT.has(member.fault?.kind ?? '')) return null
  member.retried++
  return durationMs(String(retries.delay)) ?? 0
}
