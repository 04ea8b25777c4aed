import compare from 'semver/functions/compare.js'
import versionOf from 'semver/functions/parse.js'
import satisfiesRange from 'semver/functions/satisfies.js'
import rangeOf from 'semver/ranges/valid.js'

/** Below zero when `a` comes before `b`. Texts that are no versions come first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionOf(a), versionOf(b)]
  if (left === null || right === null) return Number(left !== null) - Number(right !== null)
  return compare(left, right)
}

/**
 * Whether npm would take the version for the range: `^1.2`, `~1.2.3`, `1.x`, `>=1 <2`, `1 - 2`, `a || b`; parts may be
 * divided by commas, as in dbt's lists. Undefined: the text is no range.
 */
export function satisfies(version: string, range: string): boolean | undefined {
  const known = rangeOf(range.replaceAll(',', ' '))
  return known === null ? undefined : satisfiesRange(version, known)
}
