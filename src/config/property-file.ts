import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source-file.ts'
import type { ConfigLayer } from './config-layer.ts'
import type { FindDoc } from './doc-block.ts'
import { badName, unsupportedResource, wrongValue } from './errors.ts'
import type { ExportEntry } from './exports/export-entry.ts'
import { readExport } from './exports/read-exports.ts'
import { parseYaml } from './parse-yaml.ts'
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
} from './property-types.ts'
import { readAnalysis } from './read-analyses.ts'
import { readColumns, readConstraints } from './read-columns.ts'
import { configHint, readConfig } from './read-config.ts'
import { readDate } from './read-date.ts'
import { readDescription, readDocumented } from './read-description.ts'
import { readExposure } from './read-exposures.ts'
import { readFunction } from './read-functions.ts'
import { readGroup } from './read-groups.ts'
import { readSnapshot } from './read-snapshots.ts'
import { readSource } from './read-sources.ts'
import { readTests } from './read-tests.ts'
import { readUnitTest } from './read-unit-tests.ts'
import { readVersions, type VersionBase } from './read-versions.ts'
import type { UnitTestEntry } from './unit-test-entry.ts'
import { entryOf, type YamlEntry, type YamlMap, type YamlNode } from './yaml-node.ts'
import { type EvaluateScalar, isNothing, YamlReader } from './yaml-reader.ts'

/** Everything that one property file says, checked. */
export interface PropertyFile {
  readonly path: string
  readonly nodes: readonly NodeEntry[]
  readonly sources: readonly SourceEntry[]
  readonly snapshots: readonly SnapshotEntry[]
  readonly macros: readonly MacroEntry[]
  readonly singularTests: readonly SingularTestEntry[]
  readonly exposures: readonly ExposureEntry[]
  readonly exports: readonly ExportEntry[]
  readonly analyses: readonly AnalysisEntry[]
  readonly functions: readonly FunctionEntry[]
  readonly groups: readonly GroupEntry[]
  readonly unitTests: readonly UnitTestEntry[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Kinds of resources that dbt has and this version does not evaluate. */
const LATER = ['metrics', 'semantic_models', 'saved_queries'] as const
/** `anchors` holds nothing but anchors for use below. */
const TOP_KEYS: readonly string[] = [
  'version',
  'models',
  'sources',
  'seeds',
  'snapshots',
  'macros',
  'tests',
  'data_tests',
  'exposures',
  'exports',
  'analyses',
  'functions',
  'groups',
  'unit_tests',
  'anchors',
  ...LATER,
]

const MODEL_KEYS: readonly string[] = [
  'name',
  'description',
  'config',
  'columns',
  'tests',
  'data_tests',
  'constraints',
  'docs',
  'meta',
  'access',
  'group',
  'latest_version',
  'versions',
  'deprecation_date',
  'time_spine',
  'primary_key',
  'semantic_model',
  'metrics',
  'agg_time_dimension',
]
const SEED_KEYS: readonly string[] = [
  'name',
  'description',
  'config',
  'columns',
  'tests',
  'data_tests',
  'docs',
  'meta',
  'group',
]
/** Keys of a model or seed that are configuration, too. */
const CONFIG_BESIDE = ['meta', 'docs', 'access', 'group'] as const
/** dbt's keys that make resources of the semantic layer out of a model. */
const SEMANTIC_KEYS: readonly string[] = ['semantic_model', 'metrics', 'agg_time_dimension', 'time_spine']

/** Reads a property file. A pure function of the file and of what templates in it mean. */
export function readPropertyFile(file: SourceFile, evaluate: EvaluateScalar, findDoc?: FindDoc): PropertyFile {
  const { root, diagnostics: syntax } = parseYaml(file)
  const diagnostics: Diagnostic[] = [...syntax]
  const found = {
    nodes: [] as NodeEntry[],
    sources: [] as SourceEntry[],
    snapshots: [] as SnapshotEntry[],
    macros: [] as MacroEntry[],
    singularTests: [] as SingularTestEntry[],
    exposures: [] as ExposureEntry[],
    exports: [] as ExportEntry[],
    analyses: [] as AnalysisEntry[],
    functions: [] as FunctionEntry[],
    groups: [] as GroupEntry[],
    unitTests: [] as UnitTestEntry[],
  }
  if (root === undefined || isNothing(root)) return { path: file.path, ...found, diagnostics }
  const reader = new YamlReader(file, diagnostics, evaluate, findDoc)
  const map = reader.map(root, 'a property file', TOP_KEYS, workbookHint)
  for (const entry of map?.entries ?? []) {
    if (isNothing(entry.value)) continue
    if (entry.key === 'version') checkVersion(reader, entry)
    else if (entry.key === 'models')
      for (const n of items(reader, entry)) push(found.nodes, readNode(reader, n, 'model'))
    else if (entry.key === 'seeds') for (const n of items(reader, entry)) push(found.nodes, readNode(reader, n, 'seed'))
    else if (entry.key === 'sources') for (const n of items(reader, entry)) found.sources.push(...readSource(reader, n))
    else if (entry.key === 'snapshots')
      for (const n of items(reader, entry)) push(found.snapshots, readSnapshot(reader, n))
    else if (entry.key === 'macros') for (const n of items(reader, entry)) push(found.macros, readMacro(reader, n))
    else if (entry.key === 'tests' || entry.key === 'data_tests')
      for (const n of items(reader, entry)) push(found.singularTests, readSingularTest(reader, n))
    else if (entry.key === 'exposures')
      for (const n of items(reader, entry)) push(found.exposures, readExposure(reader, n))
    else if (entry.key === 'exports') for (const n of items(reader, entry)) push(found.exports, readExport(reader, n))
    else if (entry.key === 'analyses')
      for (const n of items(reader, entry)) push(found.analyses, readAnalysis(reader, n))
    else if (entry.key === 'functions')
      for (const n of items(reader, entry)) push(found.functions, readFunction(reader, n))
    else if (entry.key === 'groups') for (const n of items(reader, entry)) push(found.groups, readGroup(reader, n))
    else if (entry.key === 'unit_tests')
      for (const n of items(reader, entry)) push(found.unitTests, readUnitTest(reader, n))
    else if ((LATER as readonly string[]).includes(entry.key)) {
      const count = entry.value.kind === 'list' ? entry.value.items.length : 1
      if (count > 0) reader.report(unsupportedResource({ kind: entry.key, count }, { span: reader.keySpan(entry) }))
    }
  }
  return { path: file.path, ...found, diagnostics }
}

/** A workbook's file among those of models. */
function workbookHint(key: string): string | undefined {
  if (key !== 'sheets' && key !== 'dashboards') return undefined
  return 'the file of a workbook stands outside of the folders of models, for example in `dashboards/`, and an export names it'
}

function items(reader: YamlReader, entry: YamlEntry): readonly YamlNode[] {
  return reader.list(entry.value, `\`${entry.key}\``)
}

function push<T>(list: T[], item: T | undefined): void {
  if (item !== undefined) list.push(item)
}

/** `version: 2` is optional; `2.0`, as some files have it, is the same number. */
function checkVersion(reader: YamlReader, entry: YamlEntry): void {
  const value = reader.value(entry.value)
  if (value === 2 || value === undefined) return
  reader.report(
    wrongValue(
      { what: 'version of a property file', value: String(value), allowed: ['2'] },
      { span: reader.span(entry.value) },
    ),
  )
}

function readNode(reader: YamlReader, node: YamlNode, kind: 'model' | 'seed'): NodeEntry | undefined {
  const map = reader.map(node, `a ${kind}`, kind === 'model' ? MODEL_KEYS : SEED_KEYS, configHint(kind))
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', `a ${kind}`, `name: ${kind === 'model' ? 'orders' : 'countries'}`)
  if (name === undefined) return undefined
  const nameSpan = reader.span(entryOf(map, 'name')!.value)
  if (/[\s/\\]/.test(name)) return reader.report(badName({ what: `a ${kind}`, name }, { span: nameSpan }))
  const where = `the ${kind} \`${name}\``
  for (const key of kind === 'model' ? SEMANTIC_KEYS : []) {
    const entry = entryOf(map, key)
    if (entry === undefined || isNothing(entry.value)) continue
    const count = entry.value.kind === 'list' ? entry.value.items.length : 1
    reader.report(unsupportedResource({ kind: key, count }, { span: reader.keySpan(entry) }))
  }
  const base: VersionBase = {
    kind,
    name,
    nameSpan,
    ...readDocumented(reader, map),
    config: readConfig(reader, map, { where, resource: kind, beside: CONFIG_BESIDE }),
    columns: readColumns(reader, map, where),
    tests: readTests(reader, map),
    constraints: readConstraints(reader, map, where, 'model'),
    deprecation: kind === 'model' ? readDate(reader, map, 'deprecation_date') : null,
  }
  if (kind === 'seed') return { ...base, versions: [], latestVersion: null }
  const readVersionConfig = (version: YamlMap, of: string): ConfigLayer =>
    readConfig(reader, version, { where: of, resource: 'model', beside: CONFIG_BESIDE })
  return { ...base, ...readVersions(reader, map, { base, where, readConfig: readVersionConfig }) }
}

function readSingularTest(reader: YamlReader, node: YamlNode): SingularTestEntry | undefined {
  const map = reader.map(node, 'a test', ['name', 'description', 'config', 'meta', 'docs'], configHint('test'))
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', 'a test', 'name: totals_agree')
  if (name === undefined) return undefined
  const entries =
    entryOf(map, 'docs') === undefined ? map : { ...map, entries: map.entries.filter((e) => e.key !== 'docs') }
  return {
    name,
    nameSpan: reader.span(entryOf(map, 'name')!.value),
    ...readDocumented(reader, map),
    config: readConfig(reader, entries, { where: `the test \`${name}\``, resource: 'test', beside: CONFIG_BESIDE }),
  }
}

const MACRO_KEYS = ['name', 'description', 'arguments', 'docs', 'meta', 'config'] as const

function readMacro(reader: YamlReader, node: YamlNode): MacroEntry | undefined {
  const map = reader.map(node, 'a macro', MACRO_KEYS)
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', 'a macro', 'name: cents_to_dollars')
  if (name === undefined) return undefined
  const args = reader
    .list(entryOf(map, 'arguments')?.value, `\`arguments\` of the macro \`${name}\``)
    .flatMap((item) => {
      const argument = reader.map(item, `an argument of the macro \`${name}\``, ['name', 'type', 'description'])
      const argumentName =
        argument === undefined
          ? undefined
          : reader.requiredText(argument, 'name', `an argument of the macro \`${name}\``)
      if (argument === undefined || argumentName === undefined) return []
      return [
        {
          name: argumentName,
          type: reader.optionalText(argument, 'type', '`type`') ?? null,
          description: readDescription(reader, argument),
        },
      ]
    })
  const metaEntry = entryOf(map, 'meta')
  const config = entryOf(map, 'config')
  const inner =
    config === undefined || isNothing(config.value) ? undefined : reader.map(config.value, '`config`', ['meta', 'docs'])
  const meta: Record<string, never> = {}
  for (const entry of [metaEntry, inner === undefined ? undefined : entryOf(inner, 'meta')]) {
    if (entry === undefined || isNothing(entry.value) || reader.map(entry.value, '`meta`', undefined) === undefined)
      continue
    Object.assign(meta, reader.value(entry.value))
  }
  return {
    name,
    nameSpan: reader.span(entryOf(map, 'name')!.value),
    description: readDescription(reader, map),
    arguments: args,
    meta,
  }
}
