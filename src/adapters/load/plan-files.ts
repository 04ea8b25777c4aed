import { UserError } from '../../base/errors.ts'
import type { LoadRequest } from '../load.ts'
import type { FoundFile } from './discover-files.ts'
import { fileUnreadable } from './load-errors.ts'
import { type ScannedFile, scanBytes } from './scan-bytes.ts'

export interface ScannedInput extends FoundFile {
  readonly scan: ScannedFile
}

/** What a load has to do, by comparing the files with what the warehouse knows of them. */
export interface FileChanges {
  /** True when the table is made anew from all files. */
  readonly reload: boolean
  /** New and changed files, or all of them. */
  readonly load: readonly ScannedInput[]
  readonly unchanged: number
  /** Vanished files whose rows go. */
  readonly drop: readonly string[]
  /** Vanished files whose rows stay. */
  readonly keep: readonly string[]
}

interface KnownFile {
  readonly path: string
  readonly hash: string
  readonly declaration: string
}

/**
 * Compares by the hash of the bytes. Everything is read again when the table is missing, when the declaration changed and
 * on full refresh; and, where duplicates are removed, when a file changed: a row that lost against it may be the last now.
 */
export async function planFiles(
  request: LoadRequest,
  files: readonly FoundFile[],
  known: readonly KnownFile[],
  tableExists: boolean,
): Promise<FileChanges> {
  const hashes = new Map(known.map((file) => [file.path, file.hash]))
  const scanned: ScannedInput[] = []
  for (const file of files) scanned.push({ ...file, scan: await scan(file, request) })
  const present = new Set(files.map((file) => file.path))
  const vanished = known.filter((file) => !present.has(file.path)).map((file) => file.path)
  const drops = request.files.onRemovedFiles === 'delete' ? vanished : []
  const changed = scanned.some((file) => hashes.has(file.path) && hashes.get(file.path) !== file.scan.hash)
  const deduplicates = request.files.deduplicate !== 'none'
  const reload =
    request.fullRefresh ||
    !tableExists ||
    known.some((file) => file.declaration !== request.declaration) ||
    (deduplicates && (changed || drops.length > 0))
  const load = reload ? scanned : scanned.filter((file) => hashes.get(file.path) !== file.scan.hash)
  return {
    reload,
    load,
    unchanged: scanned.length - load.length,
    drop: drops,
    keep: request.files.onRemovedFiles === 'keep' ? vanished : [],
  }
}

async function scan(file: FoundFile, request: LoadRequest): Promise<ScannedFile> {
  try {
    return await scanBytes(file.absolutePath, request.files.format !== 'parquet')
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(file.absolutePath, file.path) : String(error)
    throw new UserError(fileUnreadable({ path: file.path, reason }, { span: request.files.locationSpan }))
  }
}
