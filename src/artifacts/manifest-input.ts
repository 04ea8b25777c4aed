import type { Graph } from '../graph/graph.ts'
import type { Project } from '../project/project.ts'
import type { Node, NodeRelation, Operation } from '../project/resource.ts'
import type { Invocation } from './metadata.ts'
import type { StateEntry } from './state/state-entry.ts'

/** The text of a compiled node; a `CompiledNode` and a `CompiledTest` fit. */
export interface CompiledText {
  readonly sql: { readonly text: string }
  readonly extraCtes?: readonly { readonly id: string; readonly sql: string }[] | undefined
}

/** Everything a manifest is made of. */
export interface ManifestInput {
  readonly project: Project
  readonly graph: Graph
  /** By unique id; nodes that are not there count as not compiled. */
  readonly compiled: ReadonlyMap<string, CompiledText>
  /** Nodes whose statements were written below `run/`. */
  readonly executed: ReadonlySet<string>
  readonly invocation: Invocation
  readonly adapterType: string
  /** Entries of the state that the command deferred to. */
  readonly deferTo?: ReadonlyMap<string, StateEntry> | undefined
  /** Where hooks of the project run. */
  readonly target: { readonly database: string; readonly schema: string }
  /** The relation's full quoted name, as statements write it. */
  readonly relationName: (relation: NodeRelation) => string
}

/** `created_at`: seconds since 1970. */
export function createdAt({ invocation }: ManifestInput): number {
  return Date.parse(invocation.startedAt) / 1000
}

/** A node's file below `compiled/` or `run/`, as dbt lays them out: tests of a property file in a folder of its name. */
export function outputPath(
  node: Pick<Node | Operation, 'packageName' | 'originalFilePath' | 'path' | 'resourceType' | 'fqn'>,
): string {
  const { packageName, originalFilePath, path, resourceType, fqn } = node
  // Unit tests of two models may have one name.
  if (resourceType === 'unit_test') return `${packageName}/${originalFilePath}/${fqn.slice(-2).join('.')}.sql`
  if (!/\.ya?ml$/.test(originalFilePath)) return `${packageName}/${originalFilePath}`
  return `${packageName}/${originalFilePath}/${path.slice(path.lastIndexOf('/') + 1)}`
}

/** The file of one batch of a node, as dbt lays them out: `models/orders/orders_20260103.sql` beside `models/orders.sql`. */
export function batchPath(node: Parameters<typeof outputPath>[0], batch: { readonly id: string }): string {
  const whole = outputPath(node).replace(/\.sql$/, '')
  return `${whole}/${whole.slice(whole.lastIndexOf('/') + 1)}_${batch.id}.sql`
}
