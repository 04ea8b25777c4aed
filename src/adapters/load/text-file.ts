import { closeSync, createReadStream, createWriteStream, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as zlib from 'node:zlib'
import { UserError } from '../../base/errors.ts'
import type { Span } from '../../base/span.ts'
import { fileUnreadable, wrongEncoding } from './load-errors.ts'
import { type ByteTraits, scanBytes } from './scan-bytes.ts'
import { isWholeZstd } from './whole-zstd.ts'

/** A file as UTF-8 text: itself, or a copy that was unpacked and decoded. */
export interface TextFile {
  /** Where the text is. */
  readonly absolutePath: string
  readonly traits: ByteTraits
  /** Deletes the copy, if there is one. */
  discard(): void
}

export interface TextSource {
  /** Relative to the project, for messages. */
  readonly path: string
  readonly absolutePath: string
  /** What the scan of the file itself gave. */
  readonly traits: ByteTraits
  readonly encoding: 'utf-8' | 'utf-16' | 'latin-1' | undefined
  /** Where YAML speaks of the files. */
  readonly span: Span
}

/** What decoding needs of its surroundings. */
export interface Workshop {
  /** A folder for copies. */
  readonly folder: string
  /** Unpacks zstd where Node cannot. */
  unpackZstd(from: string, to: string): Promise<void>
}

const CHUNK = 1 << 20
let copies = 0

/** The file as UTF-8. Raises `UserError` when it cannot be unpacked or when its bytes are not in the encoding. */
export async function openText(source: TextSource, workshop: Workshop): Promise<TextFile> {
  const unpacked = await unpack(source, workshop)
  const traits = unpacked === undefined ? source.traits : await scanBytes(unpacked, true)
  const from = unpacked ?? source.absolutePath
  const encoding = encodingOf(source, traits)
  if (encoding === 'utf-8') {
    const discard = () => unpacked !== undefined && rmSync(unpacked, { force: true })
    if (traits.invalidAt === undefined && traits.looksUtf16 === undefined)
      return { absolutePath: from, traits, discard }
    discard()
    const likely = traits.looksUtf16 === undefined ? 'latin-1' : 'utf-16'
    throw undecodable(source, 'utf-8', traits.invalidAt ?? 1, likely)
  }
  const copy = copyName(workshop)
  try {
    transcode(from, copy, encoding, source)
  } finally {
    if (unpacked !== undefined) rmSync(unpacked, { force: true })
  }
  return { absolutePath: copy, traits: await scanBytes(copy, true), discard: () => rmSync(copy, { force: true }) }
}

function copyName(workshop: Workshop): string {
  copies++
  return join(workshop.folder, `copy-${copies}`)
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1'

function encodingOf(source: TextSource, traits: ByteTraits): Encoding {
  if (traits.utf16 !== undefined && source.encoding !== 'latin-1') return `utf-16${traits.utf16}`
  if (traits.bomBytes > 0) return 'utf-8'
  if (source.encoding === 'utf-16') return `utf-16${traits.looksUtf16 ?? 'le'}`
  return source.encoding === 'latin-1' ? 'latin1' : 'utf-8'
}

function undecodable(source: TextSource, encoding: string, offset: number, likely: string): UserError {
  return new UserError(wrongEncoding({ path: source.path, encoding, offset, likely }, { span: source.span }))
}

async function unpack(source: TextSource, workshop: Workshop): Promise<string | undefined> {
  const kind = /\.(gz|gzip|zst|zstd)$/i.exec(source.absolutePath)?.[1]?.toLowerCase()
  if (kind === undefined || source.traits.bytes === 0) return undefined
  const copy = copyName(workshop)
  try {
    const decoder = kind.startsWith('g') ? zlib.createGunzip() : zstdDecoder()
    if (decoder === undefined) {
      if (!isWholeZstd(source.absolutePath)) throw new Error('unexpected end of file')
      await workshop.unpackZstd(source.absolutePath, copy)
    } else await pipeline(createReadStream(source.absolutePath), decoder, createWriteStream(copy))
    return copy
  } catch (error) {
    rmSync(copy, { force: true })
    const reason = `it cannot be unpacked (${error instanceof Error ? error.message : String(error)})`
    throw new UserError(fileUnreadable({ path: source.path, reason }, { span: source.span }))
  }
}

/** Node has zstd from 22.15 on. */
function zstdDecoder(): Transform | undefined {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform }
  return createZstdDecompress?.()
}

function transcode(from: string, to: string, encoding: Exclude<Encoding, 'utf-8'>, source: TextSource): void {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const input = openSync(from, 'r')
  const output = openSync(to, 'w')
  try {
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (let offset = 0; ; ) {
      const length = readSync(input, buffer, 0, CHUNK, null)
      try {
        writeSync(output, decoder.decode(buffer.subarray(0, length), { stream: length > 0 }))
      } catch (error) {
        if (!(error instanceof TypeError)) throw error
        throw undecodable(source, encoding, offset, 'utf-8')
      }
      if (length === 0) return
      offset += length
    }
  } finally {
    closeSync(input)
    closeSync(output)
  }
}
