import type { RelationDetails } from '../adapters/relation-details.ts'
import { isRelationNode } from '../project/relation-of.ts'
import type { Node, RelationNode } from '../project/resource.ts'
import { type RelationName, relationKey } from '../sql/relation.ts'
import { artifactMetadata, type Invocation } from './metadata.ts'

export interface CatalogInput {
  /** Nodes that may have an entry; those that make no relation have none. */
  readonly nodes: Iterable<Node>
  /** What exists. */
  readonly details: readonly RelationDetails[]
  /** Names that differ in case only are the same name. */
  readonly ignoresCase: boolean
  readonly invocation: Invocation
}

interface Catalog {
  readonly metadata: Record<string, unknown>
  /** By unique id. */
  readonly nodes: Record<string, unknown>
  readonly sources: Record<string, unknown>
  readonly errors: null
}

/** Nodes whose relation the catalog of a warehouse can know. */
export function catalogued(nodes: Iterable<Node>): readonly RelationNode[] {
  return [...nodes].filter(isRelationNode).filter((node) => node.config.materialized !== 'ephemeral')
}

/** `catalog.json` (v1). Relations that do not exist have no entry. */
export function buildCatalog({ nodes, details, ignoresCase, invocation }: CatalogInput): Catalog {
  const keyOf = (name: RelationName): string => (ignoresCase ? relationKey(name).toLowerCase() : relationKey(name))
  const known = new Map(details.map((relation) => [keyOf(relation.name), relation]))
  const entries: Record<'nodes' | 'sources', Record<string, unknown>> = { nodes: {}, sources: {} }
  for (const { uniqueId, resourceType, relation } of catalogued(nodes)) {
    const found = known.get(keyOf(relation))
    if (found === undefined) continue
    entries[resourceType === 'source' ? 'sources' : 'nodes'][uniqueId] = entryOf(uniqueId, found)
  }
  return { metadata: artifactMetadata('catalog/v1', invocation), ...entries, errors: null }
}

function entryOf(unique_id: string, { name, type, owner, comment, rows, bytes, columns }: RelationDetails) {
  const { database, schema, identifier } = name
  return {
    metadata: { type, schema, name: identifier, database, comment, owner },
    columns: Object.fromEntries(
      columns.map((c, i) => [c.name, { type: c.type, index: i + 1, name: c.name, comment: c.comment }]),
    ),
    stats: statsOf(rows, bytes),
    unique_id,
  }
}

interface Stat {
  readonly label: string
  readonly value: number | boolean
  readonly description: string
}

/** `has_stats` always stands, as in dbt; the others where the engine knows them. */
function statsOf(rows: number | null, bytes: number | null): Record<string, unknown> {
  const stats: Record<string, Stat> = {}
  if (rows !== null)
    stats['num_rows'] = { label: '# Rows', value: rows, description: 'Rows, as the engine estimates them' }
  if (bytes !== null)
    stats['num_bytes'] = { label: 'Approximate Size', value: bytes, description: 'Bytes on disk, without indexes' }
  const value = Object.keys(stats).length > 0
  const description = 'Indicates whether there are statistics for this table'
  const all = { ...stats, has_stats: { label: 'Has Stats?', value, description } }
  return Object.fromEntries(Object.entries(all).map(([id, stat]) => [id, { id, ...stat, include: id !== 'has_stats' }]))
}
