import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'

/** An open zip file. */
export interface OpenZip {
  readonly path: string
  /** In the order of its directory. */
  readonly entries: readonly Entry[]
  /** Where the directory begins: the end of what belongs to entries. */
  readonly directoryStart: number
  readonly comment: string
  /** The content of an entry, unpacked; fails when it does not fit its checksum. */
  stream(entry: Entry): Promise<Readable>
  close(): void
}

/** Why a file cannot be read as a zip file. */
export class ZipError extends Error {
  readonly kind: 'not-zip' | 'damaged' | 'packing' | 'encrypted' | 'unsafe-name'

  constructor(kind: ZipError['kind'], message: string) {
    super(message)
    this.name = 'ZipError'
    this.kind = kind
  }
}

/** Opens a zip file and reads its directory. Raises `ZipError` for what is wrong in it, and what the file system says. */
export async function openZip(path: string): Promise<OpenZip> {
  // A bundle hands a CommonJS package over as `default` alone.
  const { default: yauzl } = await import('yauzl')
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    yauzl.open(path, { autoClose: false, lazyEntries: true }, (error, opened) =>
      error === null ? resolve(opened) : reject(zipError(error)),
    ),
  )
  const directoryStart = Number(zip.readEntryCursor)
  try {
    const entries = await readEntries(zip)
    const names = new Set<string>()
    for (const { fileName } of entries) {
      if (names.has(fileName)) throw new ZipError('damaged', `it holds \`${fileName}\` twice`)
      names.add(fileName)
    }
    const secret = entries.find((entry) => entry.isEncrypted())
    if (secret !== undefined) throw new ZipError('encrypted', `\`${secret.fileName}\` is encrypted`)
    return {
      path,
      entries,
      directoryStart,
      comment: zip.comment,
      stream: async (entry) => Readable.from(checked(await rawStream(zip, entry), entry), { objectMode: false }),
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

function rawStream(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => (error === null ? resolve(stream) : reject(zipError(error)))),
  )
}

async function* checked(stream: Readable, entry: Entry): AsyncGenerator<Buffer> {
  let crc = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      crc = crc32(chunk, crc)
      yield chunk
    }
  } catch (error) {
    throw error instanceof Error ? zipError(error) : error
  }
  if (crc !== entry.crc32) throw new ZipError('damaged', `\`${entry.fileName}\` does not fit its checksum`)
}

function readEntries(zip: ZipFile): Promise<readonly Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = []
    zip.on('entry', (entry: Entry) => {
      entries.push(entry)
      zip.readEntry()
    })
    zip.once('end', () => resolve(entries))
    zip.once('error', (error: Error) => reject(zipError(error)))
    zip.readEntry()
  })
}

/** The library's words sorted by kind; errors of the file system stay what they are. */
function zipError(error: Error): Error {
  if (error instanceof ZipError || 'syscall' in error) return error
  const { message } = error
  if (/end of central directory record signature not found/i.test(message))
    return new ZipError('not-zip', 'it has no directory at its end, as every zip file does')
  if (/encrypt/i.test(message)) return new ZipError('encrypted', 'it is encrypted')
  if (/relative path|absolute path/i.test(message))
    return new ZipError('unsafe-name', `it holds a name that leads out of it: ${message.replace(/^[^:]*:\s*/, '')}`)
  const method = /unsupported compression method: (\d+)/i.exec(message)?.[1]
  if (method !== undefined) return new ZipError('packing', `it is packed by a method that is not supported (${method})`)
  // The rest of the library's sentence guesses at causes.
  return new ZipError('damaged', message.split('. ', 1)[0]!)
}
