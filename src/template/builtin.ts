import type { Diagnostic, DiagnosticKind, Place } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { wrongType } from './errors.ts'
import type { CallSite, TemplateHost } from './host.ts'
import { type Dict, isDict, isList, printed, TextObject, typeName, type Value } from './value.ts'

/** One call of a built-in: its named values, and where its parts stand. */
export interface BuiltinCall {
  readonly name: string
  readonly named: ReadonlyMap<string, Value>
  /** Place of a positional or named argument; of the name when there is none. */
  site(argument?: number | string): CallSite
}

/** What built-ins that are not pure may use. */
export interface Asking {
  readonly host: TemplateHost
  /** Set when a query has no answer yet: lists are then empty for no fault of the template. */
  unanswered: boolean
}

interface BuiltinShape {
  readonly name: string
  /** As it is called, for hints: `get x key default`. */
  readonly form: string
  readonly min: number
  readonly max: number
  /** Named arguments that it takes; undefined means any. */
  readonly named: readonly string[] | undefined
}

/** A function of its arguments alone: may also be computed while parsing. */
export interface PureBuiltin extends BuiltinShape {
  readonly kind: 'pure'
  readonly evaluate: (args: readonly Value[], call: BuiltinCall) => Value
}

/** Decides itself which arguments are evaluated. */
export interface LazyBuiltin extends BuiltinShape {
  readonly kind: 'lazy'
  readonly evaluate: (count: number, argument: (index: number) => Value) => Value
}

/** Asks the project, the environment or the warehouse. */
export interface AskingBuiltin extends BuiltinShape {
  readonly kind: 'asking'
  readonly evaluate: (args: readonly Value[], call: BuiltinCall, asking: Asking) => Value
}

export type Builtin = PureBuiltin | LazyBuiltin | AskingBuiltin

/** `form` gives name, parameters (`x?` optional, `x…` any number) and named arguments (`k=`; `…=` any). */
function shape(form: string): BuiltinShape {
  const [name = '', ...words] = form.split(' ')
  const positional = words.filter((w) => !w.endsWith('='))
  const named = words.filter((w) => w.endsWith('=')).map((w) => w.slice(0, -1))
  const ownName = (w: string): boolean => w.endsWith('=') && !positional.includes(`${w.slice(0, -1)}?`)
  const many = positional.some((w) => w.endsWith('…'))
  return {
    name,
    form: [
      name,
      ...positional.map((w) => (w.endsWith('?') ? `[${w.slice(0, -1)}]` : w)),
      ...words.filter(ownName),
    ].join(' '),
    min: positional.filter((w) => !w.endsWith('?') && !w.endsWith('…')).length,
    max: many ? Number.POSITIVE_INFINITY : positional.length,
    named: named.includes('…') ? undefined : named,
  }
}

export const pure = (form: string, evaluate: PureBuiltin['evaluate']): PureBuiltin => ({
  ...shape(form),
  kind: 'pure',
  evaluate,
})
export const lazy = (form: string, evaluate: LazyBuiltin['evaluate']): LazyBuiltin => ({
  ...shape(form),
  kind: 'lazy',
  evaluate,
})
export const asking = (form: string, evaluate: AskingBuiltin['evaluate']): AskingBuiltin => ({
  ...shape(form),
  kind: 'asking',
  evaluate,
})

/** Throws a `UserError` with this diagnostic at this place. */
export function raise<A>(kind: DiagnosticKind<A>, args: A, site: CallSite, more: Place = {}): never {
  throw new UserError(kind(args, { ...more, span: site.span, frames: site.frames }))
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth']

function describe(call: BuiltinCall, index: number | string): string {
  if (typeof index === 'string') return `\`${index}\` of \`${call.name}\``
  return `the ${ordinals[index] ?? `${index + 1}th`} argument of \`${call.name}\``
}

function refuse(call: BuiltinCall, index: number | string, expected: string, value: Value, hint?: string): never {
  raise(wrongType, { what: describe(call, index), expected, found: typeName(value), hint }, call.site(index))
}

/** Text as it prints: also numbers, booleans and relations. */
export function textOf(value: Value, call: BuiltinCall, index: number | string): string {
  return printed(value) ?? refuse(call, index, 'a text', value, 'turn a list into text with `join` or `json`')
}

/** A text or a relation, nothing else. */
export function strictText(value: Value, call: BuiltinCall, index: number | string): string {
  if (typeof value === 'string') return value
  return value instanceof TextObject ? value.text : refuse(call, index, 'a text', value)
}

export function numberOf(value: Value, call: BuiltinCall, index: number): number {
  const hint = typeof value === 'string' ? 'convert it with `(int x)` or `(float x)`' : undefined
  return typeof value === 'number' ? value : refuse(call, index, 'a number', value, hint)
}

export function integerOf(value: Value, call: BuiltinCall, index: number): number {
  const number = numberOf(value, call, index)
  if (Number.isInteger(number)) return number
  return raise(
    wrongType,
    { what: describe(call, index), expected: 'a whole number', found: String(number) },
    call.site(index),
  )
}

export function listOf(value: Value, call: BuiltinCall, index: number): readonly Value[] {
  return isList(value) ? value : refuse(call, index, 'a list', value)
}

export function dictArgument(value: Value, call: BuiltinCall, index: number): Dict {
  return isDict(value) ? value : refuse(call, index, 'a dict', value)
}

export { refuse }

/** Adds a place to diagnostics that came without one. */
export function located(error: unknown, site: CallSite): unknown {
  if (!(error instanceof UserError) || error.diagnostics.every((d) => d.span !== undefined || d.data !== undefined))
    return error
  const place = (d: Diagnostic): Diagnostic =>
    d.span !== undefined || d.data !== undefined ? d : { ...d, span: site.span, frames: site.frames }
  return new UserError(error.diagnostics.map(place))
}
