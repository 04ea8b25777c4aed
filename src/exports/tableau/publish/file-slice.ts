import { open } from 'node:fs/promises'
import type { MessagePart } from './multipart.ts'

const step = 256 * 1024

/** Some bytes of a file as it is on disk, read as they are sent. */
export interface FileSlice {
  readonly path: string
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/** The file became shorter while it was sent. */
export class FileChanged extends Error {}

export function slicePart(name: string, filename: string, slice: FileSlice): MessagePart {
  return {
    name,
    filename,
    contentType: 'application/octet-stream',
    length: slice.to - slice.from,
    content: () => readSlice(slice),
  }
}

async function* readSlice({ path, from, to }: FileSlice): AsyncIterable<Uint8Array> {
  const file = await open(path, 'r')
  try {
    for (let at = from; at < to; ) {
      // A fresh buffer each time: the one before may still wait to be sent.
      const buffer = Buffer.allocUnsafe(Math.min(step, to - at))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
      if (bytesRead === 0) throw new FileChanged(path)
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
  } finally {
    await file.close()
  }
}
