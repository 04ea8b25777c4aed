import { createHash } from 'node:crypto'
import type { Project } from '../project/project.ts'
import type { Node } from '../project/resource.ts'
import { macroEntry, manifestMacros } from './macro-entry.ts'
import type { ManifestInput } from './manifest-input.ts'
import { artifactMetadata } from './metadata.ts'
import { modelEntry, operationEntry, seedEntry, testEntry } from './node-entry.ts'
import { sourceEntry } from './source-entry.ts'

type Entries = Iterable<readonly [key: string, value: unknown]>

/** `manifest.json` (v12) as one object, with every key that dbt writes. */
export function buildManifest(input: ManifestInput): Record<string, unknown> {
  const manifest: Record<string, unknown> = { metadata: manifestMetadata(input) }
  for (const [key, entries] of sections(input)) manifest[key] = Object.fromEntries(entries)
  return manifest
}

/** The text of `manifest.json` in pieces of about one node, so that a large project never stands in memory twice. */
export function* manifestText(input: ManifestInput): Iterable<string> {
  yield `{"metadata":${JSON.stringify(manifestMetadata(input))}`
  for (const [section, entries] of sections(input)) {
    let separator = `,${JSON.stringify(section)}:{`
    for (const [key, value] of entries) {
      yield `${separator}${JSON.stringify(key)}:${JSON.stringify(value)}`
      separator = ','
    }
    yield separator === ',' ? '}' : `${separator}}`
  }
  yield '}'
}

function manifestMetadata({ project, invocation, adapterType }: ManifestInput): Record<string, unknown> {
  return {
    ...artifactMetadata('manifest/v12', invocation),
    project_name: project.name,
    project_id: createHash('md5').update(project.name).digest('hex'),
    user_id: null,
    send_anonymous_usage_stats: false,
    adapter_type: adapterType,
    quoting: { database: true, schema: true, identifier: true, column: null },
    run_started_at: invocation.startedAt,
  }
}

function* sections(input: ManifestInput): Iterable<readonly [section: string, entries: Entries]> {
  yield ['nodes', nodeEntries(input)]
  yield ['sources', input.project.sources.map((s) => [s.uniqueId, sourceEntry(s, input)] as const)]
  yield ['macros', macroEntries(input)]
  yield ['docs', [overview(input.project)]]
  for (const empty of ['exposures', 'metrics', 'groups', 'selectors']) yield [empty, []]
  yield ['disabled', disabledEntries(input)]
  yield ['parent_map', parentEntries(input)]
  yield ['child_map', childEntries(input)]
  for (const empty of ['group_map', 'saved_queries', 'semantic_models', 'unit_tests', 'functions']) yield [empty, []]
}

function nodeEntry(node: Exclude<Node, { resourceType: 'source' }>, input: ManifestInput): Record<string, unknown> {
  if (node.resourceType === 'model') return modelEntry(node, input)
  return node.resourceType === 'seed' ? seedEntry(node, input) : testEntry(node, input)
}

function* nodeEntries(input: ManifestInput): Entries {
  const { models, seeds, tests, operations } = input.project
  for (const list of [models, seeds, tests]) for (const node of list) yield [node.uniqueId, nodeEntry(node, input)]
  for (const operation of operations) yield [operation.uniqueId, operationEntry(operation, input)]
}

function* macroEntries({ project, invocation }: ManifestInput): Entries {
  const createdAt = Date.parse(invocation.startedAt) / 1000
  for (const macro of manifestMacros(project)) yield [macro.uniqueId, macroEntry(macro, project, createdAt)]
}

/** The home page of dbt's documentation site. */
function overview(project: Project): readonly [string, unknown] {
  const id = `doc.${project.name}.__overview__`
  const path = 'overview.md'
  const block_contents = `# ${project.name}\n\nModels, sources and tests of \`${project.name}\`, built with tsdbt.`
  const place = { package_name: project.name, path, original_file_path: path, unique_id: id }
  return [id, { name: '__overview__', resource_type: 'doc', ...place, block_contents }]
}

/** Disabled resources by unique id; several may share one, so each has a list. */
function disabledEntries(input: ManifestInput): Entries {
  const byId = new Map<string, unknown[]>()
  for (const node of input.project.disabled) {
    const entry = node.resourceType === 'source' ? sourceEntry(node, input) : nodeEntry(node, input)
    byId.set(node.uniqueId, [...(byId.get(node.uniqueId) ?? []), entry])
  }
  return byId
}

/** Every resource has an entry in both maps, also without links: readers index them without a default. */
function* parentEntries({ project, graph }: ManifestInput): Entries {
  for (const [id, parents] of graph.parents) yield [id, [...parents].sort()]
  for (const { uniqueId, dependsOn } of project.operations) yield [uniqueId, [...dependsOn].sort()]
}

function* childEntries({ project, graph }: ManifestInput): Entries {
  const readers = new Map<string, string[]>()
  for (const { uniqueId, dependsOn } of project.operations) {
    for (const parent of dependsOn) readers.set(parent, [...(readers.get(parent) ?? []), uniqueId])
  }
  for (const [id, children] of graph.children) yield [id, [...children, ...(readers.get(id) ?? [])].sort()]
  for (const { uniqueId } of project.operations) yield [uniqueId, []]
}
