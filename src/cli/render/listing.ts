import type { Reason } from '../../commands/explain-selection.ts'
import type { ListedNode } from '../../commands/outcome.ts'
import { plainStyle, type Style } from '../console.ts'
import { renderReasons } from './reasons.ts'

/** dbt's keys of `ls --output json` when `--output-keys` does not choose others. */
const defaultKeys = [
  'alias',
  'name',
  'package_name',
  'depends_on',
  'direct_parents',
  'tags',
  'config',
  'resource_type',
  'source_name',
  'original_file_path',
  'unique_id',
]

/** One line a node. Keys that a node does not have are left out; `config.tags` picks a nested one. */
export function renderListing(
  nodes: readonly ListedNode[],
  format: string,
  keys: readonly string[] | undefined,
  style: Style = plainStyle,
): string[] {
  if (format === 'json') {
    const why = nodes.some((node) => node['why'] !== undefined) ? ['why'] : []
    return nodes.map((node) => JSON.stringify(pick(node, [...(keys ?? defaultKeys), ...why])))
  }
  return nodes.flatMap((node) => {
    const reasons = node['why'] as readonly Reason[] | undefined
    return [nameLine(node, format), ...(reasons === undefined ? [] : renderReasons(reasons, style))]
  })
}

function nameLine(node: ListedNode, format: string): string {
  switch (format) {
    case 'name':
      return node.source_name === null ? node.name : `${node.source_name}.${node.name}`
    case 'path':
      return node.original_file_path
    default:
      return node.selector
  }
}

/** Sources have no alias, other nodes no source and no freshness. */
const ofSomeKinds: ReadonlySet<string> = new Set(['alias', 'source_name', 'freshness'])

function pick(node: ListedNode, keys: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {}
  for (const key of keys) {
    const value = key in node ? node[key] : nested(node, key.split('.'))
    if (value !== undefined && !(value === null && ofSomeKinds.has(key))) picked[key] = value
  }
  return picked
}

function nested(value: unknown, path: readonly string[]): unknown {
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string, unknown>)[part]
  }
  return value
}
