import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceSet } from '../base/source-file.ts'
import type { ProjectFile } from '../config/project-file.ts'
import type { ColumnEntry, TestEntry } from '../config/property-types.ts'
import { buildGenericTest, type PlacedTest } from './build-generic-test.ts'
import { buildModel, type SqlFile } from './build-models.ts'
import { buildOperations } from './build-operations.ts'
import { buildSeed } from './build-seeds.ts'
import { buildSingularTest } from './build-singular-test.ts'
import { buildSource } from './build-sources.ts'
import { reportDuplicateNames, reportSharedRelations, withoutDuplicateTests } from './duplicates.ts'
import type { LoadContext } from './load-context.ts'
import type { TargetInfo } from './load-options.ts'
import { NodeNames } from './node-names.ts'
import type { MacroProperties, Project } from './project.ts'
import type { Described, Properties } from './properties.ts'
import { RelationNaming } from './relation-naming.ts'
import { resolveDependencies } from './resolve-dependencies.ts'
import type { Model, Seed, Source, Test } from './resource.ts'
import { stemOf } from './resource-folder.ts'
import type { Templates } from './templates.ts'
import { reportUnmatchedFolders, reportUnmatchedProperties } from './unmatched.ts'
import type { FoundFile } from './walk-files.ts'

export interface ResourceInput {
  readonly packageName: string
  readonly projectPath: string
  readonly project: ProjectFile
  readonly target: TargetInfo
  readonly files: SourceSet
  readonly templates: Templates
  readonly properties: Properties
  readonly models: readonly SqlFile[]
  readonly seeds: readonly FoundFile[]
  /** Files of test folders that hold a query. */
  readonly tests: readonly SqlFile[]
  readonly report: (diagnostic: Diagnostic) => void
}

type Resources = Pick<
  Project,
  | 'models'
  | 'seeds'
  | 'sources'
  | 'snapshots'
  | 'tests'
  | 'unitTests'
  | 'exposures'
  | 'analyses'
  | 'functions'
  | 'operations'
  | 'disabled'
  | 'macroProperties'
>

/** Files and properties together -> resources with configuration, relation and dependencies. */
export function buildResources(input: ResourceInput): Resources {
  const { packageName, target, templates, report, properties } = input
  const naming = new RelationNaming({ target, packageName, macros: templates.macros, call: templates.call, report })
  const context: LoadContext = { ...input, naming, names: new NodeNames(packageName, report) }
  const models = input.models.map((f) => buildModel(context, f, properties.models.get(stemOf(f.found.localPath))))
  const seeds = input.seeds.map((f) => buildSeed(context, f, properties.seeds.get(stemOf(f.localPath))))
  const sources = properties.sources.map((d) => buildSource(context, d))
  reportDuplicateNames([...models, ...seeds], sources, report)
  for (const node of [...models, ...seeds, ...sources]) context.names.add(node)
  const singular = input.tests.map((f) =>
    buildSingularTest(context, f, properties.singularTests.get(stemOf(f.found.localPath))),
  )
  const operations = buildOperations(context)
  const lame = resolveDependencies(context, [...models, ...seeds, ...singular, ...operations])
  const generic = placedTests(context, properties, sources).flatMap((p) => buildGenericTest(context, p) ?? [])
  const runnable = singular.map((t) => (lame.has(t.uniqueId) ? { ...t, config: { ...t.config, enabled: false } } : t))
  const tests = withoutDuplicateTests([...runnable, ...generic], report)
  const known = { models, seeds, sources, tests, definitions: templates.definitions, packageName }
  reportUnmatchedProperties(properties, known, report)
  reportUnmatchedFolders(input.project, known, report)
  reportSharedRelations([...models, ...seeds, ...sources], report)
  return {
    models: enabled(models),
    seeds: enabled(seeds),
    sources: enabled(sources),
    snapshots: [],
    tests: enabled(tests),
    unitTests: [],
    exposures: [],
    analyses: [],
    functions: [],
    operations,
    disabled: [...models, ...seeds, ...sources, ...tests].filter((n) => !n.config.enabled),
    macroProperties: macroProperties(context, properties),
  }
}

function enabled<T extends Model | Seed | Source | Test>(nodes: readonly T[]): readonly T[] {
  return nodes.filter((n) => n.config.enabled)
}

/** Every entry of `data_tests:` with the node it stands at; entries of nodes that are not there fall away. */
function placedTests(context: LoadContext, properties: Properties, sources: readonly Source[]): readonly PlacedTest[] {
  const placed: PlacedTest[] = []
  const add = (
    node: Model | Seed | Source,
    described: Described<{ tests: readonly TestEntry[]; columns: readonly ColumnEntry[] }>,
  ): void => {
    const { entry, path, localPath } = described
    for (const test of entry.tests) placed.push({ entry: test, column: undefined, node, path, localPath })
    for (const column of entry.columns)
      for (const test of column.tests) placed.push({ entry: test, column, node, path, localPath })
  }
  for (const described of [...properties.models.values(), ...properties.seeds.values()]) {
    const node = context.names.get(described.entry.name)
    if (node !== undefined && node.resourceType === described.entry.kind) add(node, described)
  }
  for (const [i, described] of properties.sources.entries()) add(sources[i]!, described)
  return placed
}

function macroProperties(
  { packageName, templates }: LoadContext,
  properties: Properties,
): ReadonlyMap<string, MacroProperties> {
  const found = new Map<string, MacroProperties>()
  for (const { entry, path } of properties.macros.values()) {
    const { description, arguments: args, meta } = entry
    const plain = `macro.${packageName}.${entry.name}`
    const isMacro = templates.definitions.some((d) => d.uniqueId === plain)
    found.set(isMacro ? plain : `macro.${packageName}.test_${entry.name}`, {
      description,
      arguments: args,
      meta,
      patchPath: path,
    })
  }
  return found
}
