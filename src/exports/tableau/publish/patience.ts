import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledError } from '../../../base/errors.ts'
import { type HttpReply, LostConnection } from './http-exchange.ts'

/** How long what may take. Times are milliseconds. */
export interface Patience {
  /** How often a request is sent at most. */
  readonly tries: number
  /** Before the second try; doubles each time. */
  readonly firstWaitMs: number
  /** A server that asks for more is given up. */
  readonly longestWaitMs: number
  readonly stallMs: number
  readonly answerMs: number
  /** How often, and after which wait, the server is asked whether it has what it may have taken. */
  readonly looks: number
  readonly lookMs: number
  /** First wait for a job; grows to `longestPollMs`. */
  readonly pollMs: number
  readonly longestPollMs: number
  pause(ms: number, signal: AbortSignal): Promise<void>
  now(): number
}

export const usualPatience: Patience = {
  tries: 6,
  firstWaitMs: 1000,
  longestWaitMs: 120_000,
  stallMs: 60_000,
  answerMs: 240_000,
  looks: 8,
  lookMs: 10_000,
  pollMs: 1000,
  longestPollMs: 15_000,
  pause,
  now: Date.now,
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal })
  } catch {
    throw new CancelledError()
  }
}

/**
 * Milliseconds until a request may be sent again; null when it may not.
 * @param repeatable whether it does no harm when the server acts on it twice
 * @param tried from 1
 */
export function waitBefore(
  outcome: HttpReply | LostConnection,
  repeatable: boolean,
  tried: number,
  patience: Patience,
): number | null {
  if (tried >= patience.tries) return null
  const backoff = Math.min(patience.firstWaitMs * 2 ** (tried - 1), patience.longestWaitMs)
  if (outcome instanceof LostConnection) {
    if (outcome.reason === 'certificate' || outcome.reason === 'unknown-host') return null
    return repeatable || !outcome.whole ? backoff : null
  }
  const { status, headers } = outcome
  const asked = retryAfterMs(headers.get('retry-after'), patience.now())
  // These were not taken: too slow, too many, or nobody is there yet.
  const untouched = status === 408 || status === 429 || (status === 503 && asked !== null)
  if (!untouched && !(repeatable && status >= 500)) return null
  if (asked !== null && asked > patience.longestWaitMs) return null
  return Math.max(asked ?? 0, backoff)
}

/** Of the header `Retry-After`: seconds or a date. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
