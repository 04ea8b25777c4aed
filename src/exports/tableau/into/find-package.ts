import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { UserError } from '../../../base/errors.ts'
import type { IntoOptions } from '../../../config/exports/package-options.ts'
import type { ExportJob } from '../../export-job.ts'
import { intoOutside } from './errors.ts'
import { guarded } from './open-package.ts'

/** The absolute path of a package, links resolved. It lies below the project unless the export may leave it. */
export async function findPackage(
  { projectRoot, export: node }: Pick<ExportJob, 'projectRoot' | 'export'>,
  into: IntoOptions,
): Promise<string> {
  const path = await guarded(into, () => realpath(resolve(projectRoot, into.path)))
  const way = relative(await realpath(projectRoot), path)
  const below = !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`)
  if (!below && !node.outsideProject) throw new UserError(intoOutside({ path: into.path }, { span: into.span }))
  return path
}
