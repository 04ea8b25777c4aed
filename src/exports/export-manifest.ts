import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { LogicalType } from '../adapters/logical-type.ts'
import type { Published } from './publisher.ts'

/** What lies next to an exported file and says what is in it. */
export interface ExportManifest {
  readonly export: string
  readonly project: string
  readonly format: string
  /** UUID of the run, as in `run_results.json`. */
  readonly run_id: string
  /** ISO 8601, UTC. */
  readonly generated_at: string
  readonly engine: string
  readonly tables: readonly {
    readonly name: string
    /** unique id of the node. */
    readonly node: string
    readonly relation: string
    readonly rows: number
    readonly columns: readonly { readonly name: string; readonly type: string; readonly logical_type: LogicalType }[]
  }[]
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[]
  /** Facts of the format. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
  /** What the file became on a site; absent when it was not published. */
  readonly published?: Published
}

/** Where the manifest of a file or a folder lies. */
export function manifestPath(target: string): string {
  return `${target}.manifest.json`
}

/** The manifest of an earlier run; null when there is none that can be read. */
export async function readManifest(target: string): Promise<ExportManifest | null> {
  try {
    const value = JSON.parse(await readFile(manifestPath(target), 'utf8')) as ExportManifest
    return Array.isArray(value.tables) ? value : null
  } catch {
    // An unreadable manifest promises nothing to anyone.
    return null
  }
}

/** Writes a manifest to a file that takes its place by a rename, so that no reader meets half of it. */
export async function writeManifest(aside: string, manifest: ExportManifest): Promise<void> {
  await writeFile(aside, `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Size and SHA-256 of a file, or of every file in a folder, with paths from the folder on, sorted. */
export async function describeFiles(path: string, name: string): Promise<ExportManifest['files']> {
  if (!(await stat(path)).isDirectory()) return [await describeFile(path, name)]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name))
  const described: ExportManifest['files'][number][] = []
  for (const file of files.sort())
    described.push(await describeFile(file, `${basename(name)}${file.slice(path.length).replaceAll('\\', '/')}`))
  return described
}

async function describeFile(path: string, name: string): Promise<ExportManifest['files'][number]> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { path: name, bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}
