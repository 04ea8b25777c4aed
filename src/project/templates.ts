import type { Diagnostic } from '../base/diagnostic.ts'
import { SourceFile, type SourceSet } from '../base/source-file.ts'
import type { Span } from '../base/span.ts'
import type { ConfigLayer } from '../config/config-layer.ts'
import type { ConfigValue, Hook } from '../config/node-config.ts'
import type { StatementText } from '../config/project-file.ts'
import { analyze, analyzeDefinition, analyzeMacros } from '../template/analyze.ts'
import { builtinPackage } from '../template/builtins.ts'
import { callMacro } from '../template/evaluate.ts'
import type { TemplateHost } from '../template/host.ts'
import { loadMacroLibrary } from '../template/library.ts'
import { createMacroRegistry, type MacroRegistry } from '../template/macro-registry.ts'
import { parseTemplate, parseText } from '../template/parse-template.ts'
import type { MacroDefinition, StaticFacts, Template } from '../template/template.ts'
import type { Value } from '../template/value.ts'
import { inFileConfig } from './in-file-config.ts'
import { parseHook } from './parse-hook.ts'

export type Report = (diagnostic: Diagnostic) => void

/** Parses a file of SQL; mistakes are reported and give undefined. */
export function parseSql(file: SourceFile, packageName: string, report: Report): Template | undefined {
  const { template, diagnostics } = parseTemplate(file, { packageName })
  for (const d of diagnostics) report(d)
  return diagnostics.length > 0 ? undefined : template
}

/** The built-in macros alone, for YAML that is read before the project's own macros are. */
export function builtinRegistry(files: SourceSet): MacroRegistry {
  return createMacroRegistry([], { projectName: '', library: loadMacroLibrary(files) }).registry
}

export interface TemplatesInput {
  readonly packageName: string
  readonly host: TemplateHost
  /** Of all packages. */
  readonly macros: MacroRegistry
  /** Macros and generic tests of this package. */
  readonly definitions: readonly MacroDefinition[]
  /** The project file, which holds the statements of `on-run-start` and `on-run-end`. */
  readonly projectFile: SourceFile
  readonly files: SourceSet
  readonly report: Report
}

/** What loading a package asks of the template language, with its mistakes reported and answers remembered. */
export class Templates {
  readonly macros: MacroRegistry
  readonly engine: string
  /** Macros and generic tests of this package. */
  readonly definitions: readonly MacroDefinition[]
  readonly #input: TemplatesInput
  readonly #ofDefinition = new Map<string, StaticFacts>()
  readonly #reported = new Set<string>()
  readonly #configOf = new Map<StaticFacts, ConfigLayer>()
  readonly #ofHook = new Map<string, StaticFacts | undefined>()

  constructor(input: TemplatesInput) {
    this.macros = input.macros
    this.engine = input.host.engine
    this.definitions = input.definitions
    this.#input = input
  }

  parse(file: SourceFile): Template | undefined {
    return parseSql(file, this.#input.packageName, this.#input.report)
  }

  /** Stands for a file that could not be parsed: its mistakes are known, and others may still refer to it. */
  empty(file: SourceFile): Template {
    return { file, program: { body: [] }, definitions: [], definitionsOnly: false }
  }

  parseStatement(statement: StatementText): Template | undefined {
    const { packageName, projectFile, files, report } = this.#input
    if (!statement.exact)
      return this.parse(files.add(new SourceFile(`${projectFile.path} (statement)`, statement.text)))
    const { template, diagnostics } = parseText(statement.text, statement.span.start, projectFile, { packageName })
    for (const d of diagnostics) report(d)
    return diagnostics.length > 0 ? undefined : template
  }

  facts(template: Template): StaticFacts {
    const { facts, diagnostics } = analyze(template, { host: this.#input.host, macros: this.macros })
    for (const d of diagnostics) this.#input.report(d)
    return facts
  }

  /** Of a generic test. One of the project may refer to what its arguments name, so it is looked at for each use. */
  definitionFacts(definition: MacroDefinition, args: { readonly [name: string]: ConfigValue }): StaticFacts {
    const scope = { host: this.#input.host, macros: this.macros }
    const alike = definition.packageName === builtinPackage || Object.keys(args).length === 0
    const known = alike ? this.#ofDefinition.get(definition.uniqueId) : undefined
    if (known !== undefined) return known
    const { facts, diagnostics } = analyzeDefinition(definition, scope, args)
    for (const d of diagnostics) this.#reportOnce(d)
    if (alike) this.#ofDefinition.set(definition.uniqueId, facts)
    return facts
  }

  /** Reports mistakes inside of the project's macros, each once. To be called when every template was looked at. */
  reportMacros(): void {
    const { definitions, host } = this.#input
    for (const d of analyzeMacros(definitions, { host, macros: this.macros })) this.#reportOnce(d)
  }

  /** A mistake in a definition is met by everything that uses it. */
  #reportOnce(diagnostic: Diagnostic): void {
    const { code, message, span } = diagnostic
    const key = `${code} ${span?.path} ${span?.start} ${message}`
    if (this.#reported.has(key)) return
    this.#reported.add(key)
    this.#input.report(diagnostic)
  }

  /** The `{{config}}` of a generic test: defaults for all tests made of it. */
  definitionConfig(facts: StaticFacts): ConfigLayer {
    let layer = this.#configOf.get(facts)
    if (layer === undefined) {
      layer = inFileConfig(facts.config, 'test', (d) => this.#reportOnce(d))
      this.#configOf.set(facts, layer)
    }
    return layer
  }

  /** What a hook of the node at `owner` refers to; undefined when it refers to nothing or has a mistake, which is reported once. */
  hookFacts(hook: Hook, owner: Span): StaticFacts | undefined {
    if (!hook.sql.includes('{{')) return undefined
    const key = `${hook.span?.path}\0${hook.span?.start}\0${hook.sql}`
    if (this.#ofHook.has(key)) return this.#ofHook.get(key)
    const { packageName, report, host, files } = this.#input
    const { template, diagnostics } = parseHook(hook, { files, packageName, label: `${owner.path} (hook)` })
    const analysis =
      template === undefined || diagnostics.length > 0 ? undefined : analyze(template, { host, macros: this.macros })
    for (const d of [...diagnostics, ...(analysis?.diagnostics ?? [])]) report(d)
    this.#ofHook.set(key, analysis?.facts)
    return analysis?.facts
  }

  /** A generic test as the project's files name it. */
  test(name: string): MacroDefinition | undefined {
    return this.macros.resolve('test', name, this.engine, this.#input.packageName)
  }

  /** A generic test that comes with tsdbt, whatever the project defines. */
  builtinTest(name: string): MacroDefinition | undefined {
    return this.macros.resolve('test', `${builtinPackage}.${name}`, this.engine, this.#input.packageName)
  }

  /** The value of a macro that is called with positional arguments. Throws `UserError`. */
  readonly call = (macro: MacroDefinition, positional: readonly Value[]): Value => {
    const { host, files } = this.#input
    return callMacro(macro, { positional }, { host, macros: this.macros, files }).value
  }
}
