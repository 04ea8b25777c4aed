import type { Adapter } from '../adapters/adapter.ts'

export type StopReason = 'cancelled' | 'fail-fast'

/** Ends a run early: interrupts the running statements. Commits are let through by the adapter. */
export class StopSwitch {
  readonly #adapter: Adapter
  #reason: StopReason | null = null

  constructor(adapter: Adapter) {
    this.#adapter = adapter
  }

  get reason(): StopReason | null {
    return this.#reason
  }

  stop(reason: StopReason): void {
    // A signal after a failure still makes the run a cancelled one, and interrupts what has begun since.
    if (this.#reason === 'cancelled' || this.#reason === reason) return
    this.#reason = reason
    this.#adapter.cancel()
  }
}
