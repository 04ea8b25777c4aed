import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Database files that this process has open, by real path. */
const open = new Set<string>()

/** The path with its links resolved; the file itself may be missing, its folder not. */
export function realFilePath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return join(realpathSync(dirname(path)), basename(path))
  }
}

/**
 * Claims a database file for one instance. A second instance of the same file in one process would open without a word
 * and lose committed tables. Undefined when it is taken.
 */
export function claimFile(realPath: string): { release(): void } | undefined {
  if (open.has(realPath)) return undefined
  open.add(realPath)
  return { release: () => open.delete(realPath) }
}
