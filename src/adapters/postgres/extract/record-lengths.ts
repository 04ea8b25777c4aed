const QUOTE = 0x22
const LF = 0x0a

/** Finds how long the records of a CSV are, of which a reader must be able to hold one. */
export class RecordLengths {
  /** Bytes of the longest record, or of the longest chunk when that is more. */
  longest = 0
  #inQuotes = false
  /** Bytes since the last record ended. */
  #open = 0

  add(chunk: Buffer): void {
    let first = -1
    let last = -1
    let from = 0
    for (;;) {
      const quote = chunk.indexOf(QUOTE, from)
      const end = quote === -1 ? chunk.length : quote
      if (!this.#inQuotes) {
        const plain = chunk.subarray(from, end)
        const found = plain.lastIndexOf(LF)
        if (found !== -1) {
          last = from + found
          if (first === -1) first = from + plain.indexOf(LF)
        }
      }
      if (quote === -1) break
      this.#inQuotes = !this.#inQuotes
      from = quote + 1
    }
    const head = this.#open + (first === -1 ? chunk.length : first + 1)
    this.longest = Math.max(this.longest, head, chunk.length)
    this.#open = last === -1 ? head : chunk.length - last - 1
  }
}
