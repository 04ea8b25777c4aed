import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { AnalysisEntry } from '../config/property-types.ts'
import { type SqlFile, toColumns } from './build-models.ts'
import { configLayers } from './config-layers.ts'
import { badNodeName, emptyModel } from './errors.ts'
import { inFileConfig } from './in-file-config.ts'
import type { LoadContext } from './load-context.ts'
import type { Described } from './properties.ts'
import type { Analysis } from './resource.ts'
import { foldersOf, isNodeName, stemOf } from './resource-folder.ts'
import { textKind } from './template-text.ts'

/** A query that is compiled and never run. Its references are resolved later, into `dependsOn`. */
export function buildAnalysis(
  context: LoadContext,
  source: SqlFile,
  described: Described<AnalysisEntry> | undefined,
): Analysis {
  const { found, file } = source
  const { packageName } = context
  const name = stemOf(found.localPath)
  const span = { path: found.path, start: 0, end: 0 }
  if (!isNodeName(name)) context.report(badNodeName({ kind: 'analysis', name }, { span }))
  const template = source.template ?? context.templates.empty(file)
  const kind = source.template === undefined ? 'statement' : textKind(template)
  if (kind !== 'statement')
    context.report(emptyModel({ kind: 'analysis', name, comments: kind === 'comments' }, { span }))
  const facts = context.templates.facts(template)
  // dbt's form: analyses stand beside models in the tree of names.
  const fqn = [packageName, 'analysis', ...foldersOf(found.localPath), name]
  const inFile = inFileConfig(facts.config, 'analysis', context.report)
  const written = described === undefined ? [inFile] : [described.entry.config, inFile]
  const folders = [packageName, ...foldersOf(found.localPath), name]
  const layers = configLayers(context, 'analyses', folders, written)
  const { config, unrendered } = mergeConfig(DEFAULT_CONFIG.analysis, layers)
  return {
    uniqueId: `analysis.${packageName}.${name}`,
    name,
    packageName,
    path: `analysis/${found.localPath}`,
    originalFilePath: found.ownPath,
    fqn,
    span,
    resourceType: 'analysis',
    description: described?.entry.description ?? '',
    docBlocks: described?.entry.docBlocks,
    config,
    unrenderedConfig: unrendered,
    tags: config.tags,
    meta: config.meta,
    columns: toColumns(described?.entry.columns),
    patchPath: described?.path ?? null,
    dependsOn: [],
    checksum: source.checksum,
    template,
    facts,
  }
}
