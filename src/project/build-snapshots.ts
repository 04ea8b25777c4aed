import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { SnapshotEntry, SnapshotRelation } from '../config/property-types.ts'
import { sha256 } from '../config/text-file.ts'
import type { Template } from '../template/template.ts'
import { checkText, type SqlFile, toColumns } from './build-models.ts'
import { checkSnapshot } from './check-snapshot.ts'
import { configLayers } from './config-layers.ts'
import { badNodeName, duplicateProperties, snapshotWithoutRelation } from './errors.ts'
import { inFileConfig } from './in-file-config.ts'
import type { LoadContext } from './load-context.ts'
import type { Described } from './properties.ts'
import { relationTemplate, relationText } from './relation-template.ts'
import type { NodeRelation, Snapshot } from './resource.ts'
import { foldersOf, isNodeName, stemOf } from './resource-folder.ts'

/** Where a snapshot's query stands, and what follows from that. */
interface Origin {
  readonly name: string
  readonly path: string
  readonly originalFilePath: string
  readonly folders: readonly string[]
  readonly span: Snapshot['span']
  readonly template: Template
  readonly rawCode: string
  readonly checksum: string
  readonly inFile: boolean
}

/** Snapshots of files and of property files. Their references are resolved later, into `dependsOn`. */
export function buildSnapshots(
  context: LoadContext,
  files: readonly SqlFile[],
  properties: ReadonlyMap<string, Described<SnapshotEntry>>,
): readonly Snapshot[] {
  const inFiles = files.map((file) => {
    const origin = originOfFile(context, file)
    return buildSnapshot(context, origin, properties.get(origin.name))
  })
  const names = new Map(inFiles.map((s) => [s.name, s]))
  const declared = [...properties.values()].flatMap((described) => {
    const { entry } = described
    const file = names.get(entry.name)
    if (entry.relation === null) {
      const place = { span: entry.nameSpan }
      if (file === undefined) context.report(snapshotWithoutRelation({ name: entry.name, known: names.keys() }, place))
      return []
    }
    if (file === undefined)
      return [buildSnapshot(context, originOfEntry(context, described, entry.relation), described)]
    const labels = [{ span: file.span, text: 'the file' }]
    context.report(
      duplicateProperties(
        { kind: 'snapshot', name: entry.name, hint: 'keep the file or `relation:`' },
        { span: entry.relation.span, labels },
      ),
    )
    return []
  })
  return [...inFiles, ...declared]
}

function originOfFile(context: LoadContext, source: SqlFile): Origin {
  const { found, file, checksum } = source
  const name = stemOf(found.localPath)
  const span = { path: found.path, start: 0, end: 0 }
  if (!isNodeName(name)) context.report(badNodeName({ kind: 'snapshot', name }, { span }))
  checkText(context, source, { kind: 'snapshot', name })
  const template = source.template ?? context.templates.empty(file)
  return {
    name,
    path: found.localPath,
    originalFilePath: found.ownPath,
    // As in dbt, where one file may hold several snapshots.
    folders: [...foldersOf(found.localPath), name],
    span,
    template,
    rawCode: file.text,
    checksum,
    inFile: true,
  }
}

function originOfEntry(
  { files }: LoadContext,
  { entry, path, localPath }: Described<SnapshotEntry>,
  relation: SnapshotRelation,
): Origin {
  const rawCode = `select * from ${relationText(relation.reference)}`
  return {
    name: entry.name,
    path: `${entry.name}.sql`,
    originalFilePath: path,
    folders: foldersOf(localPath),
    span: entry.nameSpan,
    template: relationTemplate(relation, files.get(entry.nameSpan.path)!),
    rawCode,
    checksum: sha256(Buffer.from(rawCode)),
    inFile: false,
  }
}

function buildSnapshot(
  context: LoadContext,
  origin: Origin,
  described: Described<SnapshotEntry> | undefined,
): Snapshot {
  const { packageName } = context
  const { name, path, originalFilePath, span, template } = origin
  const uniqueId = `snapshot.${packageName}.${name}`
  const fqn = [packageName, ...origin.folders, name]
  const facts = context.templates.facts(template)
  const written = described === undefined ? [] : [described.entry.config]
  const inFile = origin.inFile ? [inFileConfig(facts.config, 'snapshot', context.report)] : []
  const layers = configLayers(context, 'snapshots', fqn, [...written, ...inFile])
  const { config, unrendered } = mergeConfig(DEFAULT_CONFIG.snapshot, layers)
  const head = { uniqueId, name, packageName, path, originalFilePath, fqn, config }
  const named = context.naming.name(name, config, () => ({ ...head, resourceType: 'snapshot' }))
  const snapshot: Snapshot = {
    ...head,
    span,
    resourceType: 'snapshot',
    description: described?.entry.description ?? '',
    unrenderedConfig: unrendered,
    tags: config.tags,
    meta: config.meta,
    columns: toColumns(described?.entry.columns),
    patchPath: described?.path ?? null,
    dependsOn: [],
    checksum: origin.checksum,
    relation: placed(named, config),
    template,
    rawCode: origin.rawCode,
    facts,
  }
  if (config.enabled && !unreadable(origin)) checkSnapshot(snapshot, layers, context.report)
  return snapshot
}

/** A file whose `{{config}}` could not be read lacks every key: one mistake is told once. */
function unreadable({ inFile, template, rawCode }: Origin): boolean {
  return inFile && template.program.body.length === 0 && rawCode.trim() !== ''
}

/** dbt's older keys name the schema and the database as they are. */
function placed(
  relation: NodeRelation,
  { target_schema, target_database }: Pick<Snapshot['config'], 'target_schema' | 'target_database'>,
): NodeRelation {
  return {
    ...relation,
    database: target_database ?? relation.database,
    schema: target_schema ?? relation.schema,
  }
}
