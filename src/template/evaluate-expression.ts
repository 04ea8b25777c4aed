import { UserError } from '../base/errors.ts'
import type { Call, Expression, Item, LoopData, Name, This } from './ast.ts'
import { type Builtin, type BuiltinCall, raise } from './builtin.ts'
import { builtinOf, builtins, languageNames } from './builtins.ts'
import { partNames, partOf } from './builtins-collections.ts'
import { limitExceeded, noLoop, noRelation, otherEngine, unknownName, unknownProperty } from './errors.ts'
import { type Context, outputLimit, siteIn, variableNames, variableOf } from './evaluation.ts'
import type { CallSite } from './host.ts'
import { builtinCallProblem } from './signature.ts'
import type { MacroDefinition } from './template.ts'
import { TextObject, typeName, type Value } from './value.ts'

/** Runs a macro for its value. Handed in, because bodies of macros hold statements, which hold expressions. */
export type MacroRunner = (definition: MacroDefinition, call: EvaluatedCall, context: Context) => Value

/** A call whose arguments have their values. */
export class EvaluatedCall implements BuiltinCall {
  readonly name: string
  readonly args: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  readonly #node: Call | Name
  readonly #context: Context

  constructor(node: Call | Name, args: readonly Value[], named: ReadonlyMap<string, Value>, context: Context) {
    this.name = node.type === 'call' ? node.name : dottedName(node)
    this.args = args
    this.named = named
    this.#node = node
    this.#context = context
  }

  /** The whole call, for frames. */
  get range(): { readonly start: number; readonly end: number } {
    return this.#node
  }

  site(argument?: number | string): CallSite {
    const node = this.#node
    if (node.type !== 'call') return siteIn(this.#context, node)
    if (typeof argument === 'number' && node.args[argument] !== undefined)
      return siteIn(this.#context, node.args[argument])
    const named = node.named.find((n) => n.key === argument)
    if (named !== undefined) return siteIn(this.#context, { start: named.keyStart, end: named.value.end })
    return siteIn(this.#context, { start: node.nameStart, end: node.nameEnd })
  }
}

const nothing: ReadonlyMap<string, Value> = new Map()
const noArguments: readonly Value[] = []

export function dottedName(node: Name): string {
  return node.parts.length === 0 ? node.name : `${node.name}.${node.parts.join('.')}`
}

export function evaluateExpression(node: Expression, context: Context, runMacro: MacroRunner): Value {
  switch (node.type) {
    case 'literal':
      return node.value
    case 'name':
      return evaluateName(node, context, runMacro)
    case 'call':
      return evaluateCall(node, context, runMacro)
    case 'this':
      return evaluateThis(node, context)
    case 'item':
      return evaluateItem(node, context)
    default:
      return evaluateLoopData(node, context)
  }
}

function evaluateThis(node: This, context: Context): Value {
  const relation = context.run.host.this
  if (relation === undefined) return raise(noRelation, {}, siteIn(context, node))
  return node.parts.length === 0 ? relation : readPath(relation, node.parts, 'this', node, context)
}

function evaluateItem(node: Item, context: Context): Value {
  if (context.loop === undefined) return raise(noLoop, { name: '.', known: [] }, siteIn(context, node))
  return node.parts.length === 0 ? context.loop.item : readPath(context.loop.item, node.parts, '.', node, context)
}

const loopDataNames: readonly string[] = ['@index', '@first', '@last', '@key']

function evaluateLoopData(node: LoopData, context: Context): Value {
  if (!loopDataNames.includes(`@${node.name}`)) {
    return raise(noLoop, { name: `@${node.name}`, known: loopDataNames }, siteIn(context, node))
  }
  let loop = context.loop
  for (let i = 0; i < node.depth && loop !== undefined; i++) loop = loop.outer
  if (loop === undefined) return raise(noLoop, { name: `@${node.name}`, known: [] }, siteIn(context, node))
  if (node.name === 'index') return loop.index
  if (node.name === 'first') return loop.index === 0
  return node.name === 'last' ? loop.index === loop.count - 1 : loop.key
}

/** Reads `a.b.c`: own properties only. */
function readPath(
  start: Value,
  parts: readonly string[],
  owner: string,
  node: { readonly start: number; readonly end: number },
  context: Context,
): Value {
  let value = start
  let path = owner
  for (const part of parts) {
    const found = partOf(value, part)
    if (found === undefined) {
      const isOpen = typeof value === 'object' && value !== null
      const hints = isOpen ? ['`(get x key default)` gives a default instead'] : [closedHint(owner, value)]
      const place = siteIn(context, node)
      throw new UserError(
        unknownProperty({ name: part, owner: path, candidates: partNames(value) }, { ...place, hints }),
      )
    }
    value = found
    path = path === '.' ? `./${part}` : `${path}.${part}`
  }
  return value
}

function closedHint(owner: string, value: Value): string {
  if (owner === 'batch') return '`batch` exists in models with `incremental_strategy: microbatch` only'
  return `it is ${typeName(value)}`
}

/** What a name without arguments can be, other than a value. */
export type Callee =
  | { readonly type: 'macro'; readonly definition: MacroDefinition }
  | { readonly type: 'builtin'; readonly builtin: Builtin }

export function resolveCallee(name: string, context: Context): Callee | undefined {
  const { macros, host } = context.run
  const definition = macros.resolve('macro', name, host.engine, context.packageName, context.definition)
  if (definition !== undefined) return { type: 'macro', definition }
  const builtin = builtinOf(name)
  return builtin === undefined ? undefined : { type: 'builtin', builtin }
}

/** A name that is a macro or built-in, and the property path that is left of it. */
export function resolveName(node: Name, context: Context): { callee: Callee; parts: readonly string[] } | undefined {
  if (node.parts.length > 0) {
    const callee = resolveCallee(dottedName(node), context)
    if (callee !== undefined) return { callee, parts: [] }
  }
  const callee = resolveCallee(node.name, context)
  return callee === undefined ? undefined : { callee, parts: node.parts }
}

/** A variable with its path, or undefined when no variable has the name. */
export function evaluateVariable(node: Name, context: Context): Value | undefined {
  let value = variableOf(context, node.name)
  if (value === undefined && node.name === 'target') value = context.run.host.target
  if (value === undefined || node.parts.length === 0) return value
  return readPath(value, node.parts, node.name, node, context)
}

function evaluateName(node: Name, context: Context, runMacro: MacroRunner): Value {
  const variable = evaluateVariable(node, context)
  if (variable !== undefined) return variable
  const found = resolveName(node, context)
  if (found === undefined) return raiseUnknown(dottedName(node), node, false, context)
  const call = new EvaluatedCall(node, noArguments, nothing, context)
  const value =
    found.callee.type === 'macro'
      ? runMacro(found.callee.definition, call, context)
      : evaluateBuiltin(found.callee.builtin, call, () => null, context)
  return readPath(value, found.parts, node.name, node, context)
}

function raiseUnknown(
  name: string,
  range: { readonly start: number; readonly end: number },
  called: boolean,
  context: Context,
): never {
  const { macros, host } = context.run
  const engines = macros.enginesOf('macro', name)
  const site = siteIn(context, range)
  if (engines.length > 0) return raise(otherEngine, { name, engine: host.engine, engines }, site)
  const candidates = [...(called ? [] : variableNames(context)), ...callableNames(context)]
  return raise(unknownName, { name, called, candidates }, site)
}

/** Everything that can be called, for suggestions. */
function callableNames(context: Context): readonly string[] {
  return [...context.run.macros.names('macro'), ...builtins.keys(), ...languageNames]
}

function evaluateCall(node: Call, context: Context, runMacro: MacroRunner): Value {
  const callee = resolveCallee(node.name, context)
  if (callee === undefined) return raiseUnknown(node.name, { start: node.nameStart, end: node.nameEnd }, true, context)
  if (callee.type === 'macro') return runMacro(callee.definition, evaluateArguments(node, context, runMacro), context)
  if (callee.builtin.kind !== 'lazy') {
    return evaluateBuiltin(callee.builtin, evaluateArguments(node, context, runMacro), () => null, context)
  }
  const call = new EvaluatedCall(node, noArguments, nothing, context)
  return evaluateBuiltin(
    callee.builtin,
    call,
    (i) => evaluateExpression(node.args[i]!, context, runMacro),
    context,
    node,
  )
}

export function evaluateArguments(node: Call, context: Context, runMacro: MacroRunner): EvaluatedCall {
  const args: Value[] = []
  for (const argument of node.args) args.push(evaluateExpression(argument, context, runMacro))
  let named = nothing
  if (node.named.length > 0) {
    const map = new Map<string, Value>()
    for (const argument of node.named) map.set(argument.key, evaluateExpression(argument.value, context, runMacro))
    named = map
  }
  return new EvaluatedCall(node, args, named, context)
}

function evaluateBuiltin(
  builtin: Builtin,
  call: EvaluatedCall,
  argument: (index: number) => Value,
  context: Context,
  lazyNode?: Call,
): Value {
  const positional = lazyNode?.args.length ?? call.args.length
  const namedCount = lazyNode?.named.length ?? call.named.size
  if (positional < builtin.min || positional > builtin.max || (namedCount > 0 && builtin.named !== undefined)) {
    const named = lazyNode?.named.map((n) => n.key) ?? [...call.named.keys()]
    const problem = builtinCallProblem(builtin, { callee: call.name, positional, named, site: (a) => call.site(a) })
    if (problem !== undefined) throw new UserError(problem)
  }
  const value =
    builtin.kind === 'pure'
      ? builtin.evaluate(call.args, call)
      : builtin.kind === 'lazy'
        ? builtin.evaluate(positional, argument)
        : builtin.evaluate(call.args, call, context.run)
  const text = typeof value === 'string' ? value : value instanceof TextObject ? value.text : ''
  if (text.length > outputLimit) {
    return raise(limitExceeded, { message: `the text of \`${call.name}\` exceeds the limit of 16 MiB` }, call.site())
  }
  return value
}
