import type { Adapter } from '../adapters/adapter.ts'

export type StopReason = 'cancelled' | 'fail-fast'

/** Ends a run early: interrupts the running statements, once. Commits are let through by the adapter. */
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
    // A signal after a failure still makes the run a cancelled one.
    if (this.#reason === null) this.#adapter.cancel()
    if (this.#reason !== 'cancelled') this.#reason = reason
  }
}
