import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import { linkOutside, unreadable } from './errors.ts'

/** One file below a resource folder. */
export interface FoundFile {
  readonly absolutePath: string
  /** Relative to the project, with `/`. */
  readonly path: string
  /** Relative to the package that the file belongs to: for files of the project itself the same as `path`. */
  readonly ownPath: string
  /** Relative to the resource folder (`models/`), with `/`. */
  readonly localPath: string
}

export interface WalkOptions {
  /** Folder of the project, or of a package. */
  readonly root: string
  /** Stands before paths for readers: empty, or `packages/shop_utils/`. */
  readonly prefix: string
  /** Relative to the project; missing folders are empty. */
  readonly folders: readonly string[]
  readonly folderSpan: (folder: string) => Span | undefined
  /** Folders that are never entered, relative to the project. */
  readonly ignored: ReadonlySet<string>
  readonly report: (diagnostic: Diagnostic) => void
}

/**
 * Files below the folders of one kind, in a stable order (by name, folders after files). Links are followed while they
 * stay in the project; hidden folders and `node_modules` are skipped.
 */
export function walkFiles(options: WalkOptions): readonly FoundFile[] {
  const found: FoundFile[] = []
  const homes = projectHomes(options.root)
  const seen = new Set<string>()
  for (const folder of options.folders) {
    const base = join(options.root, folder)
    const stats = statSync(base, { throwIfNoEntry: false })
    if (stats === undefined || !stats.isDirectory()) continue
    if (!inside(base, folder, homes, options)) continue
    new Walk(options, homes, seen, folder, found).enter(base, folder, '', new Set())
  }
  return found
}

class Walk {
  readonly #options: WalkOptions
  readonly #homes: readonly string[]
  readonly #seen: Set<string>
  readonly #folder: string
  readonly #found: FoundFile[]

  constructor(options: WalkOptions, homes: readonly string[], seen: Set<string>, folder: string, found: FoundFile[]) {
    this.#options = options
    this.#homes = homes
    this.#seen = seen
    this.#folder = folder
    this.#found = found
  }

  enter(absolute: string, path: string, local: string, linked: ReadonlySet<string>): void {
    const entries = this.#entries(absolute, path)
    const folders: Dirent[] = []
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue
      if (entry.isDirectory()) folders.push(entry)
      else if (entry.isFile()) this.#file(absolute, path, local, entry.name)
      else if (entry.isSymbolicLink()) this.#link(absolute, path, local, entry.name, linked)
    }
    for (const entry of folders)
      this.#down(join(absolute, entry.name), joinPath(path, entry.name), joinPath(local, entry.name), linked)
  }

  #down(absolute: string, path: string, local: string, linked: ReadonlySet<string>): void {
    if (this.#options.ignored.has(path) || path === 'node_modules' || path.endsWith('/node_modules')) return
    this.enter(absolute, path, local, linked)
  }

  #file(folder: string, path: string, local: string, name: string): void {
    const filePath = joinPath(path, name)
    // Two resource folders may overlap; a file counts once.
    if (this.#seen.has(filePath)) return
    this.#seen.add(filePath)
    const { prefix } = this.#options
    const shown = prefix === '' ? filePath : prefix + filePath
    this.#found.push({
      absolutePath: folder + sep + name,
      path: shown,
      ownPath: filePath,
      localPath: joinPath(local, name),
    })
  }

  #link(folder: string, path: string, local: string, name: string, linked: ReadonlySet<string>): void {
    const absolute = join(folder, name)
    const stats = statSync(absolute, { throwIfNoEntry: false })
    const linkPath = joinPath(path, name)
    if (stats === undefined || !inside(absolute, linkPath, this.#homes, this.#options)) return
    if (stats.isFile()) {
      this.#file(folder, path, local, name)
      return
    }
    const real = realpathSync(absolute)
    // A link to a folder above itself would never end.
    if (linked.has(real) || realpathSync(folder).startsWith(real)) return
    this.#down(absolute, linkPath, joinPath(local, name), new Set([...linked, real]))
  }

  #entries(absolute: string, path: string): readonly Dirent[] {
    try {
      return readdirSync(absolute, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    } catch (error) {
      const span = this.#options.folderSpan(this.#folder)
      this.#options.report(unreadable({ path, reason: reasonOf(error) }, span === undefined ? {} : { span }))
      return []
    }
  }
}

/** `permission denied`, `it does not exist` …: the operating system's reason in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'ENOENT') return 'it does not exist'
  if (code === 'EISDIR') return 'it is a folder'
  return message ?? String(error)
}

function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/**
 * Folders that count as the project: its own, and the one that its project file really lies in, because orchestrators
 * run a project through a folder of links to it.
 */
export function projectHomes(root: string): readonly string[] {
  const homes = [realpathSync(root)]
  for (const name of ['project.yml', 'dbt_project.yml']) {
    const file = join(root, name)
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) homes.push(dirname(realpathSync(file)))
  }
  return homes
}

function inside(absolute: string, path: string, homes: readonly string[], options: WalkOptions): boolean {
  const real = realpathSync(absolute)
  if (homes.some((home) => real === home || real.startsWith(home.endsWith(sep) ? home : home + sep))) return true
  const span = options.folderSpan(path)
  options.report(linkOutside({ path, target: real }, span === undefined ? {} : { span }))
  return false
}
