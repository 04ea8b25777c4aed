import type { DatabaseFault } from '../../base/errors.ts'

interface Backoff {
  readonly attempts: number
  readonly firstMs: number
  readonly factor: number
  readonly longestMs: number
}

/** About a minute of waiting for a lock: longer than most readers hold one, shorter than a run's patience. */
const BACKOFFS: { readonly [kind: string]: Backoff } = {
  'lock-timeout': { attempts: 20, firstMs: 100, factor: 1.5, longestMs: 5_000 },
  deadlock: { attempts: 6, firstMs: 50, factor: 2, longestMs: 2_000 },
  serialization: { attempts: 6, firstMs: 50, factor: 2, longestMs: 2_000 },
}
const CONNECTION = { firstMs: 250, factor: 2, longestMs: 5_000 }

/**
 * Milliseconds until a transaction is tried again after its `attempt`-th failure, null when it is not. Up to half of the time
 * is left to chance, so that two that got in each other's way do not meet again.
 */
export function retryAfter(
  fault: DatabaseFault,
  attempt: number,
  options: { readonly connectionRetries: number; readonly random: () => number },
): number | null {
  const backoff =
    fault.kind === 'connection' ? { ...CONNECTION, attempts: options.connectionRetries } : BACKOFFS[fault.kind]
  if (backoff === undefined || attempt > backoff.attempts) return null
  const full = Math.min(backoff.firstMs * backoff.factor ** (attempt - 1), backoff.longestMs)
  return full * (1 - options.random() / 2)
}
