const STAGED = /__tsdbt_[0-9a-f]{8}$/

/** The name of a relation while it is being built; `runId` has eight hex digits. */
export function stagedName(identifier: string, runId: string): string {
  return `${identifier}__tsdbt_${runId}`
}

/** True for names that only a run makes, and that no run leaves behind on purpose. */
export function isStagedName(identifier: string): boolean {
  return STAGED.test(identifier)
}
