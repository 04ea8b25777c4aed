import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readChunks } from './read-chunks.ts'

/** What the bytes of a text file tell without parsing. */
export interface ByteTraits {
  readonly bytes: number
  /** Length of a UTF-8 byte order mark at the start: 3 or 0. */
  readonly bomBytes: number
  readonly utf16: 'le' | 'be' | undefined
  readonly hasNul: boolean
  /** How lines end. `cr`: a lone `\r` and no `\n` at all; `none`: the file is one line. */
  readonly breaks: 'lf' | 'crlf' | 'cr' | 'mixed' | 'none'
  /** Offset of the first byte that is not UTF-8; undefined when all is. */
  readonly invalidAt: number | undefined
  /** Text whose every second byte is NUL: UTF-16 without a mark, and which of its bytes comes first. */
  readonly looksUtf16: 'le' | 'be' | undefined
}

export interface ScannedFile extends ByteTraits {
  /** SHA-256 of the bytes, hex. */
  readonly hash: string
}

const LF = 10
const CR = 13

/** Reads a file once: its hash and, when `text`, its traits. Throws what `fs` throws. */
export async function scanBytes(path: string, text: boolean): Promise<ScannedFile> {
  const hash = createHash('sha256')
  const scanner = new Scanner()
  await readChunks(path, { start: 0, end: Number.MAX_SAFE_INTEGER }, (chunk) => {
    hash.update(chunk)
    if (text) scanner.add(chunk)
    else scanner.bytes += chunk.length
    return true
  })
  return { hash: hash.digest('hex'), ...scanner.traits() }
}

class Scanner {
  bytes = 0
  #head: Buffer = Buffer.alloc(0)
  #nul = false
  #bareLf = false
  #crLf = false
  #loneCr = false
  #last = -1
  #invalidAt: number | undefined
  /** Bytes of a character that the chunk's end cut. */
  #carry: Buffer = Buffer.alloc(0)

  add(chunk: Buffer): void {
    if (this.bytes === 0) this.#head = Buffer.from(chunk.subarray(0, 512))
    this.#nul ||= chunk.includes(0)
    this.#lookAtBreaks(chunk)
    if (this.#invalidAt === undefined) this.#checkUtf8(chunk)
    this.bytes += chunk.length
    this.#last = chunk[chunk.length - 1]!
  }

  #lookAtBreaks(chunk: Buffer): void {
    let from = 0
    if (this.#last === CR) {
      if (chunk[0] === LF) this.#crLf = true
      else this.#loneCr = true
      if (chunk[0] === LF) from = 1
    }
    for (let at = chunk.indexOf(CR, from); at >= 0; at = chunk.indexOf(CR, at + 1)) {
      if (at + 1 === chunk.length) break
      if (chunk[at + 1] === LF) this.#crLf = true
      else this.#loneCr = true
    }
    if (this.#bareLf) return
    for (let at = chunk.indexOf(LF, from); at >= 0; at = chunk.indexOf(LF, at + 1)) {
      if (at > 0 && chunk[at - 1] === CR) continue
      this.#bareLf = true
      return
    }
  }

  #checkUtf8(chunk: Buffer): void {
    const from = this.bytes - this.#carry.length
    const joined = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk])
    const whole = joined.length - cutCharacterBytes(joined)
    if (isUtf8(joined.subarray(0, whole))) this.#carry = Buffer.from(joined.subarray(whole))
    else this.#invalidAt = from + firstInvalid(joined.subarray(0, whole))
  }

  traits(): ByteTraits {
    const { bytes } = this
    const head = this.#head
    const bomBytes = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
    const utf16 = head[0] === 0xff && head[1] === 0xfe ? 'le' : head[0] === 0xfe && head[1] === 0xff ? 'be' : undefined
    const cut = this.#carry.length > 0 ? bytes - this.#carry.length : undefined
    return {
      bytes,
      bomBytes,
      utf16,
      hasNul: this.#nul,
      breaks: this.#breaks(),
      invalidAt: this.#invalidAt ?? cut,
      looksUtf16: alternatesNul(head),
    }
  }

  #breaks(): ByteTraits['breaks'] {
    const loneCr = this.#loneCr || this.#last === CR
    if (loneCr) return this.#bareLf || this.#crLf ? 'mixed' : 'cr'
    if (this.#crLf) return this.#bareLf ? 'mixed' : 'crlf'
    return this.#bareLf ? 'lf' : 'none'
  }
}

function alternatesNul(head: Buffer): 'le' | 'be' | undefined {
  let even = 0
  let odd = 0
  for (const [i, byte] of head.entries()) {
    if (byte !== 0) continue
    if (i % 2 === 0) even++
    else odd++
  }
  if (head.length < 4 || (even + odd) * 3 <= head.length) return undefined
  return even > odd ? 'be' : 'le'
}

/** How many bytes at the end belong to a character that is not whole: 0 to 3. */
function cutCharacterBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? back : 0
  }
  return 0
}

/** The offset of the first byte that cannot be decoded: halves the text, stepping over cut characters. */
function firstInvalid(bytes: Buffer): number {
  let valid = 0
  let step = 1
  while (step * 2 <= bytes.length) step *= 2
  for (; step >= 1; step = step >> 1) {
    while (valid + step <= bytes.length) {
      const piece = bytes.subarray(valid, valid + step)
      const whole = piece.length - cutCharacterBytes(piece)
      if (whole === 0 || !isUtf8(piece.subarray(0, whole))) break
      valid += whole
    }
  }
  return valid
}
