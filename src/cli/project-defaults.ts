import { UserError } from '../base/errors.ts'
import { readProjectFlags } from '../commands/project-flags.ts'
import { wrongValue } from './errors.ts'
import type { FlagValue, FlagValues } from './flag.ts'
import { globalFlags } from './flags.ts'
import { readFlag } from './read-flag.ts'

/** Options that `flags:` of the project file may set, as in dbt. */
const allowed: ReadonlySet<string> = new Set([
  'debug',
  'fail-fast',
  'indirect-selection',
  'introspect',
  'log-format',
  'log-format-file',
  'log-level',
  'log-level-file',
  'printer-width',
  'quiet',
  'use-colors',
  'warn-error',
  'warn-error-options',
  'write-json',
])

/** The values, with the project's for options that neither the command line nor the environment sets. Raises `UserError`. */
export function withProjectDefaults(values: FlagValues, projectFolder: string): FlagValues {
  const flags = readProjectFlags(projectFolder)
  if (flags.length === 0) return values
  const merged = new Map<string, FlagValue>(values)
  const diagnostics = flags.flatMap(({ name, text, span }) => {
    const flag = globalFlags.find((f) => f.long === name.replaceAll('_', '-') && allowed.has(f.long))
    if (flag === undefined || values.has(flag.long)) return []
    const reading = readFlag(flag, text)
    if (!('value' in reading)) return [wrongValue({ origin: name, value: text, ...reading }, { span })]
    merged.set(flag.long, reading.value)
    return []
  })
  if (diagnostics.length > 0) throw new UserError(diagnostics)
  return merged
}
