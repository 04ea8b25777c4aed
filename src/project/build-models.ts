import { SourceFile, type SourceSet } from '../base/source-file.ts'
import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { NodeConfig } from '../config/node-config.ts'
import type { ColumnEntry, VersionId } from '../config/property-types.ts'
import { readTextFile, sha256 } from '../config/text-file.ts'
import { versionSuffix } from '../config/version-order.ts'
import type { Template } from '../template/template.ts'
import { checkBatchConfig } from './check-microbatch.ts'
import { configLayers } from './config-layers.ts'
import { badNodeName, definitionInModel, emptyModel, unreadable } from './errors.ts'
import { inFileConfig } from './in-file-config.ts'
import type { LoadContext } from './load-context.ts'
import type { DescribedModel } from './match-versions.ts'
import type { NamedNode } from './relation-naming.ts'
import type { Column, Model, NodeRelation } from './resource.ts'
import { foldersOf, isNodeName, stemOf } from './resource-folder.ts'
import { textKind } from './template-text.ts'
import { parseSql, type Report } from './templates.ts'
import { type FoundFile, reasonOf } from './walk-files.ts'

const NO_COLUMNS: readonly Column[] = []
const NO_CONSTRAINTS: Model['constraints'] = []

/** A `.sql` file that was read and parsed. Undefined parts were reported. */
export interface SqlFile {
  readonly found: FoundFile
  readonly file: SourceFile
  readonly template: Template | undefined
  readonly checksum: string
}

/** What reading a `.sql` file needs. */
export interface SqlReading {
  readonly packageName: string
  readonly files: SourceSet
  readonly report: Report
}

/** Reads and parses one `.sql` file. */
export function readSqlFile(context: SqlReading, found: FoundFile): SqlFile {
  try {
    const { file, bytes, diagnostic } = readTextFile(found.absolutePath, found.path)
    context.files.add(file)
    if (diagnostic !== undefined) context.report(diagnostic)
    const template = diagnostic === undefined ? parseSql(file, context.packageName, context.report) : undefined
    return { found, file, template, checksum: sha256(bytes) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    const span = { path: found.path, start: 0, end: 0 }
    context.report(unreadable({ path: found.path, reason: reasonOf(error) }, { span }))
    return { found, file: context.files.add(new SourceFile(found.path, '')), template: undefined, checksum: '' }
  }
}

const definitionStart = /\{\{~?#\*\s*(?:macro|test)\s+([\w.]+)/g

/** The macros and tests that files define which could not be read. */
export function unreadNames(files: readonly SqlFile[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { file, template } of files)
    if (template === undefined) for (const [, name] of file.text.matchAll(definitionStart)) names.add(name!)
  return names
}

/** Columns as resources carry them: without their tests. */
export function toColumns(entries: readonly ColumnEntry[] | undefined): readonly Column[] {
  if (entries === undefined || entries.length === 0) return NO_COLUMNS
  return entries.map((c) => {
    const { name, description, docBlocks, dataType, meta, tags, quote, constraints, required, span, typeSpan } = c
    return { name, description, docBlocks, dataType, meta, tags, quote, constraints, required, span, typeSpan }
  })
}

/** One model file with its properties. Its references are resolved later, into `dependsOn`. */
export function buildModel(context: LoadContext, source: SqlFile, described: DescribedModel | undefined): Model {
  const { found, file } = source
  const version = described?.version ?? null
  const name = version === null ? stemOf(found.localPath) : described!.entry.name
  const suffix = version === null ? [] : [versionSuffix(version.id)]
  const uniqueId = ['model', context.packageName, name, ...suffix].join('.')
  const span = { path: found.path, start: 0, end: 0 }
  if (!isNodeName(name)) context.report(badNodeName({ kind: 'model', name }, { span }))
  checkText(context, source, { kind: 'model', name })
  const template = source.template ?? context.templates.empty(file)
  const facts = context.templates.facts(template)
  const fqn = [context.packageName, ...foldersOf(found.localPath), name, ...suffix]
  const inFile = inFileConfig(facts.config, 'model', context.report)
  const written = described === undefined ? [inFile] : [described.entry.config, inFile]
  const layers = configLayers(context, 'models', fqn, written)
  const { config, unrendered } = mergeConfig(DEFAULT_CONFIG.model, layers)
  context.groups.check({ uniqueId, name, span }, config.group, layers)
  const { packageName } = context
  const path = found.localPath
  const originalFilePath = found.ownPath
  const describe = (): NamedNode => {
    const id = version?.id ?? null
    return { uniqueId, name, packageName, path, originalFilePath, fqn, config, resourceType: 'model', version: id }
  }
  const model: Model = {
    uniqueId,
    name,
    packageName,
    path,
    originalFilePath,
    fqn,
    span,
    config,
    resourceType: 'model',
    description: described?.entry.description ?? '',
    docBlocks: described?.entry.docBlocks,
    unrenderedConfig: unrendered,
    tags: config.tags,
    meta: config.meta,
    columns: toColumns(described?.entry.columns),
    patchPath: described?.path ?? null,
    dependsOn: [],
    checksum: source.checksum,
    relation: context.naming.name(version === null ? name : versionedName(name, version.id), config, describe),
    template,
    facts,
    constraints: described?.entry.constraints ?? NO_CONSTRAINTS,
    foreignTargets: new Map(),
    version: version === null ? null : { ...version, pointer: pointerOf(context, name, version, config, describe) },
    deprecationDate: described?.entry.deprecation?.iso ?? null,
  }
  checkBatchConfig(model, layers, context.report)
  return model
}

/** As dbt names the relation of a version: a point would end the name of a relation. */
function versionedName(name: string, id: VersionId): string {
  return `${name}_${versionSuffix(id).replaceAll('.', '_')}`
}

/** Where the view stands by which readers find the latest version. */
function pointerOf(
  context: LoadContext,
  name: string,
  { id, latest }: NonNullable<DescribedModel['version']>,
  config: NodeConfig,
  describe: () => NamedNode,
): NodeRelation | null {
  const { enabled, alias } = config.latest_version_pointer
  if (enabled !== true || config.materialized === 'ephemeral' || String(id) !== String(latest)) return null
  const { schema, database } = config
  const relation = context.naming.name(name, { schema, database, alias: null }, describe)
  return { ...relation, identifier: context.naming.plainIdentifier(alias ?? name) }
}

/** What is one query must have a statement and no definitions. */
export function checkText(
  context: Pick<LoadContext, 'report'>,
  source: SqlFile,
  { kind: resource, name }: { readonly kind: string; readonly name: string },
): void {
  const { template, file } = source
  if (template === undefined) return
  for (const definition of template.definitions)
    context.report(definitionInModel({ name: definition.name }, { span: definition.nameSpan }))
  const kind = textKind(template)
  if (kind === 'statement' || template.definitions.length > 0) return
  context.report(
    emptyModel(
      { kind: resource, name, comments: kind === 'comments' },
      { span: { path: file.path, start: 0, end: 0 } },
    ),
  )
}
