import type { Freshness } from '../project/resource.ts'

const SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 }

export interface FreshnessVerdict {
  readonly status: 'pass' | 'warn' | 'error'
  /** The rule that was broken: `error after 3 days`; empty for a pass. */
  readonly rule: string
}

/** Compares an age in seconds with the rules: older than a rule breaks it, exactly as old does not. */
export function freshnessVerdict(age: number, { warn_after, error_after }: Freshness): FreshnessVerdict {
  for (const [status, rule] of [
    ['error', error_after],
    ['warn', warn_after],
  ] as const) {
    const { count, period } = rule
    if (count === null || period === null || age <= count * SECONDS[period]!) continue
    return { status, rule: `${status} after ${count} ${period}${count === 1 ? '' : 's'}` }
  }
  return { status: 'pass', rule: '' }
}

/** True when a rule can be broken at all. */
export function hasRules(freshness: Freshness | null): freshness is Freshness {
  if (freshness === null) return false
  return [freshness.warn_after, freshness.error_after].some((rule) => rule.count !== null && rule.period !== null)
}

/** `3h 12m`, `5d 2h`, `40s`: the two greatest units. */
export function ageText(seconds: number): string {
  if (seconds < 0) return `${ageText(-seconds)} in the future`
  const whole = Math.floor(seconds)
  const units = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const
  const first = units.findIndex(([count]) => count > 0)
  if (first === -1) return '0s'
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ')
}
