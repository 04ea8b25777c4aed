import { UserError } from '../base/errors.ts'
import { SourceFile, SourceSet } from '../base/source-file.ts'
import type { EvaluateScalar } from '../config/yaml-reader.ts'
import { evaluateScalar } from '../template/evaluate-scalar.ts'
import type { TemplateHost } from '../template/host.ts'
import type { MacroRegistry } from '../template/macro-registry.ts'
import { plainData } from './load-host.ts'
import { builtinRegistry } from './templates.ts'

/** Evaluates templates in the scalars of one YAML file. Without `macros` only the built-in ones are known. */
export function yamlEvaluator(
  file: SourceFile,
  host: TemplateHost,
  files: SourceSet = new SourceSet(),
  macros?: MacroRegistry,
): EvaluateScalar {
  let scope: { host: TemplateHost; macros: MacroRegistry; files: SourceSet } | undefined
  return (text, span, exact) => {
    scope ??= { host, macros: macros ?? builtinRegistry(files), files }
    if (exact) return plainData(evaluateScalar(text, file, span.start, scope))
    try {
      return plainData(evaluateScalar(text, new SourceFile(file.path, text), 0, scope))
    } catch (error) {
      // Offsets into unescaped text mean nothing in the file.
      if (error instanceof UserError)
        throw new UserError(error.diagnostics.map((d) => (d.span?.path === file.path ? { ...d, span } : d)))
      throw error
    }
  }
}
