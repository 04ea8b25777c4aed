import type { Diagnostic } from '../base/diagnostic.ts'
import type { ProjectFile } from '../config/project-file.ts'
import { builtinNamespaces } from '../template/macro-registry.ts'
import { unknownDispatch } from './packages/errors.ts'

/** Warns of names in `dispatch` that no package has: nothing is looked for there. */
export function checkDispatch(
  project: ProjectFile,
  packageNames: readonly string[],
  report: (diagnostic: Diagnostic) => void,
): void {
  const known = [...packageNames, ...builtinNamespaces]
  for (const { namespace, order, span } of project.dispatch)
    for (const name of [namespace, ...order])
      if (!known.includes(name)) report(unknownDispatch({ name, known: packageNames }, { span }))
}
