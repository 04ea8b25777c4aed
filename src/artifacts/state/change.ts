import type { ChangedPart } from '../../graph/selection/earlier-state.ts'

/** One thing in which a node differs from its earlier self, for people and as data. */
export interface Change {
  readonly part: ChangedPart
  /** What changed, in a few words: `materialized: view -> table`. */
  readonly text: string
  /** Lines of a text that differ, with `-` and `+`. */
  readonly lines?: readonly string[]
  /** Unique ids of the macros that lead from the node to the one that changed, which is the last. */
  readonly chain?: readonly string[]
  /** Readers can rely on less than before: of a contract. */
  readonly breaking?: boolean
  readonly old?: unknown
  readonly new?: unknown
}

const shownLength = 60

/** A value in a few words; `unset` when there is none. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return 'unset'
  const text = typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : JSON.stringify(value)
  return text.length > shownLength ? `${text.slice(0, shownLength - 1)}…` : text
}

/** A change of one value from old to new. */
export function valueChange(part: ChangedPart, name: string, before: unknown, now: unknown): Change {
  const values = { old: before ?? null, new: now ?? null }
  return { part, text: `${name}: ${shown(before)} -> ${shown(now)}`, ...values }
}
