import type { Diagnostic } from '../base/diagnostic.ts'
import type { ProjectFile } from '../config/project-file.ts'
import { unsupportedFile } from './errors.ts'
import type { PackagePlace } from './package-place.ts'
import { suffixOf } from './resource-folder.ts'
import { type FoundFile, walkFiles } from './walk-files.ts'

/** The files of a project by what they are read as, each list in a stable order. */
export interface ProjectFiles {
  readonly models: readonly FoundFile[]
  readonly seeds: readonly FoundFile[]
  readonly macros: readonly FoundFile[]
  readonly tests: readonly FoundFile[]
  readonly snapshots: readonly FoundFile[]
  readonly analyses: readonly FoundFile[]
  readonly functions: readonly FoundFile[]
  /** Rows for unit tests: `.csv` of test folders, and `.sql` of their folders `fixtures`. */
  readonly fixtures: readonly FoundFile[]
  /** `.md` of all resource folders and of `docs-paths`. */
  readonly docs: readonly FoundFile[]
  /** `.yml` and `.yaml` of all resource folders. */
  readonly properties: readonly FoundFile[]
}

/** Walks the resource folders. Files of kinds that are not evaluated give one warning a kind. */
export function findFiles(
  place: PackagePlace,
  project: ProjectFile,
  report: (diagnostic: Diagnostic) => void,
): ProjectFiles {
  const { root, prefix } = place
  const { paths, pathSpans } = project
  const ignored = new Set([project.targetPath, project.logPath, project.packagesPath, ...project.cleanTargets])
  const properties = new Map<string, FoundFile>()
  const docs = new Map<string, FoundFile>()
  const below = (folders: readonly string[]): readonly FoundFile[] =>
    walkFiles({ root, prefix, folders, ignored, folderSpan: (folder) => pathSpans.get(folder), report })
  const walk = (folders: readonly string[]): readonly FoundFile[] => {
    const found = below(folders)
    for (const file of found) {
      const suffix = suffixOf(file.path)
      if (suffix === '.md' && !docs.has(file.path)) docs.set(file.path, file)
      if ((suffix === '.yml' || suffix === '.yaml') && !properties.has(file.path)) properties.set(file.path, file)
    }
    return found
  }
  const of = (found: readonly FoundFile[], suffix: string): readonly FoundFile[] =>
    found.filter((f) => suffixOf(f.path) === suffix)
  const later = (found: readonly FoundFile[], suffix: string, kind: string): void => {
    const files = of(found, suffix)
    const [first] = files
    if (first !== undefined)
      report(unsupportedFile({ kind, count: files.length }, { span: { path: first.path, start: 0, end: 0 } }))
  }
  const models = walk(paths.models)
  const seeds = walk(paths.seeds)
  const macros = walk(paths.macros)
  const tests = walk(paths.tests)
  const snapshots = walk(paths.snapshots)
  const analyses = walk(paths.analyses)
  later(models, '.py', 'Python models')
  for (const file of below(paths.docs)) if (suffixOf(file.path) === '.md') docs.set(file.path, file)
  const functions = walk(paths.functions)
  later(functions, '.py', 'Python functions')
  later(functions, '.js', 'JavaScript functions')
  return {
    models: of(models, '.sql'),
    seeds: of(seeds, '.csv'),
    macros: of(macros, '.sql'),
    analyses: of(analyses, '.sql'),
    snapshots: of(snapshots, '.sql'),
    functions: of(functions, '.sql'),
    tests: of(tests, '.sql').filter((f) => !isFixture(f)),
    fixtures: [...of(tests, '.csv'), ...of(tests, '.sql').filter(isFixture)],
    docs: [...docs.values()],
    properties: [...properties.values()],
  }
}

function isFixture({ localPath }: FoundFile): boolean {
  return localPath.startsWith('fixtures/')
}
