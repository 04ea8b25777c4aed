import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isAlive } from '../base/is-alive.ts'

/** What the names of files begin with that are not finished. */
export const WORK_MARK = '.tsdbt-'
const MARK = /^\.tsdbt-(\d+)-[0-9a-f]{8}-(.+)$/

/** The files of one export while it is made: in a folder beside its place, so that the last step is a rename. */
export class WorkPlace {
  /** Absolute; an empty folder for nobody else. */
  readonly scratch: string
  /** Absolute, in that folder: what the format makes, under its own name. */
  readonly output: string
  readonly #target: string

  private constructor(target: string, runId: string) {
    this.#target = target
    this.scratch = join(dirname(target), `${WORK_MARK}${process.pid}-${runId.slice(0, 8)}-${basename(target)}`)
    this.output = join(this.scratch, basename(target))
  }

  /** Makes the folders that are missing, and removes what runs that are dead left of this export. */
  static async open(target: string, runId: string): Promise<WorkPlace> {
    const folder = dirname(target)
    await mkdir(folder, { recursive: true })
    await removeStrays(folder, basename(target))
    const place = new WorkPlace(target, runId)
    await mkdir(place.scratch, { mode: 0o700 })
    return place
  }

  /** Puts the output in the place of what was there: a reader finds the whole old one or the whole new one. */
  async publish(): Promise<void> {
    const isFolder = (await stat(this.output)).isDirectory()
    if (isFolder) {
      const old = join(this.scratch, '.old')
      await rename(this.#target, old).catch(ignoreMissing)
      try {
        await rename(this.output, this.#target)
      } catch (error) {
        await rename(old, this.#target).catch(ignoreMissing)
        throw error
      }
    } else {
      await flush(this.output)
      await rename(this.output, this.#target)
    }
    await flush(dirname(this.#target))
  }

  async clear(): Promise<void> {
    await rm(this.scratch, { recursive: true, force: true })
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}

/** Through the caches to the disk, so that a rename never shows an empty file after a crash of the machine. */
async function flush(path: string): Promise<void> {
  // Folders cannot be opened on Windows, and are flushed there with their files.
  const handle = await open(path, 'r').catch(() => undefined)
  try {
    await handle?.sync().catch(() => undefined)
  } finally {
    await handle?.close()
  }
}

async function removeStrays(folder: string, name: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    const found = MARK.exec(entry)
    if (found?.[2] === name && !isAlive(Number(found[1])))
      await rm(join(folder, entry), { recursive: true, force: true })
  }
}
