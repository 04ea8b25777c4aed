import type { Source } from '../project/resource.ts'
import { columnEntries } from './column-entries.ts'
import { metaOf, sourceConfig } from './dbt-config.ts'
import { createdAt, type ManifestInput } from './manifest-input.ts'

/** A source table of the manifest, with every key that dbt writes. */
export function sourceEntry(source: Source, input: ManifestInput): Record<string, unknown> {
  const config = sourceConfig(source)
  return {
    database: source.relation.database,
    schema: source.relation.schema,
    name: source.name,
    resource_type: 'source',
    package_name: source.packageName,
    path: source.path,
    original_file_path: source.originalFilePath,
    unique_id: source.uniqueId,
    fqn: source.fqn,
    source_name: source.sourceName,
    source_description: source.sourceDescription,
    loader: source.loader,
    identifier: source.identifier,
    quoting: { database: null, schema: null, identifier: null, column: null },
    loaded_at_field: source.loadedAtField,
    loaded_at_query: source.loadedAtQuery,
    freshness: config['freshness'],
    external: null,
    description: source.description,
    columns: columnEntries(source.columns),
    meta: metaOf(source),
    source_meta: source.sourceMeta,
    tags: source.tags,
    config,
    patch_path: null,
    unrendered_config: source.unrenderedConfig,
    relation_name: input.relationName(source.relation),
    created_at: createdAt(input),
    unrendered_database: source.unrenderedPlace.database,
    unrendered_schema: source.unrenderedPlace.schema,
    doc_blocks: source.docBlocks ?? [],
  }
}
