import type { Entry } from 'yauzl'

/** Sizes and checksum of an entry whose content is new. `large`: its sizes have 64 bits. */
export interface ChangedContent {
  readonly method: number
  readonly crc: number
  readonly size: number
  readonly packed: number
  readonly large: boolean
}

/** An entry as the directory of a rewritten file has it. */
export interface DirectoryEntry {
  readonly entry: Entry
  /** Of its local header. */
  readonly offset: number
  /** Null: as it was. */
  readonly changed: ChangedContent | null
}

const WIDE_FIELD = 0x0001
const MAX_32 = 0xffff_ffff
const MAX_16 = 0xffff
/** Sizes behind the data (bit 3) and the level of packing (bits 1 and 2) are no longer so. */
const KEPT_FLAGS = ~0b1110
const WIDE_VERSION = 45

/** The header before the data of an entry whose content is new; name, time and the rest stay as they were. */
export function localHeader(entry: Entry, content: ChangedContent): Buffer {
  const wide = content.large ? wideField([content.size, content.packed]) : Buffer.alloc(0)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(neededVersion(entry, content.large), 4)
  header.writeUInt16LE(entry.generalPurposeBitFlag & KEPT_FLAGS, 6)
  header.writeUInt16LE(content.method, 8)
  header.writeUInt16LE(entry.lastModFileTime, 10)
  header.writeUInt16LE(entry.lastModFileDate, 12)
  header.writeUInt32LE(content.crc, 14)
  header.writeUInt32LE(content.large ? MAX_32 : content.packed, 18)
  header.writeUInt32LE(content.large ? MAX_32 : content.size, 22)
  header.writeUInt16LE(entry.fileNameRaw.length, 26)
  header.writeUInt16LE(wide.length, 28)
  return Buffer.concat([header, entry.fileNameRaw, wide])
}

/** The header of an entry in the directory. Fields of 64 bits are there only where they are needed. */
export function centralHeader({ entry, offset, changed }: DirectoryEntry): Buffer {
  const size = changed?.size ?? entry.uncompressedSize
  const packed = changed?.packed ?? entry.compressedSize
  const large = changed?.large ?? false
  const wideSize = large || size >= MAX_32
  const widePacked = large || packed >= MAX_32
  const wideOffset = offset >= MAX_32
  const numbers = [...(wideSize ? [size] : []), ...(widePacked ? [packed] : []), ...(wideOffset ? [offset] : [])]
  const others = entry.extraFields.filter((field) => field.id !== WIDE_FIELD).map((f) => extraField(f.id, f.data))
  const extra = Buffer.concat(numbers.length === 0 ? others : [wideField(numbers), ...others])
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(entry.versionMadeBy, 4)
  header.writeUInt16LE(neededVersion(entry, numbers.length > 0), 6)
  header.writeUInt16LE(changed === null ? entry.generalPurposeBitFlag : entry.generalPurposeBitFlag & KEPT_FLAGS, 8)
  header.writeUInt16LE(changed?.method ?? entry.compressionMethod, 10)
  header.writeUInt16LE(entry.lastModFileTime, 12)
  header.writeUInt16LE(entry.lastModFileDate, 14)
  header.writeUInt32LE(changed?.crc ?? entry.crc32, 16)
  header.writeUInt32LE(widePacked ? MAX_32 : packed, 20)
  header.writeUInt32LE(wideSize ? MAX_32 : size, 24)
  header.writeUInt16LE(entry.fileNameRaw.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt16LE(entry.fileCommentRaw.length, 32)
  header.writeUInt16LE(entry.internalFileAttributes, 36)
  header.writeUInt32LE(entry.externalFileAttributes, 38)
  header.writeUInt32LE(wideOffset ? MAX_32 : offset, 42)
  return Buffer.concat([header, entry.fileNameRaw, extra, entry.fileCommentRaw])
}

/** What ends a zip file: where its directory is. */
export function directoryEnd(directory: {
  readonly count: number
  readonly start: number
  readonly size: number
  readonly comment: Buffer
}): Buffer {
  const { count, start, size, comment } = directory
  const wide = count >= MAX_16 || start >= MAX_32 || size >= MAX_32
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, MAX_16), 8)
  end.writeUInt16LE(Math.min(count, MAX_16), 10)
  end.writeUInt32LE(Math.min(size, MAX_32), 12)
  end.writeUInt32LE(Math.min(start, MAX_32), 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...(wide ? [wideEnd(count, start, size)] : []), end, comment])
}

function wideEnd(count: number, start: number, size: number): Buffer {
  const end = Buffer.alloc(76)
  end.writeUInt32LE(0x06064b50, 0)
  end.writeBigUInt64LE(44n, 4)
  end.writeUInt16LE(WIDE_VERSION, 12)
  end.writeUInt16LE(WIDE_VERSION, 14)
  end.writeBigUInt64LE(BigInt(count), 24)
  end.writeBigUInt64LE(BigInt(count), 32)
  end.writeBigUInt64LE(BigInt(size), 40)
  end.writeBigUInt64LE(BigInt(start), 48)
  end.writeUInt32LE(0x07064b50, 56)
  end.writeBigUInt64LE(BigInt(start + size), 64)
  end.writeUInt32LE(1, 72)
  return end
}

const neededVersion = (entry: Entry, wide: boolean): number =>
  wide ? Math.max(entry.versionNeededToExtract, WIDE_VERSION) : entry.versionNeededToExtract

function wideField(numbers: readonly number[]): Buffer {
  const data = Buffer.alloc(numbers.length * 8)
  for (const [i, number] of numbers.entries()) data.writeBigUInt64LE(BigInt(number), i * 8)
  return extraField(WIDE_FIELD, data)
}

function extraField(id: number, data: Buffer): Buffer {
  const field = Buffer.alloc(4)
  field.writeUInt16LE(id, 0)
  field.writeUInt16LE(data.length, 2)
  return Buffer.concat([field, data])
}
