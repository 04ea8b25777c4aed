import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const FRAME = 0xfd2fb528
const SKIPPABLE = 0x184d2a50
const RLE = 1

/**
 * False when a zstd file ends before its last frame does. Follows the sizes in the headers (RFC 8878, 3.1) without
 * unpacking: not every decoder says that a file was cut.
 */
export function isWholeZstd(path: string): boolean {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    let at = 0
    while (at < size) {
      const next = frameEnd(fd, at)
      if (next === undefined || next > size) return false
      at = next
    }
    return true
  } finally {
    closeSync(fd)
  }
}

/** Little-endian number at `at`; undefined when the file ends before. */
function number(fd: number, at: number, bytes: number): number | undefined {
  const buffer = Buffer.alloc(bytes)
  return readSync(fd, buffer, 0, bytes, at) === bytes ? buffer.readUIntLE(0, bytes) : undefined
}

function frameEnd(fd: number, start: number): number | undefined {
  const magic = number(fd, start, 4)
  if (magic === undefined) return undefined
  if (magic >= SKIPPABLE && magic < SKIPPABLE + 16) {
    const length = number(fd, start + 4, 4)
    return length === undefined ? undefined : start + 8 + length
  }
  const descriptor = number(fd, start + 4, 1)
  if (magic !== FRAME || descriptor === undefined) return undefined
  const isSingleSegment = (descriptor & 0x20) !== 0
  const dictionary = [0, 1, 2, 4][descriptor & 3]!
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!
  let at = start + 5 + (isSingleSegment ? 0 : 1) + dictionary + contentSize
  for (;;) {
    const header = number(fd, at, 3)
    if (header === undefined) return undefined
    at += 3 + (((header >> 1) & 3) === RLE ? 1 : header >> 3)
    if ((header & 1) === 1) return at + ((descriptor & 4) !== 0 ? 4 : 0)
  }
}
