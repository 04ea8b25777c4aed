import type { ResultColumn } from '../adapters/adapter.ts'
import type { Dialect, RowStorage } from '../adapters/dialect.ts'
import { UserError } from '../base/errors.ts'
import type { TimeWindow } from '../base/event-time.ts'
import { type MappedText, MappedTextBuilder } from '../base/source-map.ts'
import type { NodeRelation } from '../project/resource.ts'
import { eventTimeColumn } from '../sql/event-time-column.ts'
import { inWindow, type TimeType, timeLiteral, timeTypeOf } from '../sql/time-window.ts'
import { batchTimeMissing, batchTimeNoTime } from './errors.ts'

/** The bounds of its batch, beside the columns of each staged row. */
const boundNames = { start: '__tsdbt_batch_start', end: '__tsdbt_batch_end' } as const

/** The column by which rows belong to batches, as the model's query gives it. */
export interface BatchTime {
  readonly name: string
  readonly type: TimeType
}

/** Raises `UserError` when the query does not give the column, or gives no time in it. */
export function batchTimeOf(columns: readonly ResultColumn[], eventTime: string): BatchTime {
  const found = eventTimeColumn(columns, eventTime)
  if (found === undefined)
    throw new UserError(batchTimeMissing({ column: eventTime, columns: columns.map((c) => c.name) }))
  const type = timeTypeOf(found.type)
  if (type === undefined) throw new UserError(batchTimeNoTime({ column: found.name, type: found.type }))
  return { name: found.name, type }
}

/** SQL of staged batches of one model. */
export class BatchSql {
  readonly #dialect: Dialect
  readonly #rows: string
  readonly #relation: NodeRelation
  readonly #time: BatchTime
  readonly #name: string
  readonly #columns: readonly string[]

  /** @param columns those that the query gives, in the order of the table */
  constructor(dialect: Dialect, rows: NodeRelation, columns: readonly ResultColumn[], time: BatchTime) {
    this.#columns = columns.map((column) => dialect.identifier(column.name))
    this.#dialect = dialect
    this.#relation = rows
    this.#rows = dialect.relation(rows)
    this.#time = time
    this.#name = dialect.identifier(time.name)
  }

  /** Adds the bounds to a table that has the columns of the query alone. */
  addBounds(): readonly string[] {
    const type = this.#boundType() === 'instant' ? 'timestamp with time zone' : 'timestamp'
    return Object.values(boundNames).map((name) => this.#dialect.addColumn(this.#relation, name, type))
  }

  /** Puts the rows of a batch beside the others. `cut`: only those of its window. */
  insert(body: MappedText, window: TimeWindow, cut: boolean): MappedText {
    const [start, end] = [window.start, window.end].map((time) => timeLiteral(time, this.#boundType()))
    const names = [...this.#columns, ...Object.values(boundNames)]
    const values = this.#columns.map((name) => `batch.${name}`)
    const where = cut ? `\nwhere ${inWindow(this.#name, this.#time.type, window)}` : ''
    return new MappedTextBuilder()
      .raw(`insert into ${this.#rows} (${names.join(', ')})\n`)
      .raw(`select ${values.join(', ')}, ${start}, ${end} from (\n`)
      .append(body)
      .raw(`\n) as batch${where}`)
      .build()
  }

  /** Takes the rows of a batch away again. */
  forget({ start }: TimeWindow): string {
    return `delete from ${this.#rows} where ${boundNames.start} = ${timeLiteral(start, this.#boundType())}`
  }

  /** Staged rows that lie in the window of their batch. */
  get inside(): string {
    return `${this.#name} >= ${boundNames.start} and ${this.#name} < ${boundNames.end}`
  }

  /** Start of the batch in seconds since 1970, rows without time, rows of another time; batches that have neither are left out. */
  strays(): string {
    const isNull = `${this.#name} is null`
    const outside = `${this.#name} < ${boundNames.start} or ${this.#name} >= ${boundNames.end}`
    return `select extract(epoch from ${boundNames.start}), count(*) filter (where ${isNull}), count(*) filter (where ${outside})
from ${this.#rows} where ${isNull} or ${outside} group by 1 order by 1`
  }

  /** As `strays` for a single batch, whose rows have no bounds. */
  straysOf(window: TimeWindow): string {
    const inside = inWindow(this.#name, this.#time.type, window)
    return `select count(*) filter (where ${this.#name} is null), count(*) filter (where not (${inside})) from ${this.#rows}`
  }

  /** The condition that a row lies in the window. */
  within(window: TimeWindow): string {
    return inWindow(this.#name, this.#time.type, window)
  }

  /** The table of those rows that lie in the windows of their batches. */
  collect(
    target: NodeRelation,
    { storage, replace }: { readonly storage: RowStorage | undefined; readonly replace: boolean },
  ): MappedText {
    const text = `select ${this.#columns.join(', ')} from ${this.#rows}\nwhere ${this.inside}`
    const options = { replace, ...(storage === undefined ? {} : { storage }) }
    return this.#dialect.createTableAs(target, { text, segments: [] }, options)
  }

  /** A date with hours cannot be a date. */
  #boundType(): TimeType {
    return this.#time.type === 'instant' ? 'instant' : 'timestamp'
  }
}

/** The columns of staged rows that the query gave. */
export function withoutBounds(columns: readonly ResultColumn[]): readonly ResultColumn[] {
  const bounds: readonly string[] = Object.values(boundNames)
  return columns.filter((column) => !bounds.includes(column.name))
}
