import { atCaller } from '../base/at-caller.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { InternalError, UserError } from '../base/errors.ts'
import { commonWindow, readTime, type TimeWindow } from '../base/event-time.ts'
import type { SourceSet } from '../base/source-file.ts'
import { type MappedText, MappedTextBuilder } from '../base/source-map.ts'
import { type Batch, ceilTo, floorTo, namedBatch } from '../base/time-grain.ts'
import type { Hook } from '../config/node-config.ts'
import { isMicrobatch } from '../project/is-microbatch.ts'
import { parseHook } from '../project/parse-hook.ts'
import type { Project } from '../project/project.ts'
import { isRelationNode, relationOf } from '../project/relation-of.ts'
import type {
  Analysis,
  Model,
  NodeRelation,
  Operation,
  RelationNode,
  Snapshot,
  Source,
  SqlFunction,
  Test,
} from '../project/resource.ts'
import { lookUpVariable, variableNames } from '../project/variables.ts'
import { injectCtes } from '../sql/inject-ctes.ts'
import { callMacro, type EvaluationScope, evaluate } from '../template/evaluate.ts'
import type { MacroRegistry } from '../template/macro-registry.ts'
import type { MacroDefinition, Template } from '../template/template.ts'
import { type Dict, printed, TextObject, type Value } from '../template/value.ts'
import type { CompileContext } from './compile-host.ts'
import type { CompiledHook, CompiledNode, CompiledTest } from './compiled-node.ts'
import type { Binding, Compiler, Introspection } from './compiler.ts'
import { ephemeralTexts } from './ephemeral-texts.ts'
import { Evaluation, type Evaluator } from './evaluation.ts'
import type { Given } from './given.ts'
import { evaluateWithAnswers, type IntrospectionAnswers } from './introspection-answers.ts'
import { latestOf } from './latest-of.ts'
import { type Compilable, NodeIndex } from './node-index.ts'
import { singleStatement } from './single-statement.ts'

export interface CompilerInput {
  readonly project: Project
  readonly context: CompileContext
  /** Every reference reads no rows (`--empty`). */
  readonly empty: boolean
  /** Where nodes are read that another run has built; everything else is read at its own place. */
  readonly deferred?: ReadonlyMap<string, NodeRelation> | undefined
  readonly time: CompileTime
  /** Told of `{{warn}}` and the like. */
  readonly report: (diagnostic: Diagnostic) => void
}

/** What the time of rows means for one command. */
export interface CompileTime {
  /** When the command began. */
  readonly now: number
  /** `--event-time-start` and `--event-time-end`. */
  readonly window: TimeWindow | null
  /** `--sample`: nodes with an `event_time` are read for this time only. */
  readonly sample: TimeWindow | null
}

/** The compiler of one run. It remembers what was compiled against published relations, for the artifacts. */
export class ProjectCompiler implements Compiler {
  readonly #published = new Map<string, CompiledNode | CompiledTest>()
  readonly #context: CompileContext
  readonly #index: NodeIndex
  readonly #macros: MacroRegistry
  readonly #files: SourceSet
  readonly #empty: boolean
  readonly #deferred: ReadonlyMap<string, NodeRelation>
  readonly #time: CompileTime
  readonly #batches = new Map<string, BatchText[]>()
  readonly #report: (diagnostic: Diagnostic) => void
  readonly #snippets = new Map<string, Template>()

  constructor(input: CompilerInput) {
    this.#context = input.context
    this.#index = new NodeIndex(input.project)
    this.#macros = input.project.macros
    this.#files = input.project.files
    this.#empty = input.empty
    this.#deferred = input.deferred ?? new Map()
    this.#time = input.time
    this.#report = input.report
  }

  /** What was compiled so far against published relations, by unique id. */
  texts(): ReadonlyMap<string, CompiledNode | CompiledTest> {
    const parentsOf = (id: string) => this.#index.get(id)?.dependsOn ?? []
    return new Map([...ephemeralTexts(this.#published.values(), parentsOf), ...this.#published])
  }

  keep(compiled: CompiledNode | CompiledTest): void {
    this.#published.set(compiled.uniqueId, compiled)
  }

  relationOf(uniqueId: string): NodeRelation | undefined {
    const node = this.#index.get(uniqueId)
    return this.#deferred.get(uniqueId) ?? (isRelationNode(node) ? node.relation : undefined)
  }

  keepBatch(uniqueId: string, batch: Batch, sql: string): void {
    const known = this.#batches.get(uniqueId)
    const text = { id: batch.id, sql }
    if (known === undefined) this.#batches.set(uniqueId, [text])
    else known.push(text)
  }

  /** The batches of microbatch models that were compiled so far, by unique id. */
  batches(): ReadonlyMap<string, readonly BatchText[]> {
    return this.#batches
  }

  async compile(uniqueId: string, binding: Binding): Promise<CompiledNode> {
    const node = this.#node(uniqueId)
    if (node.resourceType === 'test') throw new InternalError(`${uniqueId} is a test`)
    const batch = this.#batchOf(node, binding)
    const compiled = await this.#evaluate({ ...binding, batch }, (evaluation) => this.#compileNode(node, evaluation))
    if (binding.relations.size === 0 && binding.batch === undefined) this.#published.set(uniqueId, compiled)
    return compiled
  }

  async compileQuery(uniqueId: string, binding: Binding): Promise<MappedText> {
    const node = this.#node(uniqueId)
    if (node.resourceType !== 'model' && node.resourceType !== 'snapshot')
      throw new InternalError(`${uniqueId} has no query of its own`)
    return this.#evaluate(binding, (evaluation) => withCtes(this.#body(node, evaluation), evaluation))
  }

  async compileTest(uniqueId: string, binding: Binding): Promise<CompiledTest> {
    const test = this.#node(uniqueId)
    if (test.resourceType !== 'test') throw new InternalError(`${uniqueId} is no test`)
    const compiled = await this.#evaluate(binding, (evaluation) => this.#compileTest(test, evaluation))
    if (binding.relations.size === 0) this.#published.set(uniqueId, compiled)
    return compiled
  }

  async compileOperation(operation: Operation, binding: Binding, globals: Dict): Promise<MappedText> {
    return this.#evaluate(binding, (evaluation) => {
      const evaluator = {
        name: operation.name,
        packageName: operation.packageName,
        relation: null,
        dependsOn: undefined,
      }
      return evaluation.finish(evaluate(operation.template, this.#scope(evaluation, evaluator, globals)))
    })
  }

  async compileLoadedAt(source: Source, binding: Binding): Promise<MappedText> {
    const { loadedAtQuery: query, loadedAtField: field, freshness, freshnessPlaces: places } = source
    if (query === null) {
      const relation = { text: this.#context.dialect.relation(source.relation), span: source.span }
      return latestOf({ relation, field: field ?? '', filter: freshness?.filter ?? null, places })
    }
    return this.#evaluate(binding, (evaluation) => {
      const hook = { sql: query, transaction: false, ...(places.loadedAtQuery && { span: places.loadedAtQuery }) }
      return singleStatement(this.#snippet(source, 'loaded_at_query', hook, evaluation), source.name, source.span)
    })
  }

  /** All rows of a node that has no query of its own, as a model would read them. */
  async compileRows(uniqueId: string, binding: Binding): Promise<MappedText> {
    const node = this.#node(uniqueId)
    if (!isRelationNode(node)) throw new InternalError(`${uniqueId} has no rows`)
    return this.#evaluate(binding, (evaluation) => {
      const rows = printed(evaluation.windowed(node)) ?? ''
      return evaluation.finish({ text: `select * from ${rows}`, segments: [] })
    })
  }

  /** A text from the command line: it may refer to any node. */
  async compileInline(template: Template, packageName: string, binding: Binding): Promise<MappedText> {
    return this.#evaluate(binding, (evaluation) => {
      const evaluator = { ...inlineEvaluator(template, packageName), windowed: true }
      return withCtes(singleStatement(this.#text(template, evaluation, evaluator), template.file.path), evaluation)
    })
  }

  /** As `compileInline`, for a text that may hold several statements. */
  async compileScript(template: Template, packageName: string, binding: Binding): Promise<MappedText> {
    return this.#evaluate(binding, (evaluation) => {
      const evaluator = inlineEvaluator(template, packageName)
      return this.#text(template, evaluation, evaluator)
    })
  }

  /** `run-operation`: the text that a macro gives, for the warehouse. */
  async compileMacroCall(macro: MacroDefinition, named: Dict, binding: Binding): Promise<MappedText> {
    return this.#evaluate(binding, (evaluation) => {
      const evaluator = { name: macro.name, packageName: macro.packageName, relation: null, dependsOn: undefined }
      const { text } = callMacro(macro, { named }, this.#scope(evaluation, evaluator))
      return evaluation.finish(text)
    })
  }

  async #evaluate<T>(binding: Binding, run: (evaluation: Evaluation) => T): Promise<T> {
    const { result, warnings } = await evaluateAtCaller(binding.introspection, (answers) => {
      const evaluation = new Evaluation({
        context: binding.given === undefined ? this.#context : this.#seenBy(binding.given),
        index: this.#index,
        binding,
        answers,
        empty: this.#empty,
        deferred: this.#deferred,
        window: this.#windowOf(binding),
        render: (model, within) => this.#body(model, within),
      })
      return { result: run(evaluation), warnings: evaluation.warnings }
    })
    for (const warning of warnings) this.#report(warning)
    return result
  }

  #node(uniqueId: string): Compilable {
    const node = this.#index.get(uniqueId)
    if (node === undefined) throw new InternalError(`no node ${uniqueId}`)
    return node
  }

  /** What is filtered: the batch, and of it what `--sample` asks for. */
  #windowOf({ batch }: Binding): TimeWindow | null {
    const { sample } = this.#time
    if (batch === undefined) return sample
    return sample === null ? batch : commonWindow(batch, sample)
  }

  /** A microbatch model that is compiled without a batch: as one of all its time, or of the window that was asked for. */
  #batchOf(node: Compilable, { batch }: Binding): Batch | undefined {
    if (batch !== undefined || !isMicrobatch(node)) return batch
    const { batch_size: size, begin } = node.config
    if (size === null || begin === null) return undefined
    const start = this.#time.window?.start ?? readTime(begin)!
    const end = this.#time.window?.end ?? this.#time.now
    return namedBatch({ start: floorTo(start, size), end: ceilTo(end, size) }, size)
  }

  #scope(evaluation: Evaluation, evaluator: Evaluator, globals?: Dict): EvaluationScope {
    const { overrides } = evaluation
    return { host: evaluation.host(evaluator, globals), macros: this.#macros, files: this.#files, overrides }
  }

  /** The project as the template of a unit test sees it. */
  #seenBy({ vars, env }: Given): CompileContext {
    const { declaredVars } = this.#context
    return {
      ...this.#context,
      variable: (name, packageName) => lookUpVariable({ ...declaredVars(packageName), ...vars }, name),
      variableNames: (packageName) => variableNames({ ...declaredVars(packageName), ...vars }),
      env: { ...this.#context.env, ...env },
    }
  }

  #text(template: Template, evaluation: Evaluation, evaluator: Evaluator): MappedText {
    return evaluation.finish(evaluate(template, this.#scope(evaluation, evaluator)))
  }

  #body(node: TextNode, evaluation: Evaluation): MappedText {
    const evaluator = { ...evaluatorOf(node), windowed: true }
    return singleStatement(this.#text(node.template, evaluation, evaluator), node.name, node.span)
  }

  #compileNode(node: RelationNode | Analysis | SqlFunction, evaluation: Evaluation): CompiledNode {
    const sql = 'template' in node ? withCtes(this.#body(node, evaluation), evaluation) : emptyText
    const { sql_header: header } = node.config
    return {
      uniqueId: node.uniqueId,
      sql,
      extraCtes: [...evaluation.ctes].map(([id, cte]) => ({ id, sql: `${cte.name} as (\n${cte.sql.text}\n)` })),
      preHooks: this.#hooks(node, 'pre-hook', evaluation),
      postHooks: this.#hooks(node, 'post-hook', evaluation),
      sqlHeader:
        header === null ? null : this.#snippet(node, 'sql_header', { sql: header, transaction: true }, evaluation),
    }
  }

  #hooks(
    node: RelationNode | Analysis | SqlFunction,
    when: 'pre-hook' | 'post-hook',
    evaluation: Evaluation,
  ): CompiledHook[] {
    return node.config[when].map((hook: Hook) => ({
      sql: this.#snippet(node, when, hook, evaluation),
      transaction: hook.transaction,
    }))
  }

  /** A text of the configuration that is a template itself. It may refer to any node: a hook runs when its node does. */
  #snippet(node: RelationNode | Analysis | SqlFunction, what: string, hook: Hook, evaluation: Evaluation): MappedText {
    const { packageName } = node
    const label = `${node.span.path} (${what})`
    const key = `${label}\u0000${hook.span?.start}\u0000${hook.sql}`
    let template = this.#snippets.get(key)
    if (template === undefined) {
      const parsed = parseHook(hook, { files: this.#files, packageName, label })
      if (parsed.template === undefined) throw new UserError(parsed.diagnostics)
      template = parsed.template
      this.#snippets.set(key, template)
    }
    return this.#text(template, evaluation, { ...evaluatorOf(node), dependsOn: undefined })
  }

  #compileTest(test: Test, evaluation: Evaluation): CompiledTest {
    const { where, limit } = test.config
    const attached = test.attachedNode === null ? undefined : this.#node(test.attachedNode)
    let model: Value | undefined
    if (isRelationNode(attached))
      model = where === null ? evaluation.relation(attached) : evaluation.filtered(attached, where)
    const body =
      test.generic === null ? this.#singular(test, evaluation) : this.#generic(test, model ?? null, evaluation)
    const sql = withCtes(singleStatement(body, test.name, test.span), evaluation)
    const readable =
      model instanceof TextObject && evaluation.ctes.size === 0 ? evaluation.finishText(model.text) : null
    return {
      uniqueId: test.uniqueId,
      sql:
        limit === null
          ? sql
          : new MappedTextBuilder().raw('select * from (\n').append(sql).raw(`\n) as limited limit ${limit}`).build(),
      modelSql: readable,
    }
  }

  #singular(test: Test, evaluation: Evaluation): MappedText {
    if (test.template === null) throw new InternalError(`${test.uniqueId} has no text`)
    return this.#text(test.template, evaluation, evaluatorOf(test))
  }

  #generic(test: Test, model: Value, evaluation: Evaluation): MappedText {
    const generic = test.generic!
    const macro = this.#macros.get(generic.macroId)
    if (macro === undefined) throw new InternalError(`no test macro ${generic.macroId}`)
    const named: Record<string, Value> = { ...(generic.kwargs as Dict), model }
    if (test.columnName !== null) named['column_name'] = test.columnName
    for (const [argument, id] of Object.entries(generic.references)) {
      const node = this.#node(id)
      if (isRelationNode(node)) named[argument] = evaluation.relation(node)
    }
    const { text } = callMacro(macro, { named, calledAt: test.span }, this.#scope(evaluation, evaluatorOf(test)))
    return evaluation.finish(text)
  }
}

/** A node whose file is one query. */
type TextNode = Model | Snapshot | Analysis | SqlFunction

/** The text of one batch, as readers of the artifacts see it. */
export interface BatchText {
  readonly id: string
  readonly sql: string
}

function inlineEvaluator(template: Template, packageName: string): Evaluator {
  return { name: template.file.path, packageName, relation: null, dependsOn: undefined }
}

const emptyText: MappedText = { text: '', segments: [] }

function evaluatorOf(node: Compilable | RelationNode): Evaluator {
  return {
    name: node.name,
    uniqueId: node.uniqueId,
    packageName: node.packageName,
    relation: node.resourceType === 'test' ? null : relationOf(node),
    dependsOn: new Set(node.dependsOn),
  }
}

function withCtes(sql: MappedText, evaluation: Evaluation): MappedText {
  return evaluation.ctes.size === 0 ? sql : injectCtes(sql, [...evaluation.ctes.values()])
}

/** As `evaluateWithAnswers`; mistakes that show in built-in macros are told at their calls. */
async function evaluateAtCaller<T>(
  introspection: Introspection | null,
  run: (answers: IntrospectionAnswers) => T,
): Promise<T> {
  try {
    return await evaluateWithAnswers(introspection, run)
  } catch (error) {
    throw error instanceof UserError ? new UserError(error.diagnostics.map(atCaller)) : error
  }
}
