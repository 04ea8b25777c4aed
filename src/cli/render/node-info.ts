import type { NodeInfo } from '../../base/events.ts'

/** dbt's `node_info`, with every key that its readers know. Times are ISO 8601 or empty. */
export function nodeInfo(
  node: NodeInfo,
  status: string,
  startedAt: string,
  finishedAt: string,
): Record<string, unknown> {
  return {
    materialized: node.materialized,
    meta: node.meta ?? {},
    node_checksum: node.checksum ?? '',
    node_finished_at: dbtTime(finishedAt),
    node_name: node.name,
    node_path: node.localPath ?? node.path,
    node_relation: {
      alias: node.location?.identifier ?? '',
      database: node.location?.database ?? '',
      relation_name: node.location?.quoted ?? '',
      schema: node.location?.schema ?? '',
    },
    node_started_at: dbtTime(startedAt),
    node_status: status,
    resource_type: node.resourceType,
    unique_id: node.uniqueId,
  }
}

/** dbt's form: UTC without saying so, in microseconds; older Pythons read no other. */
function dbtTime(at: string): string {
  return at.replace(/Z$/, '000')
}

/** What a progress line calls a node: `sql view model main.stg_orders`, `seed file main.raw_orders`, `test unique_orders_id`. */
export function describeNode(node: NodeInfo): string {
  const name = node.relation ?? node.name
  if (node.resourceType === 'model') return `sql ${node.materialized} model ${name}`
  if (node.resourceType === 'seed') return `seed file ${name}`
  if (node.resourceType === 'source') return `source ${name}`
  return `${node.resourceType.replaceAll('_', ' ')} ${node.name}`
}

/** What a count calls nodes of this kind: `view model`, `test`, `seed`. */
export function kindOfNode(node: NodeInfo): string {
  return node.resourceType === 'model' ? `${node.materialized} model` : node.resourceType.replaceAll('_', ' ')
}

/** `1 seed, 2 view models`. The kinds may stand in the singular or the plural. */
export function countKinds(counts: Iterable<readonly [string, number]>): string {
  return [...counts]
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${count === 1 ? singular(kind) : plural(singular(kind))}`)
    .join(', ')
}

function singular(kind: string): string {
  return kind.endsWith('is')
    ? kind
    : kind
        .replace(/yses$/, 'ysis')
        .replace(/ies$/, 'y')
        .replace(/(?<!i)s$/, '')
}

function plural(kind: string): string {
  return kind.endsWith('is') ? kind.replace(/is$/, 'es') : `${kind.replace(/y$/, 'ie')}s`
}
