import { calledMacros } from '../graph/called-macros.ts'
import { primaryKey } from '../graph/primary-key.ts'
import type {
  Analysis,
  Export,
  Exposure,
  Model,
  Node,
  NodeRelation,
  Operation,
  Seed,
  Snapshot,
  Source,
  SqlFunction,
  Test,
} from '../project/resource.ts'
import { columnEntries, constraintEntries, contractEntry } from './column-entries.ts'
import { functionConfig, metaOf, modelConfig, relationConfig, testConfig } from './dbt-config.ts'
import { deferRelation } from './defer-relation.ts'
import type { EntryParts } from './entry.ts'
import {
  attachedNode,
  type DeclaredTest,
  fileKeyName,
  isDeclared,
  testCode,
  testedColumn,
  testMetadata,
} from './generic-test-entry.ts'
import { createdAt, type ManifestInput, outputPath } from './manifest-input.ts'
import { functionEntries, refEntries, sourceEntries } from './reference-entries.ts'
import { snapshotConfig } from './snapshot-config.ts'
import { storesFailures } from './stored-failures.ts'
import { unitTestEntry } from './unit-test-entry.ts'

type Entry = Record<string, unknown>

/** What differs between the kinds of nodes, of the keys that all have. */
interface Particulars {
  readonly relation: NodeRelation
  readonly relationName: string | null
  readonly rawCode: string
  readonly config: Entry
  readonly executed: boolean
  /** Of a test: the group of what it tests. */
  readonly group?: string | null | undefined
}

const none: readonly never[] = []

function baseEntry(
  node: Model | Seed | Snapshot | Test | Analysis | SqlFunction | Operation,
  particulars: Particulars,
  input: ManifestInput,
): Entry {
  const { relation, relationName, rawCode, config, executed } = particulars
  const isText = node.resourceType !== 'test' || node.generic === null
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
    checksum: isText ? { name: 'sha256', checksum: node.checksum } : { name: 'none', checksum: '' },
    config,
    tags: node.tags,
    description: node.description,
    columns: columnEntries(node.columns),
    meta: metaOf(node),
    group: particulars.group ?? node.config.group,
    docs: node.config.docs,
    patch_path: node.patchPath === null || !isText ? null : `${node.packageName}://${node.patchPath}`,
    build_path: executed ? `${input.project.targetPath}/run/${outputPath(node)}` : null,
    unrendered_config: node.unrenderedConfig,
    created_at: createdAt(input),
    relation_name: relationName,
    raw_code: rawCode,
    doc_blocks: node.docBlocks ?? none,
  }
}

/** Names that a node refers to and the nodes that are meant. */
interface References {
  readonly refs: readonly Entry[]
  readonly sources: readonly (readonly string[])[]
  readonly parents: readonly string[]
  readonly functions: readonly (readonly string[])[]
}

function writtenReferences({
  facts,
  dependsOn,
}: Model | Snapshot | Test | Analysis | SqlFunction | Operation): References {
  const functions = functionEntries(facts.functions)
  return { refs: refEntries(facts.refs), sources: sourceEntries(facts.sources), functions, parents: dependsOn }
}

/** References of a declared test come from its parents, whose names the readers compare with the unique ids. */
function declaredReferences(test: DeclaredTest, input: ManifestInput): References {
  const parents = test.dependsOn
  const refs: Entry[] = []
  const sources: string[][] = []
  for (const id of parents) {
    const node = input.graph.nodes.get(id)
    if (node?.resourceType === 'source') sources.push([node.sourceName, node.name])
    else if (node !== undefined) refs.push({ name: node.name, package: null, version: null })
  }
  return { refs, sources, functions: none, parents }
}

function compiledEntry(
  node: Model | Snapshot | Test | Analysis | SqlFunction | Operation,
  references: References,
  input: ManifestInput,
): Entry {
  const compiled = input.compiled.get(node.uniqueId)
  const isCompiled = compiled !== undefined
  return {
    language: 'sql',
    refs: references.refs,
    sources: references.sources,
    metrics: none,
    functions: references.functions,
    depends_on: { macros: calledMacros(node), nodes: references.parents },
    compiled_path: isCompiled ? `${input.project.targetPath}/compiled/${outputPath(node)}` : null,
    compiled: isCompiled,
    compiled_code: compiled?.sql.text ?? null,
    extra_ctes_injected: isCompiled,
    extra_ctes: compiled?.extraCtes ?? none,
    contract: contractEntry(node),
  }
}

function modelParts(model: Model, input: ManifestInput): EntryParts {
  const ephemeral = model.config.materialized === 'ephemeral'
  const particulars = {
    relation: model.relation,
    relationName: ephemeral ? null : input.relationName(model.relation),
    rawCode: model.template.file.text,
    config: modelConfig(model),
    executed: input.executed.has(model.uniqueId),
  }
  const more = {
    access: model.config.access,
    constraints: constraintEntries(model.constraints),
    version: model.version?.id ?? null,
    latest_version: model.version?.latest ?? null,
    deprecation_date: model.deprecationDate,
    defer_relation: deferRelation(input.deferTo?.get(model.uniqueId)),
    primary_key: primaryKey(model, input.graph),
    time_spine: null,
  }
  return [baseEntry(model, particulars, input), compiledEntry(model, writtenReferences(model), input), more]
}

function seedParts(seed: Seed, input: ManifestInput): EntryParts {
  const particulars = {
    relation: seed.relation,
    relationName: input.relationName(seed.relation),
    rawCode: '',
    config: relationConfig(seed),
    executed: input.executed.has(seed.uniqueId),
  }
  const more = {
    root_path: input.project.root,
    depends_on: { macros: none },
    defer_relation: deferRelation(input.deferTo?.get(seed.uniqueId)),
  }
  return [baseEntry(seed, particulars, input), more]
}

function snapshotParts(snapshot: Snapshot, input: ManifestInput): EntryParts {
  const particulars = {
    relation: snapshot.relation,
    relationName: input.relationName(snapshot.relation),
    rawCode: snapshot.rawCode,
    config: snapshotConfig(snapshot),
    executed: input.executed.has(snapshot.uniqueId),
  }
  const base = baseEntry(snapshot, particulars, input)
  return [base, compiledEntry(snapshot, writtenReferences(snapshot), input), { defer_relation: null }]
}

function testParts(test: Test, input: ManifestInput): EntryParts {
  const particulars = {
    relation: test.relation,
    relationName: storesFailures(test) ? input.relationName(test.relation) : null,
    rawCode: isDeclared(test) ? testCode(test) : (test.template?.file.text ?? ''),
    config: testConfig(test),
    executed: input.executed.has(test.uniqueId),
    group: test.attachedNode === null ? null : input.graph.nodes.get(test.attachedNode)?.config.group,
  }
  const base = baseEntry(test, particulars, input)
  if (!isDeclared(test)) return [base, compiledEntry(test, writtenReferences(test), input)]
  const more = {
    column_name: testedColumn(test),
    file_key_name: fileKeyName(test, input.graph),
    attached_node: attachedNode(test),
    test_metadata: testMetadata(test, input.graph),
  }
  return [base, compiledEntry(test, declaredReferences(test, input), input), more]
}

function analysisParts(analysis: Analysis, input: ManifestInput): EntryParts {
  const particulars = {
    relation: { ...input.target, identifier: analysis.name },
    relationName: null,
    rawCode: analysis.template.file.text,
    config: relationConfig(analysis),
    executed: false,
  }
  return [baseEntry(analysis, particulars, input), compiledEntry(analysis, writtenReferences(analysis), input)]
}

/** A function of the warehouse: of the manifest's own map. */
function functionParts(node: SqlFunction, input: ManifestInput): EntryParts {
  const particulars = {
    relation: node.relation,
    relationName: input.relationName(node.relation),
    rawCode: node.template.file.text,
    config: functionConfig(node),
    executed: input.executed.has(node.uniqueId),
  }
  const more = {
    returns: { data_type: node.returns.dataType, description: node.returns.description },
    arguments: node.arguments.map(({ name, dataType, description, defaultValue }) => {
      return { name, data_type: dataType, description, default_value: defaultValue }
    }),
    overloads: none,
    defer_function: null,
  }
  return [baseEntry(node, particulars, input), compiledEntry(node, writtenReferences(node), input), more]
}

/** A statement of `on-run-start` or `on-run-end`. */
export function operationParts(operation: Operation, input: ManifestInput): EntryParts {
  const particulars = {
    relation: { ...input.target, identifier: operation.name },
    relationName: null,
    rawCode: operation.rawCode,
    config: relationConfig(operation),
    executed: false,
  }
  const more = { index: operation.index }
  return [baseEntry(operation, particulars, input), compiledEntry(operation, writtenReferences(operation), input), more]
}

/** A node of the manifest, with every key that dbt writes. */
export function nodeParts(node: Exclude<Node, Source | Exposure | Export>, input: ManifestInput): EntryParts {
  switch (node.resourceType) {
    case 'model':
      return modelParts(node, input)
    case 'seed':
      return seedParts(node, input)
    case 'snapshot':
      return snapshotParts(node, input)
    case 'test':
      return testParts(node, input)
    case 'function':
      return functionParts(node, input)
    case 'analysis':
      return analysisParts(node, input)
    case 'unit_test':
      return [unitTestEntry(node, input)]
  }
}
