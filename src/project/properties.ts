import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import type { ExportEntry } from '../config/exports/export-entry.ts'
import type { PropertyFile } from '../config/property-file.ts'
import type {
  AnalysisEntry,
  ExposureEntry,
  FunctionEntry,
  GroupEntry,
  MacroEntry,
  NodeEntry,
  SingularTestEntry,
  SnapshotEntry,
  SourceEntry,
} from '../config/property-types.ts'
import type { UnitTestEntry } from '../config/unit-test-entry.ts'
import { duplicateProperties } from './errors.ts'

/** An entry and the property file it stands in. */
export interface Described<T> {
  readonly entry: T
  /** Relative to the package that it stands in. */
  readonly path: string
  /** Relative to the resource folder: its folders are part of the fqn of tests and sources. */
  readonly localPath: string
}

/** All property files together, by what they describe. */
export interface Properties {
  readonly models: ReadonlyMap<string, Described<NodeEntry>>
  readonly seeds: ReadonlyMap<string, Described<NodeEntry>>
  readonly snapshots: ReadonlyMap<string, Described<SnapshotEntry>>
  readonly sources: readonly Described<SourceEntry>[]
  readonly macros: ReadonlyMap<string, Described<MacroEntry>>
  readonly singularTests: ReadonlyMap<string, Described<SingularTestEntry>>
  readonly exposures: ReadonlyMap<string, Described<ExposureEntry>>
  readonly exports: ReadonlyMap<string, Described<ExportEntry>>
  readonly analyses: ReadonlyMap<string, Described<AnalysisEntry>>
  readonly functions: ReadonlyMap<string, Described<FunctionEntry>>
  readonly groups: readonly Described<GroupEntry>[]
  readonly unitTests: readonly Described<UnitTestEntry>[]
}

/** Joins property files; the second entry for one thing is an error. */
export function collectProperties(
  files: readonly { readonly properties: PropertyFile; readonly ownPath: string; readonly localPath: string }[],
  report: (diagnostic: Diagnostic) => void,
): Properties {
  const models = new Map<string, Described<NodeEntry>>()
  const seeds = new Map<string, Described<NodeEntry>>()
  const snapshots = new Map<string, Described<SnapshotEntry>>()
  const macros = new Map<string, Described<MacroEntry>>()
  const singularTests = new Map<string, Described<SingularTestEntry>>()
  const exposures = new Map<string, Described<ExposureEntry>>()
  const exports = new Map<string, Described<ExportEntry>>()
  const analyses = new Map<string, Described<AnalysisEntry>>()
  const functions = new Map<string, Described<FunctionEntry>>()
  const sources: Described<SourceEntry>[] = []
  const groups: Described<GroupEntry>[] = []
  const unitTests: Described<UnitTestEntry>[] = []
  const add = <T extends { readonly name: string; readonly nameSpan: Span }>(
    into: Map<string, Described<T>>,
    kind: string,
    described: Described<T>,
  ): void => {
    const { name, nameSpan } = described.entry
    const earlier = into.get(name)
    if (earlier === undefined) into.set(name, described)
    else
      report(
        duplicateProperties(
          { kind, name },
          { span: nameSpan, labels: [{ span: earlier.entry.nameSpan, text: 'first here' }] },
        ),
      )
  }
  for (const { properties, ownPath: path, localPath } of files) {
    for (const entry of properties.nodes)
      add(entry.kind === 'model' ? models : seeds, entry.kind, { entry, path, localPath })
    for (const entry of properties.snapshots) add(snapshots, 'snapshot', { entry, path, localPath })
    for (const entry of properties.macros) add(macros, 'macro', { entry, path, localPath })
    for (const entry of properties.singularTests) add(singularTests, 'test', { entry, path, localPath })
    for (const entry of properties.exposures) add(exposures, 'exposure', { entry, path, localPath })
    for (const entry of properties.exports) add(exports, 'export', { entry, path, localPath })
    for (const entry of properties.functions) add(functions, 'function', { entry, path, localPath })
    for (const entry of properties.analyses) add(analyses, 'analysis', { entry, path, localPath })
    for (const entry of properties.sources) sources.push({ entry, path, localPath })
    for (const entry of properties.groups) groups.push({ entry, path, localPath })
    for (const entry of properties.unitTests) unitTests.push({ entry, path, localPath })
  }
  return {
    models,
    seeds,
    snapshots,
    sources,
    macros,
    singularTests,
    exposures,
    exports,
    analyses,
    functions,
    groups,
    unitTests,
  }
}
