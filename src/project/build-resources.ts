import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceSet } from '../base/source-file.ts'
import type { ProjectFile } from '../config/project-file.ts'
import type { ColumnEntry, TestEntry } from '../config/property-types.ts'
import { buildAnalysis } from './build-analyses.ts'
import { buildExport, resolveExports } from './build-exports.ts'
import { buildExposure, resolveExposures } from './build-exposures.ts'
import { buildFunction } from './build-functions.ts'
import { buildGenericTest, type PlacedTest } from './build-generic-test.ts'
import { buildGroups, GroupNames } from './build-groups.ts'
import { buildModel, type SqlFile } from './build-models.ts'
import { buildOperations } from './build-operations.ts'
import { buildSeed } from './build-seeds.ts'
import { buildSingularTest } from './build-singular-test.ts'
import { buildSnapshots } from './build-snapshots.ts'
import { buildSource } from './build-sources.ts'
import { buildUnitTests } from './build-unit-tests.ts'
import { checkContracts } from './check-contracts.ts'
import { checkExports } from './check-exports.ts'
import { checkBatchInputs } from './check-microbatch.ts'
import { checkPublications } from './check-publications.ts'
import { reportDeprecations } from './deprecations.ts'
import { reportDuplicateNames, reportSharedRelations, withoutDuplicateTests } from './duplicates.ts'
import type { LoadContext } from './load-context.ts'
import type { TargetInfo } from './load-options.ts'
import { type DescribedModel, describedModels } from './match-versions.ts'
import { NodeNames } from './node-names.ts'
import type { MacroProperties, Project } from './project.ts'
import type { Described, Properties } from './properties.ts'
import { RelationNaming } from './relation-naming.ts'
import { resolveDependencies } from './resolve-dependencies.ts'
import type {
  Analysis,
  Export,
  Exposure,
  Group,
  Model,
  Node,
  Operation,
  Seed,
  Snapshot,
  Source,
  SqlFunction,
  Test,
} from './resource.ts'
import { stemOf } from './resource-folder.ts'
import type { Templates } from './templates.ts'
import { reportUnmatchedFolders, reportUnmatchedProperties } from './unmatched.ts'
import type { FoundFile } from './walk-files.ts'

/** The files of the project or of one package, read. */
export interface PackageInput {
  readonly packageName: string
  readonly projectPath: string
  readonly project: ProjectFile
  readonly overrides: ProjectFile | null
  readonly templates: Templates
  readonly properties: Properties
  readonly models: readonly SqlFile[]
  readonly seeds: readonly FoundFile[]
  readonly snapshots: readonly SqlFile[]
  /** Files of test folders that hold a query. */
  readonly tests: readonly SqlFile[]
  readonly analyses: readonly SqlFile[]
  readonly functions: readonly SqlFile[]
  readonly fixtures: readonly FoundFile[]
}

export interface ResourceInput {
  /** The root project first. */
  readonly packages: readonly PackageInput[]
  /** A reference without a package means the asker's package before the root project. */
  readonly ownPackageFirst: boolean
  readonly target: TargetInfo
  readonly files: SourceSet
  readonly report: (diagnostic: Diagnostic) => void
  readonly now: Date
}

/** One package with the resources that others may refer to. */
interface PackagePart {
  readonly input: PackageInput
  readonly context: LoadContext
  readonly groups: readonly Group[]
  /** What property files say of the models' files. */
  readonly described: readonly DescribedModel[]
  readonly models: readonly Model[]
  readonly seeds: readonly Seed[]
  readonly snapshots: readonly Snapshot[]
  readonly sources: readonly Source[]
  readonly functions: readonly SqlFunction[]
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
  | 'exports'
  | 'analyses'
  | 'functions'
  | 'operations'
  | 'groups'
  | 'disabled'
  | 'macroProperties'
>

/** Files and properties together -> resources with configuration, relation and dependencies. */
export function buildResources(input: ResourceInput): Resources {
  const { report, ownPackageFirst, now } = input
  const packageNames = input.packages.map((p) => p.packageName)
  const restricted = new Set(input.packages.filter((p) => p.project.restrictAccess).map((p) => p.packageName))
  const groups = new Set(input.packages.flatMap((p) => p.properties.groups.map(({ entry }) => entry.name)))
  const rules = { ownFirst: ownPackageFirst, now, restricted, groups }
  const names = new NodeNames(packageNames, rules, report)
  const parts = input.packages.map((p) => buildReferable(input, p, names))
  const models = parts.flatMap((p) => p.models)
  const seeds = parts.flatMap((p) => p.seeds)
  const sources = parts.flatMap((p) => p.sources)
  const snapshots = parts.flatMap((p) => p.snapshots)
  for (const { models: m, seeds: s, snapshots: h, sources: t } of parts)
    reportDuplicateNames([...m, ...s, ...h], t, report)
  for (const node of [...models, ...seeds, ...snapshots, ...sources]) names.add(node)
  const functions = parts.flatMap((p) => p.functions)
  for (const part of parts) reportDuplicateNames(part.functions, [], report)
  for (const node of functions) names.addFunction(node)
  const readers = parts.map((p) => buildReaders(p))
  const tests = withoutDuplicateTests(
    readers.flatMap((r) => r.tests),
    report,
  )
  checkBatchInputs(models, [...seeds, ...sources], report)
  const analyses = readers.flatMap((r) => r.analyses)
  const exposures = readers.flatMap((r) => r.exposures)
  const exports = readers.flatMap((r) => r.exports)
  const { paths } = input.packages[0]!.project
  checkExports(exports, { nodes: [...models, ...seeds, ...snapshots, ...sources], paths }, report)
  checkPublications(exports, report)
  const unitTests = parts.flatMap(({ context, input: { properties, fixtures } }) =>
    buildUnitTests(context, properties.unitTests, { tested: [...models, ...snapshots], fixtures }),
  )
  reportUnmatched(parts, { tests, unitTests, analyses, exposures, exports, functions }, packageNames, report)
  reportDeprecations(models, now, report)
  reportSharedRelations([...models, ...seeds, ...snapshots, ...sources], report)
  reportSharedRelations(functions, report)
  checkContracts([...models, ...seeds], report)
  return {
    models: enabled(models),
    seeds: enabled(seeds),
    sources: enabled(sources),
    snapshots: enabled(snapshots),
    tests: enabled(tests),
    unitTests: enabled(unitTests),
    exposures: enabled(exposures),
    exports: enabled(exports),
    analyses: enabled(analyses),
    functions: enabled(functions),
    operations: inOrder(readers.map((r) => r.operations)),
    groups: parts.flatMap((p) => p.groups),
    disabled: [
      ...models,
      ...seeds,
      ...snapshots,
      ...sources,
      ...tests,
      ...exposures,
      ...exports,
      ...analyses,
      ...functions,
      ...unitTests,
    ].filter((n) => !n.config.enabled),
    macroProperties: new Map(parts.flatMap((p) => [...macroProperties(p.context, p.input.properties)])),
  }
}

/** What other resources may refer to. */
function buildReferable(all: ResourceInput, input: PackageInput, names: NodeNames): PackagePart {
  const { target, files, report } = all
  const { packageName, projectPath, project, overrides, templates, properties } = input
  const naming = new RelationNaming({ target, packageName, macros: templates.macros, call: templates.call, report })
  const groups = buildGroups(properties.groups, packageName, report)
  const parts = { packageName, projectPath, project, overrides, files, templates }
  const context = { ...parts, naming, names, groups: new GroupNames(groups, report), report }
  const stems = input.models.map((f) => stemOf(f.found.localPath))
  const described = describedModels(properties.models, new Set(stems), report)
  return {
    input,
    context,
    groups,
    described: [...described.values()],
    models: input.models.map((f, i) => buildModel(context, f, described.get(stems[i]!))),
    seeds: input.seeds.map((f) => buildSeed(context, f, properties.seeds.get(stemOf(f.localPath)))),
    snapshots: buildSnapshots(context, input.snapshots, properties.snapshots),
    sources: properties.sources.map((d) => buildSource(context, d)),
    functions: input.functions.flatMap(
      (f) => buildFunction(context, f, properties.functions.get(stemOf(f.found.localPath))) ?? [],
    ),
  }
}

/** What refers to others and is referred to by nothing; fills `dependsOn` of all. */
function buildReaders(part: PackagePart): {
  readonly tests: readonly Test[]
  readonly analyses: readonly Analysis[]
  readonly exposures: readonly Exposure[]
  readonly exports: readonly Export[]
  readonly operations: readonly Operation[]
} {
  const { context, models, seeds, snapshots, sources, functions } = part
  const { properties } = part.input
  const singular = part.input.tests.map((f) =>
    buildSingularTest(context, f, properties.singularTests.get(stemOf(f.found.localPath))),
  )
  const analyses = part.input.analyses.map((f) =>
    buildAnalysis(context, f, properties.analyses.get(stemOf(f.found.localPath))),
  )
  const exposures = [...properties.exposures.values()].map((d) => buildExposure(context, d))
  const exports = [...properties.exports.values()].map((d) => buildExport(context, d))
  const operations = buildOperations(context)
  const lame = resolveDependencies(context, [
    ...models,
    ...seeds,
    ...snapshots,
    ...singular,
    ...analyses,
    ...functions,
    ...operations,
  ])
  resolveExposures(context, exposures)
  resolveExports(context, exports)
  const generic = placedTests(part, sources).flatMap((p) => buildGenericTest(context, p) ?? [])
  const runnable = singular.map((t) => (lame.has(t.uniqueId) ? { ...t, config: { ...t.config, enabled: false } } : t))
  return { tests: [...runnable, ...generic], analyses, exposures, exports, operations }
}

/** Those of packages first, by the package's name, as in dbt. */
function inOrder([root, ...packages]: readonly (readonly Operation[])[]): readonly Operation[] {
  return [...packages.flat(), ...(root ?? [])]
}

function reportUnmatched(
  parts: readonly PackagePart[],
  readers: Pick<Project, 'tests' | 'unitTests' | 'analyses' | 'exposures' | 'exports' | 'functions'>,
  packageNames: readonly string[],
  report: (diagnostic: Diagnostic) => void,
): void {
  for (const { input, models, seeds, snapshots, sources } of parts) {
    const { packageName } = input
    const own = <T extends Node>(nodes: readonly T[]): readonly T[] =>
      nodes.filter((n) => n.packageName === packageName)
    const known = {
      models,
      seeds,
      snapshots,
      sources,
      tests: own(readers.tests),
      unitTests: own(readers.unitTests),
      analyses: own(readers.analyses),
      exposures: own(readers.exposures),
      exports: own(readers.exports),
      functions: own(readers.functions),
      definitions: input.templates.definitions,
    }
    reportUnmatchedProperties(input.properties, known, report)
  }
  // What a package says of folders that it does not have is nothing that its user could mend.
  const known = {
    models: parts.flatMap((p) => p.models),
    seeds: parts.flatMap((p) => p.seeds),
    snapshots: parts.flatMap((p) => p.snapshots),
    sources: parts.flatMap((p) => p.sources),
    ...readers,
  }
  reportUnmatchedFolders(parts[0]!.input.project, known, packageNames, report)
}

function enabled<T extends Node>(nodes: readonly T[]): readonly T[] {
  return nodes.filter((n) => n.config.enabled)
}

/** Every entry of `data_tests:` with the node it stands at; entries of nodes that are not there fall away. */
function placedTests(part: PackagePart, sources: readonly Source[]): readonly PlacedTest[] {
  const { context, described: models } = part
  const { properties } = part.input
  const placed: PlacedTest[] = []
  const add = (
    node: Model | Seed | Snapshot | Source,
    described: Described<{ tests: readonly TestEntry[]; columns: readonly ColumnEntry[] }>,
  ): void => {
    const { entry, path, localPath } = described
    for (const test of entry.tests) placed.push({ entry: test, column: undefined, node, path, localPath })
    for (const column of entry.columns)
      for (const test of column.tests) placed.push({ entry: test, column, node, path, localPath })
  }
  for (const described of models) {
    const node = context.names.get(described.entry.name, context.packageName, described.version?.id)
    if (node?.resourceType === 'model') add(node, described)
  }
  for (const described of [...properties.seeds.values(), ...properties.snapshots.values()]) {
    const node = context.names.get(described.entry.name, context.packageName)
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
