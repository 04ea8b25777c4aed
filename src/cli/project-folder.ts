import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { FlagValues } from './flag.ts'

/** The project's folder as far as it can be known before it is read; the starting folder when there is none. */
export function projectFolder(values: FlagValues, cwd: string): string {
  const start = resolve(cwd, (values.get('project-dir') as string | undefined) ?? '.')
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'project.yml')) || existsSync(join(folder, 'dbt_project.yml'))) return folder
    if (dirname(folder) === folder) return start
  }
}
