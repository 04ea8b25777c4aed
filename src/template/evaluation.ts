import type { SourceSet } from '../base/source-file.ts'
import type { Frame } from '../base/span.ts'
import type { Asking } from './builtin.ts'
import type { CallSite, TemplateHost } from './host.ts'
import type { MacroRegistry } from './macro-registry.ts'
import type { MacroDefinition } from './template.ts'
import type { Value } from './value.ts'

/** What a template is evaluated in. */
export interface EvaluationScope {
  readonly host: TemplateHost
  readonly macros: MacroRegistry
  readonly files: SourceSet
  /** Values that macros give instead of running, by unique id. */
  readonly overrides?: ReadonlyMap<string, Value> | undefined
}

/** Calls of macros inside macros. */
export const macroDepthLimit = 100
/** Turns of all loops of one evaluation. */
export const loopLimit = 1_000_000
/** UTF-16 units of one text: 16 MiB. */
export const outputLimit = 16 * 1024 * 1024

/** One evaluation, from its start to its end: what its limits count. */
export interface Run extends Asking {
  readonly macros: MacroRegistry
  readonly overrides: ReadonlyMap<string, Value> | undefined
  turns: number
  depth: number
}

export interface Loop {
  readonly outer: Loop | undefined
  readonly parameters: readonly string[]
  readonly item: Value
  readonly index: number
  readonly count: number
  readonly key: Value
}

/** A file or one call of a macro: the scope of variables. */
export interface Context {
  readonly run: Run
  readonly path: string
  readonly packageName: string
  readonly definition: MacroDefinition | undefined
  readonly frames: readonly Frame[]
  readonly variables: Map<string, Value>
  /** Lists that nothing but their variable holds, so that `push` may change them in place. */
  owned: Map<string, Value[]> | undefined
  loop: Loop | undefined
  /** Value of `{{return}}`; evaluation of the body stops when it is set. */
  returned: Value | undefined
}

export function startRun(scope: EvaluationScope): Run {
  const { host, macros, overrides } = scope
  return { host, macros, overrides, unanswered: false, turns: 0, depth: 0 }
}

export function siteIn(context: Context, range: { readonly start: number; readonly end: number }): CallSite {
  return { span: { path: context.path, start: range.start, end: range.end }, frames: context.frames }
}

/** The value of a parameter, a loop's name, a `set` variable or a global of the host. */
export function variableOf(context: Context, name: string): Value | undefined {
  for (let loop = context.loop; loop !== undefined; loop = loop.outer) {
    if (loop.parameters[0] === name) return loop.item
    if (loop.parameters[1] === name) return loop.key
  }
  const value = context.variables.get(name)
  if (value !== undefined) {
    // The list is seen from elsewhere now: the next `push` must not change it.
    context.owned?.delete(name)
    return value
  }
  const { globals } = context.run.host
  return globals !== undefined && Object.hasOwn(globals, name) ? globals[name] : undefined
}

/** Names of all variables in sight, innermost first, for suggestions. */
export function variableNames(context: Context): readonly string[] {
  const names: string[] = []
  for (let loop = context.loop; loop !== undefined; loop = loop.outer) names.push(...loop.parameters)
  return [...names, ...context.variables.keys(), ...Object.keys(context.run.host.globals ?? {})]
}
