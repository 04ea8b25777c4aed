import { readSync } from 'node:fs'

/** Bytes that structure a file; -1 where there is none. */
export interface CsvBytes {
  readonly delimiter: number
  readonly quote: number
  readonly escape: number
  /** A lone `\r` ends a line, too: the first line ends so. */
  readonly crLines: boolean
}

export type RecordProblem = 'unclosed-quote' | 'after-quote' | 'nul'

const CHUNK = 1 << 20
/** A quote that is open for so long was never meant to be one. */
const LONGEST_RECORD = 1 << 26
const LF = 10
const CR = 13
const NEED_MORE = -1

/**
 * Reads delimited text of UTF-8 bytes record by record, and knows the physical line of each. The record is in the reader's
 * own fields until the next call of `next`. A record whose quotes are wrong ends with its first physical line, so that
 * the lines after it are read on their own. Empty lines are no records.
 */
export class CsvRecords {
  /** 1-based physical line at which the record begins. */
  line = 0
  /** Byte offset in the file at which it begins. */
  offset = 0
  fieldCount = 0
  problem: RecordProblem | undefined
  readonly #fd: number
  readonly #bytes: CsvBytes
  readonly #fileEnd: number
  #buffer = Buffer.allocUnsafe(CHUNK)
  #limit = 0
  #at = 0
  #bufferOffset: number
  #nextLine: number
  #starts: number[] = []
  #ends: number[] = []
  /** 0 bare, 1 quoted, 2 quoted with escapes inside. */
  #quoted: number[] = []
  #recordStart = 0
  #recordEnd = 0
  #breaks = 0

  /** Reads `fd` from byte `start`, which is the beginning of the physical line `line`, to byte `end`. */
  constructor(fd: number, bytes: CsvBytes, range: { start: number; end: number; line: number }) {
    this.#fd = fd
    this.#bytes = bytes
    this.#bufferOffset = range.start
    this.#fileEnd = range.end
    this.#nextLine = range.line
  }

  /** Byte offset behind the record. */
  get endOffset(): number {
    return this.#bufferOffset + this.#at
  }

  /** Physical line behind the record. */
  get endLine(): number {
    return this.#nextLine
  }

  /** Moves on to the beginning of a physical line (ended by `\n`) without parsing what stands before it. */
  skipToLine(line: number): void {
    while (this.#nextLine < line) {
      const end = this.#buffer.indexOf(LF, this.#at)
      if (end >= 0 && end < this.#limit) {
        this.#at = end + 1
        this.#nextLine++
        continue
      }
      this.#at = this.#limit
      if (!this.#fill()) return
    }
  }

  next(): boolean {
    for (;;) {
      if (this.#at >= this.#limit && !this.#fill()) return false
      const start = this.#at
      this.fieldCount = 0
      this.problem = undefined
      this.#breaks = 0
      const end = this.#parse(start)
      if (end === NEED_MORE) {
        this.#fill()
        continue
      }
      this.line = this.#nextLine
      this.offset = this.#bufferOffset + start
      this.#at = end
      this.#nextLine += this.#breaks
      this.#recordStart = start
      if (this.#isBlank(start)) continue
      if (this.problem === undefined && this.#buffer.subarray(start, this.#recordEnd).includes(0)) this.problem = 'nul'
      return true
    }
  }

  isQuoted(field: number): boolean {
    return this.#quoted[field] !== 0
  }

  isEmpty(field: number): boolean {
    return this.#starts[field] === this.#ends[field]
  }

  text(field: number): string {
    const text = this.#buffer.toString('utf8', this.#starts[field], this.#ends[field])
    return this.#quoted[field] === 2 ? this.#unescape(text) : text
  }

  /** The bytes of a field as they stand between its quotes; undefined when they hold escapes. */
  plainBytes(field: number): Buffer | undefined {
    return this.#quoted[field] === 2 ? undefined : this.#buffer.subarray(this.#starts[field], this.#ends[field])
  }

  /** The record as it stands in the file, without its line break. */
  raw(): string {
    return this.#buffer.toString('utf8', this.#recordStart, this.#recordEnd)
  }

  /** 1-based column, in UTF-16 units, of a field on its line; undefined when the field is on a later line. */
  columnOf(field: number): number | undefined {
    const before = this.#buffer.toString('utf8', this.#recordStart, this.#starts[field])
    return /[\r\n]/.test(before) ? undefined : before.length + 1
  }

  #isBlank(start: number): boolean {
    return this.problem === undefined && this.fieldCount === 1 && this.#recordEnd === start
  }

  #unescape(text: string): string {
    const quote = String.fromCharCode(this.#bytes.quote)
    const escaping = String.fromCharCode(this.#bytes.escape)
    if (escaping === quote) return text.replaceAll(quote + quote, quote)
    return text
      .replaceAll(escaping + escaping, '\u0000')
      .replaceAll(escaping + quote, quote)
      .replaceAll('\u0000', escaping)
  }

  /** Moves what is unread to the front and reads on; false when there is nothing more. */
  #fill(): boolean {
    const rest = this.#limit - this.#at
    if (this.#at === 0 && this.#limit === this.#buffer.length) {
      const larger = Buffer.allocUnsafe(this.#buffer.length * 2)
      this.#buffer.copy(larger, 0, 0, this.#limit)
      this.#buffer = larger
    } else {
      this.#buffer.copyWithin(0, this.#at, this.#limit)
      this.#bufferOffset += this.#at
      this.#at = 0
      this.#limit = rest
    }
    const wanted = Math.min(this.#buffer.length - this.#limit, this.#fileEnd - this.#bufferOffset - this.#limit)
    if (wanted <= 0) return rest > 0
    const read = readSync(this.#fd, this.#buffer, this.#limit, wanted, this.#bufferOffset + this.#limit)
    if (read === 0) throw new Error('the file became shorter while it was read')
    this.#limit += read
    return true
  }

  get #atEnd(): boolean {
    return this.#bufferOffset + this.#limit >= this.#fileEnd
  }

  #field(start: number, end: number, quoted: number): void {
    const i = this.fieldCount++
    this.#starts[i] = start
    this.#ends[i] = end
    this.#quoted[i] = quoted
  }

  /** Returns the offset behind the record's line break, or `NEED_MORE`. */
  #parse(start: number): number {
    const buffer = this.#buffer
    const { delimiter, quote, crLines } = this.#bytes
    const limit = this.#limit
    let at = start
    for (;;) {
      let fieldEnd: number
      if (quote >= 0 && at < limit && buffer[at] === quote) {
        fieldEnd = this.#quotedField(at)
        if (fieldEnd === NEED_MORE) return NEED_MORE
        if (this.problem !== undefined) return this.#firstLineOnly(start)
      } else {
        fieldEnd = at
        while (fieldEnd < limit) {
          const c = buffer[fieldEnd]!
          if (c === delimiter || c === LF || (c === CR && crLines)) break
          fieldEnd++
        }
        // A `\r` that ends a line may have its `\n` in what is not read yet.
        if (fieldEnd >= limit - 1 && !this.#atEnd) return NEED_MORE
        const crLf = fieldEnd < limit && buffer[fieldEnd] === LF && fieldEnd > at && buffer[fieldEnd - 1] === CR
        this.#field(at, crLf ? fieldEnd - 1 : fieldEnd, 0)
      }
      if (fieldEnd >= limit) return this.#finish(limit, limit)
      if (buffer[fieldEnd] !== delimiter) return this.#endOfLine(fieldEnd)
      at = fieldEnd + 1
      if (at === limit && !this.#atEnd) return NEED_MORE
    }
  }

  #finish(recordEnd: number, next: number): number {
    this.#recordEnd = recordEnd
    return next
  }

  /** `at` is a line break, or the `\r` of one. */
  #endOfLine(at: number): number {
    this.#breaks++
    const buffer = this.#buffer
    if (buffer[at] === CR && buffer[at + 1] === LF && at + 1 < this.#limit) return this.#finish(at, at + 2)
    const crLf = buffer[at] === LF && at > 0 && buffer[at - 1] === CR && at - 1 >= this.#starts[0]!
    return this.#finish(crLf ? at - 1 : at, at + 1)
  }

  /** Returns the offset of what follows the closing quote. */
  #quotedField(open: number): number {
    const buffer = this.#buffer
    const { delimiter, quote, escape: escaping, crLines } = this.#bytes
    const limit = this.#limit
    let escapes = 1
    let breaks = 0
    let at = open + 1
    for (; at < limit; at++) {
      const c = buffer[at]!
      if (c === escaping && escaping !== quote && at + 1 < limit) {
        escapes = 2
        at++
      } else if (c === quote) {
        if (escaping !== quote || buffer[at + 1] !== quote || at + 1 >= limit) break
        escapes = 2
        at++
      } else if (c === LF ? !crLines || buffer[at - 1] !== CR : crLines && c === CR) breaks++
    }
    // What follows the quote must be in the buffer: it may be the second half of an escape.
    if (at + 2 >= limit && !this.#atEnd && limit - open < LONGEST_RECORD) return NEED_MORE
    if (at >= limit) {
      this.problem = 'unclosed-quote'
      return limit
    }
    const next = buffer[at + 1]
    const ends =
      at + 1 >= limit || next === delimiter || next === LF || (next === CR && (crLines || buffer[at + 2] === LF))
    if (!ends) this.problem = 'after-quote'
    else {
      this.#field(open + 1, at, escapes)
      this.#breaks += breaks
    }
    return at + 1
  }

  #firstLineOnly(start: number): number {
    const buffer = this.#buffer
    const { crLines } = this.#bytes
    this.#breaks = 0
    this.fieldCount = 0
    for (let at = start; at < this.#limit; at++) {
      const c = buffer[at]!
      if (c === LF || (c === CR && crLines)) {
        this.#starts[0] = start
        return this.#endOfLine(at)
      }
    }
    return this.#finish(this.#limit, this.#limit)
  }
}
