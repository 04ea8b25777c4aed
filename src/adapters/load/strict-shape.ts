import type { CsvLayout } from './csv-layout.ts'
import { readChunks } from './read-chunks.ts'

const LF = 10
const CR = 13

/**
 * The number of lines of a file, when every one has exactly `width` cells and quotes stand around whole cells only,
 * without line breaks between them; else undefined. Engines are lenient where files are not of this shape, each in its own
 * way: they drop an empty cell too many, blanks around quotes, or the value of a row that is too short.
 */
export async function strictLines(path: string, layout: CsvLayout, width: number): Promise<number | undefined> {
  const { bytes, rows } = layout
  if (bytes.quote >= 0 && bytes.escape !== bytes.quote) return undefined
  const shape = new Shape(bytes.delimiter, bytes.quote, width - 1)
  await readChunks(path, rows, (chunk) => shape.add(chunk))
  return shape.end()
}

const BREAK = 1
const DELIMITER = 2
const QUOTE = 3

class Shape {
  readonly #kinds = new Uint8Array(256)
  readonly #wanted: number
  readonly #highest: number
  #delimiters = 0
  #lines = 0
  #last = LF
  #inQuotes = false
  #isStrict = true

  constructor(delimiter: number, quote: number, wanted: number) {
    this.#kinds[LF] = BREAK
    this.#kinds[delimiter] = DELIMITER
    if (quote >= 0) this.#kinds[quote] = QUOTE
    this.#wanted = wanted
    this.#highest = Math.max(LF, delimiter, quote)
  }

  /** False as soon as the shape is broken. */
  add(chunk: Buffer): boolean {
    this.#isStrict = this.#follows(this.#last, chunk[0]!) && this.#walk(chunk)
    this.#last = chunk[chunk.length - 1]!
    return this.#isStrict
  }

  end(): number | undefined {
    if (!this.#isStrict || this.#inQuotes) return undefined
    if (this.#last === LF) return this.#lines
    return this.#delimiters === this.#wanted ? this.#lines + 1 : undefined
  }

  /** What may stand behind a closing quote: the end of the cell, or the second half of an escape. */
  #follows(previous: number, next: number): boolean {
    return this.#inQuotes || this.#kinds[previous] !== QUOTE || this.#kinds[next] !== 0 || next === CR
  }

  #walk(chunk: Buffer): boolean {
    const kinds = this.#kinds
    const wanted = this.#wanted
    // Most bytes are letters and digits, which stand above the usual delimiters.
    const highest = this.#highest
    let delimiters = this.#delimiters
    let inQuotes = this.#inQuotes
    for (let at = 0; at < chunk.length; at++) {
      const c = chunk[at]!
      if (c > highest) continue
      const kind = kinds[c]
      if (kind === 0) continue
      if (inQuotes) {
        if (kind === BREAK) return false
        if (kind !== QUOTE) continue
        inQuotes = false
        this.#inQuotes = false
        if (at + 1 < chunk.length && !this.#follows(chunk[at]!, chunk[at + 1]!)) return false
      } else if (kind === DELIMITER) delimiters++
      else if (kind === BREAK) {
        if (delimiters !== wanted) return false
        this.#lines++
        delimiters = 0
      } else {
        // A quote opens a cell at its start, or an escape again that the quote before it seemed to close.
        if (kinds[at > 0 ? chunk[at - 1]! : this.#last] === 0) return false
        inQuotes = true
        this.#inQuotes = true
      }
    }
    this.#delimiters = delimiters
    this.#inQuotes = inQuotes
    return true
  }
}
