import type { Pill } from './sheet-fields.ts'

/**
 * A shelf in Tableau's algebra: headers nest in each other with `/`, cross an axis with `*`, axes stand side by side
 * with `+`.
 */
export function shelfText(headers: readonly (Pill | string)[], axes: readonly (Pill | string)[]): string {
  const refs = (pills: readonly (Pill | string)[]): string[] => pills.map((p) => (typeof p === 'string' ? p : p.ref))
  const nested = joined(refs(headers), '/')
  const beside = joined(refs(axes), '+')
  if (nested === '' || beside === '') return nested + beside
  return `(${nested} * ${beside})`
}

/** Right-associated: `(a / (b / c))`. */
function joined(refs: readonly string[], operator: string): string {
  const [first, ...rest] = refs
  if (first === undefined) return ''
  return rest.length === 0 ? first : `(${first} ${operator} ${joined(rest, operator)})`
}
