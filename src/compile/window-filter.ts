import type { ResultColumn } from '../adapters/adapter.ts'
import { UserError } from '../base/errors.ts'
import type { TimeWindow } from '../base/event-time.ts'
import { eventTimeColumn } from '../sql/event-time-column.ts'
import { inWindow, timeTypeOf } from '../sql/time-window.ts'
import { eventTimeMissing, eventTimeNoTime } from './errors.ts'

/** A relation that is read for a window of time only. */
export interface Windowed {
  /** Name of the node, for messages. */
  readonly node: string
  /** Its configuration `event_time`. */
  readonly column: string
  /** Its columns; undefined when they are not known, empty when it does not exist. */
  readonly columns: readonly ResultColumn[] | undefined
}

/**
 * The condition on the rows of a relation. Where its columns are known the literals are of the column's type; elsewhere
 * they are text that the engine takes for any type of time. Raises `UserError` for a column that is not there or no time.
 */
export function windowCondition(
  { node, column, columns }: Windowed,
  window: TimeWindow,
  identifier: (name: string) => string,
): string {
  if (columns === undefined || columns.length === 0) return inWindow(identifier(column), undefined, window)
  const found = eventTimeColumn(columns, column)
  if (found === undefined) throw new UserError(eventTimeMissing({ node, column, columns: columns.map((c) => c.name) }))
  const type = timeTypeOf(found.type)
  if (type === undefined) throw new UserError(eventTimeNoTime({ node, column: found.name, type: found.type }))
  return inWindow(identifier(found.name), type, window)
}
