import { dayNumber } from './calendar.ts'

/** What a data set depends on: nothing else changes a byte. */
export interface Scope {
  readonly seed: number
  /** 1 is the committed size; entities grow in proportion, the calendar and the campaigns do not. */
  readonly scale: number
}

export const FIRST_DAY = dayNumber('2023-01-01')
export const LAST_DAY = dayNumber('2024-12-31')

export function sizes(scope: Scope) {
  const of = (base: number) => Math.max(1, Math.round(base * scope.scale))
  return { customers: of(2_500), products: of(650), orders: of(12_000), events: of(75_000) }
}
