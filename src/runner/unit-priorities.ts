import type { PublicationUnit } from '../graph/unit.ts'

/**
 * Length of the longest chain of units that waits for each one: what holds up most comes first. Units are in the order
 * of their plan, so one walk backwards is enough.
 */
export function unitPriorities(units: readonly PublicationUnit[]): ReadonlyMap<string, number> {
  const heights = new Map<string, number>(units.map((unit) => [unit.id, 0]))
  for (let i = units.length - 1; i >= 0; i--) {
    const unit = units[i]!
    const above = heights.get(unit.id)! + 1
    for (const id of unit.after) if ((heights.get(id) ?? 0) < above) heights.set(id, above)
  }
  return heights
}
