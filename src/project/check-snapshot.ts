import type { Diagnostic } from '../base/diagnostic.ts'
import type { ConfigLayer } from '../config/config-layer.ts'
import { laterConfig, wrongValue } from '../config/errors.ts'
import { META_COLUMNS } from '../config/node-config.ts'
import { conflictingDeletes, doubleMetaColumn, snapshotKeyMissing } from './errors.ts'
import type { Snapshot } from './resource.ts'

const strategies: readonly string[] = ['timestamp', 'check']

/** What a snapshot needs to know its rows again, checked before anything is run. */
export function checkSnapshot(
  { name, uniqueId, span, config }: Snapshot,
  layers: readonly ConfigLayer[],
  report: (diagnostic: Diagnostic) => void,
): void {
  const settings = layers.flat()
  /** At the setting that decides, else at the snapshot. */
  const at = (key: string) => ({ span: settings.findLast((s) => s.key === key)?.span ?? span, node: uniqueId })
  const missing = (key: string, why: string, example: string, place = at(key)): void => {
    if (!settings.some((s) => s.key === key && s.refused))
      report(snapshotKeyMissing({ name, key, why, example }, place))
  }

  if (config.unique_key === null)
    missing('unique_key', 'it says which rows are versions of one thing', 'unique_key: customer_id')
  if (config.strategy === null)
    missing('strategy', 'it says how a changed row is known', 'strategy: timestamp` or `strategy: check')
  else if (!strategies.includes(config.strategy))
    report(wrongValue({ what: 'snapshot strategy', value: config.strategy, allowed: strategies }, at('strategy')))
  if (config.strategy === 'timestamp' && config.updated_at === null)
    missing('updated_at', 'the strategy `timestamp` compares it', 'updated_at: updated_at', at('strategy'))
  if (config.strategy === 'check' && config.check_cols === null)
    missing('check_cols', 'the strategy `check` compares these columns', 'check_cols: all', at('strategy'))
  if (config.hard_deletes !== null && config.invalidate_hard_deletes !== null)
    report(conflictingDeletes({ name }, at('invalidate_hard_deletes')))
  if (config.full_refresh === true)
    report(
      laterConfig({ key: 'full_refresh', reason: 'the history of a snapshot is never dropped' }, at('full_refresh')),
    )
  const seen = new Map<string, string>()
  for (const column of META_COLUMNS) {
    const given = config.snapshot_meta_column_names[column] ?? column
    const earlier = seen.get(given.toLowerCase())
    if (earlier !== undefined)
      report(doubleMetaColumn({ column: given, first: earlier, second: column }, at('snapshot_meta_column_names')))
    seen.set(given.toLowerCase(), column)
  }
}
