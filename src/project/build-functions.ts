import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { FunctionEntry } from '../config/property-types.ts'
import type { SqlFile } from './build-models.ts'
import { configLayers } from './config-layers.ts'
import { badNodeName, emptyModel, functionType, functionUndescribed } from './errors.ts'
import { inFileConfig } from './in-file-config.ts'
import type { LoadContext } from './load-context.ts'
import type { Described } from './properties.ts'
import type { SqlFunction } from './resource.ts'
import { foldersOf, isNodeName, stemOf } from './resource-folder.ts'
import { textKind } from './template-text.ts'

/**
 * A file of `functions/` with its entry, which says what it takes and gives; undefined, after a report, without one. Its
 * references are resolved later, into `dependsOn`.
 */
export function buildFunction(
  context: LoadContext,
  source: SqlFile,
  described: Described<FunctionEntry> | undefined,
): SqlFunction | undefined {
  const { found, file } = source
  const { packageName } = context
  const name = stemOf(found.localPath)
  const span = { path: found.path, start: 0, end: 0 }
  if (!isNodeName(name)) context.report(badNodeName({ kind: 'function', name }, { span }))
  const template = source.template ?? context.templates.empty(file)
  const kind = source.template === undefined ? 'statement' : textKind(template)
  if (kind !== 'statement')
    context.report(emptyModel({ kind: 'function', name, comments: kind === 'comments' }, { span }))
  if (described === undefined) {
    context.report(functionUndescribed({ name, path: found.ownPath }, { span }))
    return undefined
  }
  const facts = context.templates.facts(template)
  const fqn = [packageName, ...foldersOf(found.localPath), name]
  const inFile = inFileConfig(facts.config, 'function', context.report)
  const layers = configLayers(context, 'functions', fqn, [described.entry.config, inFile])
  const { config, unrendered } = mergeConfig(DEFAULT_CONFIG.function, layers)
  if (config.type !== 'scalar') {
    const setting = layers.flat().findLast((s) => s.key === 'type' && !s.refused)
    context.report(functionType({ name, type: config.type }, { span: setting?.span ?? span }))
  }
  const head = {
    uniqueId: `function.${packageName}.${name}`,
    name,
    packageName,
    path: found.localPath,
    originalFilePath: found.ownPath,
    fqn,
    config,
  }
  const { entry, path } = described
  return {
    ...head,
    span,
    resourceType: 'function',
    description: entry.description,
    docBlocks: entry.docBlocks,
    unrenderedConfig: unrendered,
    tags: config.tags,
    meta: config.meta,
    columns: [],
    patchPath: path,
    dependsOn: [],
    checksum: source.checksum,
    relation: context.naming.name(name, config, () => ({ ...head, resourceType: 'function' })),
    template,
    facts,
    arguments: entry.arguments,
    returns: entry.returns ?? { dataType: 'text', typeSpan: entry.nameSpan, description: '' },
  }
}
