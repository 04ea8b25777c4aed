import type { StopReason } from './stop-switch.ts'

/** What a node is told that the end of the run caught. */
export function stopMessage(reason: StopReason | null): string {
  return reason === 'fail-fast' ? 'skipped: the run stopped at the first failure' : 'cancelled'
}

/**
 * @param name of the node or test that failed
 * @param neverBuilt of the node whose earlier rows would be read if there were any
 */
export function skipMessage(name: string, neverBuilt?: string): string {
  const because = `skipped because \`${name}\` failed`
  return neverBuilt === undefined ? because : `${because} and \`${neverBuilt}\` has no rows of an earlier run`
}
