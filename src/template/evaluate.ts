import { UserError } from '../base/errors.ts'
import { type MappedText, sliceMapped } from '../base/source-map.ts'
import type { Frame, Span } from '../base/span.ts'
import type { Capture, Each, Expression, If, Output as OutputStatement, Program, Push, Statement } from './ast.ts'
import { raise } from './builtin.ts'
import { invalidStatement, limitExceeded, notPrintable, unknownName, wrongType } from './errors.ts'
import {
  EvaluatedCall,
  evaluateArguments,
  evaluateExpression,
  evaluateVariable,
  resolveCallee,
  resolveName,
} from './evaluate-expression.ts'
import {
  type Context,
  type EvaluationScope,
  type Loop,
  loopLimit,
  macroDepthLimit,
  outputLimit,
  type Run,
  siteIn,
  startRun,
  variableNames,
} from './evaluation.ts'
import { Output } from './output.ts'
import { macroCallProblem } from './signature.ts'
import type { MacroDefinition, Template } from './template.ts'
import { isDict, isList, isTruthy, printed, typeName, type Value } from './value.ts'

export type { EvaluationScope } from './evaluation.ts'

/** What a macro gives: its text, trimmed, and its value (`{{return}}`, else the text). */
export interface MacroResult {
  readonly text: MappedText
  readonly value: Value
}

/** Arguments of a call from outside of any template. */
export interface MacroArguments {
  readonly positional?: readonly Value[] | undefined
  readonly named?: { readonly [name: string]: Value } | undefined
  /** Where the call is written, for messages. */
  readonly calledAt?: Span | undefined
}

/**
 * The text of a template with its source map. Content maps exactly, an expression maps to its `{{…}}`, text inside a
 * macro to the macro's file with the calls as frames. Throws `UserError` at the first mistake; passes on what the host
 * throws (`QueryNeeded`).
 */
export function evaluate(template: Template, scope: EvaluationScope): MappedText {
  const context = fileContext(template, scope)
  const output = new Output()
  guarded(context, { start: 0, end: 0 }, () => evaluateProgram(template.program, context, output))
  return output.build()
}

/** The value of a template that is one whole expression; its text otherwise. */
export function evaluateValue(template: Template, scope: EvaluationScope): Value {
  const [only, ...more] = template.program.body
  if (only?.type !== 'output' || more.length > 0) return evaluate(template, scope).text
  const context = fileContext(template, scope)
  return guarded(context, only, () => evaluateExpression(only.expression, context, macroValue))
}

/** Calls a macro or generic test from outside. Throws `UserError`. */
export function callMacro(definition: MacroDefinition, args: MacroArguments, scope: EvaluationScope): MacroResult {
  const span = args.calledAt ?? definition.nameSpan
  const frames: readonly Frame[] = args.calledAt === undefined ? [] : [{ macro: definition.name, span }]
  const positional = args.positional ?? []
  const named = new Map(Object.entries(args.named ?? {}))
  const call = { callee: definition.name, positional: positional.length, named: [...named.keys()] }
  const problem = macroCallProblem(definition, { ...call, site: () => ({ span, frames: [] }) })
  if (problem !== undefined) throw new UserError(problem)
  return runBody(definition, positional, named, frames, startRun(scope))
}

function fileContext(template: Template, scope: EvaluationScope): Context {
  const run = startRun(scope)
  const { path } = template.file
  return newContext(run, path, scope.host.packageName, undefined, [])
}

function newContext(
  run: Run,
  path: string,
  packageName: string,
  definition: MacroDefinition | undefined,
  frames: readonly Frame[],
): Context {
  return {
    run,
    path,
    packageName,
    definition,
    frames,
    variables: new Map(),
    owned: undefined,
    loop: undefined,
    returned: undefined,
  }
}

/** Turns an exhausted stack into a diagnostic. */
function guarded<T>(context: Context, range: { readonly start: number; readonly end: number }, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RangeError) || !error.message.includes('call stack')) throw error
    const what = context.definition === undefined ? 'the template' : `the macro \`${context.definition.name}\``
    return raise(limitExceeded, { message: `${what} nests calls too deeply` }, siteIn(context, range))
  }
}

function runBody(
  definition: MacroDefinition,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
  frames: readonly Frame[],
  run: Run,
): MacroResult {
  const context = newContext(run, definition.file.path, definition.packageName, definition, frames)
  for (let i = 0; i < definition.parameters.length; i++) {
    const parameter = definition.parameters[i]!
    let value = i < positional.length ? positional[i] : named.get(parameter.name)
    if (value === undefined) value = evaluateExpression(parameter.default!, context, macroValue)
    context.variables.set(parameter.name, value)
  }
  const output = new Output()
  guarded(context, definition.nameSpan, () => evaluateProgram(definition.body, context, output))
  const text = trimmed(output.build())
  return { text, value: context.returned === undefined ? text.text : context.returned }
}

function trimmed(mapped: MappedText): MappedText {
  const start = mapped.text.length - mapped.text.trimStart().length
  const end = Math.max(start, mapped.text.trimEnd().length)
  return start === 0 && end === mapped.text.length ? mapped : sliceMapped(mapped, start, end)
}

function runMacro(definition: MacroDefinition, call: EvaluatedCall, context: Context): MacroResult {
  const { run } = context
  const shape = { callee: call.name, positional: call.args.length, named: [...call.named.keys()] }
  const problem = macroCallProblem(definition, { ...shape, site: (argument) => call.site(argument) })
  if (problem !== undefined) throw new UserError(problem)
  const override = run.overrides?.get(definition.uniqueId)
  if (override !== undefined) return { text: { text: printed(override) ?? '', segments: [] }, value: override }
  if (run.depth >= macroDepthLimit) {
    const message = `macros call each other deeper than ${macroDepthLimit}: \`${definition.name}\``
    const hint = context.frames.some((f) => f.macro === definition.name)
      ? 'does it call itself without an end?'
      : undefined
    raise(limitExceeded, { message, hint }, call.site())
  }
  const frame: Frame = { macro: definition.name, span: siteIn(context, call.range).span }
  run.depth++
  const result = runBody(definition, call.args, call.named, [frame, ...context.frames], run)
  run.depth--
  return result
}

function macroValue(definition: MacroDefinition, call: EvaluatedCall, context: Context): Value {
  return runMacro(definition, call, context).value
}

function evaluateProgram(program: Program, context: Context, output: Output): void {
  for (const statement of program.body) {
    evaluateStatement(statement, context, output)
    if (context.returned !== undefined) return
    if (output.length > outputLimit) {
      raise(limitExceeded, { message: 'the output exceeds the limit of 16 MiB' }, siteIn(context, statement))
    }
  }
}

function evaluateStatement(node: Statement, context: Context, output: Output): void {
  switch (node.type) {
    case 'content':
      return output.write(node.text, context.path, node.start, node.end, true, context.frames)
    case 'output':
      return evaluateOutput(node, context, output)
    case 'if':
      return evaluateIf(node, context, output)
    case 'each':
      return evaluateEach(node, context, output)
    case 'capture':
      return evaluateCapture(node, context)
    case 'set':
      for (const { key, value } of node.entries) {
        assign(context, key, evaluateExpression(value, context, macroValue))
      }
      return
    case 'push':
      return evaluatePush(node, context)
    case 'return':
      context.returned = evaluateExpression(node.value, context, macroValue)
      return
    case 'config':
      // Configuration is read by the static walk.
      return
  }
}

function assign(context: Context, name: string, value: Value): void {
  context.owned?.delete(name)
  context.variables.set(name, value)
}

function evaluateOutput(node: OutputStatement, context: Context, output: Output): void {
  const macro = macroOfOutput(node.expression, context)
  if (macro !== undefined) {
    const { text, value } = runMacro(macro.definition, macro.call, context)
    if (value === text.text) return output.append(text)
    return printValue(value, node, context, output)
  }
  printValue(evaluateExpression(node.expression, context, macroValue), node, context, output)
}

function printValue(value: Value, node: OutputStatement, context: Context, output: Output): void {
  const text = printed(value)
  if (text === undefined) raise(notPrintable, { found: typeName(value) }, siteIn(context, node))
  else output.write(text, context.path, node.start, node.end, false, context.frames)
}

/** The macro that an output calls as a whole: its text keeps its own origins. */
function macroOfOutput(
  node: Expression,
  context: Context,
): { readonly definition: MacroDefinition; readonly call: EvaluatedCall } | undefined {
  if (node.type === 'call') {
    const callee = resolveCallee(node.name, context)
    if (callee?.type !== 'macro') return undefined
    return { definition: callee.definition, call: evaluateArguments(node, context, macroValue) }
  }
  if (node.type !== 'name' || evaluateVariable(node, context) !== undefined) return undefined
  const found = resolveName(node, context)
  if (found?.callee.type !== 'macro' || found.parts.length > 0) return undefined
  return { definition: found.callee.definition, call: new EvaluatedCall(node, [], new Map(), context) }
}

function evaluateIf(node: If, context: Context, output: Output): void {
  for (const branch of node.branches) {
    if (isTruthy(evaluateExpression(branch.test, context, macroValue)) !== branch.negated) {
      return evaluateProgram(branch.body, context, output)
    }
  }
  if (node.otherwise !== undefined) evaluateProgram(node.otherwise, context, output)
}

function evaluateCapture(node: Capture, context: Context): void {
  const inner = new Output()
  evaluateProgram(node.body, context, inner)
  assign(context, node.name, inner.build().text)
}

function evaluatePush(node: Push, context: Context): void {
  const { name } = node.list
  const current = context.variables.get(name)
  const value = evaluateExpression(node.value, context, macroValue)
  if (current === undefined) {
    const place = siteIn(context, node.list)
    const known = variableNames(context)
    if (known.includes(name)) {
      raise(invalidStatement, { message: `\`push\` cannot change \`${name}\`, which belongs to a loop` }, place)
    }
    raise(unknownName, { name, called: false, candidates: known }, place, {
      hints: [`begin with \`{{set ${name}=(list)}}\``],
    })
  } else if (!isList(current)) {
    raise(wrongType, { what: `\`${name}\``, expected: 'a list', found: typeName(current) }, siteIn(context, node.list))
  } else {
    const owned = context.owned?.get(name)
    if (owned !== undefined && owned === context.variables.get(name)) owned.push(value)
    else {
      const copy = [...current, value]
      context.owned ??= new Map()
      context.owned.set(name, copy)
      context.variables.set(name, copy)
    }
  }
}

/** Items with their keys: of a list the index, of a dict the key. */
function entriesOf(value: Value, node: Each, context: Context): readonly (readonly [Value, Value])[] {
  if (isList(value)) return value.map((item, i) => [i, item])
  if (isDict(value)) return Object.entries(value)
  if (value === null) return []
  const hint = typeof value === 'string' ? 'a text is cut into a list by `(split text ",")`' : undefined
  return raise(
    wrongType,
    { what: '`each`', expected: 'a list or a dict', found: typeName(value), hint },
    siteIn(context, node.list),
  )
}

function evaluateEach(node: Each, context: Context, output: Output): void {
  // A snapshot: what the body pushes is not visited.
  const entries = entriesOf(evaluateExpression(node.list, context, macroValue), node, context)
  if (entries.length === 0) {
    if (node.otherwise !== undefined) evaluateProgram(node.otherwise, context, output)
    return
  }
  const outer = context.loop
  const separator = node.separator === undefined ? undefined : printedSeparator(node.separator, context)
  let before: MappedText | undefined
  for (let index = 0; index < entries.length; index++) {
    if (++context.run.turns > loopLimit) {
      const message = 'loops exceed the limit of 1,000,000 turns a template'
      raise(limitExceeded, { message }, siteIn(context, node.list))
    }
    const [key, item] = entries[index]!
    const loop: Loop = { outer, parameters: node.parameters, item, index, count: entries.length, key }
    context.loop = loop
    if (separator === undefined || node.separator === undefined) evaluateProgram(node.body, context, output)
    else {
      const inner = new Output()
      evaluateProgram(node.body, context, inner)
      const text = inner.build()
      if (text.text.trim() === '') continue
      if (before !== undefined) separate(before, text.text, separator, node.separator, context, output)
      before = text
    }
    if (context.returned !== undefined || output.length > outputLimit) break
  }
  if (before !== undefined) output.append(before)
  context.loop = outer
}

function printedSeparator(node: Expression, context: Context): string {
  const value = evaluateExpression(node, context, macroValue)
  return (
    printed(value) ??
    raise(wrongType, { what: '`sep`', expected: 'a text', found: typeName(value) }, siteIn(context, node))
  )
}

/**
 * Writes an item and, directly after its text and before its line break, the separator. A separator that begins or ends
 * with a letter is set off by a blank.
 */
function separate(
  item: MappedText,
  next: string,
  separator: string,
  node: Expression,
  context: Context,
  output: Output,
): void {
  const end = item.text.trimEnd().length
  const tail = item.text.slice(end)
  const lead = /^[\p{L}\p{N}_]/u.test(separator) ? ' ' : ''
  const follow = tail !== '' ? tail : next
  const trail = /[\p{L}\p{N}_]$/u.test(separator) && !/^\s/.test(follow) ? ' ' : ''
  output.append(sliceMapped(item, 0, end))
  output.write(lead + separator + trail, context.path, node.start, node.end, false, context.frames)
  if (tail !== '') output.append(sliceMapped(item, end))
}
