import type { Adapter } from '../adapters/adapter.ts'

export type StopReason = 'cancelled' | 'fail-fast'

/** Ends a run early: interrupts the running statements. Commits are let through by the adapter. */
export class StopSwitch {
  readonly #adapter: Adapter
  #reason: StopReason | null = null
  readonly #sleepers = new Set<() => void>()
  readonly #abort = new AbortController()

  constructor(adapter: Adapter) {
    this.#adapter = adapter
  }

  get reason(): StopReason | null {
    return this.#reason
  }

  /** Aborted when the run stops, for work outside of the warehouse. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  stop(reason: StopReason): void {
    // A signal after a failure still makes the run a cancelled one, and interrupts what has begun since.
    if (this.#reason === 'cancelled' || this.#reason === reason) return
    this.#reason = reason
    this.#adapter.cancel()
    this.#abort.abort()
    for (const wake of this.#sleepers) wake()
  }

  /** Waits so many milliseconds, or until the run is stopped. */
  async pause(ms: number): Promise<void> {
    if (this.#reason !== null) return
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#sleepers.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      this.#sleepers.add(wake)
    })
  }
}
