import { durationMs } from '../base/duration.ts'
import type { DatabaseFault } from '../base/errors.ts'
import type { BuiltNode } from '../project/resource.ts'
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
  const wait = member.repeatable ? declaredWait(member.node, member.fault ?? undefined, member.retried) : null
  if (wait !== null) member.retried++
  return wait
}

/** The same for a part of a node's work that was tried again `retried` times. */
export function declaredWait(
  { config: { retries } }: BuiltNode,
  fault: DatabaseFault | undefined,
  retried: number,
): number | null {
  if (retries === null || retried >= retries.attempts) return null
  if (retries.on === 'transient' && !TRANSIENT.has(fault?.kind ?? '')) return null
  return durationMs(String(retries.delay)) ?? 0
}
