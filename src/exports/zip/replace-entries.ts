import { type FileHandle, open, stat } from 'node:fs/promises'
import { crc32, createDeflateRaw } from 'node:zlib'
import type { Entry } from 'yauzl'
import { CancelledError } from '../../base/errors.ts'
import { type OpenZip, ZipError } from './open-zip.ts'
import { centralHeader, type DirectoryEntry, directoryEnd, localHeader } from './zip-records.ts'

const CHUNK = 1 << 20
const STORED = 0
const DEFLATED = 8
/** What is larger gets 64-bit sizes, with room for data that grows by being packed. */
const LARGE = 0xf000_0000

/**
 * Copies a zip file with the content of some entries replaced by files. Everything else stays byte for byte: the other
 * entries as they are packed, their order and times, the names, the comment. `replaced`: files by entry.
 */
export async function replaceEntries(
  zip: OpenZip,
  to: string,
  replaced: ReadonlyMap<Entry, string>,
  signal: AbortSignal,
): Promise<void> {
  const input = await open(zip.path, 'r')
  try {
    const output = await open(to, 'wx')
    try {
      await copyWith({ zip, input, output, replaced, signal })
    } finally {
      await output.close()
    }
  } finally {
    await input.close()
  }
}

interface Copying {
  readonly zip: OpenZip
  readonly input: FileHandle
  readonly output: FileHandle
  readonly replaced: ReadonlyMap<Entry, string>
  readonly signal: AbortSignal
}

async function copyWith(copying: Copying): Promise<void> {
  const { zip, input, output, replaced } = copying
  const inPlace = [...zip.entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  const made = new Map<Entry, DirectoryEntry>()
  let position = await copyBytes(copying, [0, inPlace[0]?.relativeOffsetOfLocalHeader ?? zip.directoryStart], 0)
  for (const [i, entry] of inPlace.entries()) {
    const from = entry.relativeOffsetOfLocalHeader
    const end = inPlace[i + 1]?.relativeOffsetOfLocalHeader ?? zip.directoryStart
    if (end <= from) throw new ZipError('damaged', `\`${entry.fileName}\` lies where another entry lies`)
    const file = replaced.get(entry)
    const offset = position
    if (file === undefined) {
      made.set(entry, { entry, offset, changed: null })
      position = await copyBytes(copying, [from, end], position)
    } else {
      const written = await writeEntry(copying, entry, file, offset)
      made.set(entry, { entry, offset, changed: written.changed })
      position = written.end
    }
  }
  const headers = zip.entries.map((entry) => centralHeader(made.get(entry)!))
  const directory = Buffer.concat(headers)
  const tail = directoryEnd({
    count: headers.length,
    start: position,
    size: directory.length,
    comment: await lastBytes(input, zip.comment.length),
  })
  await writeAll(output, Buffer.concat([directory, tail]), position)
}

/** The comment as it stands: it ends the file, a byte a character. */
async function lastBytes(input: FileHandle, length: number): Promise<Buffer> {
  const { size } = await input.stat()
  const bytes = Buffer.alloc(length)
  if (length > 0) await input.read(bytes, 0, length, size - length)
  return bytes
}

/** Copies a range of the input; returns the position in the output behind it. */
async function copyBytes(
  { input, output, signal }: Copying,
  [from, to]: readonly [number, number],
  at: number,
): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(to - from, 1)))
  let position = at
  for (let read = from; read < to; ) {
    if (signal.aborted) throw new CancelledError()
    const { bytesRead } = await input.read(buffer, 0, Math.min(buffer.length, to - read), read)
    if (bytesRead === 0) throw new ZipError('damaged', 'it ends in the middle of an entry')
    await writeAll(output, buffer.subarray(0, bytesRead), position)
    read += bytesRead
    position += bytesRead
  }
  return position
}

/** Packs a file as the entry was packed. The header comes last, when the sizes are known. */
async function writeEntry(
  { output, signal }: Copying,
  entry: Entry,
  file: string,
  offset: number,
): Promise<{ readonly end: number; readonly changed: NonNullable<DirectoryEntry['changed']> }> {
  const { size } = await stat(file)
  const method = entry.compressionMethod === STORED ? STORED : DEFLATED
  const empty = { method, crc: 0, size, packed: 0, large: size >= LARGE }
  let position = offset + localHeader(entry, empty).length
  const start = position
  let crc = 0
  const source = await open(file, 'r')
  try {
    const bytes = source.createReadStream({ autoClose: false, highWaterMark: CHUNK })
    const counted = bytes.on('data', (chunk) => {
      crc = crc32(chunk, crc)
    })
    const stream = method === STORED ? counted : counted.pipe(createDeflateRaw())
    bytes.once('error', (error) => stream.destroy(error))
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (signal.aborted) throw new CancelledError()
      await writeAll(output, chunk, position)
      position += chunk.length
    }
  } finally {
    await source.close()
  }
  const changed = { ...empty, crc, packed: position - start }
  await writeAll(output, localHeader(entry, changed), offset)
  return { end: position, changed }
}

async function writeAll(output: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await output.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
