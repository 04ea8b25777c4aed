import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** `dbt.log` in a folder; at `maxBytes` (0: never) the file becomes `dbt.log.1` and a new one begins. */
export class LogFile {
  readonly path: string
  readonly #maxBytes: number
  #file: number
  #bytes: number

  /** Makes the folder. Raises what the file system raises. */
  constructor(folder: string, maxBytes: number) {
    mkdirSync(folder, { recursive: true })
    this.path = join(folder, 'dbt.log')
    this.#maxBytes = maxBytes
    this.#file = openSync(this.path, 'a')
    this.#bytes = fstatSync(this.#file).size
  }

  write(text: string): void {
    const bytes = Buffer.from(text)
    if (this.#maxBytes > 0 && this.#bytes > 0 && this.#bytes + bytes.length > this.#maxBytes) {
      closeSync(this.#file)
      renameSync(this.path, `${this.path}.1`)
      this.#file = openSync(this.path, 'a')
      this.#bytes = 0
    }
    writeSync(this.#file, bytes)
    this.#bytes += bytes.length
  }

  close(): void {
    closeSync(this.#file)
  }
}
