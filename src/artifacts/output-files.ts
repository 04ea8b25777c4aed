import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { guardWriting } from './artifact-file.ts'

/** A text below `compiled/` or `run/`. */
export interface OutputFile {
  /** Relative to the folder, with `/`. */
  readonly path: string
  readonly text: string
}

/** Files between two pauses, in which signals and the database are heard. */
const batch = 256

function isUnchanged(path: string, bytes: Buffer): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isFile() === true && stat.size === bytes.length && readFileSync(path).equals(bytes)
}

/**
 * Writes many small texts below `folder` and resolves to the number of those that changed. One after the other and
 * synchronously, which is several times faster for small files than the asynchronous calls; unchanged files keep their
 * time. They are written in place: what a crash cuts off, the next run sees as changed. Raises `artifacts/not-writable`.
 */
export async function writeOutputFiles(folder: string, files: Iterable<OutputFile>): Promise<number> {
  const made = new Set<string>()
  let changed = 0
  let seen = 0
  for (const file of files) {
    const path = join(folder, file.path)
    const parent = dirname(path)
    const bytes = Buffer.from(file.text)
    await guardWriting(path, async () => {
      if (!made.has(parent)) {
        mkdirSync(parent, { recursive: true })
        made.add(parent)
      }
      if (isUnchanged(path, bytes)) return
      writeFileSync(path, bytes)
      changed++
    })
    if (++seen % batch === 0) await setImmediate()
  }
  return changed
}
