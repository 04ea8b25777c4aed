import { closeSync, openSync, writeSync } from 'node:fs'

const SIZE = 1 << 20
const QUOTE = 34
const COMMA = 44
const LF = 10

/**
 * Writes rows as CSV in the one form that needs no guessing: every cell in double quotes, null as nothing, `,` between,
 * `\n` behind. This is how rows that were read here reach the engine.
 */
export class RowWriter {
  readonly #fd: number
  #buffer = Buffer.allocUnsafe(SIZE)
  #length = 0
  #rowLength = 0
  #first = true
  #closed = false
  rows = 0
  /** Length of the longest row in bytes. */
  longest = 0

  constructor(path: string) {
    this.#fd = openSync(path, 'w')
  }

  /** Bytes without a double quote in them. */
  plain(bytes: Uint8Array): void {
    this.#separate()
    this.#byte(QUOTE)
    this.#copy(bytes)
    this.#byte(QUOTE)
  }

  text(value: string): void {
    this.plain(Buffer.from(value.includes('"') ? value.replaceAll('"', '""') : value))
  }

  null(): void {
    this.#separate()
  }

  end(): void {
    this.#byte(LF)
    this.rows++
    if (this.#rowLength > this.longest) this.longest = this.#rowLength
    this.#rowLength = 0
    this.#first = true
  }

  /** May be called again. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#flush()
    closeSync(this.#fd)
  }

  #separate(): void {
    if (this.#first) this.#first = false
    else this.#byte(COMMA)
  }

  #byte(byte: number): void {
    if (this.#length === SIZE) this.#flush()
    this.#buffer[this.#length++] = byte
    this.#rowLength++
  }

  #copy(bytes: Uint8Array): void {
    this.#rowLength += bytes.length
    if (bytes.length > SIZE - this.#length) {
      this.#flush()
      if (bytes.length > SIZE) {
        writeSync(this.#fd, bytes)
        return
      }
    }
    // A loop beats the call of `set` for the few bytes of a usual cell.
    if (bytes.length < 32) for (let i = 0; i < bytes.length; i++) this.#buffer[this.#length + i] = bytes[i]!
    else this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #flush(): void {
    writeSync(this.#fd, this.#buffer, 0, this.#length)
    this.#length = 0
  }
}
