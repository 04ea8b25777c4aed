import type { Diagnostic } from '../base/diagnostic.ts'
import type { Builtin } from './builtin.ts'
import { duplicateArgument, extraArgument, missingArgument, unknownArgument } from './errors.ts'
import type { CallSite } from './host.ts'
import type { MacroDefinition } from './template.ts'

/** What a call looks like from outside: how many values by position, which names. */
export interface CallShape {
  readonly callee: string
  readonly positional: number
  readonly named: readonly string[]
  /** Place of an argument by position or name, of the callee's name without one. */
  site(argument?: number | string): CallSite
}

/** A macro as it is called: `cents_to_dollars column scale=2`. */
function signatureOf(definition: MacroDefinition, callee: string = definition.name): string {
  const { text } = definition.file
  const parameters = definition.parameters.map((p) =>
    p.default === undefined ? p.name : `${p.name}=${text.slice(p.default.start, p.default.end)}`,
  )
  return [callee, ...parameters].join(' ')
}

/** What is wrong with the arguments of a macro call, if anything. */
export function macroCallProblem(definition: MacroDefinition, call: CallShape): Diagnostic | undefined {
  const { parameters } = definition
  const { callee } = call
  if (call.positional > parameters.length) {
    const limit = parameters.length
    return extraArgument({ callee, limit, signature: signatureOf(definition, callee) }, call.site(limit))
  }
  for (const name of call.named) {
    const position = parameters.findIndex((p) => p.name === name)
    if (position < 0) {
      return unknownArgument({ callee, name, candidates: parameters.map((p) => p.name) }, call.site(name))
    }
    if (position < call.positional) return duplicateArgument({ name }, call.site(name))
  }
  for (let i = call.positional; i < parameters.length; i++) {
    const { name, required } = parameters[i]!
    if (required && !call.named.includes(name)) {
      return missingArgument({ callee, parameter: name, signature: signatureOf(definition, callee) }, call.site())
    }
  }
  return undefined
}

/** What is wrong with the arguments of a call of a built-in, if anything. */
export function builtinCallProblem(builtin: Builtin, call: CallShape): Diagnostic | undefined {
  const { callee } = call
  if (call.positional > builtin.max) {
    return extraArgument({ callee, limit: builtin.max, signature: builtin.form }, call.site(builtin.max))
  }
  if (builtin.named !== undefined) {
    for (const name of call.named) {
      if (!builtin.named.includes(name)) {
        return unknownArgument({ callee, name, candidates: builtin.named }, call.site(name))
      }
    }
  }
  if (call.positional < builtin.min) {
    const parameter = builtin.form.split(' ').filter((w) => !w.startsWith('['))[call.positional + 1] ?? 'value'
    return missingArgument({ callee, parameter: parameter.replace('…', ''), signature: builtin.form }, call.site())
  }
  return undefined
}
