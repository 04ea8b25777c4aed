import { readFileSync } from 'node:fs'
import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { NodeEntry } from '../config/property-types.ts'
import { sha256 } from '../config/text-file.ts'
import { toColumns } from './build-models.ts'
import { configLayers } from './config-layers.ts'
import { badNodeName, unreadable } from './errors.ts'
import type { LoadContext } from './load-context.ts'
import type { Described } from './properties.ts'
import type { Seed } from './resource.ts'
import { foldersOf, isNodeName, stemOf } from './resource-folder.ts'
import { type FoundFile, reasonOf } from './walk-files.ts'

/** One seed file with its properties. Its rows are read when it is loaded. */
export function buildSeed(context: LoadContext, found: FoundFile, described: Described<NodeEntry> | undefined): Seed {
  const name = stemOf(found.localPath)
  const uniqueId = `seed.${context.packageName}.${name}`
  const span = { path: found.path, start: 0, end: 0 }
  if (!isNodeName(name)) context.report(badNodeName({ kind: 'seed', name }, { span }))
  const fqn = [context.packageName, ...foldersOf(found.localPath), name]
  const layers = configLayers(context, 'seeds', fqn, described === undefined ? [] : [described.entry.config])
  const { config, unrendered } = mergeConfig(DEFAULT_CONFIG.seed, layers)
  context.groups.check({ uniqueId, name, span }, config.group, layers)
  const { packageName } = context
  const head = { uniqueId, name, packageName, path: found.localPath, originalFilePath: found.ownPath, fqn, config }
  return {
    ...head,
    span,
    resourceType: 'seed',
    foreignTargets: new Map(),
    description: described?.entry.description ?? '',
    docBlocks: described?.entry.docBlocks,
    unrenderedConfig: unrendered,
    tags: config.tags,
    meta: config.meta,
    columns: toColumns(described?.entry.columns),
    patchPath: described?.path ?? null,
    dependsOn: [],
    checksum: checksumOf(context, found),
    relation: context.naming.name(name, config, () => ({ ...head, resourceType: 'seed' })),
    absolutePath: found.absolutePath,
  }
}

/**
 * As dbt compares seeds: the same rows with other line breaks, or with blanks at the ends of the file, are the same
 * seed. Works on bytes: of UTF-16 nothing is taken away but single blanks at the end.
 */
function withoutLineEnds(bytes: Buffer): Buffer {
  const isBlank = (byte: number | undefined) => byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13)
  let [start, end] = [0, bytes.length]
  while (start < end && isBlank(bytes[start])) start++
  while (end > start && isBlank(bytes[end - 1])) end--
  const text = bytes.subarray(start, end)
  return text.includes('\r\n') ? Buffer.from(text.toString('latin1').replaceAll('\r\n', '\n'), 'latin1') : text
}

function checksumOf(context: LoadContext, found: FoundFile): string {
  try {
    return sha256(withoutLineEnds(readFileSync(found.absolutePath)))
  } catch (error) {
    context.report(
      unreadable({ path: found.path, reason: reasonOf(error) }, { span: { path: found.path, start: 0, end: 0 } }),
    )
    return ''
  }
}
