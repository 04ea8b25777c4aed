import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { ConfigValue } from '../config/node-config.ts'
import type { ColumnEntry, SingularTestEntry, TestEntry } from '../config/property-types.ts'
import { looksLikeReference, parseReferenceText } from '../config/reference-text.ts'
import type { MacroDefinition, StaticFacts } from '../template/template.ts'
import type { SqlFile } from './build-models.ts'
import {
  badNodeName,
  columnTestOnModel,
  emptyModel,
  missingTestArgument,
  referenceNeeded,
  unknownTest,
  unknownTestArgument,
} from './errors.ts'
import { inFileConfig } from './in-file-config.ts'
import type { LoadContext } from './load-context.ts'
import type { Asker } from './node-names.ts'
import type { Described } from './properties.ts'
import type { Model, Seed, Source, Test } from './resource.ts'
import { foldersOf, isNodeName, stemOf } from './resource-folder.ts'
import { textKind } from './template-text.ts'
import { genericTestHash, genericTestNames, type TestedNode, testedNodeText } from './test-names.ts'

/** Namespaces that mean the tests that come with tsdbt. */
const OWN_NAMESPACES: ReadonlySet<string> = new Set(['dbt', 'dbt_utils', 'tsdbt'])
/** Arguments that must name a node, by test. */
const NODE_ARGUMENTS: Readonly<Record<string, string>> = {
  relationships: 'to',
  relationships_where: 'to',
  equal_rowcount: 'compare_model',
  cardinality_equality: 'to',
}

const NO_COLUMNS: Test['columns'] = []

/** A test entry and what it stands at. */
export interface PlacedTest {
  readonly entry: TestEntry
  readonly column: ColumnEntry | undefined
  readonly node: Model | Seed | Source
  readonly path: string
  readonly localPath: string
}

/** One entry of `data_tests:` -> a test; undefined after a report. */
export function buildGenericTest(context: LoadContext, placed: PlacedTest): Test | undefined {
  const { entry, node } = placed
  const macro = findMacro(context, entry)
  if (macro === undefined) return undefined
  const { column_name: givenColumn, ...kwargs } = entry.args
  const columnName = placed.column === undefined ? givenColumnName(givenColumn) : columnText(placed.column)
  if (!argumentsFit(context, placed, macro, columnName)) return undefined
  const tested = testedNode(node)
  const nameArgs = columnName === null ? kwargs : { ...kwargs, column_name: columnName }
  const made = genericTestNames(entry.name, entry.namespace, tested, nameArgs)
  const name = entry.label ?? made.name
  const shortName = entry.label ?? made.shortName
  const hash = genericTestHash(name, entry.name, entry.namespace, { ...nameArgs, model: testedNodeText(tested) })
  const uniqueId = `test.${context.packageName}.${name}.${hash}`
  const facts = context.templates.definitionFacts(macro)
  const references = resolveArguments(context, placed, { uniqueId, name, test: true })
  const fqn = [context.packageName, ...foldersOf(placed.localPath), name]
  const { config, unrendered } = testConfig(context, fqn, facts, entry, name === shortName ? null : shortName)
  const enabled = config.enabled && node.config.enabled && !references.disabled
  const head = {
    uniqueId,
    name,
    packageName: context.packageName,
    path: `${shortName}.sql`,
    originalFilePath: placed.path,
    fqn,
    span: entry.span,
    config: enabled === config.enabled ? config : { ...config, enabled },
  }
  return {
    ...head,
    resourceType: 'test',
    description: entry.description,
    unrenderedConfig: unrendered,
    tags: joinTags(placed.column?.tags, config.tags),
    meta: config.meta,
    columns: NO_COLUMNS,
    patchPath: null,
    dependsOn: dependencies(entry, node.uniqueId, [...Object.values(references.ids)]),
    checksum: '',
    relation: context.naming.name({ ...head, resourceType: 'test' }, config),
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

function givenColumnName(given: ConfigValue | undefined): string | null {
  return typeof given === 'string' ? given : null
}

function findMacro(context: LoadContext, entry: TestEntry): MacroDefinition | undefined {
  const { namespace, name } = entry
  const { templates } = context
  const full = namespace === null ? name : `${namespace}.${name}`
  const found = namespace !== null && OWN_NAMESPACES.has(namespace) ? templates.builtinTest(name) : templates.test(full)
  if (found !== undefined) return found
  const known = templates.macros.names('test')
  const engines = templates.macros.enginesOf('test', name)
  context.report(unknownTest({ name: full, known, engines, engine: templates.engine }, { span: entry.span }))
  return undefined
}

/** Every parameter has a value, every argument a parameter. */
function argumentsFit(
  context: LoadContext,
  placed: PlacedTest,
  macro: MacroDefinition,
  columnName: string | null,
): boolean {
  const { entry } = placed
  const signature = `\`${macro.name}(${macro.parameters.map((p) => (p.required ? p.name : `${p.name}=…`)).join(', ')})\``
  const known = macro.parameters.map((p) => p.name)
  let fits = true
  for (const argument of Object.keys(entry.args)) {
    if (known.includes(argument) && argument !== 'model') continue
    const others = known.filter((k) => k !== 'model')
    context.report(
      unknownTestArgument(
        { test: entry.name, argument, known: others, signature },
        { span: entry.argumentSpans[argument] },
      ),
    )
    fits = false
  }
  for (const parameter of macro.parameters) {
    if (!parameter.required || parameter.name === 'model' || Object.hasOwn(entry.args, parameter.name)) continue
    if (parameter.name !== 'column_name')
      context.report(
        missingTestArgument({ test: entry.name, argument: parameter.name, signature }, { span: entry.span }),
      )
    else if (columnName === null) context.report(columnTestOnModel({ test: entry.name }, { span: entry.span }))
    else continue
    fits = false
  }
  return fits
}

function testedNode(node: Model | Seed | Source): TestedNode {
  if (node.resourceType !== 'source') return { kind: 'model', name: node.name, reference: `ref('${node.name}')` }
  return {
    kind: 'source',
    name: `${node.sourceName}_${node.name}`,
    reference: `source('${node.sourceName}', '${node.name}')`,
  }
}

interface References {
  readonly ids: { readonly [argument: string]: string }
  /** One of them is disabled, and so is the test. */
  readonly disabled: boolean
}

const NO_REFERENCES: References = { ids: {}, disabled: false }

/** Arguments that are `ref('x')` or `source('a', 'b')`. */
function resolveArguments(context: LoadContext, placed: PlacedTest, asker: Asker): References {
  const { entry } = placed
  const names = Object.keys(entry.args)
  if (names.length === 0) return NO_REFERENCES
  const ids: Record<string, string> = {}
  let disabled = false
  for (const argument of names) {
    const value: ConfigValue | undefined = entry.args[argument]
    if (typeof value !== 'string') continue
    const span = entry.argumentSpans[argument]!
    const reference = parseReferenceText(value)
    const needed = NODE_ARGUMENTS[entry.name] === argument
    if (reference === undefined || reference.kind === 'this') {
      if (needed || looksLikeReference(value))
        context.report(
          referenceNeeded({ what: `\`${argument}\` of the test \`${entry.name}\``, text: value }, { span }),
        )
      continue
    }
    const found = context.names.text(reference, span, asker)
    if (found === undefined) continue
    if ('disabled' in found) disabled = true
    else ids[argument] = found.id
  }
  return { ids, disabled }
}

/** The tested node first, except for `relationships`, where readers of dbt's artifacts expect it last. */
function dependencies(entry: TestEntry, tested: string, referenced: readonly string[]): string[] {
  const last = entry.name === 'relationships' && (entry.namespace === null || entry.namespace === 'dbt')
  return [...new Set(last ? [...referenced, tested] : [tested, ...referenced])]
}

function testConfig(
  context: LoadContext,
  fqn: readonly string[],
  facts: StaticFacts,
  entry: TestEntry,
  alias: string | null,
): ReturnType<typeof mergeConfig> {
  const defaults = context.templates.definitionConfig(facts)
  const layers = context.project.tests.layersFor(fqn)
  const merged = mergeConfig(DEFAULT_CONFIG.test, [defaults, ...layers, entry.config])
  if (alias === null || merged.config.alias !== null) return merged
  return { ...merged, config: { ...merged.config, alias } }
}

function joinTags(column: readonly string[] | undefined, own: readonly string[]): readonly string[] {
  return column === undefined || column.length === 0 ? own : [...new Set([...column, ...own])]
}

/** A file of a test folder that holds a query. Its references are resolved later, into `dependsOn`. */
export function buildSingularTest(
  context: LoadContext,
  source: SqlFile,
  described: Described<SingularTestEntry> | undefined,
): Test {
  const { found, file } = source
  const name = stemOf(found.localPath)
  const span = { path: found.path, start: 0, end: 0 }
  if (!isNodeName(name)) context.report(badNodeName({ kind: 'test', name }, { span }))
  const template = source.template ?? context.templates.empty(file)
  const kind = source.template === undefined ? 'statement' : textKind(template)
  if (kind !== 'statement') context.report(emptyModel({ kind: 'test', name, comments: kind === 'comments' }, { span }))
  const facts = context.templates.facts(template)
  const fqn = [context.packageName, ...foldersOf(found.localPath), name]
  const layers = [...context.project.tests.layersFor(fqn)]
  if (described !== undefined) layers.push(described.entry.config)
  layers.push(inFileConfig(facts.config, 'test', context.report))
  const { config, unrendered } = mergeConfig(DEFAULT_CONFIG.test, layers)
  const head = {
    uniqueId: `test.${context.packageName}.${name}`,
    name,
    packageName: context.packageName,
    path: found.localPath,
    originalFilePath: found.path,
    fqn,
    span,
    config,
  }
  return {
    ...head,
    resourceType: 'test',
    description: described?.entry.description ?? '',
    unrenderedConfig: unrendered,
    tags: config.tags,
    meta: config.meta,
    columns: NO_COLUMNS,
    patchPath: described?.path ?? null,
    dependsOn: [],
    checksum: source.checksum,
    relation: context.naming.name({ ...head, resourceType: 'test' }, config),
    hash: null,
    generic: null,
    template,
    facts,
    attachedNode: null,
    columnName: null,
  }
}
