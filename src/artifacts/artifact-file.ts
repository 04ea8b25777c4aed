import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../base/errors.ts'
import { notWritable } from './errors.ts'

/** About as many characters as are handed to the file at once. */
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
  let waiting: string[] = []
  let size = 0
  const flush = async () => {
    await file.writeFile(waiting.join(''))
    waiting = []
    size = 0
  }
  for (const piece of pieces) {
    waiting.push(piece)
    size += piece.length
    if (size >= chunkSize) await flush()
  }
  await flush()
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
