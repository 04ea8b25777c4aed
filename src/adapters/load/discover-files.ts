import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.ts'
import { nearestNames } from '../../base/nearest.ts'
import type { FilesSpec } from '../../config/files-spec.ts'
import { isGlob, segmentMatcher } from './glob.ts'
import { fileMissing, locationIsFolder, outsideProject } from './load-errors.ts'

/** A file that a location means. */
export interface FoundFile {
  /** Relative to the project with `/`, or absolute when it lies outside. */
  readonly path: string
  readonly absolutePath: string
}

export interface Discovery {
  /** Sorted by path, without repetition. */
  readonly files: readonly FoundFile[]
  readonly diagnostics: readonly Diagnostic[]
}

const SUFFIX = { csv: 'csv', json: 'json', ndjson: 'ndjson', parquet: 'parquet' } as const

/** The files of a source, by its locations. What matches nothing, is a folder or lies outside the project is an error. */
export function discoverFiles(spec: FilesSpec, projectRoot: string): Discovery {
  const found = new Map<string, FoundFile>()
  const diagnostics: Diagnostic[] = []
  const place = { span: spec.locationSpan }
  const root = realpathSync(projectRoot)
  for (const pattern of spec.location) {
    const absolute = isAbsolute(pattern) ? pattern : join(projectRoot, pattern)
    const matches = findMatches({ pattern, absolute, projectRoot }).filter(exists)
    const files = matches.filter((path) => !isFolder(path))
    if (files.length === 0) {
      const folder = matches[0]
      if (folder === undefined)
        diagnostics.push(fileMissing({ pattern, near: nearFiles(absolute, projectRoot) }, place))
      else {
        const suggestion = `${pattern.replace(/\/+$/, '')}/*.${SUFFIX[spec.format]}`
        diagnostics.push(locationIsFolder({ pattern, suggestion }, place))
      }
      continue
    }
    for (const absolutePath of files) {
      const path = displayPath(absolutePath, projectRoot)
      if (!spec.outsideProject && !isBelow(realpathSync(absolutePath), root)) {
        diagnostics.push(outsideProject({ path }, place))
      } else found.set(path, { path, absolutePath })
    }
  }
  return { files: [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), diagnostics }
}

interface Pattern {
  /** As YAML says it. */
  readonly pattern: string
  readonly absolute: string
  readonly projectRoot: string
}

/** A name that exists as it is written is meant, even with `[1]` in it; folders above the project are never patterns. */
function findMatches({ pattern, absolute, projectRoot }: Pattern): readonly string[] {
  if (!isGlob(pattern) || exists(absolute)) return [absolute]
  if (isAbsolute(pattern)) return expand('/', resolveUp(pattern))
  const parts = resolveUp(pattern)
  let base = projectRoot
  for (let up = 0; up < parts.ups; up++) base = dirname(base)
  return expand(base, parts)
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function displayPath(path: string, projectRoot: string): string {
  const way = relative(projectRoot, path)
  return (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? path : way).split(sep).join('/')
}

function entries(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** Every path below `folder` that a pattern matches; `**` stands for any number of folders and does not follow links. */
function expand(folder: string, pattern: Parts): string[] {
  const results: string[] = []
  walk(folder, pattern.parts, results)
  return [...new Set(results)]
}

interface Parts {
  /** How many folders the pattern goes up before its first part. */
  readonly ups: number
  readonly parts: readonly string[]
}

/** The parts of the pattern, with `.` and `..` taken out. Windows drives stay the first part. */
function resolveUp(pattern: string): Parts {
  const parts: string[] = []
  let ups = 0
  for (const part of pattern.split(/[\\/]/)) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) ups++
  }
  return { ups, parts }
}

function walk(folder: string, parts: readonly string[], results: string[]): void {
  const [part, ...rest] = parts
  if (part === undefined) return
  if (part === '**') {
    walk(folder, rest, results)
    for (const entry of entries(folder)) {
      if (entry.isDirectory() && !entry.name.startsWith('.')) walk(join(folder, entry.name), parts, results)
    }
    return
  }
  if (!isGlob(part)) {
    const path = join(folder, part)
    if (exists(path)) descend(path, rest, results)
    return
  }
  const matches = segmentMatcher(part)
  for (const entry of entries(folder)) if (matches(entry.name)) descend(join(folder, entry.name), rest, results)
}

function descend(path: string, rest: readonly string[], results: string[]): void {
  if (rest.length === 0) results.push(path)
  else if (isFolder(path)) walk(path, rest, results)
}

/** Names in the folder of a missing file, or the folder's own neighbours when it is missing itself. */
function nearFiles(absolute: string, projectRoot: string): readonly string[] {
  let path = resolve(absolute)
  while (path !== dirname(path) && !exists(dirname(path))) path = dirname(path)
  const folder = dirname(path)
  const here = new Map(entries(folder).map((entry) => [entry.name, entry.isDirectory() ? '/' : '']))
  const near = nearestNames(basename(path).replaceAll(/[*?[\]{}]/g, ''), here.keys(), 3)
  return near.map((name) => displayPath(join(folder, name), projectRoot) + here.get(name)!)
}
