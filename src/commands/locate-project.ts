import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../base/errors.ts'
import { projectFileMissing } from '../config/errors.ts'
import { PROJECT_FILES } from '../project/project-identity.ts'

/** The nearest folder, from `start` upwards, that holds a project file. Raises `UserError` when there is none. */
export function locateProject(start: string): string {
  const first = resolve(start)
  for (let folder = first; ; folder = dirname(folder)) {
    if (PROJECT_FILES.some((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true))
      return folder
    if (dirname(folder) === folder) throw new UserError(projectFileMissing({ folder: first }))
  }
}
