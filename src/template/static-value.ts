import type { Diagnostic } from '../base/diagnostic.ts'
import type { Value } from './value.ts'

/** What a walk of the tree knows of an expression's value without running the template. */
export interface StaticValue {
  /** Undefined when it is not known while parsing. */
  readonly value: Value | undefined
  /** Stems from a parameter, a variable or the target: another call or project may give another value. */
  readonly dependent: boolean
  /** Chosen by `iif`, `default`, `and` or `or`: good for configuration, not for names of the DAG. */
  readonly chosen: boolean
  /** Not known because of a mistake that is reported elsewhere, or never computed at all: raises no second error. */
  readonly quiet: boolean
  /** Why it could not be computed, when that is a mistake of its own. */
  readonly cause: readonly Diagnostic[] | undefined
}

const plain = { dependent: false, chosen: false, quiet: false, cause: undefined }

/** Not known while parsing. */
export const unknown: StaticValue = { ...plain, value: undefined }

/** Not known, and no reason to complain. */
export const poisoned: StaticValue = { ...plain, value: undefined, quiet: true }

export function known(value: Value, dependent = false): StaticValue {
  return { ...plain, value, dependent }
}

/** A value computed from others: as known as the least known of them. */
export function combined(parts: readonly StaticValue[], compute: (values: readonly Value[]) => Value): StaticValue {
  let dependent = false
  let chosen = false
  let quiet = false
  let missing: StaticValue | undefined
  const values: Value[] = []
  for (const part of parts) {
    dependent ||= part.dependent
    chosen ||= part.chosen
    quiet ||= part.quiet
    if (part.value === undefined) missing ??= part
    else values.push(part.value)
  }
  if (missing !== undefined) return { value: undefined, dependent, chosen, quiet, cause: missing.cause }
  return { value: compute(values), dependent, chosen, quiet: false, cause: undefined }
}
