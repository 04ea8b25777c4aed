import { closeSync, openSync, readSync } from 'node:fs'
import type { CsvLayout } from './csv-layout.ts'

const CHUNK = 1 << 20
const LF = 10
const CR = 13

/**
 * True when every line of a file has exactly `width` cells and quotes stand around whole cells only, without line breaks
 * between them. Engines are lenient where files are not of this shape, each in its own way: they drop an empty cell too
 * many, blanks around quotes, or the value of a row that is too short.
 */
export function hasStrictShape(path: string, { bytes, rows }: CsvLayout, width: number): boolean {
  if (bytes.quote >= 0 && bytes.escape !== bytes.quote) return false
  const fd = openSync(path, 'r')
  try {
    const shape = new Shape(bytes.delimiter, bytes.quote, width - 1)
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (let offset = rows.start; offset < rows.end; ) {
      const length = readSync(fd, buffer, 0, Math.min(CHUNK, rows.end - offset), offset)
      if (length === 0) return false
      if (!shape.add(buffer.subarray(0, length))) return false
      offset += length
    }
    return shape.end()
  } finally {
    closeSync(fd)
  }
}

class Shape {
  readonly #delimiter: number
  readonly #quote: number
  readonly #wanted: number
  #delimiters = 0
  #previous = LF
  #inQuotes = false

  constructor(delimiter: number, quote: number, wanted: number) {
    this.#delimiter = delimiter
    this.#quote = quote
    this.#wanted = wanted
  }

  /** False as soon as the shape is broken. */
  add(chunk: Buffer): boolean {
    const delimiter = this.#delimiter
    const quote = this.#quote
    const wanted = this.#wanted
    let delimiters = this.#delimiters
    let previous = this.#previous
    let inQuotes = this.#inQuotes
    for (let at = 0; at < chunk.length; at++) {
      const c = chunk[at]!
      if (c === quote) {
        // Behind a quote it is the second half of an escape.
        if (!inQuotes && previous !== delimiter && previous !== LF && previous !== quote) return false
        inQuotes = !inQuotes
      } else if (inQuotes) {
        if (c === LF) return false
      } else {
        if (previous === quote && c !== delimiter && c !== LF && c !== CR) return false
        if (c === delimiter) delimiters++
        else if (c === LF) {
          if (delimiters !== wanted) return false
          delimiters = 0
        }
      }
      previous = c
    }
    this.#delimiters = delimiters
    this.#previous = previous
    this.#inQuotes = inQuotes
    return true
  }

  end(): boolean {
    return !this.#inQuotes && (this.#previous === LF || this.#delimiters === this.#wanted)
  }
}
