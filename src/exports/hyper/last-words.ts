import type { ChildProcess } from 'node:child_process'

const LENGTH = 4000
/** What it says of itself on every start. */
const USUAL =
  /^(--no-password option is specified|hyperd server version|listening on|Received SIGINT or SIGTERM|LogFile:)/

/** The end of what a program says, for a message when it fails. */
export class LastWords {
  #text = ''
  /** Resolves when the program has closed its outputs. */
  whole: Promise<void> = Promise.resolve()

  listen(child: ChildProcess): void {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        this.#text = (this.#text + String(chunk)).slice(-LENGTH)
      })
    this.whole = new Promise((resolve) => {
      child.once('close', () => resolve())
    })
  }

  /** The last three lines that are no routine, in one. */
  get text(): string {
    const lines = this.#text.split('\n').map((line) => line.trim())
    return lines
      .filter((line) => line !== '' && !USUAL.test(line))
      .slice(-3)
      .join(' ')
  }
}
