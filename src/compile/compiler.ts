import type { ResultColumn, RowSet } from '../adapters/adapter.ts'
import type { MappedText } from '../base/source-map.ts'
import type { Batch } from '../base/time-grain.ts'
import type { NodeRelation, Operation, Source } from '../project/resource.ts'
import type { Dict } from '../template/value.ts'
import type { CompiledNode, CompiledTest } from './compiled-node.ts'
import type { Given } from './given.ts'

/** How templates ask the warehouse while they are compiled for execution. A `Session` fits. */
export interface Introspection {
  query(sql: string): Promise<RowSet>
  columnsOf(relation: NodeRelation): Promise<readonly ResultColumn[]>
}

/** What names mean for one compilation. */
export interface Binding {
  /** Where a node is read from (and written to: the node's own `this`) when not at its published place. */
  readonly relations: ReadonlyMap<string, NodeRelation>
  /** Whether `(is_incremental)` is true. */
  readonly incremental: boolean
  /** The batch that a microbatch model is compiled for; without one it is its whole time. */
  readonly batch?: Batch | undefined
  /** The node's own relation when batches read those before them, which are not published yet. */
  readonly self?: NodeRelation | undefined
  /** Null: `query`, `columns_of` and `values_of` see nothing. */
  readonly introspection: Introspection | null
  /** Where the compiled node's own rows stand when not in its relation: `this`. */
  readonly own?: { readonly node: string; readonly relation: NodeRelation } | undefined
  /** Rows that are read instead of the warehouse's, as in a unit test. */
  readonly given?: Given | undefined
}

/**
 * Turns nodes into SQL. Every method raises `UserError` for mistakes of the template and `DatabaseError` when an
 * introspective query fails. Compiling with an empty `relations` map also keeps the text for the artifacts.
 */
export interface Compiler {
  /** A model. Ephemeral parents are injected; `this` in hooks is the published relation. */
  compile(uniqueId: string, binding: Binding): Promise<CompiledNode>
  /** The query of a model or snapshot alone, without hooks and header. It is not kept for the artifacts. */
  compileQuery(uniqueId: string, binding: Binding): Promise<MappedText>
  compileTest(uniqueId: string, binding: Binding): Promise<CompiledTest>
  /** `globals`: `results`, `schemas`, `database_schemas` for on-run-end. */
  compileOperation(operation: Operation, binding: Binding, globals: Dict): Promise<MappedText>
  /** The query that says when rows of a source came in: `loaded_at_query`, or the latest `loaded_at_field`. */
  compileLoadedAt(source: Source, binding: Binding): Promise<MappedText>
  /** Where readers find a node; undefined for what has no relation. */
  relationOf(uniqueId: string): NodeRelation | undefined
  /** Takes the published form of what was compiled against staged relations, for the artifacts. */
  keep(compiled: CompiledNode | CompiledTest): void
  /** The same for one batch of a model. */
  keepBatch(uniqueId: string, batch: Batch, sql: string): void
}
