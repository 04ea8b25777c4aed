import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

/** A part of a package: its path, and its text when its turn comes. */
export interface ZipPart {
  readonly path: string
  text(): AsyncIterable<string>
}

/** The same text gives the same bytes: no part bears a time. */
const SAME_ALWAYS = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true }
const BUFFER_BYTES = 1 << 20

/** Writes a package part by part, with one in memory at no time. What a part raises is raised as it is. */
export async function zipParts(parts: readonly ZipPart[], path: string): Promise<void> {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  let open: Readable | undefined
  for (const part of parts) {
    zip.addReadStreamLazy(part.path, SAME_ALWAYS, (take) => {
      open = Readable.from(bytes(part.text()), { objectMode: false, highWaterMark: BUFFER_BYTES })
      open.once('error', (error) => output.destroy(error))
      take(null, open)
    })
  }
  zip.on('error', (error: Error) => output.destroy(error))
  zip.end()
  try {
    await pipeline(output, createWriteStream(path))
  } catch (error) {
    await closed(open)
    throw error
  }
}

async function* bytes(text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const piece of text) yield Buffer.from(piece, 'utf8')
}

/** Whoever gives its text may hold a connection, and must be done with it. */
async function closed(stream: Readable | undefined): Promise<void> {
  if (stream === undefined || stream.closed) return
  stream.destroy()
  await new Promise((resolve) => stream.once('close', resolve))
}
