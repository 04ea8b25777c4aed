import { shortName } from '../base/short-name.ts'

const STAGED = /__tsdbt_[0-9a-f]{8}$/

/**
 * The name of a relation while it is being built; `runId` has eight hex digits. Where the engine limits identifiers, the
 * front part is cut and a hash of the whole name keeps two long names apart.
 */
export function stagedName(identifier: string, runId: string, maxBytes = Number.POSITIVE_INFINITY): string {
  const suffix = `__tsdbt_${runId}`
  return shortName(identifier, maxBytes - suffix.length) + suffix
}

/** True for names that only a run makes, and that no run leaves behind on purpose. */
export function isStagedName(identifier: string): boolean {
  return STAGED.test(identifier)
}

/** A text without the endings of staged names in it. */
export function withoutStagedEndings(text: string): string {
  return text.replaceAll(/__tsdbt_[0-9a-f]{8}(?![0-9a-z_])/g, '')
}
