import type { PublicationUnit } from '../graph/unit.ts'
import { relationOf } from '../project/relation-of.ts'
import type { Node } from '../project/resource.ts'
import type { ManifestInput } from './manifest-input.ts'
import { resourceEntry } from './resource-entry.ts'

/** What `ls --output json` shows when no `--output-keys` are given, as in dbt. */
export const defaultListKeys: readonly string[] = [
  'alias',
  'name',
  'source_name',
  'resource_type',
  'package_name',
  'original_file_path',
  'tags',
  'config',
  'depends_on',
  'direct_parents',
  'unique_id',
]

/** A node as `ls` tells of it: every key of its manifest entry, and what to write to select it. */
export interface ListedEntry {
  readonly unique_id: string
  readonly name: string
  readonly resource_type: string
  readonly package_name: string
  readonly original_file_path: string
  readonly path: string
  readonly alias: string | null
  readonly source_name: string | null
  readonly tags: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  readonly depends_on: { readonly macros: readonly string[]; readonly nodes: readonly string[] }
  readonly fqn: readonly string[]
  readonly freshness: unknown
  readonly selector: string
  /** Ours: what is published together with the node in a `build` of the same selection; null for tests and the like. */
  readonly publication_unit: { readonly id: string; readonly members: readonly string[] } | null
  readonly [key: string]: unknown
}

/** dbt's text for a node in `--output selector`. */
function selectorText(node: Node): string {
  if (node.resourceType === 'exposure' || node.resourceType === 'export')
    return `${node.resourceType}:${node.packageName}.${node.name}`
  if (node.resourceType !== 'source') return node.fqn.join('.')
  return `source:${node.packageName}.${node.sourceName}.${node.name}`
}

/** All keys of a node; the caller picks. */
export function listNode(node: Node, input: ManifestInput, unit?: PublicationUnit): ListedEntry {
  const entry = resourceEntry(node, input)
  const dependsOn = (entry['depends_on'] ?? {}) as { macros?: readonly string[]; nodes?: readonly string[] }
  return {
    ...entry,
    unique_id: node.uniqueId,
    name: node.name,
    resource_type: node.resourceType,
    package_name: node.packageName,
    original_file_path: node.originalFilePath,
    path: node.path,
    alias: node.resourceType === 'source' ? null : (relationOf(node)?.identifier ?? node.name),
    source_name: node.resourceType === 'source' ? node.sourceName : null,
    tags: node.tags,
    config: entry['config'] as Readonly<Record<string, unknown>>,
    depends_on: { macros: dependsOn.macros ?? [], nodes: dependsOn.nodes ?? [] },
    ...(node.resourceType === 'model' ? { direct_parents: dependsOn.nodes ?? [] } : {}),
    fqn: node.fqn,
    freshness: entry['freshness'] ?? null,
    selector: selectorText(node),
    publication_unit: unit === undefined ? null : { id: unit.id, members: unit.members },
  }
}
