import { closeSync, openSync, readSync } from 'node:fs'

const CHUNK = 1 << 20
const LF = 10
const CR = 13
const QUOTE = 34
const BACKSLASH = 92

/** One value of a JSON file, as it stands there. */
export type SeeElement = (line: number, raw: string) => void

function readChunks(path: string, start: number, see: (chunk: Buffer) => void): void {
  const fd = openSync(path, 'r')
  try {
    for (let offset = start; ; ) {
      const chunk = Buffer.allocUnsafe(CHUNK)
      const length = readSync(fd, chunk, 0, CHUNK, offset)
      if (length === 0) return
      see(chunk.subarray(0, length))
      offset += length
    }
  } finally {
    closeSync(fd)
  }
}

/** The lines of newline-delimited JSON that hold something, with their physical line. Reads from byte `start`. Always true. */
export function readJsonLines(path: string, start: number, see: SeeElement): boolean {
  let line = 1
  let pending: Buffer[] = []
  const flush = (last: Buffer) => {
    const raw = Buffer.concat([...pending, last]).toString('utf8')
    pending = []
    if (raw.trim() !== '') see(line, raw.endsWith('\r') ? raw.slice(0, -1) : raw)
    line++
  }
  readChunks(path, start, (chunk) => {
    let from = 0
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
      flush(chunk.subarray(from, at))
      from = at + 1
    }
    if (from < chunk.length) pending.push(chunk.subarray(from))
  })
  flush(Buffer.alloc(0))
  return true
}

/**
 * The elements of a JSON array, or the values of a file that holds one or several, with the physical line at which each
 * begins. Finds where values end by strings and brackets only; whether a value is valid is for the engine to say. False
 * when the array is never closed: the file was cut.
 */
export function readJsonElements(path: string, start: number, see: SeeElement): boolean {
  const splitter = new ElementSplitter(see)
  readChunks(path, start, (chunk) => splitter.add(chunk))
  return splitter.end()
}

class ElementSplitter {
  readonly #see: SeeElement
  #line = 1
  #startLine = 0
  /** Brackets that are open inside the current value. */
  #depth = 0
  #inArray = false
  #inString = false
  #escaped = false
  #inValue = false
  #pieces: Buffer[] = []
  #lastCr = false

  constructor(see: SeeElement) {
    this.#see = see
  }

  add(chunk: Buffer): void {
    let from = 0
    for (let at = 0; at < chunk.length; at++) {
      const c = chunk[at]!
      if (c === CR || (c === LF && !this.#lastCr)) this.#line++
      this.#lastCr = c === CR
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (c === BACKSLASH) this.#escaped = true
        else if (c === QUOTE) this.#inString = false
        continue
      }
      const structure = this.#structure(c)
      if (structure === 'none') continue
      if (structure === 'begins') from = at
      else {
        const end = structure === 'ends-behind' ? at + 1 : at
        this.#emit(chunk.subarray(from, end))
      }
    }
    if (this.#inValue) this.#pieces.push(chunk.subarray(from))
  }

  end(): boolean {
    if (this.#inValue) this.#emit(Buffer.alloc(0))
    return !this.#inArray
  }

  /** What a byte outside strings does to the current value. */
  #structure(c: number): 'none' | 'begins' | 'ends-before' | 'ends-behind' {
    const blank = c === 32 || c === 9 || c === LF || c === CR
    if (!this.#inValue) {
      if (blank || c === 44) return 'none'
      if (c === 91 && !this.#inArray) {
        this.#inArray = true
        return 'none'
      }
      if (c === 93 && this.#inArray) {
        this.#inArray = false
        return 'none'
      }
      this.#inValue = true
      this.#startLine = this.#line
      if (c === QUOTE) this.#inString = true
      else if (c === 123 || c === 91) this.#depth = 1
      return 'begins'
    }
    if (c === QUOTE) this.#inString = true
    else if (c === 123 || c === 91) this.#depth++
    else if (c === 125 || c === 93) {
      if (this.#depth === 0) return this.#leave(c)
      this.#depth--
      if (this.#depth === 0) return 'ends-behind'
    } else if (this.#depth === 0 && (c === 44 || c === LF || c === CR)) return 'ends-before'
    return 'none'
  }

  /** A closing bracket behind a bare value such as `[1]`. */
  #leave(c: number): 'ends-before' {
    if (c === 93) this.#inArray = false
    return 'ends-before'
  }

  #emit(last: Buffer): void {
    const raw = Buffer.concat([...this.#pieces, last])
      .toString('utf8')
      .trimEnd()
    this.#pieces = []
    this.#inValue = false
    this.#depth = 0
    this.#inString = false
    this.#see(this.#startLine, raw)
  }
}

const LONG_NUMBER = /[0-9.]{16,}/
const LARGEST = 2n ** 63n - 1n
const SMALLEST = -(2n ** 63n)

/** True for a number that JSON readers make a double, which keeps 15 digits of money only. */
function losesDigits(number: string, depth: number): boolean {
  if (number.length <= 15) return false
  const isFraction = /[.eE]/.test(number)
  // Below the first level a number stays one where a double prints as it was written.
  if (depth > 1 && isFraction) return String(Number(number)) !== number
  return isFraction || BigInt(number) > LARGEST || BigInt(number) < SMALLEST
}

/** The value with the numbers in quotes that would lose digits. */
export function keepLongNumbers(raw: string): string {
  if (!LONG_NUMBER.test(raw)) return raw
  let out = ''
  let depth = 0
  for (let at = 0; at < raw.length; ) {
    const c = raw[at]!
    if (c === '"') {
      const end = stringEnd(raw, at)
      out += raw.slice(at, end)
      at = end
      continue
    }
    const number = depth > 0 ? /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/.exec(raw.slice(at, at + 400))?.[0] : undefined
    if (number !== undefined) {
      out += losesDigits(number, depth) ? `"${number}"` : number
      at += number.length
      continue
    }
    if (c === '{' || c === '[') depth++
    else if (c === '}' || c === ']') depth--
    out += c
    at++
  }
  return out
}

function stringEnd(raw: string, open: number): number {
  for (let at = open + 1; at < raw.length; at++) {
    if (raw[at] === '\\') at++
    else if (raw[at] === '"') return at + 1
  }
  return raw.length
}
