import { statSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import type { SourceFile } from '../../base/source-file.ts'
import { twoPackageFiles } from '../../config/packages/errors.ts'
import { PACKAGE_FILES, type PackagesFile, readPackagesFile } from '../../config/packages/packages-file.ts'
import { readTextFile } from '../../config/text-file.ts'
import type { EvaluateScalar } from '../../config/yaml-reader.ts'
import type { PackagePlace } from '../package-place.ts'

/** What a project or a package requires. */
export interface DeclaredPackages extends PackagesFile {
  /** For readers: from the project. */
  readonly file: SourceFile
}

/**
 * Reads `packages.yml` or `dependencies.yml` of a folder; undefined when there is neither. Raises `UserError` when both
 * declare packages.
 */
export function readDeclaredPackages(
  { root, prefix }: PackagePlace,
  evaluateFor: (file: SourceFile) => EvaluateScalar,
): DeclaredPackages | undefined {
  const found = PACKAGE_FILES.filter((name) => statSync(join(root, name), { throwIfNoEntry: false })?.isFile() === true)
  const declared = found.map((name): DeclaredPackages => {
    const { file, diagnostic } = readTextFile(join(root, name), prefix + name)
    if (diagnostic !== undefined) throw new UserError(diagnostic)
    return { ...readPackagesFile(file, evaluateFor(file)), file }
  })
  const [first, second] = declared
  if (first === undefined || second === undefined) return first
  if (first.specs.length === 0 && first.diagnostics.length === 0) return second
  if (second.specs.length === 0 && second.diagnostics.length === 0) return first
  throw new UserError(twoPackageFiles({}, { span: { path: second.file.path, start: 0, end: 0 } }))
}
