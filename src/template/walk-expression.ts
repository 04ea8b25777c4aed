import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import type { Call, Expression, Name } from './ast.ts'
import type { Builtin, BuiltinCall } from './builtin.ts'
import { builtinOf, builtins, languageNames } from './builtins.ts'
import { partNames, partOf } from './builtins-collections.ts'
import { missingEnvironment, missingVariable, unknownName, unknownProperty, unresolvedReference } from './errors.ts'
import { dottedName } from './evaluate-expression.ts'
import type { CallSite } from './host.ts'
import { builtinCallProblem } from './signature.ts'
import { type StaticContext, staticSite } from './static-context.ts'
import { combined, known, poisoned, type StaticValue, unknown } from './static-value.ts'
import type { MacroDefinition } from './template.ts'
import { printed, type Value } from './value.ts'

/** A call with what is known of its arguments. */
export interface StaticCall {
  readonly name: string
  readonly node: Call | Name
  readonly args: readonly StaticValue[]
  readonly named: ReadonlyMap<string, StaticValue>
  site(argument?: number | string): CallSite
}

/** Walks the body of a macro that is called; gives what is known of its value. */
export type CallWalker = (definition: MacroDefinition, call: StaticCall, context: StaticContext) => StaticValue

/** Names that exist in some hooks, or in the batches of a model; not known while parsing. */
const laterNames: ReadonlySet<string> = new Set(['results', 'schemas', 'database_schemas', 'batch'])

/** Mistakes that do not depend on arguments are found by the summary of a macro; a call repeats none. */
function report(context: StaticContext, diagnostic: Diagnostic): void {
  if (context.mode !== 'call') context.findings.report(diagnostic)
}

export function walkExpression(node: Expression, context: StaticContext, walkCall: CallWalker): StaticValue {
  switch (node.type) {
    case 'literal':
      return known(node.value)
    case 'this':
      context.findings.usesThis = true
      return unknown
    case 'item':
      return context.loop === undefined ? poisoned : pathOf(context.loop.item, node.parts)
    case 'data':
      return loopData(node.name, node.depth, context)
    case 'name':
      return walkName(node, context, walkCall)
    default:
      return walkAnyCall(node, context, walkCall)
  }
}

function loopData(name: string, depth: number, context: StaticContext): StaticValue {
  let { loop } = context
  for (let i = 0; i < depth && loop !== undefined; i++) loop = loop.outer
  if (loop === undefined) return poisoned
  const { count, index } = loop
  if (name === 'index') return index
  if (name === 'key') return loop.key
  return combined([index], ([i]) => (name === 'first' ? i === 0 : i === (count ?? 0) - 1))
}

/** `a.b.c` of a known value; a missing part is left to evaluation, which knows the branch that is taken. */
function pathOf(start: StaticValue, parts: readonly string[]): StaticValue {
  let current = start
  for (const part of parts) {
    if (current.value === undefined) return current
    const found = partOf(current.value, part)
    current = { ...current, value: found, quiet: found === undefined }
  }
  return current
}

function variableIn(context: StaticContext, name: string): StaticValue | undefined {
  for (let loop = context.loop; loop !== undefined; loop = loop.outer) {
    if (loop.parameters[0] === name) return loop.item
    if (loop.parameters[1] === name) return loop.key
  }
  const value = context.variables.get(name)
  if (value !== undefined) return value
  const { globals } = context.scope.host
  return laterNames.has(name) || (globals !== undefined && Object.hasOwn(globals, name)) ? unknown : undefined
}

function walkName(node: Name, context: StaticContext, walkCall: CallWalker): StaticValue {
  const variable = variableIn(context, node.name)
  if (variable !== undefined) return pathOf(variable, node.parts)
  if (node.name === 'target') return targetPart(node, context)
  const dotted = dottedName(node)
  const call: StaticCall = { name: dotted, node, args: [], named: new Map(), site: () => staticSite(context, node) }
  const whole = node.parts.length > 0 ? callKnown(dotted, call, context, walkCall) : undefined
  if (whole !== undefined) return whole
  const value = callKnown(node.name, { ...call, name: node.name }, context, walkCall)
  if (value !== undefined) return pathOf(value, node.parts)
  reportUnknown(dotted, false, staticSite(context, node), context)
  return poisoned
}

function targetPart(node: Name, context: StaticContext): StaticValue {
  const { target } = context.scope.host
  const first = node.parts[0]
  if (first !== undefined && !Object.hasOwn(target, first)) {
    const candidates = partNames(target)
    // While profiles are read there is no target yet.
    if (candidates.length > 0) {
      report(context, unknownProperty({ name: first, owner: 'target', candidates }, staticSite(context, node)))
    }
    return poisoned
  }
  return pathOf(known(target, true), node.parts)
}

function reportUnknown(name: string, called: boolean, site: CallSite, context: StaticContext): void {
  const { macros } = context.scope
  // A macro of another engine may stand in a branch for that engine: evaluation complains where it is taken.
  if (macros.enginesOf('macro', name).length > 0 || macros.isUnread(name)) return
  const own: string[] = called ? [] : [...context.variables.keys()]
  for (let loop = context.loop; loop !== undefined && !called; loop = loop.outer) own.push(...loop.parameters)
  const candidates = [...own, ...macros.names('macro'), ...builtins.keys(), ...languageNames]
  report(context, unknownName({ name, called, candidates }, site))
}

/** The value of a call by this name; undefined when nothing has the name. */
function callKnown(
  name: string,
  call: StaticCall,
  context: StaticContext,
  walkCall: CallWalker,
): StaticValue | undefined {
  const { macros, host } = context.scope
  const definition = macros.resolve('macro', name, host.engine, context.packageName, context.definition)
  if (definition !== undefined) return walkCall(definition, call, context)
  const builtin = builtinOf(name)
  return builtin === undefined ? undefined : walkBuiltin(builtin, call, context)
}

function walkAnyCall(node: Call, context: StaticContext, walkCall: CallWalker): StaticValue {
  const args = node.args.map((argument) => walkExpression(argument, context, walkCall))
  const named = new Map(node.named.map(({ key, value }) => [key, walkExpression(value, context, walkCall)]))
  const site = (argument?: number | string): CallSite => {
    const positional = typeof argument === 'number' ? node.args[argument] : undefined
    if (positional !== undefined) return staticSite(context, positional)
    const pair = node.named.find((n) => n.key === argument)
    if (pair !== undefined) return staticSite(context, { start: pair.keyStart, end: pair.value.end })
    return staticSite(context, { start: node.nameStart, end: node.nameEnd })
  }
  const value = callKnown(node.name, { name: node.name, node, args, named, site }, context, walkCall)
  if (value !== undefined) return value
  reportUnknown(node.name, true, site(), context)
  return poisoned
}

function walkBuiltin(builtin: Builtin, call: StaticCall, context: StaticContext): StaticValue {
  const shape = { callee: call.name, positional: call.args.length, named: [...call.named.keys()] }
  const problem = builtinCallProblem(builtin, { ...shape, site: (argument) => call.site(argument) })
  if (problem !== undefined) {
    report(context, problem)
    return poisoned
  }
  if (builtin.kind === 'asking') return walkAsking(builtin.name, call, context)
  const names = [...call.named.keys()]
  const parts = [...call.args, ...call.named.values()]
  let cause: readonly Diagnostic[] | undefined
  const result = combined(parts, (values) => {
    const args = values.slice(0, call.args.length)
    const named = new Map(names.map((name, i) => [name, values[call.args.length + i]!]))
    const evaluated: BuiltinCall = { name: call.name, named, site: (argument) => call.site(argument) }
    try {
      return builtin.kind === 'lazy'
        ? builtin.evaluate(args.length, (i) => args[i]!)
        : builtin.evaluate(args, evaluated)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      cause = error.diagnostics
      return null
    }
  })
  if (cause !== undefined) return { ...result, value: undefined, cause }
  return builtin.kind === 'lazy' ? { ...result, chosen: true } : result
}

function walkAsking(name: string, call: StaticCall, context: StaticContext): StaticValue {
  const { findings } = context
  switch (name) {
    case 'ref':
      return walkRef(call, context)
    case 'function':
      return walkFunction(call, context)
    case 'source':
    case 'quarantine':
      return walkSource(name === 'quarantine', call, context)
    case 'var':
      return walkVariable(call, context)
    case 'env_var':
      return walkEnvironment(call, context)
    case 'is_incremental':
      findings.usesIncremental = true
      return unknown
    case 'depends_on':
      findings.declaresDependencies = true
      return known(null)
    case 'query':
    case 'columns_of':
    case 'values_of':
      findings.usesQuery = true
      return unknown
    case 'error':
    case 'warn':
    case 'log':
      return known(null)
    default:
      return unknown
  }
}

/** The texts of a call that names a node; undefined when one of them is not known, which is then reported. */
function namesOf(callee: string, call: StaticCall, context: StaticContext): readonly string[] | undefined {
  const names: string[] = []
  for (let i = 0; i < call.args.length; i++) {
    const argument = call.args[i]!
    const text = argument.value === undefined || argument.chosen ? undefined : printed(argument.value)
    if (context.mode === 'summary' && argument.dependent) context.dependent = true
    else if (text === undefined) leaveUnresolved(callee, argument, call.site(i), context)
    if (text === undefined) return undefined
    names.push(text)
  }
  return names
}

function leaveUnresolved(callee: string, argument: StaticValue, site: CallSite, context: StaticContext): void {
  if (argument.quiet) return
  // A call only looks at what depends on its arguments; the rest stands in the summary.
  if (context.mode === 'call' && !argument.dependent) return
  if (argument.cause !== undefined) for (const cause of argument.cause) context.findings.report(cause)
  else context.findings.leaveUnresolved(unresolvedReference({ callee }, site))
}

function walkRef(call: StaticCall, context: StaticContext): StaticValue {
  const names = namesOf('ref', call, context)
  const version = call.named.get('v') ?? call.named.get('version')
  if (version !== undefined && version.value === undefined) {
    if (context.mode === 'summary' && version.dependent) context.dependent = true
    else leaveUnresolved('ref', version, call.site('v'), context)
    return unknown
  }
  if (names === undefined) return unknown
  // With a dependent name the summary leaves the edge to the calls.
  if (context.mode === 'summary' && call.args.some((a) => a.dependent)) return unknown
  const name = names.at(-1)!
  const owner = names.length > 1 ? names[0] : undefined
  const number = version?.value === undefined || version.value === null ? undefined : printed(version.value)
  context.findings.ref({ package: owner, name, version: number, span: call.site(names.length - 1).span })
  return unknown
}

function walkFunction(call: StaticCall, context: StaticContext): StaticValue {
  const names = namesOf('function', call, context)
  if (names === undefined) return unknown
  if (context.mode === 'summary' && call.args.some((a) => a.dependent)) return unknown
  const owner = names.length > 1 ? names[0] : undefined
  context.findings.function({ package: owner, name: names.at(-1)!, span: call.site(names.length - 1).span })
  return unknown
}

function walkSource(quarantine: boolean, call: StaticCall, context: StaticContext): StaticValue {
  const names = namesOf(quarantine ? 'quarantine' : 'source', call, context)
  if (names === undefined) return unknown
  if (context.mode === 'summary' && call.args.some((a) => a.dependent)) return unknown
  const [source, table] = names as [string, string]
  context.findings.source({ source, table, span: call.site(1).span, quarantine })
  return unknown
}

function walkVariable(call: StaticCall, context: StaticContext): StaticValue {
  const name = call.args[0]!
  if (typeof name.value !== 'string') return { ...name, value: undefined }
  context.findings.variables.add(name.value)
  const { host } = context.scope
  const found: Value | undefined = host.variable(name.value)
  if (found !== undefined) return known(found, true)
  const fallback = call.args[1] ?? call.named.get('default')
  if (fallback !== undefined) return { ...fallback, dependent: true }
  const cause = [missingVariable({ name: name.value, candidates: host.variableNames() }, call.site(0))]
  return { ...unknown, dependent: true, cause }
}

function walkEnvironment(call: StaticCall, context: StaticContext): StaticValue {
  const name = call.args[0]!
  if (typeof name.value !== 'string') return { ...name, value: undefined }
  context.findings.environment.add(name.value)
  const site = call.site(0)
  try {
    const found = context.scope.host.environment(name.value, site)
    if (found !== undefined) return known(found, true)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ...unknown, dependent: true, cause: error.diagnostics }
  }
  const fallback = call.args[1] ?? call.named.get('default')
  if (fallback !== undefined) return { ...fallback, dependent: true }
  return { ...unknown, dependent: true, cause: [missingEnvironment({ name: name.value }, site)] }
}
