type Stop = 'SIGINT' | 'SIGTERM'

const codes: Readonly<Record<Stop, number>> = { SIGINT: 130, SIGTERM: 143 }

/** Turns the first Ctrl-C or SIGTERM into an abort; a second one ends the process at once. */
export class StopSignals {
  readonly #controller = new AbortController()
  readonly #onStop: () => void
  readonly #onKill: () => void
  #received: Stop | undefined

  /** `onStop` runs at the first signal, `onKill` just before the process ends at the second. */
  constructor(onStop: () => void, onKill: () => void) {
    this.#onStop = onStop
    this.#onKill = onKill
    process.on('SIGINT', this.#take)
    process.on('SIGTERM', this.#take)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The exit code of the signal that came, or undefined. */
  get exitCode(): number | undefined {
    return this.#received === undefined ? undefined : codes[this.#received]
  }

  close(): void {
    process.off('SIGINT', this.#take)
    process.off('SIGTERM', this.#take)
  }

  readonly #take = (name: NodeJS.Signals): void => {
    if (this.#received !== undefined) {
      this.#onKill()
      process.exit(codes[name as Stop])
    }
    this.#received = name as Stop
    this.#onStop()
    this.#controller.abort()
  }
}
