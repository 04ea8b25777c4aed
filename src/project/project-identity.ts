import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import type { SourceFile } from '../base/source-file.ts'
import { projectFileMissing, twoProjectFiles } from '../config/errors.ts'
import type { ConfigValue } from '../config/node-config.ts'
import { type ProjectFile, readProjectFile } from '../config/project-file.ts'
import { readTextFile } from '../config/text-file.ts'
import { createLoadHost } from './load-host.ts'
import { yamlEvaluator } from './yaml-evaluator.ts'

/** The names of a project file, best first. */
export const PROJECT_FILES: readonly string[] = ['project.yml', 'dbt_project.yml']

/** `project.yml` or `dbt_project.yml`. Throws `UserError` when the folder has none, or both. */
export function findProjectFile(root: string): string {
  const found = PROJECT_FILES.filter((name) => statSync(join(root, name), { throwIfNoEntry: false })?.isFile() === true)
  if (found.length === 1) return found[0]!
  if (found.length === 0) throw new UserError(projectFileMissing({ folder: root }))
  throw new UserError(twoProjectFiles({}, { span: { path: found[0]!, start: 0, end: 0 } }))
}

/** What must be known of a project before its target is: its file, name, profile and folders. */
export interface ProjectIdentity {
  readonly projectPath: string
  readonly file: SourceFile
  readonly project: ProjectFile
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads the project file alone. `{{target}}` has no value in it yet, so only `name`, `profile` and paths should be read. */
export function readProjectIdentity(
  root: string,
  outside: {
    readonly env: Readonly<Record<string, string | undefined>>
    readonly vars: { readonly [name: string]: ConfigValue }
  },
): ProjectIdentity {
  const projectPath = findProjectFile(root)
  const { file, diagnostic } = readTextFile(join(root, projectPath), projectPath)
  const host = createLoadHost({ ...outside, packageName: '', engine: '', target: undefined, secrets: false })
  const project = readProjectFile(file, yamlEvaluator(file, host))
  const diagnostics = diagnostic === undefined ? project.diagnostics : [diagnostic]
  return { projectPath, file, project, diagnostics }
}
