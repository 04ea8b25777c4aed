import { createHash } from 'node:crypto'
import { SavedSelectors } from '../graph/selection/saved-selectors.ts'
import type { Project } from '../project/project.ts'
import { docEntries } from './doc-entries.ts'
import { type EntryParts, entryObject, entryText } from './entry.ts'
import { exportEntry } from './export-entry.ts'
import { exposureEntry } from './exposure-entry.ts'
import { groupEntries, groupMembers } from './group-entries.ts'
import { macroEntry, manifestMacros } from './macro-entry.ts'
import { createdAt, type ManifestInput } from './manifest-input.ts'
import { artifactMetadata } from './metadata.ts'
import { nodeParts, operationParts } from './node-parts.ts'
import { resourceEntry } from './resource-entry.ts'
import { selectorEntries } from './selector-entries.ts'
import { sourceEntry } from './source-entry.ts'
import { variablesKey } from './state/variables-key.ts'
import { unitTestEntry } from './unit-test-entry.ts'

/** What stands under one key of a section: an object in parts, or a list. */
type SectionValue = { readonly parts: EntryParts } | { readonly list: readonly unknown[] }

type Section = readonly [name: string, entries: Iterable<readonly [key: string, value: SectionValue]>]

/** `manifest.json` (v12) as one object, with every key that dbt writes. */
export function buildManifest(input: ManifestInput): Record<string, unknown> {
  const manifest: Record<string, unknown> = { metadata: manifestMetadata(input) }
  for (const [section, entries] of sections(input)) {
    const made: Record<string, unknown> = {}
    for (const [key, value] of entries) made[key] = 'list' in value ? value.list : entryObject(value.parts)
    manifest[section] = made
  }
  return manifest
}

/** The text of `manifest.json` in pieces of about one node, so that a large project never stands in memory twice. */
export function* manifestText(input: ManifestInput): Iterable<string> {
  yield `{"metadata":${JSON.stringify(manifestMetadata(input))}`
  for (const [section, entries] of sections(input)) {
    yield `,${JSON.stringify(section)}:{`
    let separator = ''
    for (const [key, value] of entries) {
      yield `${separator}${JSON.stringify(key)}:${'list' in value ? JSON.stringify(value.list) : entryText(value.parts)}`
      separator = ','
    }
    yield '}'
  }
  yield '}'
}

/** Variables are part of a state only where they are compared: they may hold what is nobody's business. */
function comparedVariables({ compareVariables, vars }: Project): Readonly<Record<string, string>> {
  return compareVariables ? { [variablesKey]: JSON.stringify(vars) } : {}
}

/** The sections whose entries are resources of the graph. */
const resourceSections: ReadonlySet<string> = new Set(['nodes', 'sources', 'exposures', 'unit_tests', 'functions'])

/** The entry of every resource of the graph, by unique id. */
export function* manifestNodes(input: ManifestInput): Iterable<readonly [uniqueId: string, parts: EntryParts]> {
  for (const [section, entries] of sections(input)) {
    if (!resourceSections.has(section)) continue
    for (const [key, value] of entries) if ('parts' in value) yield [key, value.parts]
  }
}

function manifestMetadata({ project, invocation, adapterType }: ManifestInput): Record<string, unknown> {
  return {
    ...artifactMetadata('manifest/v12', invocation, comparedVariables(project)),
    project_name: project.name,
    project_id: createHash('md5').update(project.name).digest('hex'),
    user_id: null,
    send_anonymous_usage_stats: false,
    adapter_type: adapterType,
    quoting: { database: true, schema: true, identifier: true, column: null },
    run_started_at: invocation.startedAt,
  }
}

function* sections(input: ManifestInput): Iterable<Section> {
  yield ['nodes', nodeEntries(input)]
  yield ['sources', sourceEntries(input)]
  yield ['macros', macroEntries(input)]
  yield ['docs', docEntries(input.project).map(([id, entry]) => [id, { parts: [entry] }])]
  yield ['exposures', exposureEntries(input)]
  yield ['metrics', []]
  yield ['groups', groupEntries(input)]
  yield [
    'selectors',
    selectorEntries(new SavedSelectors(input.project.selectors)).map(([name, e]) => [name, { parts: [e] }]),
  ]
  yield ['disabled', disabledEntries(input)]
  yield ['parent_map', parentEntries(input)]
  yield ['child_map', childEntries(input)]
  yield ['group_map', groupMembers(input)]
  for (const empty of ['saved_queries', 'semantic_models']) yield [empty, []]
  yield ['functions', functionEntries(input)]
  yield ['unit_tests', unitTestEntries(input)]
}

function* nodeEntries(input: ManifestInput): Section[1] {
  const { models, seeds, snapshots, tests, analyses, operations } = input.project
  for (const list of [models, seeds, snapshots, tests, analyses]) {
    for (const node of list) yield [node.uniqueId, { parts: nodeParts(node, input) }]
  }
  for (const operation of operations) yield [operation.uniqueId, { parts: operationParts(operation, input) }]
}

function* sourceEntries(input: ManifestInput): Section[1] {
  for (const source of input.project.sources) yield [source.uniqueId, { parts: [sourceEntry(source, input)] }]
}

function* functionEntries(input: ManifestInput): Section[1] {
  for (const node of input.project.functions) yield [node.uniqueId, { parts: nodeParts(node, input) }]
}

function* exposureEntries(input: ManifestInput): Section[1] {
  for (const exposure of input.project.exposures) yield [exposure.uniqueId, { parts: [exposureEntry(exposure, input)] }]
  for (const node of input.project.exports) yield [node.uniqueId, { parts: [exportEntry(node, input)] }]
}

function* unitTestEntries(input: ManifestInput): Section[1] {
  for (const test of input.project.unitTests) yield [test.uniqueId, { parts: [unitTestEntry(test, input)] }]
}

function* macroEntries(input: ManifestInput): Section[1] {
  const { project } = input
  for (const macro of manifestMacros(project)) {
    yield [macro.uniqueId, { parts: [macroEntry(macro, project, createdAt(input))] }]
  }
}

/** Disabled resources by unique id; several may share one, so each has a list. */
function* disabledEntries(input: ManifestInput): Section[1] {
  const byId = new Map<string, unknown[]>()
  for (const node of input.project.disabled) {
    byId.set(node.uniqueId, [...(byId.get(node.uniqueId) ?? []), resourceEntry(node, input)])
  }
  for (const [id, list] of byId) yield [id, { list }]
}

/** Every resource has an entry in both maps, also without links: readers index them without a default. */
function* parentEntries({ project, graph }: ManifestInput): Section[1] {
  for (const [id, parents] of graph.parents) yield [id, { list: [...parents].sort() }]
  for (const { uniqueId, dependsOn } of project.operations) yield [uniqueId, { list: [...dependsOn].sort() }]
}

function* childEntries({ project, graph }: ManifestInput): Section[1] {
  const readers = new Map<string, string[]>()
  for (const { uniqueId, dependsOn } of project.operations) {
    for (const parent of dependsOn) readers.set(parent, [...(readers.get(parent) ?? []), uniqueId])
  }
  for (const [id, children] of graph.children) {
    const reading = readers.get(id)
    yield [id, { list: reading === undefined ? children : [...children, ...reading].sort() }]
  }
  for (const { uniqueId } of project.operations) yield [uniqueId, { list: [] }]
}
