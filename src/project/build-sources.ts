import { createHash } from 'node:crypto'
import { DEFAULT_CONFIG, mergeConfig } from '../config/merge-config.ts'
import type { ConfigValue } from '../config/node-config.ts'
import type { FreshnessEntry, SourceEntry } from '../config/property-types.ts'
import { toColumns } from './build-models.ts'
import { configLayers } from './config-layers.ts'
import type { LoadContext } from './load-context.ts'
import type { Described } from './properties.ts'
import type { NamedNode } from './relation-naming.ts'
import type { NodeRelation, Source } from './resource.ts'
import { foldersOf } from './resource-folder.ts'

/** One table of a source. */
export function buildSource(context: LoadContext, described: Described<SourceEntry>): Source {
  const { entry } = described
  const { packageName } = context
  const fqn = [packageName, ...foldersOf(described.localPath), entry.sourceName, entry.name]
  const { config, unrendered } = mergeConfig(DEFAULT_CONFIG.source, configLayers(context, 'sources', fqn, entry.config))
  // Keys that only sources have; `NodeConfig` does not name them.
  const own = config as unknown as Readonly<Record<string, ConfigValue | undefined>>
  const head = {
    uniqueId: `source.${packageName}.${entry.sourceName}.${entry.name}`,
    name: entry.name,
    packageName,
    path: described.path,
    originalFilePath: described.path,
    fqn,
    config,
  }
  const written = entry.loadedAtField !== null || entry.loadedAtQuery !== null
  const loadedAt = written
    ? { loadedAtField: entry.loadedAtField, loadedAtQuery: entry.loadedAtQuery }
    : { loadedAtField: textOf(own['loaded_at_field']), loadedAtQuery: textOf(own['loaded_at_query']) }
  const relation = sourceRelation(context, entry, () => ({ ...head, resourceType: 'source' }))
  return {
    ...head,
    span: entry.nameSpan,
    resourceType: 'source',
    description: entry.description,
    docBlocks: entry.docBlocks,
    unrenderedConfig: unrendered,
    tags: config.tags,
    meta: config.meta,
    columns: toColumns(entry.columns),
    patchPath: null,
    dependsOn: [],
    checksum: entry.files === null ? '' : declarationHash(entry),
    sourceName: entry.sourceName,
    sourceDescription: entry.sourceDescription,
    unrenderedPlace: entry.unrenderedPlace,
    sourceMeta: entry.sourceMeta,
    loader: entry.loader,
    identifier: entry.identifier,
    relation,
    quarantine: context.naming.quarantineOf(relation),
    files: entry.files,
    ...loadedAt,
    freshnessPlaces: entry.freshnessPlaces,
    freshness: entry.freshness === undefined ? freshnessOf(own['freshness']) : entry.freshness,
  }
}

/** A table that tsdbt loads is named like a model with `+schema`; one that must exist is where the file says. */
function sourceRelation(context: LoadContext, entry: SourceEntry, describe: () => NamedNode): NodeRelation {
  const { schema, identifier, database } = entry
  if (entry.files !== null) return context.naming.sourceName({ schema, identifier, database }, describe)
  return { database: database ?? context.naming.database, schema, identifier }
}

function textOf(value: ConfigValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function freshnessOf(value: ConfigValue | undefined): FreshnessEntry | null {
  if (value === undefined || value === null) return null
  const { warn_after, error_after, filter } = value as unknown as Partial<FreshnessEntry>
  const rule = (r: FreshnessEntry['warn_after'] | null | undefined): FreshnessEntry['warn_after'] => ({
    count: r?.count ?? null,
    period: r?.period ?? null,
  })
  return { warn_after: rule(warn_after), error_after: rule(error_after), filter: filter ?? null }
}

/** Changes when the declaration of what is loaded changes. */
function declarationHash(entry: SourceEntry): string {
  const { locationSpan: _l, span: _s, ...files } = entry.files!
  const columns = entry.columns.map((c) => [c.name, c.dataType, c.quote, c.required])
  return createHash('sha256')
    .update(JSON.stringify([files, columns]))
    .digest('hex')
}
