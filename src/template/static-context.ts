import type { Frame, Span } from '../base/span.ts'
import type { Findings } from './findings.ts'
import type { CallSite, TemplateHost } from './host.ts'
import type { MacroRegistry } from './macro-registry.ts'
import type { StaticValue } from './static-value.ts'
import type { MacroDefinition } from './template.ts'

/** What the static walk needs to know of the world. */
export interface AnalysisScope {
  readonly host: TemplateHost
  readonly macros: MacroRegistry
}

/** What is known of a macro before any call. */
export interface MacroSummary {
  readonly definition: MacroDefinition
  readonly findings: Findings
  /** A name or a configuration in it depends on its arguments, so each call is walked anew. */
  readonly dependent: boolean
  readonly returned: StaticValue | undefined
}

/** The callers of a macro: the first, and how many more there are. */
export interface Callers {
  readonly first: Span
  count: number
}

/** Remembered for all templates that share a registry. */
export interface AnalysisMemory {
  readonly engine: string
  readonly summaries: Map<string, MacroSummary | 'pending'>
  readonly callers: Map<string, Callers>
}

export interface StaticLoop {
  readonly outer: StaticLoop | undefined
  readonly parameters: readonly string[]
  readonly item: StaticValue
  readonly key: StaticValue
  readonly index: StaticValue
  readonly count: number | undefined
}

/**
 * How a body is walked: a template as it stands; a macro for its summary, with unknown arguments; or a macro for one
 * call, where only what depends on the arguments is still to be found out.
 */
export type WalkMode = 'template' | 'summary' | 'call'

/** A file or a macro call while it is walked. */
export interface StaticContext {
  readonly scope: AnalysisScope
  readonly memory: AnalysisMemory
  readonly findings: Findings
  readonly mode: WalkMode
  readonly path: string
  readonly packageName: string
  readonly definition: MacroDefinition | undefined
  readonly frames: readonly Frame[]
  /** Copied when it changes, so that branches can go back to what was before them. */
  variables: ReadonlyMap<string, StaticValue>
  loop: StaticLoop | undefined
  /** Branches and loops around the place that is walked. */
  nesting: number
  returned: StaticValue | undefined
  /** Set in a summary when a call must be walked with its arguments. */
  dependent: boolean
  /** Shared by all bodies of one analysis. */
  readonly budget: { calls: number; turns: number }
  /** Calls that are being walked, to end recursion. */
  readonly active: ReadonlySet<string>
}

export function staticSite(context: StaticContext, range: { readonly start: number; readonly end: number }): CallSite {
  return { span: { path: context.path, start: range.start, end: range.end }, frames: context.frames }
}

export function setVariable(context: StaticContext, name: string, value: StaticValue): void {
  const copy = new Map(context.variables)
  copy.set(name, value)
  context.variables = copy
}
