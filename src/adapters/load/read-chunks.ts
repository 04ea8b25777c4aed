import { open } from 'node:fs/promises'

const CHUNK = 1 << 21

/**
 * Gives the bytes of a file from `start` to `end` in pieces, and reads the next piece while one is being looked at. A
 * piece is valid during the call only. Stops when `see` gives false. Throws what `fs` throws.
 */
export async function readChunks(
  path: string,
  range: { readonly start: number; readonly end: number },
  see: (chunk: Buffer) => boolean,
): Promise<void> {
  const handle = await open(path, 'r')
  try {
    let current = Buffer.allocUnsafe(CHUNK)
    let next = Buffer.allocUnsafe(CHUNK)
    let offset = range.start
    const read = (buffer: Buffer) => handle.read(buffer, 0, Math.min(CHUNK, range.end - offset), offset)
    let pending = offset < range.end ? read(current) : undefined
    while (pending !== undefined) {
      const { bytesRead } = await pending
      if (bytesRead === 0) return
      offset += bytesRead
      pending = offset < range.end ? read(next) : undefined
      if (!see(current.subarray(0, bytesRead))) {
        await pending
        return
      }
      ;[current, next] = [next, current]
    }
  } finally {
    await handle.close()
  }
}
