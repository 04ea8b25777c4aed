import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceFile, SourceSet } from '../base/source-file.ts'
import type { FindDoc } from '../config/doc-block.ts'
import { type PropertyFile, readPropertyFile } from '../config/property-file.ts'
import { readTextFile } from '../config/text-file.ts'
import type { EvaluateScalar } from '../config/yaml-reader.ts'
import type { TemplateHost } from '../template/host.ts'
import type { MacroRegistry } from '../template/macro-registry.ts'
import { unreadable } from './errors.ts'
import { collectProperties, type Properties } from './properties.ts'
import { withWorkbooks } from './read-workbook-file.ts'
import { type FoundFile, reasonOf } from './walk-files.ts'
import { yamlEvaluator } from './yaml-evaluator.ts'

export interface PropertyReading {
  readonly found: readonly FoundFile[]
  readonly files: SourceSet
  readonly host: TemplateHost
  readonly macros: MacroRegistry
  readonly findDoc: FindDoc
  readonly report: (diagnostic: Diagnostic) => void
}

/** Reads all property files. Of each only what it says is kept, not its tree. */
export function readProperties(reading: PropertyReading): Properties {
  const read = reading.found.flatMap((found) => {
    const properties = readOne(reading, found)
    if (properties === undefined) return []
    for (const d of properties.diagnostics) reading.report(d)
    return [{ properties, ownPath: found.ownPath, localPath: found.localPath }]
  })
  return collectProperties(read, reading.report)
}

function readOne(reading: PropertyReading, found: FoundFile): PropertyFile | undefined {
  const { files, host, macros, findDoc, report } = reading
  try {
    const { file, diagnostic } = readTextFile(found.absolutePath, found.path)
    files.add(file)
    if (diagnostic === undefined) {
      const evaluator = (of: SourceFile): EvaluateScalar => yamlEvaluator(of, host, files, macros)
      const properties = readPropertyFile(file, evaluator(file), findDoc)
      return withWorkbooks(properties, found, { add: (of) => files.add(of), evaluator, report })
    }
    report(diagnostic)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    report(unreadable({ path: found.path, reason: reasonOf(error) }, { span: { path: found.path, start: 0, end: 0 } }))
  }
  return undefined
}
