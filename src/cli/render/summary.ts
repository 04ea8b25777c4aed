import type { NodeStatus } from '../../base/events.ts'

/** dbt's counts of a run. */
export interface Stats {
  readonly pass: number
  readonly warn: number
  readonly error: number
  readonly skip: number
  readonly noop: number
  /** dbt's count of results taken from elsewhere; there are none. */
  readonly reused: number
  readonly total: number
}

type Bucket = Exclude<keyof Stats, 'total' | 'reused'>

const bucketOf: Readonly<Record<NodeStatus, Bucket>> = {
  success: 'pass',
  pass: 'pass',
  warn: 'warn',
  error: 'error',
  fail: 'error',
  'partial success': 'error',
  skipped: 'skip',
  'no-op': 'noop',
}

export function countStatuses(statuses: readonly NodeStatus[]): Stats {
  const counts = { pass: 0, warn: 0, error: 0, skip: 0, noop: 0, reused: 0, total: statuses.length }
  for (const status of statuses) counts[bucketOf[status]]++
  return counts
}

/** The line that orchestrators look for. */
export function statsLine(stats: Stats): string {
  return `Done. PASS=${stats.pass} WARN=${stats.warn} ERROR=${stats.error} SKIP=${stats.skip} NO-OP=${stats.noop} TOTAL=${stats.total}`
}

/** `Completed with 2 errors, 1 warning`, or that all went well. A command may fail though none of its nodes did. */
export function completion(stats: Stats, exitCode: number): string {
  if (exitCode === 130) return 'Interrupted: what was published stays, the rest is as it was'
  if (exitCode !== 0 && stats.error === 0) return 'Failed, though no node did: the error stands above'
  const parts = [count(stats.error, 'error'), count(stats.warn, 'warning')].filter((part) => part !== '')
  if (parts.length > 0) return `Completed with ${parts.join(', ')}`
  return stats.total === 0 ? 'Nothing to do' : 'Completed successfully'
}

function count(number: number, noun: string): string {
  return number === 0 ? '' : `${number} ${noun}${number === 1 ? '' : 's'}`
}
