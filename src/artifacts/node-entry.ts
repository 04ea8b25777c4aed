import type { Model, Node, NodeRelation, Operation, Seed, Test } from '../project/resource.ts'
import type { RefCall, SourceCall } from '../template/host.ts'
import { columnEntries, constraintEntries, contractEntry } from './column-entries.ts'
import { dbtConfig, metaOf } from './dbt-config.ts'
import { fileKeyName, isDeclared, testCode, testMetadata, testParents } from './generic-test-entry.ts'
import { type ManifestInput, outputPath } from './manifest-input.ts'
import { primaryKey } from './primary-key.ts'

type Entry = Record<string, unknown>

function createdAt(input: ManifestInput): number {
  return Date.parse(input.invocation.startedAt) / 1000
}

function baseEntry(node: Model | Seed | Test | Operation, relation: NodeRelation, input: ManifestInput): Entry {
  const { config } = node
  return {
    database: relation.database,
    schema: relation.schema,
    name: node.name,
    resource_type: node.resourceType,
    package_name: node.packageName,
    path: node.path,
    original_file_path: node.originalFilePath,
    unique_id: node.uniqueId,
    fqn: node.fqn,
    alias: relation.identifier,
    checksum: { name: 'sha256', checksum: node.checksum },
    config: dbtConfig(node),
    tags: node.tags,
    description: node.description,
    columns: columnEntries(node.columns),
    meta: metaOf(node),
    group: config.group,
    docs: config.docs,
    patch_path: node.patchPath === null ? null : `${node.packageName}://${node.patchPath}`,
    build_path: null,
    unrendered_config: node.unrenderedConfig,
    created_at: createdAt(input),
    relation_name: null,
    raw_code: '',
    doc_blocks: [],
  }
}

function versionOf(version: string | undefined): number | string | null {
  if (version === undefined) return null
  return /^\d+(\.\d+)?$/.test(version) ? Number(version) : version
}

function refEntries(refs: readonly RefCall[]): readonly Entry[] {
  const entries = new Map<string, Entry>()
  for (const ref of refs) {
    const entry = { name: ref.name, package: ref.package ?? null, version: versionOf(ref.version) }
    entries.set(JSON.stringify(entry), entry)
  }
  return [...entries.values()]
}

function sourceEntries(calls: readonly SourceCall[]): readonly (readonly string[])[] {
  return [...new Map(calls.map((call) => [`${call.source}\n${call.table}`, [call.source, call.table]])).values()]
}

function compiledEntry(node: Model | Test | Operation, parents: readonly string[], input: ManifestInput): Entry {
  const compiled = input.compiled.get(node.uniqueId)
  const ephemeral = node.config.materialized === 'ephemeral'
  return {
    language: 'sql',
    refs: refEntries(node.facts.refs),
    sources: sourceEntries(node.facts.sources),
    metrics: [],
    functions: [],
    depends_on: { macros: node.facts.macros, nodes: parents },
    compiled_path: compiled === undefined ? null : `${input.project.targetPath}/compiled/${outputPath(node)}`,
    compiled: compiled !== undefined,
    compiled_code: compiled?.sql.text ?? null,
    extra_ctes_injected: compiled !== undefined,
    extra_ctes: compiled?.extraCtes ?? [],
    contract: contractEntry(node),
    build_path:
      input.executed.has(node.uniqueId) && !ephemeral ? `${input.project.targetPath}/run/${outputPath(node)}` : null,
  }
}

/** A model of the manifest, with every key that dbt writes. */
export function modelEntry(model: Model, input: ManifestInput): Entry {
  const ephemeral = model.config.materialized === 'ephemeral'
  return {
    ...baseEntry(model, model.relation, input),
    relation_name: ephemeral ? null : input.relationName(model.relation),
    raw_code: model.template.file.text,
    ...compiledEntry(model, model.dependsOn, input),
    access: model.config.access,
    constraints: constraintEntries(model.constraints),
    version: null,
    latest_version: null,
    deprecation_date: null,
    defer_relation: null,
    primary_key: primaryKey(model, input.graph),
    time_spine: null,
  }
}

export function seedEntry(seed: Seed, input: ManifestInput): Entry {
  return {
    ...baseEntry(seed, seed.relation, input),
    relation_name: input.relationName(seed.relation),
    root_path: input.project.root,
    depends_on: { macros: [] },
    defer_relation: null,
  }
}

/** References of a declared test come from its parents, whose names the readers compare with the unique ids. */
function declaredReferences(parents: readonly string[], input: ManifestInput): Entry {
  const nodes = parents.map((id) => input.graph.nodes.get(id)).filter((node) => node !== undefined)
  const isSource = (node: Node) => node.resourceType === 'source'
  return {
    refs: nodes.filter((n) => !isSource(n)).map((n) => ({ name: n.name, package: null, version: null })),
    sources: nodes.flatMap((n) => (n.resourceType === 'source' ? [[n.sourceName, n.name]] : [])),
  }
}

function storesFailures({ config }: Test): boolean {
  return config.store_failures_as === null ? config.store_failures === true : config.store_failures_as !== 'ephemeral'
}

export function testEntry(test: Test, input: ManifestInput): Entry {
  const parents = testParents(test)
  const entry: Entry = {
    ...baseEntry(test, test.relation, input),
    relation_name: storesFailures(test) ? input.relationName(test.relation) : null,
    raw_code: test.template?.file.text ?? '',
    ...compiledEntry(test, parents, input),
  }
  if (!isDeclared(test)) return entry
  return {
    ...entry,
    ...declaredReferences(parents, input),
    checksum: { name: 'none', checksum: '' },
    patch_path: null,
    raw_code: testCode(test),
    column_name: test.columnName,
    file_key_name: fileKeyName(test, input.graph),
    attached_node: test.attachedNode,
    test_metadata: testMetadata(test, input.graph),
  }
}

/** A statement of `on-run-start` or `on-run-end`. */
export function operationEntry(operation: Operation, input: ManifestInput): Entry {
  return {
    ...baseEntry(operation, { ...input.target, identifier: operation.name }, input),
    raw_code: operation.rawCode,
    ...compiledEntry(operation, operation.dependsOn, input),
    build_path: null,
    index: operation.index,
  }
}
