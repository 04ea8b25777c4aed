import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** In the folder of the packages; says which version of each `tsdbt deps` put there. */
export const RECORD_FILE = '.tsdbt-packages.json'

/** Package name -> SHA-256 over its files. Empty when nothing was installed. */
export function readInstalledRecord(folder: string): ReadonlyMap<string, string> {
  try {
    const read: unknown = JSON.parse(readFileSync(join(folder, RECORD_FILE), 'utf8'))
    if (typeof read !== 'object' || read === null) return new Map()
    return new Map(Object.entries(read).filter((e): e is [string, string] => typeof e[1] === 'string'))
  } catch {
    // Without a record nothing counts as installed, which is the message that helps.
    return new Map()
  }
}
