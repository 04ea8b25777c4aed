import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { ColumnEntry, TestEntry } from '../config/property-types.ts'
import { versionSuffix } from '../config/version-order.ts'
import type { StaticFacts } from '../template/template.ts'
import { configLayers } from './config-layers.ts'
import type { LoadContext } from './load-context.ts'
import type { RelationNode, Test } from './resource.ts'
import { foldersOf } from './resource-folder.ts'
import { argumentsFit, findTestMacro, noReferences, resolveReferences } from './test-arguments.ts'
import { genericTestHash, genericTestNames, type TestedNode, testedNodeText } from './test-names.ts'

const NO_COLUMNS: Test['columns'] = []

/** A test entry and what it stands at. */
export interface PlacedTest {
  readonly entry: TestEntry
  readonly column: ColumnEntry | undefined
  readonly node: RelationNode
  readonly path: string
  readonly localPath: string
}

/** One entry of `data_tests:` -> a test; undefined after a report. */
export function buildGenericTest(context: LoadContext, placed: PlacedTest): Test | undefined {
  const { entry, node } = placed
  const macro = findTestMacro(context, entry)
  if (macro === undefined) return undefined
  const { given, kwargs } = splitArguments(entry)
  const columnName = placed.column === undefined ? given : columnText(placed.column)
  if (!argumentsFit(context, entry, macro, columnName)) return undefined
  const tested = testedNode(node)
  const nameArgs = columnName === null ? kwargs : { ...kwargs, column_name: columnName }
  const made = genericTestNames(entry.name, entry.namespace, tested, nameArgs)
  const name = entry.label ?? made.name
  const shortName = entry.label ?? made.shortName
  const hash = genericTestHash(name, entry.name, entry.namespace, { ...nameArgs, model: testedNodeText(tested) })
  const uniqueId = `test.${context.packageName}.${name}.${hash}`
  const facts = context.templates.definitionFacts(macro, kwargs)
  // What a test of a disabled node refers to may be gone with it.
  const references = node.config.enabled
    ? resolveReferences(context, entry, facts, { uniqueId, name, test: true })
    : noReferences
  const fqn = [context.packageName, ...foldersOf(placed.localPath), name]
  const { config, unrendered } = testConfig(context, fqn, facts, entry, name === shortName ? null : shortName)
  const enabled = config.enabled && node.config.enabled && !references.disabled
  const originalFilePath = placed.path
  const path = `${shortName}.sql`
  const { packageName } = context
  const { span } = entry
  const own = enabled === config.enabled ? config : { ...config, enabled }
  return {
    uniqueId,
    name,
    packageName,
    path,
    originalFilePath,
    fqn,
    span,
    config: own,
    resourceType: 'test',
    description: entry.description,
    unrenderedConfig: unrendered,
    tags: joinTags(placed, config.tags),
    meta: config.meta,
    columns: NO_COLUMNS,
    patchPath: null,
    dependsOn: dependencies(entry, node.uniqueId, [...Object.values(references.ids), ...references.others]),
    checksum: '',
    relation: context.naming.name(name, config, () => {
      return { uniqueId, name, packageName, path, originalFilePath, fqn, config: own, resourceType: 'test' }
    }),
    hash,
    generic: {
      name: entry.name,
      namespace: entry.namespace,
      macroId: macro.uniqueId,
      kwargs,
      argumentSpans: entry.argumentSpans,
      references: references.ids,
    },
    template: null,
    facts,
    attachedNode: node.uniqueId,
    columnName,
  }
}

/** The column's name as it stands in SQL. */
function columnText(column: ColumnEntry): string {
  return column.quote === true ? `"${column.name.replaceAll('"', '""')}"` : column.name
}

/** The column that an entry at a model names, and the other arguments. */
function splitArguments(entry: TestEntry): { readonly given: string | null; readonly kwargs: TestEntry['args'] } {
  if (!Object.hasOwn(entry.args, 'column_name')) return { given: null, kwargs: entry.args }
  const { column_name: given, ...kwargs } = entry.args
  return { given: typeof given === 'string' ? given : null, kwargs }
}

function testedNode(node: RelationNode): TestedNode {
  if (node.resourceType === 'model' && node.version !== null) {
    const { id } = node.version
    const reference = `ref('${node.name}', version='${id}')`
    return { kind: 'model', name: `${node.name}_${versionSuffix(id)}`, reference }
  }
  if (node.resourceType !== 'source') return { kind: 'model', name: node.name, reference: `ref('${node.name}')` }
  return {
    kind: 'source',
    name: `${node.sourceName}_${node.name}`,
    reference: `source('${node.sourceName}', '${node.name}')`,
  }
}

/**
 * The tested node first, except for `relationships`, where readers of dbt's artifacts expect it last. Sources stand
 * before all others, as in dbt.
 */
function dependencies(entry: TestEntry, tested: string, referenced: readonly string[]): string[] {
  const last = entry.name === 'relationships' && (entry.namespace === null || entry.namespace === 'dbt')
  const ids = new Set(last ? [...referenced, tested] : [tested, ...referenced])
  if (ids.size < 2) return [...ids]
  const [sources, others]: [string[], string[]] = [[], []]
  for (const id of ids) (id.startsWith('source.') ? sources : others).push(id)
  return [...sources, ...others]
}

function testConfig(
  context: LoadContext,
  fqn: readonly string[],
  facts: StaticFacts,
  entry: TestEntry,
  alias: string | null,
): ReturnType<typeof mergeConfig> {
  const defaults = context.templates.definitionConfig(facts)
  // As in dbt, what the definition says is stronger than the folders of the project file.
  const layers = configLayers(context, 'tests', fqn, [defaults, entry.config])
  const merged = mergeConfig(DEFAULT_CONFIG.test, layers)
  if (alias === null || merged.config.alias !== null) return merged
  return { config: { ...merged.config, alias }, unrendered: { ...merged.unrendered, alias } }
}

/** As in dbt, a test has the tags of its column, and those of a source, but not those of a model. */
function joinTags({ node, column }: PlacedTest, own: readonly string[]): readonly string[] {
  const source = node.resourceType === 'source' ? node.tags : []
  const inherited = [...source, ...(column?.tags ?? [])]
  return inherited.length === 0 ? own : [...new Set([...inherited, ...own])]
}
