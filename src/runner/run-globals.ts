import { relationOf } from '../project/relation-of.ts'
import type { BuiltNode } from '../project/resource.ts'
import type { Dict, Value } from '../template/value.ts'
import type { NodeResult } from './node-result.ts'
import type { RunRequest } from './run-request.ts'

/** Members of all units, in the order of the plan. */
export function membersOf({ units, graph }: RunRequest): readonly BuiltNode[] {
  return units.flatMap((unit) => unit.members.map((id) => graph.nodes.get(id) as BuiltNode))
}

/** What `on-run-end` templates can read, under dbt's names. */
export function runEndGlobals(request: RunRequest, results: readonly NodeResult[]): Dict {
  const pairs = new Map<string, readonly [string, string]>()
  for (const { relation } of membersOf(request))
    pairs.set(`${relation.database}\u0000${relation.schema}`, [relation.database, relation.schema])
  return {
    results: results.map((result) => resultValue(request, result)),
    schemas: [...new Set([...pairs.values()].map(([, schema]) => schema))],
    database_schemas: [...pairs.values()],
  }
}

function resultValue({ graph }: RunRequest, result: NodeResult): Value {
  const node = graph.nodes.get(result.uniqueId)
  return {
    unique_id: result.uniqueId,
    status: result.status,
    message: result.message,
    failures: result.failures,
    execution_time: result.executionTime,
    thread_id: result.threadId,
    adapter_response: { ...result.adapterResponse },
    node:
      node === undefined
        ? null
        : {
            unique_id: node.uniqueId,
            name: node.name,
            resource_type: node.resourceType,
            package_name: node.packageName,
            original_file_path: node.originalFilePath,
            database: relationOf(node)?.database ?? null,
            schema: relationOf(node)?.schema ?? null,
            alias: relationOf(node)?.identifier ?? node.name,
            tags: node.tags,
          },
  }
}
