import { setTimeout as delay } from 'node:timers/promises'
import { CancelledError } from '../base/errors.ts'

/** Waits; raises `CancelledError` as soon as the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal })
  } catch {
    throw new CancelledError()
  }
}
