import type { Capabilities } from '../adapters/adapter.ts'
import type { PublicationUnit } from '../graph/unit.ts'
import type { PublicationMode } from '../materializations/step.ts'

/** What decides how a unit is published. */
export interface UnitTraits {
  /** A member changes rows where they are. */
  readonly changesInPlace: boolean
  /** A member has hooks that belong into its transaction. */
  readonly hasHooks: boolean
  /** A member reads another one through a view that stays as it is, and so only shows what is published. */
  readonly readsThroughView: boolean
  /** Members with rows of their own. */
  readonly tables: number
  /** Something stands already where a member is published, so that there may be readers. */
  readonly replaces: boolean
}

/**
 * One transaction is needed where rows change in place, hooks run, or a view in between shows only what is published. It
 * is also taken where it costs less and is as safe: a unit with one table at most, on an engine that replaces tables
 * within a transaction (its readers see the old rows until the commit, and nothing has to be renamed), or whose members
 * are all new, so that no reader can be locked out. All other units build their members in parallel beside the targets.
 */
export function publicationMode(
  unit: PublicationUnit,
  traits: UnitTraits,
  capabilities: Capabilities,
): PublicationMode {
  if (traits.changesInPlace || traits.hasHooks || traits.readsThroughView) return 'transaction'
  if (unit.members.length === 1 && unit.tests.length === 0) return 'transaction'
  const free = capabilities.replaceTable === true || !traits.replaces
  return capabilities.transactionalDdl === true && free && traits.tables <= 1 ? 'transaction' : 'staged'
}
