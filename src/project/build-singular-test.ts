import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { SingularTestEntry } from '../config/property-types.ts'
import type { SqlFile } from './build-models.ts'
import { configLayers } from './config-layers.ts'
import { badNodeName, emptyModel } from './errors.ts'
import { inFileConfig } from './in-file-config.ts'
import type { LoadContext } from './load-context.ts'
import type { Described } from './properties.ts'
import type { Test } from './resource.ts'
import { foldersOf, isNodeName, stemOf } from './resource-folder.ts'
import { textKind } from './template-text.ts'

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
  const inFile = inFileConfig(facts.config, 'test', context.report)
  const written = described === undefined ? [inFile] : [described.entry.config, inFile]
  const layers = configLayers(context, 'tests', fqn, written)
  const { config, unrendered } = mergeConfig(DEFAULT_CONFIG.test, layers)
  const { packageName } = context
  const head = {
    uniqueId: `test.${packageName}.${name}`,
    name,
    packageName,
    path: found.localPath,
    originalFilePath: found.ownPath,
    fqn,
    config,
  }
  context.groups.check({ ...head, span }, config.group, layers)
  return {
    ...head,
    span,
    resourceType: 'test',
    description: described?.entry.description ?? '',
    docBlocks: described?.entry.docBlocks,
    unrenderedConfig: unrendered,
    tags: config.tags,
    meta: config.meta,
    columns: [],
    patchPath: described?.path ?? null,
    dependsOn: [],
    checksum: source.checksum,
    relation: context.naming.name(name, config, () => ({ ...head, resourceType: 'test' })),
    hash: null,
    generic: null,
    template,
    facts,
    attachedNode: null,
    columnName: null,
  }
}
