import type { Dialect } from '../adapters/dialect.ts'
import { InternalError } from '../base/errors.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { Compiler } from '../compile/compiler.ts'
import type { Graph } from '../graph/graph.ts'
import type { Model, Node, NodeRelation, Snapshot } from '../project/resource.ts'
import type { Template } from '../template/template.ts'

/** What can be cloned: everything that the project makes, but for files that it loads. */
export type Clonable = Extract<Node, { resourceType: 'model' | 'seed' }> | Snapshot

export function isClonable(node: Node): node is Clonable {
  if (node.resourceType === 'seed' || node.resourceType === 'snapshot') return true
  return node.resourceType === 'model' && node.config.materialized !== 'ephemeral'
}

/**
 * A graph in which each node is a view on what it is cloned from, or with `tables` a table: without parents, because a clone
 * reads nothing of its own target, and without hooks and constraints, which belong to building it.
 */
export function cloneGraph(nodes: readonly Clonable[], template: Template, tables: boolean): Graph {
  const clones = new Map<string, Node>(nodes.map((node) => [node.uniqueId, cloneOf(node, template, tables)]))
  const order = [...clones.keys()].sort()
  const none = new Map(order.map((id) => [id, []]))
  const rank = new Map(order.map((id, i) => [id, i]))
  return { nodes: clones, parents: none, children: none, order, rank, fingerprint: (id) => id }
}

function cloneOf(node: Clonable, template: Template, tables: boolean): Model {
  return {
    ...node,
    resourceType: 'model',
    template,
    facts: noFacts,
    dependsOn: [],
    constraints: [],
    columns: node.columns.map((column) => ({ ...column, constraints: [] })),
    version: null,
    deprecationDate: null,
    config: {
      ...node.config,
      materialized: tables ? 'table' : 'view',
      'pre-hook': [],
      'post-hook': [],
      sql_header: null,
      contract: { enforced: false, alias_types: true },
      indexes: tables ? node.config.indexes : null,
      unlogged: tables ? node.config.unlogged : null,
      fillfactor: tables ? node.config.fillfactor : null,
      tablespace: tables ? node.config.tablespace : null,
      partition_by: tables ? node.config.partition_by : null,
    },
  }
}

const noFacts: Model['facts'] = {
  refs: [],
  sources: [],
  functions: [],
  config: [],
  macros: [],
  variables: [],
  environment: [],
  usesThis: false,
  usesIncremental: false,
  usesQuery: false,
}

/** A compiler whose nodes read all rows of the places that they are cloned from. */
export function cloneCompiler(places: ReadonlyMap<string, NodeRelation>, dialect: Dialect): Compiler {
  const refuse = async (): Promise<never> => {
    throw new InternalError('a clone has neither tests nor hooks')
  }
  const compile = async (uniqueId: string): Promise<CompiledNode> => ({
    uniqueId,
    sql: { text: `select * from ${dialect.relation(places.get(uniqueId)!)}`, segments: [] },
    extraCtes: [],
    preHooks: [],
    postHooks: [],
    sqlHeader: null,
  })
  return {
    compile,
    compileQuery: async (uniqueId) => (await compile(uniqueId)).sql,
    compileTest: refuse,
    compileOperation: refuse,
    compileLoadedAt: refuse,
    relationOf: (uniqueId) => places.get(uniqueId),
    keep: () => undefined,
    keepBatch: () => undefined,
  }
}
