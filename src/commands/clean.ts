import { UserError } from '../base/errors.ts'
import { SourceSet } from '../base/source-file.ts'
import { readProjectIdentity } from '../project/project-identity.ts'
import { locateProject } from './locate-project.ts'
import type { EngineOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import { removeFolders } from './remove-folders.ts'
import { readVariables } from './workspace.ts'

export interface CleanOutcome extends Outcome {
  /** Relative to the project. */
  readonly removed: readonly string[]
}

/**
 * Deletes the folders of `clean-targets`. Nothing outside the project and none of its own files is touched. Raises
 * `UserError` when there is no project or its file is wrong: then it is not known what may be deleted.
 */
export function cleanProject(options: EngineOptions): CleanOutcome {
  const root = locateProject(options.projectDir ?? '.')
  const identity = readProjectIdentity(root, { env: options.env ?? {}, vars: readVariables(options.vars) })
  const files = new SourceSet()
  files.add(identity.file)
  if (identity.diagnostics.some((d) => d.severity === 'error')) throw new UserError(identity.diagnostics)
  const { paths, cleanTargets } = identity.project
  const keep = [identity.projectPath, 'profiles.yml', ...Object.values(paths).flat()]
  const { removed, diagnostics } = removeFolders({
    root,
    targets: cleanTargets,
    spans: identity.project.pathSpans,
    keep,
  })
  return { exitCode: diagnostics.length > 0 ? 2 : 0, diagnostics, files, removed }
}
