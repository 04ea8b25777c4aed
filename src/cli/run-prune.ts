import type { Engine } from '../commands/engine.ts'
import type { Outcome } from '../commands/outcome.ts'
import { askYes, canAsk } from './ask.ts'
import type { FlagValues } from './flag.ts'
import { printPruning } from './print-pruning.ts'
import type { Reporter } from './reporter.ts'

const relations = (count: number): string => `${count} relation${count === 1 ? '' : 's'}`

/** Lists, asks where somebody can answer, and says what was done. */
export async function runPrune(
  engine: Engine,
  values: FlagValues,
  reporter: Reporter,
  use: (outcome: Outcome) => void,
): Promise<Outcome> {
  const listOnly = values.get('dry-run') === true
  const agreed = values.get('yes') === true
  let listed = false
  const outcome = await engine.prune({
    includeSnapshots: values.get('include-snapshots') === true,
    confirm: async (plan) => {
      printPruning(plan, reporter)
      listed = true
      if (listOnly || agreed || !canAsk()) return agreed && !listOnly
      return askYes(`Drop ${relations(plan.drop.length)}?`)
    },
  })
  use(outcome)
  const { plan, dropped, exitCode } = outcome
  if (!listed) printPruning(plan, reporter)
  reporter.diagnostics(outcome.diagnostics)
  if (exitCode > 1) return outcome
  if (plan.drop.length === 0) reporter.remark('nothing to drop')
  else if (dropped.length > 0) reporter.remark(`dropped ${relations(dropped.length)}`)
  else if (exitCode === 0)
    reporter.remark(
      listOnly || canAsk()
        ? 'nothing was dropped'
        : `nothing was dropped; \`tsdbt prune --yes\` drops ${relations(plan.drop.length)}`,
    )
  return outcome
}
