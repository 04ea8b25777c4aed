import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Adapter, Cell } from '../../src/adapters/adapter.ts'
import type { Event } from '../../src/base/events.ts'
import { type MappedText, MappedTextBuilder } from '../../src/base/source-map.ts'
import { WarningPolicy, warningsAreWarnings } from '../../src/base/warning-policy.ts'
import type { CompiledNode, CompiledTest } from '../../src/compile/compiled-node.ts'
import type { Binding, Compiler } from '../../src/compile/compiler.ts'
import { DEFAULT_CONFIG } from '../../src/config/merge-config.ts'
import type { NodeConfig } from '../../src/config/node-config.ts'
import { buildGraph } from '../../src/graph/build-graph.ts'
import { planUnits } from '../../src/graph/units.ts'
import { relationOf } from '../../src/project/relation-of.ts'
import type { Column, Node, NodeRelation, Operation, RelationNode, Test } from '../../src/project/resource.ts'
import { executeRun } from '../../src/runner/execute-run.ts'
import type { NodeResult } from '../../src/runner/node-result.ts'
import { planRun } from '../../src/runner/plan-run.ts'
import type { RunRequest } from '../../src/runner/run-request.ts'
import type { Dict } from '../../src/template/value.ts'
import { HandBuiltProject } from '../artifacts/hand-built-project.ts'
import { SCHEMA, type SpecDatabase, type SpecEngine, type Target } from '../engines.ts'

/** For runs without exports. */
const noExporter: RunRequest['exporter'] = {
  make: () => Promise.reject(new Error('nothing is exported here')),
  plan: () => Promise.reject(new Error('nothing is exported here')),
  standing: async () => null,
  close: async () => undefined,
}

/** What a SQL text of these tests may ask: names instead of a template language. */
export interface Names {
  ref(name: string): string
  readonly this: string
  readonly incremental: boolean
}

export type Sql = string | ((names: Names) => string)

export interface Hooks {
  readonly pre?: readonly { readonly sql: Sql; readonly transaction?: boolean }[]
  readonly post?: readonly { readonly sql: Sql; readonly transaction?: boolean }[]
}

export interface ModelOptions {
  readonly reads?: readonly string[]
  readonly config?: Partial<NodeConfig>
  readonly hooks?: Hooks
  readonly description?: string
  readonly columns?: readonly Column[]
}

export interface RunSettings extends Partial<RunRequest> {
  /** Names of the nodes that take part; all when absent. */
  readonly only?: readonly string[]
  /** False: `run`, tests hold back nothing. */
  readonly audit?: boolean
  readonly wholeRun?: boolean
}

let runs = 0

/**
 * A real database and a project whose models are given as SQL. Only the template language is left out: `Sql` functions
 * say where names go, so that these tests do not depend on it.
 */
export class Warehouse {
  readonly engine: SpecEngine
  /** The project's folder. */
  readonly folder = mkdtempSync(join(tmpdir(), 'tsdbt-runner-'))
  readonly events: Event[] = []
  /** Called with each event as it comes. */
  listen: (event: Event) => void = () => undefined
  /** Published texts that the artifacts would show. */
  readonly kept = new Map<string, string>()
  readonly #texts = new Map<string, Sql>()
  readonly #hooks = new Map<string, Hooks>()
  readonly #operations: Operation[] = []
  #hand = new HandBuiltProject()
  #patches = new Map<string, (node: Node) => Node>()
  #database: SpecDatabase | undefined
  #adapter: Adapter | undefined

  constructor(engine: SpecEngine) {
    this.engine = engine
  }

  get database(): SpecDatabase {
    if (this.#database === undefined) throw new Error('there is no database')
    return this.#database
  }

  get adapter(): Adapter {
    if (this.#adapter === undefined) throw new Error('the database is not open')
    return this.#adapter
  }

  async create(): Promise<void> {
    this.#database = await this.engine.create()
  }

  /** @param more added to the target */
  async open(threads = 4, more: Target = {}): Promise<void> {
    this.#adapter = await this.database.open({ threads, runId: '00000000' }, more)
  }

  /** Empties the database and forgets the project. */
  async empty(): Promise<void> {
    this.reset()
    this.kept.clear()
    await this.database.reset()
  }

  async drop(): Promise<void> {
    await this.#database?.drop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Forgets the project; what is in the database stays. */
  reset(): this {
    this.#hand = new HandBuiltProject()
    this.#texts.clear()
    this.#hooks.clear()
    this.#patches = new Map()
    this.#operations.length = 0
    this.events.length = 0
    this.listen = () => undefined
    return this
  }

  model(name: string, materialized: string, sql: Sql, options: ModelOptions = {}): this {
    const hook = (h: { readonly transaction?: boolean }) => ({ sql: '', transaction: h.transaction ?? true })
    const config = {
      materialized,
      ...options.config,
      'pre-hook': (options.hooks?.pre ?? []).map(hook),
      'post-hook': (options.hooks?.post ?? []).map(hook),
    }
    const { description = '', columns = [] } = options
    this.#hand.model(name, options.reads ?? [], { config, description, columns })
    this.#texts.set(this.id(name), sql)
    if (options.hooks !== undefined) this.#hooks.set(this.id(name), options.hooks)
    return this
  }

  /** A generic test `<type>_<model>_<column>`. */
  test(type: string, model: string, column: string, config: Partial<NodeConfig> = {}, kwargs = {}): this {
    const name = `${type}_${model}_${column}`
    this.#hand.test(type, [model], { name, column, config })
    this.#patches.set(this.id(name), (node) =>
      node.resourceType === 'test' ? { ...node, generic: { ...node.generic!, kwargs } } : node,
    )
    const where = config.where == null ? '' : ` and (${config.where})`
    const queries: { readonly [type: string]: Sql } = {
      not_null: (n) => `select * from ${n.ref(model)} where ${column} is null${where}`,
      unique: (n) =>
        `select ${column}, count(*) as n from ${n.ref(model)} where ${column} is not null${where} group by ${column} having count(*) > 1`,
      accepted_values: (n) =>
        `select ${column}, count(*) as n from ${n.ref(model)} where ${column} not in (${((kwargs as { values?: unknown[] }).values ?? []).map((v) => `'${v}'`).join(', ')})${where} group by ${column}`,
    }
    this.#texts.set(this.id(name), queries[type]!)
    return this
  }

  singularTest(name: string, reads: readonly string[], sql: Sql, config: Partial<NodeConfig> = {}): this {
    this.#hand.singularTest(name, reads, { config })
    this.#texts.set(this.id(name), sql)
    return this
  }

  seed(name: string, config: Partial<NodeConfig> = {}): this {
    this.#hand.seed(name, { config })
    this.#patches.set(this.id(name), (node) =>
      node.resourceType === 'seed' ? { ...node, absolutePath: join(this.folder, `${name}.csv`) } : node,
    )
    return this
  }

  /** A source table that is loaded from `<table>.csv` in the folder; its name is `raw.<table>`. */
  source(table: string, patch: (node: Node & { resourceType: 'source' }) => Node): this {
    this.#hand.source('raw', table, { loaded: true })
    this.#patches.set(this.id(`raw.${table}`), (node) => {
      if (node.resourceType !== 'source' || node.files === null) return node
      return patch({ ...node, files: { ...node.files, location: [`${table}.csv`] } })
    })
    return this
  }

  operation(when: Operation['when'], name: string, sql: Sql): this {
    const base = new HandBuiltProject().model(name).build().models[0]!
    const uniqueId = `operation.shop.${name}`
    const { relation: _, constraints: __, ...rest } = base
    this.#operations.push({
      ...rest,
      config: DEFAULT_CONFIG.model,
      resourceType: 'operation',
      uniqueId,
      when,
      index: this.#operations.length,
      rawCode: '',
    })
    this.#texts.set(uniqueId, sql)
    return this
  }

  id(name: string): string {
    return this.#hand.id(name)
  }

  request(settings: RunSettings = {}): RunRequest {
    const { only, audit = true, wholeRun = false, ...rest } = settings
    const project = this.#hand.build()
    const database = this.database.name
    const patch = <T extends RelationNode | Test>(node: T): T => {
      const patched = (this.#patches.get(node.uniqueId)?.(node) ?? node) as T
      const relation = { ...patched.relation, database }
      if (patched.resourceType !== 'source') return { ...patched, relation }
      return { ...patched, relation, quarantine: { ...patched.quarantine, database } }
    }
    const { graph } = buildGraph({
      ...project,
      models: project.models.map(patch),
      seeds: project.seeds.map(patch),
      sources: project.sources.map(patch),
      tests: project.tests.map(patch),
    })
    const selected = new Set(only?.map((name) => this.id(name)) ?? graph.order)
    const runId = (++runs).toString(16).padStart(8, '0')
    return {
      graph,
      units: planUnits(graph, selected, { audit, wholeRun }),
      exposures: [],
      exports: [],
      exporter: noExporter,
      operations: this.#operations,
      adapter: this.adapter,
      compiler: new TextCompiler(graph.nodes, this.#texts, this.#hooks, this.adapter, this.kept),
      runId,
      project: 'shop',
      target: { name: 'dev', database, schema: SCHEMA },
      projectRoot: this.folder,
      threads: 4,
      fullRefresh: false,
      partialInput: false,
      batching: { now: 0, window: null, given: new Map(), empty: false },
      failFast: false,
      storeFailures: false,
      warnings: new WarningPolicy(warningsAreWarnings),
      commentOf: () => null,
      compiledPath: (node) => `target/compiled/shop/${node.originalFilePath}`,
      emit: (event) => {
        this.events.push(event)
        this.listen(event)
      },
      ...rest,
    }
  }

  /** Runs the project: results by the short names of the nodes. */
  async run(settings: RunSettings = {}): Promise<Results> {
    const outcome = await executeRun(this.request(settings))
    return new Results(outcome.results, outcome.cancelled)
  }

  plan(settings: RunSettings = {}): ReturnType<typeof planRun> {
    return planRun(this.request(settings))
  }

  rows(sql: string): Promise<readonly (readonly Cell[])[]> {
    return this.database.sql(sql)
  }

  async execute(...statements: readonly string[]): Promise<void> {
    const session = await this.adapter.acquire()
    try {
      for (const sql of statements) await session.execute(sql)
    } finally {
      await session.release()
    }
  }

  /** `table t`, `view v`: what a schema has, by name. */
  async relations(schema = SCHEMA): Promise<readonly string[]> {
    const relations = await this.adapter.relations([{ database: this.database.name, schema }])
    return relations.map((r) => `${r.kind} ${r.name.identifier}`).sort()
  }

  /** Names of relations that a run should have cleaned away. */
  async strays(): Promise<readonly string[]> {
    const schemas = [SCHEMA, 'raw_raw', 'main_dbt_test__audit']
    const relations = await Promise.all(schemas.map((schema) => this.relations(schema)))
    return relations.flat().filter((name) => name.includes('__tsdbt_'))
  }

  /** The quoted name of a relation in `main`, as compiled text has it. */
  name(identifier: string): string {
    return this.engine.dialect.relation({ database: this.database.name, schema: SCHEMA, identifier })
  }
}

export class Results {
  readonly all: readonly NodeResult[]
  readonly cancelled: boolean

  constructor(all: readonly NodeResult[], cancelled: boolean) {
    this.all = all
    this.cancelled = cancelled
  }

  of(name: string): NodeResult {
    const exact = this.all.find((r) => r.uniqueId.split('.')[2] === name)
    const found = exact ?? this.all.find((r) => r.uniqueId.split('.').slice(2).join('.').startsWith(name))
    if (found === undefined) throw new Error(`no result of ${name}: ${this.all.map((r) => r.uniqueId).join(', ')}`)
    return found
  }

  status(name: string): string {
    return this.of(name).status
  }

  /** Status by short name. */
  get statuses(): { readonly [name: string]: string } {
    return Object.fromEntries(this.all.map((r) => [r.uniqueId.split('.')[2]!, r.status]))
  }
}

class TextCompiler implements Compiler {
  relationOf(uniqueId: string): NodeRelation | undefined {
    const node = this.#nodes.get(uniqueId)
    return node === undefined ? undefined : (relationOf(node) ?? undefined)
  }

  compileLoadedAt(): never {
    throw new Error('sources of these projects have no freshness')
  }

  readonly #nodes: ReadonlyMap<string, Node>
  readonly #texts: ReadonlyMap<string, Sql>
  readonly #hooks: ReadonlyMap<string, Hooks>
  readonly #adapter: Adapter
  readonly #byName: ReadonlyMap<string, Node>
  readonly #kept: Map<string, string>

  constructor(
    nodes: ReadonlyMap<string, Node>,
    texts: ReadonlyMap<string, Sql>,
    hooks: ReadonlyMap<string, Hooks>,
    adapter: Adapter,
    kept: Map<string, string>,
  ) {
    this.#kept = kept
    this.#nodes = nodes
    this.#byName = new Map([...nodes.values()].filter((n) => n.resourceType !== 'test').map((n) => [n.name, n]))
    this.#texts = texts
    this.#hooks = hooks
    this.#adapter = adapter
  }

  keepBatch(): void {}

  keep(compiled: CompiledNode | CompiledTest): void {
    this.#kept.set(compiled.uniqueId, compiled.sql.text)
  }

  async compileQuery(uniqueId: string, binding: Binding): Promise<MappedText> {
    return (await this.compile(uniqueId, binding)).sql
  }

  async compile(uniqueId: string, binding: Binding): Promise<CompiledNode> {
    const node = this.#nodes.get(uniqueId)!
    const hooks = this.#hooks.get(uniqueId)
    const sql = this.#texts.get(uniqueId)
    const compiled = (list: Hooks['pre'] = []) =>
      list.map((h) => ({
        sql: this.#text(h.sql, node, { ...binding, relations: new Map() }),
        transaction: h.transaction ?? true,
      }))
    return {
      uniqueId,
      sql: sql === undefined ? { text: '', segments: [] } : this.#text(sql, node, binding),
      extraCtes: [],
      preHooks: compiled(hooks?.pre),
      postHooks: compiled(hooks?.post),
      sqlHeader: node.config.sql_header === null ? null : { text: node.config.sql_header, segments: [] },
    }
  }

  async compileTest(uniqueId: string, binding: Binding): Promise<CompiledTest> {
    const test = this.#nodes.get(uniqueId)!
    if (test.resourceType !== 'test') throw new Error(`${uniqueId} is no test`)
    const { limit } = test.config
    const body = this.#text(this.#texts.get(uniqueId)!, test, binding)
    const sql = limit === null ? body : { text: `${body.text} limit ${limit}`, segments: body.segments }
    const attached = test.attachedNode === null ? null : this.#nodes.get(test.attachedNode)!
    const where = test.config.where
    const base = attached === null ? null : this.#relation(attached, binding)
    const modelSql = base === null || where === null ? base : `(select * from ${base} where (${where})) as "rows"`
    return { uniqueId, sql, modelSql }
  }

  async compileOperation(operation: Operation, binding: Binding, globals: Dict): Promise<MappedText> {
    const sql = this.#texts.get(operation.uniqueId)!
    const text = typeof sql === 'string' ? sql : sql(this.#names(null, binding))
    return {
      text: text.replace('$results', String((globals['results'] as readonly unknown[] | undefined)?.length)),
      segments: [],
    }
  }

  #text(sql: Sql, node: Node, binding: Binding): MappedText {
    const text = typeof sql === 'string' ? sql : sql(this.#names(node, binding))
    return new MappedTextBuilder()
      .mapped(text, { path: node.originalFilePath, start: 0, end: text.length }, true)
      .build()
  }

  #names(node: Node | null, binding: Binding): Names {
    return {
      ref: (name) => {
        const found = this.#byName.get(name)
        if (found === undefined) throw new Error(`no node ${name}`)
        if (found.config.materialized !== 'ephemeral') return this.#relation(found, binding)
        return `(${this.#text(this.#texts.get(found.uniqueId)!, found, binding).text}) as ${name}`
      },
      this: node === null ? '' : this.#relation(node, binding),
      incremental: binding.incremental,
    }
  }

  #relation(node: Node, binding: Binding): string {
    const relation: NodeRelation = binding.relations.get(node.uniqueId) ?? relationOf(node)!
    return this.#adapter.dialect.relation(relation)
  }
}
