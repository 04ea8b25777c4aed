import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { type ProjectFlag, readProjectFlags } from '../commands/project-flags.ts'
import { behaviourFlags } from './behaviour-flags.ts'
import { flagWithoutEffect, unknownFlag, wrongValue } from './errors.ts'
import type { FlagValue, FlagValues } from './flag.ts'
import { globalFlags } from './flags.ts'
import { readFlag } from './read-flag.ts'

/** Where the project is, and what has a key of its own in its file, cannot be a flag of it. */
const elsewhere: ReadonlySet<string> = new Set([
  'project-dir',
  'profiles-dir',
  'profile',
  'target',
  'target-path',
  'log-path',
  'vars',
])

export interface ProjectDefaults {
  readonly values: FlagValues
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The values, with the project's for options that neither the command line nor the environment sets. Flags that mean
 * nothing are warnings. Raises `UserError` for values that do not fit.
 */
export function withProjectDefaults(values: FlagValues, projectFolder: string): ProjectDefaults {
  const merged = new Map<string, FlagValue>(values)
  const errors: Diagnostic[] = []
  const diagnostics: Diagnostic[] = []
  for (const given of readProjectFlags(projectFolder)) {
    const { name, text, span } = given
    const flag = globalFlags.find((f) => f.long === name.replaceAll('_', '-') && !elsewhere.has(f.long))
    if (flag === undefined) diagnostics.push(...behaviour(given))
    else if (!values.has(flag.long)) {
      const reading = readFlag(flag, text)
      if ('value' in reading) merged.set(flag.long, reading.value)
      else errors.push(wrongValue({ origin: name, value: text, ...reading }, { span }))
    }
  }
  if (errors.length > 0) throw new UserError(errors)
  return { values: merged, diagnostics }
}

function behaviour({ name, text, span }: ProjectFlag): readonly Diagnostic[] {
  const always = behaviourFlags.get(name)
  if (always === undefined) {
    const options = globalFlags.filter((f) => !elsewhere.has(f.long)).map((f) => f.long.replaceAll('-', '_'))
    return [unknownFlag({ name, known: [...options, ...behaviourFlags.keys()] }, { span })]
  }
  return always === null || text === String(always) ? [] : [flagWithoutEffect({ name, always }, { span })]
}
