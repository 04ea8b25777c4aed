import type { Cell, RowSet, Session } from '../../src/adapters/adapter.ts'
import { SourceFile, SourceSet } from '../../src/base/source-file.ts'
import { type CompileContext, createCompileHost, relationValue } from '../../src/compile/compile-host.ts'
import { evaluateWithAnswers, type IntrospectionAnswers } from '../../src/compile/introspection-answers.ts'
import { callMacro, type EvaluationScope, evaluate } from '../../src/template/evaluate.ts'
import { loadMacroLibrary } from '../../src/template/library.ts'
import { createMacroRegistry, type MacroRegistry } from '../../src/template/macro-registry.ts'
import { parseTemplate } from '../../src/template/parse-template.ts'
import type { Dict, TextObject, Value } from '../../src/template/value.ts'
import { SCHEMA, type SpecDatabase, type SpecEngine } from '../engines.ts'

/** Names that a template may use besides the language. */
export type Variables = { readonly [name: string]: Value }

/** Templates that call the library, evaluated as a model's text is, and run in an empty database. */
export class MacroSandbox {
  readonly #engine: SpecEngine
  readonly #files = new SourceSet()
  readonly #macros: MacroRegistry
  #database: SpecDatabase | undefined
  #session: Session | undefined

  /** `projectMacros` is the text of a macro file of the project. */
  constructor(engine: SpecEngine, projectMacros = '') {
    this.#engine = engine
    const { template } = parseTemplate(new SourceFile('macros/spec.sql', projectMacros), { packageName: 'spec' })
    this.#macros = createMacroRegistry(template!.definitions, {
      projectName: 'spec',
      library: loadMacroLibrary(this.#files),
    }).registry
  }

  get engine(): string {
    return this.#engine.name
  }

  async open(): Promise<void> {
    this.#database = await this.#engine.create()
    this.#session = await (await this.#database.open()).acquire()
  }

  async close(): Promise<void> {
    await this.#session?.release()
    await this.#database?.drop()
  }

  /** The relation that `{{ref name}}` means. */
  relation(identifier: string): TextObject {
    return relationValue(this.#engine.dialect, { database: this.#databaseName, schema: SCHEMA, identifier })
  }

  /** Makes a table from a query. */
  async table(name: string, query: string): Promise<void> {
    await this.session.execute(`create table ${this.relation(name).text} as ${await this.text(query)}`)
  }

  /** What a template gives when the warehouse answers its questions. */
  text(template: string, variables: Variables = {}, context: Partial<CompileContext> = {}): Promise<string> {
    return evaluateWithAnswers(this.session, (answers) => this.#evaluate(template, variables, answers, context))
  }

  /** What a template gives while columns and values are not known yet. */
  textBeforeRun(template: string): Promise<string> {
    return evaluateWithAnswers(null, () => this.#evaluate(template, {}, null))
  }

  async rows(template: string, variables: Variables = {}): Promise<readonly (readonly Cell[])[]> {
    return (await this.#query(template, variables)).rows
  }

  async columns(template: string): Promise<readonly string[]> {
    return (await this.#query(template, {})).columns.map((c) => c.name)
  }

  /** The value of an expression. */
  async value(expression: string, variables: Variables = {}): Promise<Cell> {
    return (await this.rows(`select ${expression} as value`, variables))[0]![0]!
  }

  /** The rows that a generic test returns for a model. */
  async badRows(test: string, model: string, named: { readonly [parameter: string]: unknown } = {}) {
    const definition = this.#macros.resolve('test', test, this.#engine.name, 'spec')
    if (definition === undefined) throw new Error(`no test ${test}`)
    const all = { ...named, model: this.relation(model) } as Dict
    const sql = await evaluateWithAnswers(
      this.session,
      (answers) => callMacro(definition, { positional: [], named: all }, this.#scope({}, answers)).text.text,
    )
    const { columns, rows } = await this.session.query(sql)
    return rows.map((row): { readonly [column: string]: Cell } =>
      Object.fromEntries(columns.map((c, i) => [c.name, row[i]!])),
    )
  }

  get session(): Session {
    if (this.#session === undefined) throw new Error('the database is not open')
    return this.#session
  }

  get #databaseName(): string {
    return this.#database?.name ?? 'dev'
  }

  async #query(template: string, variables: Variables): Promise<RowSet> {
    return this.session.query(await this.text(template, variables))
  }

  #evaluate(
    text: string,
    variables: Variables,
    answers: IntrospectionAnswers | null,
    context: Partial<CompileContext> = {},
  ): string {
    const { template, diagnostics } = parseTemplate(new SourceFile('spec.sql', text), { packageName: 'spec' })
    if (template === undefined || diagnostics.length > 0) throw new Error(diagnostics.map((d) => d.message).join('\n'))
    return evaluate(template, this.#scope(variables, answers, context)).text
  }

  #scope(
    globals: Variables,
    answers: IntrospectionAnswers | null,
    changes: Partial<CompileContext> = {},
  ): EvaluationScope {
    const { name, dialect } = this.#engine
    const context: CompileContext = {
      engine: name,
      dialect,
      target: { name: 'dev', type: name, database: this.#databaseName, schema: SCHEMA },
      variable: () => undefined,
      variableNames: () => [],
      declaredVars: () => ({}),
      env: {},
      say: () => {},
      ...changes,
    }
    const host = createCompileHost(context, {
      nodeName: 'spec',
      packageName: 'spec',
      this: undefined,
      incremental: false,
      introspection: answers === null ? null : this.session,
      answers: answers!,
      reference: (call) => this.relation(call.name),
      sourceReference: () => undefined,
      functionReference: () => undefined,
      globals,
      finishText: (sql) => sql,
      warnings: [],
    })
    return { host, macros: this.#macros, files: this.#files }
  }
}
