import type { ResultColumn } from '../adapters/adapter.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { printTime, type TimeWindow } from '../base/event-time.ts'
import type { MappedText } from '../base/source-map.ts'
import type { Span } from '../base/span.ts'
import type { Model, NodeRelation, RelationNode } from '../project/resource.ts'
import { type FunctionCall, QueryNeeded, type RefCall, type SourceCall, type TemplateHost } from '../template/host.ts'
import { type Dict, TextObject, type Value } from '../template/value.ts'
import { type CompileContext, createCompileHost, relationValue } from './compile-host.ts'
import type { Binding } from './compiler.ts'
import * as errors from './errors.ts'
import { inputKey } from './given.ts'
import type { IntrospectionAnswers } from './introspection-answers.ts'
import type { NodeIndex } from './node-index.ts'
import { Subqueries } from './subqueries.ts'
import { windowCondition } from './window-filter.ts'

/** Who evaluates: its name for messages, its own relation, and what it may refer to (undefined: anything). */
export interface Evaluator {
  readonly name: string
  /** Of a node. */
  readonly uniqueId?: string
  readonly packageName: string
  readonly relation: NodeRelation | null
  readonly dependsOn: ReadonlySet<string> | undefined
  /** True for the text of a model: what it reads is narrowed to the window of the evaluation. */
  readonly windowed?: boolean | undefined
}

/** Prefix of the CTEs that stand for ephemeral models. */
const ctePrefix = '__tsdbt__cte__'

/** One synchronous pass over the template of one statement: resolves references and collects ephemeral parents. */
export class Evaluation {
  /** Ephemeral parents in the order in which their CTEs must stand. */
  readonly ctes = new Map<string, { readonly name: string; readonly sql: MappedText }>()
  readonly warnings: Diagnostic[] = []
  readonly #subqueries = new Subqueries()
  readonly #open = new Set<string>()
  readonly #context: CompileContext
  readonly #index: NodeIndex
  readonly #binding: Binding
  readonly #answers: IntrospectionAnswers
  readonly #deferred: ReadonlyMap<string, NodeRelation>
  readonly #empty: boolean
  readonly #window: TimeWindow | null
  readonly #render: (model: Model, evaluation: Evaluation) => MappedText

  constructor(input: {
    readonly context: CompileContext
    readonly index: NodeIndex
    readonly binding: Binding
    readonly answers: IntrospectionAnswers
    readonly empty: boolean
    /** Where nodes are read that another run has built. */
    readonly deferred: ReadonlyMap<string, NodeRelation>
    /** Nodes with an `event_time` are read for this time only, by texts that are `windowed`. */
    readonly window: TimeWindow | null
    /** Evaluates an ephemeral model's template within this evaluation. */
    readonly render: (model: Model, evaluation: Evaluation) => MappedText
  }) {
    this.#context = input.context
    this.#index = input.index
    this.#binding = input.binding
    this.#answers = input.answers
    this.#empty = input.empty
    this.#deferred = input.deferred
    this.#window = input.window
    this.#render = input.render
  }

  host(evaluator: Evaluator, globals?: Dict): TemplateHost {
    const allowed = (id: string) => evaluator.dependsOn === undefined || evaluator.dependsOn.has(id)
    return createCompileHost(this.#context, {
      nodeName: evaluator.name,
      packageName: evaluator.packageName,
      this: evaluator.relation === null ? undefined : this.#own(evaluator, evaluator.relation),
      incremental: this.#binding.incremental,
      introspection: this.#binding.introspection,
      answers: this.#answers,
      reference: (call: RefCall) => {
        const node = this.#index.ref(call, evaluator.packageName)
        if (node === undefined) throw new UserError(this.#index.unknownRef(evaluator.name, call))
        if (!allowed(node.uniqueId)) return undefined
        this.#mustBeGiven(node, inputKey(node.uniqueId), `ref('${node.name}')`, call.span)
        return this.#reference(node, evaluator, call)
      },
      sourceReference: (call: SourceCall) => {
        const source = this.#index.source(call, evaluator.packageName)
        if (source === undefined) throw new UserError(this.#index.unknownSource(evaluator.name, call))
        if (!allowed(source.uniqueId)) return undefined
        const key = inputKey(source.uniqueId, call.quarantine ? 'quarantine' : 'rows')
        const written = `${call.quarantine ? 'quarantine' : 'source'}('${call.source}', '${call.table}')`
        this.#mustBeGiven(source, key, written, call.span)
        if (!call.quarantine) return this.#reference(source, evaluator, call)
        return this.#givenRows(key, source.quarantine) ?? this.#read(source.quarantine)
      },
      functionReference: (call: FunctionCall) => {
        const found = this.#index.function(call, evaluator.packageName)
        if (found === undefined) throw new UserError(this.#index.unknownFunction(evaluator.name, call))
        const place = this.#deferred.get(found.uniqueId) ?? found.relation
        return allowed(found.uniqueId) ? relationValue(this.#context.dialect, place) : undefined
      },
      globals: { batch: this.#batch(), ...globals },
      finishText: (text) => this.#subqueries.resolveText(text),
      warnings: this.warnings,
    })
  }

  /** What `{{batch}}` is; null outside of batches, so that a macro can ask. */
  #batch(): Value {
    const { batch } = this.#binding
    if (batch === undefined) return null
    const { id, start, end } = batch
    const time = (ms: number): string => `${printTime(ms)}+00:00`
    return { id, event_time_start: time(start), event_time_end: time(end) }
  }

  #reference(node: RelationNode, { windowed }: Evaluator, { allRows }: { allRows?: boolean | undefined }): Value {
    return windowed === true && allRows !== true ? this.windowed(node) : this.relation(node)
  }

  /** The node's rows of the evaluation's window; all where it has no `event_time`. */
  windowed(node: RelationNode): Value {
    const column = node.config.event_time
    const window = this.#window
    const isGiven = this.#binding.given?.inputs.has(inputKey(node.uniqueId)) === true
    if (window === null || column === null || isGiven) return this.relation(node)
    const { dialect } = this.#context
    const columns = this.#columnsOf(node)
    return this.filtered(
      node,
      windowCondition({ node: node.name, column, columns }, window, (name) => dialect.identifier(name)),
    )
  }

  /** Undefined where nothing may be asked, and for a model that has no relation. */
  #columnsOf(node: RelationNode): readonly ResultColumn[] | undefined {
    if (this.#binding.introspection === null || node.config.materialized === 'ephemeral') return undefined
    const place = this.#place(node)
    const bound = this.#binding.relations.get(node.uniqueId) ?? place
    const question = { kind: 'columns' as const, relation: relationValue(this.#context.dialect, bound, place) }
    const answer = this.#answers.get(question)
    if (answer === undefined) throw new QueryNeeded(question)
    // What fails here fails again where the relation is read, and is told there.
    return 'columns' in answer ? answer.columns : undefined
  }

  /** How a node is read: its relation, its CTE when it is ephemeral, or no rows with `--empty`. */
  relation(node: RelationNode): Value {
    const given = this.#givenRows(inputKey(node.uniqueId), node.relation)
    if (given !== undefined) return given
    if (node.resourceType === 'model' && node.config.materialized === 'ephemeral') return this.#cte(node)
    return this.#read(this.#place(node), this.#binding.relations.get(node.uniqueId))
  }

  get overrides(): ReadonlyMap<string, Value> | undefined {
    return this.#binding.given?.macros
  }

  /** The node's rows that fulfil `condition`. */
  filtered(node: RelationNode, condition: string): Value {
    const base = this.relation(node)
    const sql = `(select * from ${base instanceof TextObject ? base.text : String(base)} where (${condition}))`
    return this.#subquery(sql, this.#place(node), this.#binding.relations.get(node.uniqueId))
  }

  /** Where readers find the node. */
  #place(node: RelationNode): NodeRelation {
    return this.#deferred.get(node.uniqueId) ?? node.relation
  }

  /** Puts the subqueries in. */
  finish(mapped: MappedText): MappedText {
    return this.#subqueries.resolve(mapped)
  }

  finishText(text: string): string {
    return this.#subqueries.resolveText(text)
  }

  #read(published: NodeRelation, bound: NodeRelation = published): Value {
    const { dialect } = this.#context
    // A table that stands in for another one is read under the name of that.
    if (this.#binding.given !== undefined && bound !== published)
      return this.#subquery(dialect.relation(bound), published, bound)
    if (!this.#empty) return relationValue(dialect, bound, published)
    return this.#subquery(`(select * from ${dialect.relation(bound)} where false)`, published, bound)
  }

  /** The evaluating node's own relation. In a unit test: the rows that stand before, or the table that holds them. */
  #own({ uniqueId }: Evaluator, relation: NodeRelation): Value {
    const { given, own } = this.#binding
    const rows =
      given === undefined || uniqueId === undefined ? undefined : this.#givenRows(inputKey(uniqueId, 'this'), relation)
    if (rows !== undefined) return rows
    return own === undefined || own.node !== uniqueId
      ? relationValue(this.#context.dialect, relation)
      : this.#read(relation, own.relation)
  }

  /** Rows that are read as a CTE under the name of the relation; a query while compiling reads them in place. */
  #givenRows(key: string, published: NodeRelation): Value | undefined {
    const input = this.#binding.given?.inputs.get(key)
    if (input === undefined) return undefined
    const { dialect } = this.#context
    const name = dialect.identifier(input.cte)
    this.ctes.set(`given ${key}`, { name, sql: input.sql })
    const alias = dialect.identifier(published.identifier)
    const text = this.#subqueries.add(name, alias, `(\n${input.sql.text}\n)`)
    return relationValue(dialect, published, published, text)
  }

  #mustBeGiven(node: RelationNode, key: string, written: string, span: Span): void {
    const { given, relations } = this.#binding
    if (given === undefined || given.inputs.has(key) || relations.has(node.uniqueId)) return
    if (node.resourceType === 'model' && node.config.materialized === 'ephemeral') return
    const { name, uniqueId, span: at } = given.giver
    const labels = [{ span, text: 'it is read here' }]
    throw new UserError(errors.inputNotGiven({ test: name, input: written }, { span: at, labels, node: uniqueId }))
  }

  #subquery(sql: string, published: NodeRelation, bound: NodeRelation = published): Value {
    const { dialect } = this.#context
    return relationValue(dialect, bound, published, this.#subqueries.add(sql, dialect.identifier(published.identifier)))
  }

  #cte(model: Model): Value {
    const known = this.ctes.get(model.uniqueId)
    const name = known?.name ?? this.#context.dialect.identifier(`${ctePrefix}${model.name}`)
    if (known === undefined) {
      if (this.#open.has(model.uniqueId))
        throw new UserError(errors.ephemeralCycle({ node: model.name }, { span: model.span }))
      this.#open.add(model.uniqueId)
      const sql = this.#render(model, this)
      this.#open.delete(model.uniqueId)
      this.ctes.set(model.uniqueId, { name, sql })
    }
    return new TextObject(name, { name: model.name, identifier: `${ctePrefix}${model.name}` })
  }
}
