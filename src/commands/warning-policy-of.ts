import { UserError } from '../base/errors.ts'
import { allWarningsAreErrors, WarningPolicy, warningsAreWarnings } from '../base/warning-policy.ts'
import { readWarningOptions } from '../config/read-warning-options.ts'
import type { EngineOptions } from './options.ts'

/** What the options make of warnings. Raises `UserError` for options that name no warning. */
export function warningPolicyOf({
  warnError,
  warnErrorOptions,
}: Pick<EngineOptions, 'warnError' | 'warnErrorOptions'>): WarningPolicy {
  if (warnErrorOptions === undefined)
    return new WarningPolicy(warnError === true ? allWarningsAreErrors : warningsAreWarnings)
  const read = readWarningOptions(warnErrorOptions)
  if (read.diagnostics.length > 0) throw new UserError(read.diagnostics)
  return new WarningPolicy(read.options)
}
