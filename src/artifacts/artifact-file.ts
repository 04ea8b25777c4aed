import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../base/errors.ts'
import { notWritable } from './errors.ts'

/** Bytes that are handed to the file at once. */
const chunkSize = 1 << 20

/** Runs work on files; what the system refuses becomes `artifacts/not-writable`. */
export async function guardWriting<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error
    throw new UserError(notWritable({ path, code }))
  }
}

async function writePieces(file: FileHandle, pieces: Iterable<string>): Promise<void> {
  const chunk = Buffer.allocUnsafe(chunkSize)
  let used = 0
  for (const piece of pieces) {
    // A UTF-16 unit is at most three bytes of UTF-8.
    const most = piece.length * 3
    if (used + most > chunkSize) {
      await file.writeFile(chunk.subarray(0, used))
      used = 0
    }
    if (most > chunkSize) await file.writeFile(piece)
    else used += chunk.write(piece, used)
  }
  await file.writeFile(chunk.subarray(0, used))
}

/**
 * Writes a file piece by piece beside its place and moves it there, so that a reader sees the old file or the new one,
 * whole. Raises `artifacts/not-writable`.
 */
export async function writeArtifactFile(path: string, pieces: Iterable<string>): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  await guardWriting(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    try {
      const file = await open(temporary, 'wx')
      try {
        await writePieces(file, pieces)
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  })
}
