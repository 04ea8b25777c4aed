import type { Diagnostic } from '../base/diagnostic.ts'
import { duplicateConfig, unresolvedReference } from './errors.ts'
import { Findings } from './findings.ts'
import type { MacroRegistry } from './macro-registry.ts'
import { macroCallProblem } from './signature.ts'
import {
  type AnalysisMemory,
  type AnalysisScope,
  type MacroSummary,
  type StaticContext,
  staticSite,
} from './static-context.ts'
import { known, poisoned, type StaticValue, unknown } from './static-value.ts'
import type { MacroDefinition, StaticFacts, Template } from './template.ts'
import { isDict, isList, plainData, TextObject, type Value } from './value.ts'
import { type StaticCall, walkExpression } from './walk-expression.ts'
import { staticTurns, walkProgram } from './walk-statement.ts'

export interface Analysis {
  readonly facts: StaticFacts
  readonly diagnostics: readonly Diagnostic[]
}

/** Calls of macros that one analysis follows with their arguments. */
const callBudget = 5_000

/** How deep a macro that calls itself is followed: all branches count, so no condition ends it. */
const recursionLimit = 10

const memories = new WeakMap<MacroRegistry, AnalysisMemory>()

function memoryOf({ macros, host }: AnalysisScope): AnalysisMemory {
  let memory = memories.get(macros)
  if (memory === undefined || memory.engine !== host.engine) {
    memory = { engine: host.engine, summaries: new Map(), callers: new Map() }
    memories.set(macros, memory)
  }
  return memory
}

/**
 * What a template refers to and is configured with, by a walk of its tree that runs nothing: all branches count, also
 * in macros that it calls. Mistakes inside macros are not among the diagnostics, unless the arguments of a call of this
 * template cause them: `analyzeMacros` gives them, once for all callers.
 */
export function analyze(template: Template, scope: AnalysisScope): Analysis {
  const { path } = template.file
  const context = newContext(scope, path, scope.host.packageName, undefined, 'template')
  walkProgram(template.program, context, walkMacroCall)
  return result(context.findings)
}

/**
 * The same for the body of a macro or generic test. `args` are the values that are known by name; a name of the DAG that
 * is computed from another parameter is no mistake here, and gives no edge.
 */
export function analyzeDefinition(
  definition: MacroDefinition,
  scope: AnalysisScope,
  args: { readonly [name: string]: Value } = {},
): Analysis {
  const context = newContext(scope, definition.file.path, definition.packageName, definition, 'template')
  bindParameters(definition, context, (name) => (Object.hasOwn(args, name) ? known(args[name]!) : poisoned))
  walkProgram(definition.body, context, walkMacroCall)
  return result(context.findings)
}

/**
 * Mistakes in the bodies of macros, each once, with the first caller that was analyzed and the number of others. To be
 * asked after all templates were analyzed with the same registry.
 */
export function analyzeMacros(definitions: readonly MacroDefinition[], scope: AnalysisScope): readonly Diagnostic[] {
  const memory = memoryOf(scope)
  const found: Diagnostic[] = []
  for (const definition of definitions) {
    const context = newContext(scope, definition.file.path, definition.packageName, definition, 'template')
    const summary = summaryOf(definition, context)
    if (summary === undefined) continue
    const callers = memory.callers.get(definition.uniqueId)
    const frames = callers === undefined ? [] : [{ macro: definition.name, span: callers.first }]
    const others = callers === undefined ? 0 : callers.count - 1
    const notes = others > 0 ? [`the macro is called at ${others} other place${others === 1 ? '' : 's'}`] : []
    for (const d of summary.findings.mistakes()) found.push({ ...d, frames, notes: [...(d.notes ?? []), ...notes] })
  }
  return found
}

function result(findings: Findings): Analysis {
  const diagnostics = [...findings.mistakes()]
  const first = new Map<string, StaticFacts['config'][number]>()
  for (const entry of findings.config.values()) {
    const earlier = first.get(entry.key)
    if (earlier === undefined) first.set(entry.key, entry)
    else {
      const labels = [{ span: earlier.keySpan, text: 'first configured here' }]
      diagnostics.push(duplicateConfig({ key: entry.key }, { span: entry.keySpan, labels }))
    }
  }
  return { facts: findings.facts(), diagnostics }
}

function newContext(
  scope: AnalysisScope,
  path: string,
  packageName: string,
  definition: MacroDefinition | undefined,
  mode: StaticContext['mode'],
): StaticContext {
  return {
    scope,
    memory: memoryOf(scope),
    findings: new Findings(),
    mode,
    path,
    packageName,
    definition,
    frames: [],
    variables: new Map(),
    loop: undefined,
    nesting: 0,
    returned: undefined,
    dependent: false,
    budget: { calls: callBudget, turns: staticTurns },
    active: new Set(),
  }
}

function bindParameters(
  definition: MacroDefinition,
  context: StaticContext,
  given: (name: string, index: number) => StaticValue | undefined,
): void {
  const variables = new Map<string, StaticValue>()
  context.variables = variables
  for (let i = 0; i < definition.parameters.length; i++) {
    const { name, default: fallback } = definition.parameters[i]!
    // A default is walked even where it is not used: all branches count.
    const value = fallback === undefined ? unknown : walkExpression(fallback, context, walkMacroCall)
    variables.set(name, given(name, i) ?? value)
  }
}

/** What is known of a macro whatever it is called with; undefined while it is being found out (recursion). */
function summaryOf(definition: MacroDefinition, from: StaticContext): MacroSummary | undefined {
  const { memory, scope } = from
  const remembered = memory.summaries.get(definition.uniqueId)
  if (remembered !== undefined) return remembered === 'pending' ? undefined : remembered
  memory.summaries.set(definition.uniqueId, 'pending')
  const context = newContext(scope, definition.file.path, definition.packageName, definition, 'summary')
  bindParameters(definition, context, () => ({ ...unknown, dependent: true }))
  walkProgram(definition.body, context, walkMacroCall)
  const { findings, dependent, returned } = context
  const summary: MacroSummary = { definition, findings, dependent, returned }
  memory.summaries.set(definition.uniqueId, summary)
  return summary
}

function walkMacroCall(definition: MacroDefinition, call: StaticCall, context: StaticContext): StaticValue {
  const { findings, memory } = context
  findings.macros.add(definition.uniqueId)
  if (context.mode !== 'call') {
    const callers = memory.callers.get(definition.uniqueId)
    if (callers === undefined) memory.callers.set(definition.uniqueId, { first: call.site().span, count: 1 })
    else callers.count++
  }
  const shape = { callee: call.name, positional: call.args.length, named: [...call.named.keys()] }
  const problem = macroCallProblem(definition, { ...shape, site: (argument) => call.site(argument) })
  if (problem !== undefined) {
    if (context.mode !== 'call') findings.report(problem)
    return poisoned
  }
  const summary = summaryOf(definition, context)
  if (summary === undefined) {
    context.dependent ||= call.args.length + call.named.size > 0
    return context.mode === 'summary' ? { ...unknown, quiet: true } : unknown
  }
  findings.add(summary.findings)
  if (!summary.dependent) return summary.returned ?? unknown
  if (context.mode === 'summary') {
    context.dependent = true
    return { ...unknown, dependent: true }
  }
  return followCall(definition, call, context)
}

/** Walks a body with the arguments of one call, for the names and configuration that depend on them. */
function followCall(definition: MacroDefinition, call: StaticCall, context: StaticContext): StaticValue {
  const key = callKey(definition, call)
  const turns = context.frames.filter((frame) => frame.macro === definition.name).length
  if (context.active.has(key) || turns >= recursionLimit) return poisoned
  if (context.budget.calls <= 0) {
    context.findings.leaveUnresolved(unresolvedReference({ callee: call.name }, call.site()))
    return poisoned
  }
  context.budget.calls--
  const frame = { macro: definition.name, span: staticSite(context, call.node).span }
  const inner: StaticContext = {
    ...newContext(context.scope, definition.file.path, definition.packageName, definition, 'call'),
    findings: context.findings,
    frames: [frame, ...context.frames],
    budget: context.budget,
    active: new Set([...context.active, key]),
  }
  bindParameters(definition, inner, (name, i) => {
    const value = call.args[i] ?? call.named.get(name)
    return value === undefined ? undefined : { ...value, dependent: true }
  })
  walkProgram(definition.body, inner, walkMacroCall)
  const { returned } = inner
  // Seen from here the arguments are what they are: only those of an outer call can still vary.
  const dependent = context.mode === 'call' || [...call.args, ...call.named.values()].some((a) => a.dependent)
  return returned === undefined ? unknown : { ...returned, dependent }
}

function callKey(definition: MacroDefinition, call: StaticCall): string {
  const show = (part: StaticValue): unknown => (part.value === undefined ? '?' : [shown(part.value)])
  return JSON.stringify([definition.uniqueId, call.args.map(show), [...call.named].map(([n, v]) => [n, show(v)])])
}

function shown(value: Value): unknown {
  return value instanceof TextObject || isList(value) || isDict(value) ? plainData(value) : value
}
