import type { StopReason } from './stop-switch.ts'

/** What a node is told that the end of the run caught. */
export function stopMessage(reason: StopReason | null): string {
  return reason === 'fail-fast' ? 'skipped: the run stopped at the first failure' : 'cancelled'
}

/** @param name of the node or test that failed */
export function skipMessage(name: string): string {
  return `skipped because \`${name}\` failed`
}
