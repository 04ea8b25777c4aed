import type { Diagnostic } from '../base/diagnostic.ts'
import type { ConfigTree } from '../config/config-tree.ts'
import { type ProjectFile, placeholderName } from '../config/project-file.ts'
import type { MacroDefinition } from '../template/template.ts'
import { unknownNode } from './errors.ts'
import type { Properties } from './properties.ts'
import type {
  Analysis,
  Export,
  Exposure,
  Model,
  Seed,
  Snapshot,
  Source,
  SqlFunction,
  Test,
  UnitTest,
} from './resource.ts'

type Report = (diagnostic: Diagnostic) => void

interface Known {
  readonly models: readonly Model[]
  readonly seeds: readonly Seed[]
  readonly snapshots: readonly Snapshot[]
  readonly sources: readonly Source[]
  readonly tests: readonly Test[]
  readonly unitTests: readonly UnitTest[]
  readonly exposures: readonly Exposure[]
  readonly exports: readonly Export[]
  readonly analyses: readonly Analysis[]
  readonly functions: readonly SqlFunction[]
}

/** Warns of property entries for models, seeds, macros and singular tests that are not there. */
export function reportUnmatchedProperties(
  properties: Properties,
  known: Known & { readonly definitions: readonly MacroDefinition[] },
  report: Report,
): void {
  const models = new Set(known.models.map((m) => m.name))
  const seeds = new Set(known.seeds.map((s) => s.name))
  const singular = new Set(known.tests.filter((t) => t.generic === null).map((t) => t.name))
  for (const { entry } of properties.models.values()) {
    if (models.has(entry.name) || entry.versions.length > 0) continue
    const hint = seeds.has(entry.name) ? 'it is a seed: write the entry under `seeds:`' : undefined
    report(unknownNode({ kind: 'model', name: entry.name, known: models, hint }, { span: entry.nameSpan }))
  }
  for (const { entry } of properties.seeds.values()) {
    if (seeds.has(entry.name)) continue
    const hint = models.has(entry.name) ? 'it is a model: write the entry under `models:`' : undefined
    report(unknownNode({ kind: 'seed', name: entry.name, known: seeds, hint }, { span: entry.nameSpan }))
  }
  for (const { entry } of properties.singularTests.values()) {
    if (singular.has(entry.name)) continue
    report(unknownNode({ kind: 'singular test', name: entry.name, known: singular }, { span: entry.nameSpan }))
  }
  const functions = new Set(known.functions.map((f) => f.name))
  for (const { entry } of properties.functions.values()) {
    if (functions.has(entry.name)) continue
    report(unknownNode({ kind: 'function', name: entry.name, known: functions }, { span: entry.nameSpan }))
  }
  const analyses = new Set(known.analyses.map((a) => a.name))
  for (const { entry } of properties.analyses.values()) {
    if (analyses.has(entry.name)) continue
    report(unknownNode({ kind: 'analysis', name: entry.name, known: analyses }, { span: entry.nameSpan }))
  }
  if (properties.macros.size === 0) return
  const macros = new Set(known.definitions.map((d) => d.name))
  for (const { entry } of properties.macros.values()) {
    const bare = entry.name.replace(/^test_/, '')
    if (macros.has(entry.name) || macros.has(bare)) continue
    report(unknownNode({ kind: 'macro', name: entry.name, known: macros }, { span: entry.nameSpan }))
  }
}

/** Warns of folders in `project.yml` that hold nothing, in the project or in any package. */
export function reportUnmatchedFolders(
  project: ProjectFile,
  known: Known,
  packageNames: readonly string[],
  report: Report,
): void {
  const trees: readonly (readonly [ConfigTree, readonly { readonly fqn: readonly string[] }[]])[] = [
    [project.models, known.models],
    [project.seeds, known.seeds],
    [project.snapshots, known.snapshots],
    [project.sources, known.sources],
    [project.tests, known.tests],
    [project.unitTests, known.unitTests],
    [project.exposures, known.exposures],
    [project.exports, known.exports],
    [project.functions, known.functions],
    [project.analyses, known.analyses.map((a) => ({ fqn: [a.packageName, ...a.fqn.slice(2)] }))],
  ]
  // Without a valid name of the project nothing can match.
  if (project.name === placeholderName) return
  for (const [tree, nodes] of trees) {
    const below = (parent: readonly string[]): readonly string[] => {
      if (parent.length === 0) return packageNames
      const names = new Set<string>()
      for (const { fqn } of nodes)
        if (parent.every((part, i) => fqn[i] === part) && fqn[parent.length] !== undefined)
          names.add(fqn[parent.length]!)
      return [...names]
    }
    for (const d of tree.unmatched(packageNames, below)) report(d)
  }
}
