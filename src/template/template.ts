import type { SourceFile } from '../base/source-file.ts'
import type { Span } from '../base/span.ts'
import type { Expression, Program } from './ast.ts'
import type { FunctionCall, RefCall, SourceCall } from './host.ts'
import type { Value } from './value.ts'

/** A parsed template. Whitespace of standalone blocks, comments and `config` is already settled in the AST. */
export interface Template {
  readonly file: SourceFile
  readonly program: Program
  /** Macro and test definitions that the text contains, in order. */
  readonly definitions: readonly MacroDefinition[]
  /** True when nothing but definitions, comments and blanks is left: the file is no model or test. */
  readonly definitionsOnly: boolean
}

export interface MacroParameter {
  readonly name: string
  readonly required: boolean
  /** Undefined when required. */
  readonly default?: Expression | undefined
  readonly span: Span
}

/** A `{{#*macro}}` or `{{#*test}}`. */
export interface MacroDefinition {
  readonly kind: 'macro' | 'test'
  /** Without engine prefix. */
  readonly name: string
  /** `duckdb` or `postgres` when the name has that prefix. */
  readonly engine: string | undefined
  readonly packageName: string
  /** `macro.<package>.<name>`, `macro.<package>.<engine>__<name>` (dbt's form of an override), `macro.<package>.test_<name>`. */
  readonly uniqueId: string
  readonly parameters: readonly MacroParameter[]
  readonly body: Program
  readonly file: SourceFile
  /** The whole definition. */
  readonly span: Span
  readonly nameSpan: Span
}

export interface ConfigEntry {
  readonly key: string
  readonly value: Value
  readonly keySpan: Span
  readonly valueSpan: Span
}

/** What a walk of the tree finds out, without running it. All branches count, also inside macros that are called. */
export interface StaticFacts {
  readonly refs: readonly RefCall[]
  readonly sources: readonly SourceCall[]
  /** Functions of the project. */
  readonly functions: readonly FunctionCall[]
  /** `{{config}}` entries in order of their appearance, folded to values. */
  readonly config: readonly ConfigEntry[]
  /** unique ids of all macros that may be called, transitively, without duplicates, sorted. */
  readonly macros: readonly string[]
  readonly variables: readonly string[]
  readonly environment: readonly string[]
  readonly usesThis: boolean
  readonly usesIncremental: boolean
  readonly usesQuery: boolean
}
