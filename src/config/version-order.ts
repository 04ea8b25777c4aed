import type { VersionId } from './property-types.ts'

/** `v2` of `2`: how names and ids of a version end. */
export function versionSuffix(id: VersionId): string {
  return `v${id}`
}

/** Numbers by value, also when one is written as text; else both as texts, as dbt orders them. */
export function compareVersions(a: VersionId, b: VersionId): number {
  const [x, y] = [numberOf(a), numberOf(b)]
  if (x !== undefined && y !== undefined) return x - y
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

/** False when numbers stand beside words, so that nothing says which is the later. */
export function areComparable(ids: readonly VersionId[]): boolean {
  const numbers = ids.filter((id) => numberOf(id) !== undefined).length
  return numbers === 0 || numbers === ids.length
}

function numberOf(id: VersionId): number | undefined {
  const number = typeof id === 'number' ? id : id.trim() === '' ? Number.NaN : Number(id)
  return Number.isFinite(number) ? number : undefined
}
