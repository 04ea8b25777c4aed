import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { SourceSet } from '../base/source-file.ts'
import { badProjectName, projectExists } from './errors.ts'
import type { Outcome } from './outcome.ts'
import { starterProfile, starterProject } from './starter-project.ts'

export interface InitOptions {
  /** Becomes a folder of that name; without it the project is made in `folder` itself and named after it. */
  readonly name?: string | undefined
  /** Absolute. */
  readonly folder: string
  /** False: no `profiles.yml`. */
  readonly profile: boolean
}

export interface InitOutcome extends Outcome {
  /** Where the project is, relative to the folder; `.` for the folder itself. */
  readonly place: string
  /** Paths relative to the folder. Files that were there already are in `kept` and as they were. */
  readonly written: readonly string[]
  readonly kept: readonly string[]
}

/** Makes a small project that builds at once. Never overwrites a file. */
export function initProject(options: InitOptions): InitOutcome {
  const folder = resolve(options.folder)
  const name = options.name ?? nameFrom(basename(folder))
  const refuse = (diagnostic: Outcome['diagnostics'][number]): InitOutcome => ({
    exitCode: 2,
    diagnostics: [diagnostic],
    files: new SourceSet(),
    place: '.',
    written: [],
    kept: [],
  })
  if (!isProjectName(name)) return refuse(badProjectName({ name, better: nameFrom(name) }))
  const place = options.name === undefined ? '.' : name
  const found = ['project.yml', 'dbt_project.yml'].find((file) => existsSync(join(folder, place, file)))
  if (found !== undefined) return refuse(projectExists({ path: join(place, found) }))
  const files = new Map(starterProject(name))
  if (options.profile) files.set('profiles.yml', starterProfile(name))
  const written: string[] = []
  const kept: string[] = []
  for (const [path, text] of files) {
    const target = join(folder, place, path)
    const shown = join(place, path)
    mkdirSync(dirname(target), { recursive: true })
    if (writeNew(target, text)) written.push(shown)
    else kept.push(shown)
  }
  return { exitCode: 0, diagnostics: [], files: new SourceSet(), place, written, kept }
}

/** False when there is something of that name, which then stays as it is. */
function writeNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Names of engines are taken: a macro such as `postgres.hash` would be ambiguous. */
function isProjectName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== 'duckdb' && name !== 'postgres'
}

function nameFrom(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^(?=\d)/, '_')
  return isProjectName(name) ? name : 'my_project'
}
