import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Diagnostic } from '../base/diagnostic.ts'
import { SourceFile } from '../base/source-file.ts'
import { notUtf8 } from './errors.ts'

export interface TextFile {
  readonly file: SourceFile
  readonly bytes: Uint8Array
  /** Set when the bytes are not UTF-8; `file` is then empty. */
  readonly diagnostic?: Diagnostic
}

/** Reads a project file as UTF-8 without its byte order mark. `path` is what diagnostics show. */
export function readTextFile(absolutePath: string, path: string): TextFile {
  const bytes = readFileSync(absolutePath)
  if (isUtf8(bytes)) {
    const text = bytes.toString('utf8')
    return { file: new SourceFile(path, text.charCodeAt(0) === 0xfeff ? text.slice(1) : text), bytes }
  }
  const file = new SourceFile(path, '')
  return { file, bytes, diagnostic: notUtf8({ offset: firstInvalidByte(bytes) }, { span: { path, start: 0, end: 0 } }) }
}

/** Halving finds the longest valid beginning, up to the three bytes that an unfinished character may have. */
function firstInvalidByte(bytes: Uint8Array): number {
  let valid = 0
  let invalid = bytes.length
  const validUpTo = (end: number): boolean => {
    for (let back = 0; back <= 3 && back <= end; back++)
      if (isUtf8(bytes.subarray(0, end - back)) && unfinished(bytes, end - back, end)) return true
    return false
  }
  while (valid < invalid) {
    const middle = (valid + invalid + 1) >> 1
    if (validUpTo(middle)) valid = middle
    else invalid = middle - 1
  }
  while (valid > 0 && !isUtf8(bytes.subarray(0, valid))) valid--
  return valid
}

/** Whether the bytes from `start` to `end` can be the beginning of one character. */
function unfinished(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return true
  const lead = bytes[start]!
  const length = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 1
  if (length <= end - start || lead > 0xf4) return false
  for (let i = start + 1; i < end; i++) if ((bytes[i]! & 0xc0) !== 0x80) return false
  return true
}

/** SHA-256 of bytes, hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
